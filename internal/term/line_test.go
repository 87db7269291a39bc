package term

import (
	"slices"
	"testing"
)

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
