package sanitize_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

func TestLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"ascii", "Registry returns 500s | 50%", "Registry returns 500s | 50%"},
		{"letters", "Ärger in Łódź, 日本語, עברית", "Ärger in Łódź, 日本語, עברית"},
		{"colour", "a\x1b[31mred", "a␛[31mred"},
		{"window title", "\x1b]0;pwned\x07", "␛]0;pwned␇"},
		{"c1 introducer", "a\u009b31m", "a<U+009B>31m"},
		{"raw c1 byte is invalid UTF-8", "a\x9b31m", "a\ufffd31m"},
		{"line ends and tab", "a\r\nb\tc", "a␍␊b␉c"},
		{"nul and delete", "\x00\x7f", "␀␡"},
		{"override", "a\u202egpj.exe", "a<U+202E>gpj.exe"},
		{"isolates", "\u2066x\u2069", "<U+2066>x<U+2069>"},
		{"marks", "\u200e\u200f\u061c", "<U+200E><U+200F><U+061C>"},
		{"zero width", "a\u200bb\ufeffc\u00add", "a<U+200B>b<U+FEFF>c<U+00AD>d"},
		{"kept from being a mention", "x @\u200ball", "x @all"},
		{"tags", "x\U000e0041\U000e007f", "x<U+E0041><U+E007F>"},
		{"separators", "a\u2028b\u2029c", "a<U+2028>b<U+2029>c"},
		{"hidden selectors", "a\U000e0101", "a<U+E0101>"},
		{"private use", "\ue000", "<U+E000>"},
		{"emoji sequence stays", "👩\u200d💻 ❤\ufe0f\u200d🔥 🇩🇪", "👩\u200d💻 ❤\ufe0f\u200d🔥 🇩🇪"},
		{"persian non-joiner stays", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiner between latin letters", "ad\u200dmin", "ad<U+200D>min"},
		{"joiner at the ends", "\u200d👩\u200d", "<U+200D>👩<U+200D>"},
		{"joiner before bad bytes", "👩\u200d\xff", "👩<U+200D>\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sanitize.Line(tt.in); got != tt.want {
				t.Errorf("Line(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	got := sanitize.Text("one\r\ntwo\rthree\n\tfour\x1b[2J\n")
	if want := "one\ntwo\nthree\n    four␛[2J\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"a\x1b[31m", "\u009b", "\x9b", "👩\u200d💻", "a\u202eb", "\U000e0041", "\xf0\x9f\x91\xa9\xe2\x80\x8d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := sanitize.Line(s)
		checkSafe(t, line, "")
		if second := sanitize.Line(line); second != line {
			t.Errorf("Line is not stable on %q: %q, then %q", s, line, second)
		}
		checkSafe(t, sanitize.Text(s), "\n")
	})
}

// checkSafe uses the Unicode tables only, not the package's own notion of what is hidden.
func checkSafe(t *testing.T, s, allowed string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%q is invalid UTF-8", s)
	}
	for _, r := range s {
		bad := unicode.Is(unicode.Cc, r) && !strings.ContainsRune(allowed, r) || unicode.Is(unicode.Bidi_Control, r) ||
			unicode.In(r, unicode.Zl, unicode.Zp, unicode.Co) ||
			unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
		if bad {
			t.Errorf("%q contains %U", s, r)
		}
	}
}
