package safetext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var reviewed = Part{Name: "review", In: "comment"}

// Nobody's bytes around the part change, a second write of the same content changes nothing, and what a person changed inside stays.
func TestPartProperties(t *testing.T) {
	t.Parallel()
	words := rapid.StringMatching(`[a-z#<>|\-\n ]{0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		above, below := words.Draw(t, "above"), words.Draw(t, "below")
		if strings.Contains(above+below, "prodctl") {
			t.Skip("another part")
		}
		first, second := words.Draw(t, "first"), words.Draw(t, "second")
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "eol")
		above = strings.ReplaceAll(above, "\n", eol)
		if above != "" {
			above += eol
		}
		text := above + reviewed.Wrapped(first, eol) + eol + below
		if r, err := reviewed.Find(text); err != nil || !r.Found || !r.Intact() || !r.Says(first) {
			t.Skip("the people's text hides the part") // such as an open fence
		}
		out, err := reviewed.Replaced(text, second)
		if err != nil || !strings.HasPrefix(out, above) || !strings.HasSuffix(out, eol+below) {
			t.Fatalf("%q, %v", out, err)
		}
		if again, err := reviewed.Replaced(out, second); err != nil || again != out {
			t.Fatalf("%q, then %q, %v", out, again, err)
		}
		edited := strings.Replace(text, reviewed.begin()+eol, reviewed.begin()+eol+"Own words."+eol, 1)
		if same, err := reviewed.Replaced(edited, first); err != nil || same != edited {
			t.Fatalf("written although the facts are the same: %q, %v", same, err)
		}
		if Same(first, second) {
			return
		}
		out, err = reviewed.Replaced(edited, second)
		r, findErr := reviewed.Find(out)
		if err != nil || findErr != nil || !r.Says(second) || strings.Contains(r.Text, "Own words.") || !strings.Contains(out, "Own words.") {
			t.Fatalf("%q, %v, %v", out, err, findErr)
		}
		if again, err := reviewed.Replaced(out, second); err != nil || again != out {
			t.Fatalf("%q, then %q, %v", out, again, err)
		}
	})
}

func TestDamagedParts(t *testing.T) {
	t.Parallel()
	whole := reviewed.Wrapped("facts", "\n")
	for text, want := range map[string]string{
		whole + "\n\n" + whole:                                "a second review begins on line 7 of the comment (the first one begins on line 1)",
		"a\n" + strings.TrimSuffix(whole, reviewed.end()):     "the review that begins on line 2 of the comment has no end (the line <!-- /prodctl:review --> is missing)",
		"a\n\n" + strings.TrimPrefix(whole, reviewed.begin()): "line 7 of the comment ends a review that has no beginning",
	} {
		if out, err := reviewed.Replaced(text, "other"); err == nil || err.Error() != want || out != text {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if out, err := reviewed.Replaced("All by hand.", "facts"); err != nil || out != "All by hand." {
		t.Errorf("%q, %v", out, err)
	}
}
