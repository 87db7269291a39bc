package textdiff

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// show marks deletions [-so-] and insertions {+so+}.
func show(all []Piece) string {
	var b strings.Builder
	for _, p := range all {
		switch p.Kind {
		case Deleted:
			b.WriteString("[-" + string(p.Text) + "-]")
		case Inserted:
			b.WriteString("{+" + string(p.Text) + "+}")
		default:
			b.WriteString(string(p.Text))
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, after, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"x", "y", "[-x-]{+y+}"},
		{"simple title", "simple title addition", "simple title{+ addition+}"},
		{"simple deleted title", "simple title", "simple [-deleted -]title"},
		{"Title", "Draft: Title", "{+Draft: +}Title"},
		{"相見歡", "[行政組] 相見歡", "{+[行政組] +}相見歡"},
		{"feat(mr): add --review flag for pending review comments", "feat(mr): add --draft flag and publish command for pending review comments",
			"feat(mr): add --[-review flag-]{+draft flag and publish command+} for pending review comments"},
		{"Web is down", "Web is slow", "Web is [-d-]{+sl+}ow[-n-]"},
		{"Guest issue", "Guest issue 2", "Guest issue{+ 2+}"},
		{"The cat came", "The black cat came", "The {+black +}cat came"},
		{"mouse", "sofas", "[-mouse-]{+sofas+}"},
		{"1ayb2", "abxab", "[-1ayb2-]{+abxab+}"},
		{"Registry returns 500s", "Registry returns errors again", "Registry returns [-500s-]{+errors again+}"},
		{"Roll out it", "Roll back it", "Roll [-out-]{+back+} it"},
		{"aXcY", "bXdY", "[-aXc-]{+bXd+}Y"},
	} {
		if got := show(Compare(tt.before, tt.after)); got != tt.want {
			t.Errorf("%q to %q: got %s, want %s", tt.before, tt.after, got, tt.want)
		}
	}
}

// TestCompareIsComplete checks that the pieces make up both texts, and that none is empty.
func TestCompareIsComplete(t *testing.T) {
	t.Parallel()
	source := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range source.IntN(40) {
			b.WriteByte("aab bc."[source.IntN(7)])
		}
		return b.String()
	}
	for range 3000 {
		before, after := text(), text()
		var old, fresh string
		for _, p := range Compare(before, after) {
			if len(p.Text) == 0 {
				t.Fatalf("%q to %q: got %s", before, after, show(Compare(before, after)))
			}
			if p.Kind != Inserted {
				old += string(p.Text)
			}
			if p.Kind != Deleted {
				fresh += string(p.Text)
			}
		}
		if old != before || fresh != after {
			t.Fatalf("%q to %q: got %s", before, after, show(Compare(before, after)))
		}
	}
}
