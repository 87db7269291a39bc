package handoff

import (
	"testing"
)

// GitLab does not count a trailing dot as part of a name: "@all." mentions everybody.
func TestMention(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"mara": "@mara\n\n", "m": "@m\n\n", "m.ara-": "@m.ara-\n\n", "all": "", "ALL": "", "all.": "", "All..": "", "mara.": "", "-mara": "", "a b": "",
	} {
		if got := Mention([]string{name}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
