package edit

import (
	"strings"
	"testing"
)

func TestTitleNote(t *testing.T) {
	t.Parallel()
	const begin, middle, end = `<p>changed title from <code class="idiff">`, `</code> to <code class="idiff">`, `</code></p>`
	for _, tt := range []struct{ before, after, old, fresh string }{
		{"x", "y", `<span class="idiff left right deletion">x</span>`, `<span class="idiff left right addition">y</span>`},
		{"Web is up", "Web is up again", "Web is up", `Web is up<span class="idiff left right addition"> again</span>`},
		{"Web is down", "Web is slow", `Web is <span class="idiff left deletion">d</span>ow<span class="idiff right deletion">n</span>`,
			`Web is <span class="idiff left right addition">sl</span>ow`},
		{"The Web", "Web", `<span class="idiff left right deletion">The </span>Web`, "Web"},
		{`a<b> & "c"`, `a<b> & 'c'`, `a&lt;b&gt; &amp; <span class="idiff left right deletion">&quot;c&quot;</span>`,
			`a&lt;b&gt; &amp; <span class="idiff left right addition">&#39;c&#39;</span>`},
	} {
		if got, want := titleText(tt.before, tt.after), begin+tt.old+middle+tt.fresh+end; got != want {
			t.Errorf("%q to %q: got %s, want %s", tt.before, tt.after, got, want)
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
