package term

import (
	"strings"
	"testing"
)

func TestReflow(t *testing.T) {
	t.Parallel()
	const text = "One paragraph of\nwords that are wide.\n\n  $ a command with many words\nThe end."
	for width, want := range map[int]string{
		80: "One paragraph of words that are wide.\n\n  $ a command with many words\nThe end.",
		20: "One paragraph of\nwords that are wide.\n\n  $ a command with\n    many words\nThe end.",
	} {
		if got := Reflow(text, width); got != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
	}
	if got := Wrap("prodctl-"+strings.Repeat("x", 40)+" y", 20); len(got) != 2 {
		t.Errorf("a word that is too wide: %q", got)
	}
}
