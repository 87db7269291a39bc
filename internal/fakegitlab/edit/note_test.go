package edit

import (
	"strings"
	"testing"
)

func TestTitleNote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, after, want string }{
		{"x", "y", "changed title from **{-x-}** to **{+y+}**"},
		{"Web is down", "Web is slow", "changed title from **Web is {-down-}** to **Web is {+slow+}**"},
		{"Web is down", "The Web is down", "changed title from **Web is down** to **{+The +}Web is down**"},
		{"aa", "a", "changed title from **a{-a-}** to **a**"},
		{"ÄÖ", "ÄÜ", "changed title from **Ä{-Ö-}** to **Ä{+Ü+}**"},
	} {
		if got := titleText(tt.before, tt.after); got != tt.want {
			t.Errorf("%q to %q: got %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}

func TestDescriptionNotes(t *testing.T) {
	t.Parallel()
	const changed = "changed the description"
	for _, tt := range []struct{ name, before, after, want string }{
		{"prose", "a", "b", changed},
		{"one ticked", "- [ ] a\n- [ ] b", "- [ ] a\n- [x] b", "marked the checklist item **b** as completed"},
		{"one cleared", "1. [X] a", "1. [ ] a", "marked the checklist item **a** as incomplete"},
		{"ticked, and prose", "- [ ] a", "- [x] a\n\nmore", "marked the checklist item **a** as completed"},
		{"two", "* [ ] a\n* [x] b", "* [x] a\n* [ ] b", "marked the checklist item **a** as completed|marked the checklist item **b** as incomplete"},
		{"renamed and ticked", "- [ ] a", "- [x] b", changed},
		{"one more", "- [x] a", "- [x] a\n- [ ] b", changed},
		{"no list", "[ ] a", "[x] a", changed},
		{"no text", "- [ ]", "- [x]", changed},
	} {
		if got := strings.Join(descriptionNotes(tt.before, tt.after), "|"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
