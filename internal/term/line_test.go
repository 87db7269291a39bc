package term

import (
	"slices"
	"strings"
	"testing"
)

func TestLongPromptsAndChoicesBreakAtBlanks(t *testing.T) {
	t.Parallel()
	const prompt = "Started, such as 10m (ago), 10:02 or yesterday 23:50 (default: now): "
	for width, want := range map[int]string{
		0: prompt, 16: prompt, 40: "Started, such as 10m (ago),\n10:02 or yesterday 23:50\n(default: now): ", 71: prompt,
		69: "Started, such as 10m (ago), 10:02 or yesterday 23:50\n(default: now): ",
	} {
		if got := (&Streams{Modes: Modes{ErrWidth: width}}).fold(prompt); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	if got := (&Streams{Modes: Modes{ErrWidth: 40}}).fold("a line of its own that is much too long\nApply? "); got != "a line of its own that is much too long\nApply? " {
		t.Errorf("%q", got)
	}
	var shown strings.Builder
	(&Streams{Modes: Modes{ErrWidth: 40}, Err: &shown}).Show("  S2  many users or several paying customers")
	if want := "  S2  many users or several paying\n      customers\n"; shown.String() != want {
		t.Errorf("%q, want %q", shown.String(), want)
	}
}

func TestTabCompletesTheLastWord(t *testing.T) {
	t.Parallel()
	words := []string{"web", "registry", "redis", "Ready"}
	for line, want := range map[string]struct {
		longer  string
		choices []string
	}{
		"":          {"", words},
		"w":         {"web", []string{"web"}},
		"web,  REG": {"web,  registry", []string{"registry"}},
		"re":        {"re", []string{"registry", "redis", "Ready"}},
		"red":       {"redis", []string{"redis"}},
		"x":         {"x", nil},
	} {
		if longer, choices := complete(line, words); longer != want.longer || !slices.Equal(choices, want.choices) {
			t.Errorf("%q: %q %q, want %q %q", line, longer, choices, want.longer, want.choices)
		}
	}
}
