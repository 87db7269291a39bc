package fulltext

import (
	"errors"
	"math/rand"
	"strings"
	"testing"
)

// TestMeasured has the searches that were tried on a GitLab 18.9.
func TestMeasured(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		title, description string
		found, missed      []string
	}{
		{
			"Registry returns 500s", "It fails.",
			[]string{"Registry", "regist", "500s", "registry 500s", "REGISTRY fails"},
			[]string{"egistry"},
		},
		{"runbook status page", "", []string{"runbook page"}, []string{"book"}},
		{"foo_bar.baz-qux", "", []string{"foo", "foo_bar.baz", "qux"}, []string{"foo_bar", "bar", "baz"}},
		{
			"path/to/file.go:12 v1.2.3 ABC-123 user@example.com", "",
			[]string{"path/to", "path/to/file.go", "v1.2", "ABC-123", "123", "user@example.com"},
			[]string{"to/file.go", "file.go", "1.2.3", "example.com"},
		},
		{
			"x", "https://status.example.com/a/b?c=d",
			[]string{"https://status.example.com/a/b?c=d", "status.example.com", "status.example.com/a"}, nil,
		},
		{
			"2026-11-28: x", "It fails.\n\n<!-- prodctl:key=incident/pager-4711 -->",
			[]string{
				"incident/pager-4711", "prodctl:key=incident/pager-4711", `"incident/pager-4711"`, "key", "prodctl", "incident/pager-47",
				"2026-11-28",
			},
			[]string{"pager-4711", "pager", "4711", "pager 4711", "incident pager 4711", `"pager-4711"`, "<!--"},
		},
		{"The registry is down", "", []string{"the registry", `"registry is"`}, []string{"the", "is", "down", "down!", "is down"}},
		{"Störung in 東京 registry", "on 🚒 fire", []string{"Storung", "störung", "registry 東京"}, []string{"東京", "🚒"}},
		{"x", "a <!-- prodctl:id=p0123456789abcdef0123 --> b", []string{"p0123456789abcdef0123", "P0123456789ABCDEF0123"}, []string{"0123456789abcdef0123"}},
	} {
		for _, search := range tt.found {
			if !matches(t, search, "", tt.title, tt.description) {
				t.Errorf("%q is not found by %q", tt.title+tt.description, search)
			}
		}
		for _, search := range tt.missed {
			if matches(t, search, "", tt.title, tt.description) {
				t.Errorf("%q is found by %q", tt.title+tt.description, search)
			}
		}
	}
}

func matches(t *testing.T, search, in, title, description string) bool {
	t.Helper()
	q, err := Parse(search, in)
	if err != nil {
		t.Fatalf("%q: %v", search, err)
	}
	return q.Matches(title, description)
}

// TestMeasuredKeys has keys that were found whole, with and without their prefix.
func TestMeasuredKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"incident/PD-Q1ABC", "change/deploy_web_2026", "incident/my key", "incident/v1.2.3", "record/job/123/456", "incident/a:b",
		"incident/ünï-côde", "incident/www.example.com", "incident/https://x.example/alert?id=5", "incident/alert#5", "incident/50%off",
	} {
		text := "It fails.\n\n<!-- prodctl:key=" + key + " -->"
		for _, search := range []string{key, "prodctl:key=" + key} {
			if !matches(t, search, "", "x", text) {
				t.Errorf("%q is not found by %q", text, search)
			}
		}
	}
}

// TestPhrases has what PostgreSQL 17 finds.
func TestPhrases(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		search, in, title, description string
		want                           bool
	}{
		{`"registry returns"`, "", "The registry returns 500s", "", true},
		{`"registry return"`, "", "The registry returned", "", true},
		{`"returns registry"`, "", "The registry returns 500s", "", false},
		{`"registry ret"`, "", "The registry returns 500s", "", false}, // words of a phrase are not beginnings
		{`"registry 500s"`, "", "The registry returns 500s", "", false},
		{`"registry the 500s"`, "", "The registry returns 500s", "", true}, // any word takes the place of a stop word
		{`"end begin"`, "", "The end", "Begin here", true},                 // from the title into the description
		{`"end begin"`, "title", "The end", "Begin here", false},
		{`say "registry returns"`, "", "registry returns", "said and say", true},
		{`"registry`, "", "registry", "", true},
		{`registry"returns"`, "", "registry returns", "", true},
		{"foo-bar", "", "foo-bar", "", true},
		{"foo-b", "", "foo-bar", "", true},
		{"foo-bar", "", "foo bar", "", false},
		{"bar", "", "foo-bar", "", true},
		{"12", "", "version -12", "", true},
		{"fail", "title", "x", "It fails", false},
		{"fail", "description", "x", "It fails", true},
		{"x fail", "title", "x", "It fails", false},
		{"x fail", "description,title", "x", "It fails", true},
		{"x fail", "weight", "x", "It fails", true},
		{"inside", "", "<b inside>", "", true},
		{"!", "", "wow!", "", false},
		{"! wow", "", "wow!", "", true},
		{`back\slash`, "", "backslash", "", true},
	} {
		if got := matches(t, tt.search, tt.in, tt.title, tt.description); got != tt.want {
			t.Errorf("%q in %q of %q and %q: got %v", tt.search, tt.in, tt.title, tt.description, got)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, search := range []string{`\`, `x \`, `x\`, `"a b\"`, `x "  "`} {
		if _, err := Parse(search, ""); !errors.Is(err, ErrSyntax) {
			t.Errorf("%q: got %v", search, err)
		}
	}
	for _, search := range []string{`\\`, `\x`, `a & b | (c`, "it's", ":*", `"  "`, `""`} {
		if _, err := Parse(search, ""); err != nil {
			t.Errorf("%q: got %v", search, err)
		}
	}
}

func TestSubstring(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		search, column string
		want           bool
	}{
		{"", "x", true},
		{"ile", "Current Milestone", true},
		{"MILE curr", "Current Milestone", true},
		{"st", "Current Milestone", false}, // two letters are compared with the whole
		{"st", "ST", true},
		{"st mile", "Current Milestone", true},
		{`"nt mi"`, "Current Milestone", true},
		{`"mi nt"`, "Current Milestone", false},
		{`a"ile"`, "Current Milestone", false}, // quotes inside a word are part of it
		{"100%", "100 %", false},
	} {
		if got := NewSubstring(tt.search).Matches(tt.column); got != tt.want {
			t.Errorf("%q in %q: got %v", tt.search, tt.column, got)
		}
	}
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	encoded := strings.Repeat("QUJD", 20)
	for in, want := range map[string]string{
		"a <b> </c>d <>": "a  b   c d <>", "<!-- x -->": " !-- x -- ", "a < b": "a < b", "Ünïcode ß 東": "Unicode ss ?",
		"o\u0308 x\u0301": "o x", encoded: encoded, strings.Repeat("a@", 300): " ",
		strings.Repeat(encoded+"\n", 51): strings.Repeat(" \n", 51),
	} {
		if got := prepare(in); got != want {
			t.Errorf("%.60q: got %.60q, want %.60q", in, got, want)
		}
	}
}

