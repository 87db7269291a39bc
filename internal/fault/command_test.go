package fault

import (
	"os/exec"
	"strings"
	"testing"
)

type ref string

func (r ref) String() string { return string(r) }

// Every value of a command in a hint is quoted for a shell.
func TestCommandQuotesValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"acme/production#8": "acme/production#8", "#8": "'#8'", "a b#8": "'a b#8'", "x#8;rm -rf ~": "'x#8;rm -rf ~'", "$(id)#1": "'$(id)#1'", "it's": `'it'\''s'`, "": "''",
		"one\n\n  - it's": `$'one\n\n  - it\'s'`, "a\tb\\c\x1b[1m\x7fé": `$'a\tb\\c\033[1m\177é'`,
	} {
		for _, v := range []any{value, ref(value)} {
			if got := Command("change show %s -n %d", v, 3); got != "prodctl change show "+want+" -n 3" {
				t.Errorf("%q: %s", value, got)
			}
		}
	}
}

// TestQuotedWordsInBash checks that bash reads each word as it was.
func TestQuotedWordsInBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	words := []string{"plain", "", "it's", "~", "#8", "a b", "$(id) `id` \"$HOME\"", "one\n\n    code\n", "it's\ntwo \\n lines\r\n", "\t\x01\x1b[31m\x7f", "99\n9", "é\n日本"}
	line := "printf '%s\\0'"
	for _, w := range words {
		line += " " + Quote(w)
		if strings.ContainsAny(Quote(w), "\n\r\t\x1b") {
			t.Errorf("%q: %s", w, Quote(w))
		}
	}
	out, err := exec.Command(bash, "-c", line).Output()
	if want := strings.Join(words, "\x00") + "\x00"; err != nil || string(out) != want {
		t.Errorf("%v\n%q\n%q", err, out, want)
	}
}
