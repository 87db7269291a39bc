package term

import (
	"bytes"
	"strings"
	"testing"
)

// Errors, hints and notes are broken at blanks at the width of the terminal; commands, long words and what is piped are not.
func TestMessage(t *testing.T) {
	t.Parallel()
	const (
		message = "\x1b[31mprodctl:\x1b[0m acme/production#8 is not a change: it has no label \"change\"\n"
		list    = "prodctl: invalid input\n  --at: invalid time \"25:00\" (use 10m or 10:02)\n"
		hint    = "hint: Check the number, then run: prodctl change show acme/production#8 --yes\n"
		retry   = "    To retry (safe to repeat): prodctl incident open 'Registry returns 500s' -s S2\n"
		url     = "    https://gitlab.example.com/acme/production/-/issues/8\n"
	)
	for width, want := range map[int]string{
		0:   message + list + hint + retry + url,
		120: message + list + hint + retry + url,
		40: "\x1b[31mprodctl:\x1b[0m acme/production#8 is not a\n    change: it has no label \"change\"\n" +
			"prodctl: invalid input\n  --at: invalid time \"25:00\" (use 10m or\n      10:02)\n" +
			"hint: Check the number, then run:\n    prodctl change show acme/production#8 --yes\n" +
			"    To retry (safe to repeat):\n        prodctl incident open 'Registry returns 500s' -s S2\n" +
			url,
	} {
		got := Message(message+list+hint+retry+url, width)
		if got != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
		if again := Message(got, width); again != got {
			t.Errorf("%d columns, again:\n%s", width, again)
		}
	}
}

func TestNotesFitTheTerminal(t *testing.T) {
	t.Parallel()
	for width, lines := range map[int]int{0: 1, 40: 3, 120: 1} {
		var out bytes.Buffer
		New(strings.NewReader(""), &out, &out, Modes{ErrWidth: width}).Notef("GitLab notifies the participants of %s, %s", "acme/production#8", "acme/infrastructure#12")
		text := out.String()
		if strings.Count(text, "\n") != lines || strings.Join(strings.Fields(text), " ") != "prodctl: GitLab notifies the participants of acme/production#8, acme/infrastructure#12" {
			t.Errorf("%d columns:\n%s", width, text)
		}
	}
}
