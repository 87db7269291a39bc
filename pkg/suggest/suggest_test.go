package suggest

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"active", "mitigated", "resolved", "reviewed"}
	for word, want := range map[string]string{
		"activ": "active", "Resolved": "resolved", "resovled": "resolved", "mitigate": "mitigated", "zzz": "", "": "", "xyzzy": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := Nearest("a", strings.Fields(strings.Repeat("a ", mostKnown+1))); got != "" {
		t.Errorf("of too many words it suggests %q", got)
	}
}
