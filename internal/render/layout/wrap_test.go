package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		text        string
		first, rest int
		want        []string
	}{
		{"fits", "one two", 7, 7, []string{"one two"}},
		{"at a blank", "one two", 6, 6, []string{"one", "two"}},
		{"the blank need not fit", "one two", 3, 3, []string{"one", "two"}},
		{"all blanks go at a break", "one   two", 4, 4, []string{"one", "two"}},
		{"but not between", "one   two", 9, 9, []string{"one   two"}},
		{"lines of different width", "one two three", 3, 9, []string{"one", "two three"}},
		{"not at hyphens", "a 2018-08-24 --exit-code", 12, 12, []string{"a 2018-08-24", "--exit-code"}},
		{"inside a long word", "a abcdefg", 4, 4, []string{"a", "abcd", "efg"}},
		{"a word that begins in the line", "abcdefg h", 4, 4, []string{"abcd", "efg", "h"}},
		{"wide characters are not halved", "日本語", 3, 3, []string{"日", "本", "語"}},
		{"nor are clusters", "👩\u200d💻👩\u200d💻", 3, 3, []string{"👩\u200d💻", "👩\u200d💻"}},
		{"marks stay with their letters", "e\u0301e\u0301e\u0301", 2, 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"indented", "  one two", 6, 6, []string{"  one", "two"}},
		{"no room", "ab", 0, 0, []string{"a", "b"}},
		{"a wide character without room", "日本", 1, 1, []string{"日", "本"}},
		{"only blanks", "     ", 2, 2, []string{""}},
		{"nothing", "", 5, 5, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, line := range Wrap([]Span{{Text: tt.text}}, tt.first, tt.rest) {
				got = append(got, plainText(line))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A break leaves every piece its looks, and a word of two looks in one piece.
func TestWrapKeepsStyles(t *testing.T) {
	t.Parallel()
	got := Wrap([]Span{As(Strong, "one tw"), As(Faint, "o three"), {Text: " #", Color: "#00ff00"}}, 6, 8)
	want := [][]Span{{As(Strong, "one")}, {As(Strong, "tw"), As(Faint, "o")}, {As(Faint, "three"), {Text: " #", Color: "#00ff00"}}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Span{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Nothing is lost but blanks at the breaks, and no line is wider than it may be.
func FuzzWrap(f *testing.F) {
	f.Add("one two-three 日本語 e\u0301", "  👩\u200d💻 four", 9, 5)
	f.Add("1", "\ufe0f\u20e3 flags 🇩🇪🇩🇪", 3, 2)
	f.Fuzz(func(t *testing.T, a, b string, first, rest int) {
		first, rest = 2+abs(first)%40, 2+abs(rest)%40
		spans := Sanitize([]Span{As(Strong, a), {Text: b}})
		var all strings.Builder
		for i, line := range Wrap(spans, first, rest) {
			room := rest
			if i == 0 {
				room = first
			}
			if n := Cells(line); n > room {
				t.Errorf("%q has %d cells of %d", plainText(line), n, room)
			}
			all.WriteString(plainText(line))
		}
		if want := strings.ReplaceAll(plainText(spans), " ", ""); strings.ReplaceAll(all.String(), " ", "") != want {
			t.Errorf("got %q, want %q", all.String(), want)
		}
	})
}

func abs(n int) int { return max(n, -(n + 1)) }

func plainText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}
