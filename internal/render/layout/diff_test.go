package layout_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
)

// Every removed and added line is shown, in order, and what is shown as unchanged is in both texts.
func TestChangedLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after, want string }{
		"equal":      {"a b c", "a b c", ""},
		"one line":   {"a b c d e f g", "a b c D e f g", "  ...|  b|  c|- d|+ D|  e|  f"},
		"two places": {"a b c d e f g h", "A b c d e f g H", "- a|+ A|  b|  c|  ...|  f|  g|- h|+ H"},
		"added":      {"a c", "a b c", "  a|+ b|  c"},
		"from none":  {"", "a", "+ a"},
	} {
		got := layout.ChangedLines(strings.Fields(c.before), strings.Fields(c.after))
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "- d", "..."}), 0, 12)
		before, after := lines.Draw(t, "before"), lines.Draw(t, "after")
		got := layout.ChangedLines(before, after)
		count := func(mark, text string, in []string) int {
			n := 0
			for _, line := range in {
				if line == mark+text {
					n++
				}
			}
			return n
		}
		for _, text := range slices.Concat(before, after) {
			more := count("", text, after) - count("", text, before)
			if shown := count("+ ", text, got) - count("- ", text, got); shown != more {
				t.Fatalf("%q: %d more of it, %d shown in %q", text, more, shown, got)
			}
		}
	})
}
