package record

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is a record with these lines.
func block(lines string) string { return "```yaml prodctl/incident\n" + lines + "\n```" }

func TestFindPlaces(t *testing.T) {
	t.Parallel()
	const inner = "```yaml prodctl/incident\na: 1\n```"
	for _, c := range []struct {
		name, text string
		want       string // the value of a; empty: no record
		problems   []string
	}{
		{"none", "text", "", nil},
		{"empty", "", "", nil},
		{"amid text", "above\n" + inner + "\nbelow", "1", nil},
		{"another kind", "```yaml prodctl/change\na: 1\n```", "", nil},
		{"kinds side by side", "```yaml prodctl/change\na: 2\n```\n" + inner, "1", nil},
		{"a longer name", "```yaml prodctl/incidents\na: 1\n```", "", nil},
		{"no kind", "```yaml\na: 1\n```", "", nil},
		{"no language", "``` prodctl/incident\na: 1\n```", "", nil},
		{"lenient spelling", "  ~~~~ YML \t Prodctl/Incident  old\n  a: 1\n ~~~~~  ", "1", nil},
		{"Windows", strings.ReplaceAll(inner, "\n", "\r\n"), "1", nil},
		{"quoted", "> " + strings.ReplaceAll(inner, "\n", "\n> "), "", nil},
		{"indented by four", "    " + strings.ReplaceAll(inner, "\n", "\n    "), "", nil},
		{"indented by a tab", "\t" + strings.ReplaceAll(inner, "\n", "\n\t"), "", nil},
		{"shown in a longer block", "````md\n" + inner + "\n````", "", nil},
		{"shown in tildes", "~~~\n" + inner + "\n~~~", "", nil},
		{"in one line", "```yaml prodctl/incident a: 1 ```", "", nil},
		{"closed by a longer fence", "```yaml prodctl/incident\na: 1\n`````\n", "1", nil},
		{"not closed by a shorter one", "````yaml prodctl/incident\na: 1\n```\n````", "1", []string{"line 3, column 1: expected key: value or a comment; this line is ignored"}},
		{"not closed by a fence with words", block("a: 1\n```x"), "1", []string{"line 3, column 1: expected key: value or a comment; this line is ignored"}},
		{"not closed", "x\n\n  ```yaml prodctl/incident\na: 1\n", "1", []string{"line 3, column 3: the record's code block is not closed"}},
		{"not closed, with a hidden key", "```yaml prodctl/incident\na: 1\n\n<!-- prodctl:key=incident/x -->\n", "1", []string{"line 1, column 1: the record's code block is not closed"}},
		{"several", block("a: 3") + "\n\n" + block("a: 2") + "\n" + inner, "1",
			[]string{"line 1, column 1: duplicate record: the last one, on line 8, is used", "line 5, column 1: duplicate record: the last one, on line 8, is used"}},
		{"the one above is not closed", "```yaml prodctl/incident\na: 2\n\n" + inner, "1", []string{"line 1, column 1: duplicate record: the last one, on line 4, is used"}},
		{"the one above is not closed and of tildes", "~~~yaml prodctl/incident\na: 2\n" + inner, "1", []string{"line 1, column 1: duplicate record: the last one, on line 3, is used"}},
		{"a log above is not closed", "```\nlog\n\n" + inner, "1", []string{"line 1, column 1: this code block is not closed, so GitLab shows the record inside it"}},
		{"a longer log above is not closed", "``````\nlog\n~~~\n" + inner + "\n", "1",
			[]string{"line 1, column 1: this code block is not closed, so GitLab shows the record inside it", "line 3, column 1: this code block is not closed, so GitLab shows the record inside it"}},
		{"a log below is not closed", inner + "\n~~~\nlog", "1", nil},
	} {
		b, problems := Find(c.text, "incident")
		v, _ := b.Get("a")
		if b.Exists() != (c.want != "") || v.Text != c.want {
			t.Errorf("%s: exists %v, %q", c.name, b.Exists(), v.Text)
		}
		var got []string
		for _, p := range problems {
			got = append(got, p.String())
		}
		if diff := cmp.Diff(c.problems, got); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestReadingValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, want string
	}{
		{"k: v", "v"}, {"k : v", "v"}, {"k:\tv", "v"}, {"k:v", "v"}, {"K: v", "v"}, {`"k": v`, "v"}, {"'k' : v", "v"}, {"k: v  ", "v"},
		{"k: two words", "two words"}, {"k: disk: full", "disk: full"}, {"k: 10:02", "10:02"}, {"k: https://x.test/y#z", "https://x.test/y#z"},
		{"k: v # note", "v"}, {"k: v #note", "v"}, {"k: a#b", "a#b"}, {"k: # note", ""}, {"k: see #12, now", "see #12, now"}, {"k: #12", "#12"}, {"k: v #12a", "v"},
		{`k: "v"`, "v"}, {"k: 'v'", "v"}, {`k: "v" # note`, "v"}, {`k: "a # b"`, "a # b"}, {"k: 'it''s'", "it's"}, {`k: "a\"b\\c"`, `a"b\c`},
		{`k: "\x41\u00e9\U0001f600\e"`, "Aé😀\x1b"}, {`k: "a\nb\tc"`, "a b c"}, {`k: "C:\disk \xZZ \u12"`, `C:\disk \xZZ \u12`}, {`k: "\UFFFFFFFF"`, `\UFFFFFFFF`},
		{`k: "disk" was full`, `"disk" was full`}, {"k: [db] was full", "[db] was full"}, {"k: {a: b}", "{a: b}"}, {"k: it's", "it's"}, {`k: "open`, "open"},
		{"k:", ""}, {"k: ~", ""}, {"k: null", ""}, {"k: NULL # unknown", ""}, {`k: "null"`, "null"}, {`k: ""`, ""},
		{"k: a\n  b # note\n\n  # note\n  c", "a b c"}, {"k:\n  a", "a"}, {"k: |\n  a\n  # b\n   c", "a # b c"}, {"k: >- # note\n  a\n\n  b", "a b"}, {"k: \"a\n  b\"", "a b"},
		{"k:\n  a: 1\n  b: 2", "a: 1 b: 2"}, {"k: v\nk: w", "w"}, {"  k: v", "v"}, {"\tk: v", "v"}, {"a: 1\n  k: v", "v"}, {"---\nk: v\n...", "v"}, {"a: [b]\n k: v", "v"},
		{"a:\n - b\n k: v", "v"}, {"words\nk: v", "v"}, {"a b.c-d: 1\nk: v", "v"}, {"http://x\nk: v", "v"}, {"ключ: 1\nk: v", "v"}, {"k: a\xffb\x00", "a\uFFFDb\x00"},
	} {
		b, _ := Find(block(c.line), "incident")
		if v, ok := b.Get("k"); !ok || v.IsList || v.Text != c.want {
			t.Errorf("%q: %v, %+v, want %q", c.line, ok, v, c.want)
		}
	}
}