// pieces are what the random texts below are made of.
var pieces = strings.Split("registry|returns|failing|the|is|500s|1.2|-12|v1.2.3|foo-bar|R2-D2|a@b.com|http://h.example.com/a?b=c|path/to/x.go|"+
	"incident/pager-4711|<b>|<!--|-->|&amp;|\"|'|\\|.|/|-|_|:|@|~|+|(|!|ü|東|\n| | | ", "|")

func randomText(r *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + r.Intn(most) {
		b.WriteString(pieces[r.Intn(len(pieces))])
	}
	return b.String()
}

// TestTokensCoverTheText checks that no character is lost: the tokens make up the text, where the parts of a hyphenated
// word and of a URL follow it.
func TestTokensCoverTheText(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(1))
	for range 5000 {
		text := Fold(randomText(r, 12))
		var b strings.Builder
		s := &scanner{text: text}
		for k, token := s.next(); k != none; k, token = s.next() {
			if k != url && k != hyphenated && k != numHyphenated {
				b.WriteString(token)
			}
		}
		if b.String() != text {
			t.Fatalf("%q: got %q", text, b.String())
		}
	}
}

// TestWordsFindTheirText checks that each word of a text finds it, whatever is beside it, and that its beginning does.
func TestWordsFindTheirText(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(2))
	for range 3000 {
		text := randomText(r, 12)
		eachLexeme(prepare(text), func(kind, string, int) bool { return true }, func(lexeme string, _ int) {
			for _, part := range []string{lexeme, lexeme[:(len(lexeme)+1)/2]} {
				q := &Query{title: true, description: true}
				q.add(term{phrase{{text: part, prefix: true}}})
				if !q.Matches(text, "") || !q.Matches("", text) {
					t.Fatalf("%q is not found by %q", text, part)
				}
			}
		})
	}
}

// TestQuickCheck checks that the check that comes first never rules out what would be found.
func TestQuickCheck(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(3))
	found := 0
	for range 5000 {
		title, description := randomText(r, 4), randomText(r, 10)
		q, err := Parse(randomText(r, 2), "")
		if err != nil || q.substring != nil {
			continue
		}
		if quick := q.mayMatch(title, description); q.Matches(" ü"+title, description) { // not ASCII: not checked first
			if found++; !quick {
				t.Fatalf("%q and %q are ruled out for %v", title, description, q.terms)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d found", found)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`"a b" c\ -- <x>`, "<!-- a:b=c/d -->")
	f.Add("a@b.c/d?e", "http://a.b/c\"d")
	f.Fuzz(func(_ *testing.T, search, text string) {
		if q, err := Parse(search, "title"); err == nil {
			q.Matches(text, text)
		}
	})
}

// BenchmarkMatches searches texts that could be read in many ways. Its time must grow with their length only.
func BenchmarkMatches(b *testing.B) {
	for _, part := range []string{"a_", "a.", "a-", "a@", "1.", "/.", "a/", "ab.cd_", "a.1_", "<", "&a", "x.yy@", "a1-", "..", "\"a "} {
		for _, n := range []int{100_000, 200_000} {
			text := strings.Repeat(part, n/len(part))
			b.Run(part+strings.Repeat("+", n/100_000), func(b *testing.B) {
				for b.Loop() {
					q, _ := Parse("zz", "")
					q.Matches(text, "ü")
				}
			})
		}
	}
}

// TestKeysFindTheirMarker has random keys of letters, digits and the separators that a hidden line can have: each finds the
// line as a whole.
func TestKeysFindTheirMarker(t *testing.T) {
	t.Parallel()
	const first, more = "abcXYZ019", "abcXYZ019abcXYZ019._:/+=@#~-"
	r := rand.New(rand.NewSource(4))
	for range 5000 {
		key := []byte("incident/")
		key = append(key, first[r.Intn(len(first))])
		for range r.Intn(20) {
			key = append(key, more[r.Intn(len(more))])
		}
		name := strings.TrimRight(strings.ReplaceAll(string(key), "--", "-"), "-")
		for _, search := range []string{name, "prodctl:key=" + name} {
			if !matches(t, search, "", "x", "It fails.\n\n<!-- prodctl:key="+name+" -->") {
				t.Fatalf("%s is not found by %s", name, search)
			}
		}
	}
}
