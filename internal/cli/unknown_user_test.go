package cli_test

import (
	"strings"
	"testing"
)

// A retry hint after an unknown user does not repeat the wrong name: it keeps the others, and leaves a word to fill in. With a right name in
// its place the hint finishes the command.
func TestRetryAfterAnUnknownUser(t *testing.T) {
	t.Parallel()
	for assign, want := range map[string]string{"nobody9": "--assign USER", "@Nobody9": "--assign USER", "dev,nobody9": "--assign dev,USER", "nobody8,nobody9,dev": "--assign USER,dev"} {
		l := newLab(t, setup{})
		r := l.run("incident", "open", "Registry", "--assign", assign)
		if r.code != 3 || !strings.Contains(r.errors, "hint: Check the user name, then retry (safe to repeat): prodctl incident open Registry ") || !strings.Contains(r.errors, want) {
			t.Errorf("%s: exit %d\n%s", assign, r.code, r.errors)
		}
		if _, hint, _ := strings.Cut(r.errors, "hint:"); strings.Contains(strings.ToLower(hint), "nobody") {
			t.Errorf("%s: the hint repeats the wrong user: %s", assign, hint)
		}
		_, line, _ := strings.Cut(r.errors, "(safe to repeat): prodctl ")
		line, _, _ = strings.Cut(line, "\n")
		if again := l.run(strings.Fields(strings.Replace(line, "USER", "rep", 1))...); again.code != 0 {
			t.Errorf("%s: %s: exit %d\n%s", assign, line, again.code, again.errors)
		}
	}
}

// A hint about a missing severity can be pasted.
func TestSeverityHintIsACommand(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	_, line, _ := strings.Cut(l.must(t, "incident", "open", "Registry").errors, ": prodctl ")
	if line = strings.TrimSpace(line); l.run(strings.Fields(line)...).code != 0 || !strings.HasSuffix(line, "-s S2") {
		t.Errorf("%q", line)
	}
}