func TestReadingLists(t *testing.T) {
	t.Parallel()
	abc := []string{"a", "b c", "d"}
	for _, c := range []struct {
		lines string
		want  []string
	}{
		{"k: [a, b c, d]", abc}, {"k: [ 'a' ,\"b c\",d ] # note", abc}, {"k: [a,,b c,d,]", abc}, {"k: [a, # note\n  b c,\n  d\n]", abc}, {"k: [a, b c, d", abc},
		{"k:\n- a\n- b c\n- d", abc}, {"k: # note\n  - a # note\n\n  # note\n  - 'b c'\n    # note\n  - \"d\"", abc}, {"k:\n  - a\n  - b\n    c\n  -\n  - ~\n- d", abc}, {"k:\n\t-\ta\n\t- b c\n\t- d", abc},
		{"k: []", nil}, {"k: [ ]", nil}, {"k: [[a, b], {c, d}]", []string{"[a, b]", "{c, d}"}}, {"k: [#12, x/y#3]", []string{"#12", "x/y#3"}}, {"k: [\"a, b\", 'c]']", []string{"a, b", "c]"}},
		{"k:\n- a: b", []string{"a: b"}}, {"k: [\"#a\", b # c\n, d]", []string{"#a", "b", "d"}}, {"k: [\"a]", []string{`"a`}},
	} {
		b, _ := Find(block(c.lines), "incident")
		v, ok := b.Get("k")
		if diff := cmp.Diff(c.want, v.List); !ok || !v.IsList || v.Text != strings.Join(c.want, ", ") || diff != "" {
			t.Errorf("%q: %+v\n%s", c.lines, v, diff)
		}
	}
	for text, want := range map[string][]string{"a, b c,d": abc, "'a', \"b c\" , d": abc, "": nil, " , ": nil, "a": {"a"}} {
		if diff := cmp.Diff(want, Value{Text: text}.Items()); diff != "" {
			t.Errorf("items of %q:\n%s", text, diff)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b, _ := Find(block("b: 1\nStarted at: 2\nx:\n  c: 3\nb: 4\n\"Data-Loss\": 5"), "incident")
	if diff := cmp.Diff([]string{"b", "started_at", "x", "data_loss"}, b.Keys()); diff != "" {
		t.Error(diff)
	}
	if v, ok := b.Get("started-at"); !ok || v.Text != "2" {
		t.Errorf("%+v", v)
	}
	if _, ok := b.Get("c"); ok {
		t.Error("a nested key counts as a key")
	}
	var none Block
	if _, ok := none.Get("b"); ok || none.Exists() || none.Keys() != nil {
		t.Error("an empty block has keys")
	}
}

// Every problem has its line and column in the description, in characters.
func TestProblems(t *testing.T) {
	t.Parallel()
	const head = "Ä\n\n"
	for _, c := range []struct {
		lines string
		want  []string
	}{
		{"a: 1\n\n# b\nc: [d]", nil},
		{"words", []string{"line 4, column 1: expected key: value or a comment; this line is ignored"}},
		{"a: 1\n   - b\n- c", []string{"line 6, column 1: expected key: value or a comment; this line is ignored"}},
		{"a: \"1\"\n  b", []string{"line 5, column 3: expected key: value or a comment; this line is ignored"}},
		{"a: 1\n A: 2\na : 3", []string{"line 5, column 2: duplicate key a: the last one is used", "line 6, column 1: duplicate key a: the last one is used"}},
		{"é: \"ü", []string{"line 4, column 4: missing closing quote"}},
		{"a: \"b\n  c\" d", []string{"line 4, column 4: text after the closing quote is ignored"}},
		{"'ä' :  [b\nc: 1", []string{"line 4, column 8: missing ] at the end of the list"}},
		{"a: [b\n  ] c", []string{"line 4, column 4: text after the list is ignored"}},
	} {
		_, problems := Find(head+block(c.lines), "incident")
		var got []string
		for _, p := range problems {
			got = append(got, p.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.lines, diff)
		}
	}
}

func TestPlaceOfValues(t *testing.T) {
	t.Parallel()
	b, _ := Find("x\n"+block("é: ü # c\n \"b\" :\tv\nnone: # c\nlist:\n- x\nflow:  [x]"), "incident")
	for key, want := range map[string][2]int{"é": {3, 4}, "b": {4, 8}, "none": {5, 1}, "list": {6, 1}, "flow": {8, 8}} {
		if v, ok := b.Get(key); !ok || [2]int{v.Line, v.Column} != want {
			t.Errorf("%s: %d:%d, want %v", key, v.Line, v.Column, want)
		}
	}
}

// Text of others in a description, up to half of GitLab's size limit, cannot block a run: a parser with quadratic time would exceed the
// time limit of the test.
func TestLongDescriptions(t *testing.T) {
	t.Parallel()
	const size = 1 << 19
	falling := ""
	for n := 1200; n >= 3; n-- {
		falling += strings.Repeat("`", n) + "\n"
	}
	for name, piece := range map[string]string{
		"fences": "```a\n", "tildes": "~~~a\n", "falling fences": falling, "records": "```yaml prodctl/incident\n", "records of tildes": "~~~~yaml prodctl/incident\n",
		"keys": "a:\n", "quotes": "b: \"\n  c: '\n", "brackets": "c: [[\n  \"\n", "quotations": "\"\" ", "commas": "\\\",", "items": "-\n", "blanks": "  \"", "references": " #1",
		"deep lines": "\n  a: b", "many keys": "x%: 1\n",
	} {
		var text strings.Builder
		text.WriteString("```yaml prodctl/incident\nk: [a\n")
		for n := 0; text.Len() < size; n++ {
			text.WriteString(strings.ReplaceAll(piece, "%", strconv.Itoa(n)))
		}
		b, _ := Find(text.String(), "incident")
		out := b.Apply(Set("k", "v"), Delete("a"), SetList("new", []string{"x"}))
		b, _ = Find(out, "incident")
		if v, _ := b.Get("new"); v.Text != "x" {
			t.Errorf("%s: new is %+v", name, v)
		}
	}
}

// A record between GitLab's own marks of a quote is not a record, unless the quote is never closed.
func TestQuotedRecord(t *testing.T) {
	t.Parallel()
	const block = "```yaml prodctl/incident\nseverity: S1\n```"
	for text, want := range map[string]bool{
		">>>\n" + block + "\n>>>":                     false,
		">>>\n" + block:                               true,
		">>>\nx\n>>>\n" + block:                       true,
		"```\n>>>\n```\n" + block + "\n```\n>>>\n```": true,
		">>>\n" + block + "\n>>>\n\n" + block:         true,
	} {
		if b, _ := Find(text, "incident"); b.Exists() != want {
			t.Errorf("a record: %t, want %t, in\n%s", b.Exists(), want, text)
		}
	}
}
