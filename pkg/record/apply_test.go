package record

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplyToARecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before string
		edits        []Edit
		want         string
	}{
		{"nothing", "a: 1", nil, "a: 1"},
		{"a value", "a: 1\nb: 2", []Edit{Set("a", "3")}, "a: 3\nb: 2"},
		{"of any spelling", "A-b : 1", []Edit{Set("a_b", "3")}, "A-b : 3"},
		{"without a space", "a:1\nb:# c", []Edit{Set("a", "3"), Set("b", "4")}, "a: 3\nb: 4 # c"},
		{"comments stay", "a: 1 # one\n# two\nb: \"x\"#three", []Edit{Set("a", "3"), Set("b", "4")}, "a: 3 # one\n# two\nb: 4 #three"},
		{"the same", "a:   \"S1\" # x\nb: 'it''s'\nc: disk:\n  full", []Edit{Set("a", "S1"), Set("b", "it's"), Set("c", "disk: full")}, "a:   \"S1\" # x\nb: 'it''s'\nc: disk:\n  full"},
		{"the same list", "a: x, y\nb:\n- x # 1\n- y\nc:", []Edit{SetList("a", []string{"x", "y"}), SetList("b", []string{"x", "y"}), SetList("c", nil)}, "a: x, y\nb:\n- x # 1\n- y\nc:"},
		{"nothing is the same as nothing", "a:\nb: ~ # unknown\nc: \"\"", []Edit{Set("a", ""), Set("b", ""), Set("c", " \n")}, "a:\nb: ~ # unknown\nc: \"\""},
		{"emptied", "a: 1\nb: 2 # c", []Edit{Set("a", ""), Set("b", "")}, "a:\nb: # c"},
		{"filled", "a:\nb: # c\nc: ~", []Edit{Set("a", "1"), Set("b", "2"), Set("c", "3")}, "a: 1\nb: 2 # c\nc: 3"},
		{"a new key is last", "a: 1\n\n# end", []Edit{Set("b", "2")}, "a: 1\nb: 2\n\n# end"},
		{"or after the one before it", "a: 1\n# on c\nc: 3", []Edit{Set("a", "1"), Set("b", "2"), Set("b2", "x")}, "a: 1\nb: 2\nb2: x\n# on c\nc: 3"},
		{"after a list", "a:\n  - x\nc: 3", []Edit{SetList("a", []string{"x", "z"}), Set("b", "2")}, "a:\n  - x\n  - z\nb: 2\nc: 3"},
		{"as deep as the others", "  a: 1", []Edit{Set("b", "2")}, "  a: 1\n  b: 2"},
		{"the last edit counts", "a: 1", []Edit{Set("a", "2"), Delete("a"), Set("a", "3")}, "a: 3"},
		{"the last key counts", "a: 1\na: 2", []Edit{Set("a", "3")}, "a: 1\na: 3"},
		{"deleted", "a: 1 # c\nb: 2\nA: 3", []Edit{Delete("a"), Delete("none")}, "b: 2"},
		{"deleted with its lines", "a:\n  - 1\n  # c\n  - 2\n\nb: |\n  x\n  y\nc: 3", []Edit{Delete("a"), Delete("b")}, "  # c\n\nc: 3"},
		{"what is unknown stays", "x: {a: [1,  2]}\ny:\n  z: 1\n\n  w: 2\nwords\na: 1", []Edit{Set("a", "2")}, "x: {a: [1,  2]}\ny:\n  z: 1\n\n  w: 2\nwords\na: 2"},
		{"lines become one", "a: |\n  x\n  y\nb: \"x\n  y\"\nc: x\n  # stays\n  y", []Edit{Set("a", "1"), Set("b", "2"), Set("c", "3")}, "a: 1\nb: 2\nc: 3\n  # stays"},
		{"a list on one line", "a: [x,y] # c", []Edit{SetList("a", []string{"x", "z, z"})}, "a: [x, \"z, z\"] # c"},
		{"a list on several", "a: [x, # one\n  y # two\n]", []Edit{SetList("a", []string{"z"})}, "a: [z] # one"},
		{"items of lines", "a:\n  - x # 1\n  # on y\n  - y\n\n  - 'z'", []Edit{SetList("a", []string{"w", "x", "z", "v: 1"})}, "a:\n  - w\n  - x # 1\n  # on y\n\n  - 'z'\n  - \"v: 1\""},
		{"an item of two lines", "a:\n- x\n  x\n- y", []Edit{SetList("a", []string{"y"})}, "a:\n- y"},
		{"no items left", "a: # c\n  - x\nb: 1", []Edit{SetList("a", nil)}, "a: [] # c\nb: 1"},
		{"items for a text", "a: x\nb: y", []Edit{SetList("a", []string{"x", "", " z "}), SetList("b", nil)}, "a: [x, z]\nb: []"},
		{"a text for items", "a:\n  - x\n  - y\nb: [z]", []Edit{Set("a", "x"), Set("b", "z")}, "a: x\nb: z"},
		{"always one line", "a: 1", []Edit{Set("a", " x\r\n/close\n```\n")}, "a: \"x /close ```\""},
		{"keys of others", "a: 1", []Edit{Set("on", "1"), Set("b: c", "2"), Set(" \n", "3")}, "a: 1\n\"on\": 1\n\"b:_c\": 2"},
		{"crooked: deleting would give b to a", "a:\nx: 1\n  b: 2", []Edit{Delete("x")}, "a:\nx: \"\"\n  b: 2"},
		{"crooked: words would follow", "a:\n    - x\n  words", []Edit{Set("a", "y"), Set("b", "1")}, "a: \"y\"\n  words\nb: \"1\""},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			before := strings.ReplaceAll("# Title\n\n"+block(c.before)+"\n\nbelow\n", "\n", eol)
			want := strings.ReplaceAll("# Title\n\n"+block(c.want)+"\n\nbelow\n", "\n", eol)
			b, _ := Find(before, "incident")
			if diff := cmp.Diff(want, b.Apply(c.edits...)); diff != "" {
				t.Errorf("%s, line ends %q (-want +got):\n%s", c.name, eol, diff)
			}
		}
	}
}

func TestApplyWhereARecordIsOpenOrEmpty(t *testing.T) {
	t.Parallel()
	const head = "```yaml prodctl/incident"
	for before, want := range map[string]string{
		head + "\n```":          head + "\na: 1\n```",
		head + "\n\n# c\n```":   head + "\n\n# c\na: 1\n```",
		"  " + head + "\n  ```": "  " + head + "\n  a: 1\n  ```",
		head:                    head + "\na: 1",
		head + "\n":             head + "\na: 1\n",
		head + "\na: 2":         head + "\na: 1",
		head + "\nb: 2":         head + "\nb: 2\na: 1",
		head + "\nb:\n- x":      head + "\nb:\n- x\na: 1",
		head + "\nb: 2\n\n<!-- prodctl:key=i/x -->": head + "\nb: 2\na: 1\n\n<!-- prodctl:key=i/x -->",
		head + "\nb: 2\n\n" + trailer:               head + "\nb: 2\na: 1\n\n" + trailer,
	} {
		b, _ := Find(before, "incident")
		if got := b.Apply(Set("a", "1")); got != want {
			t.Errorf("%q: got %q, want %q", before, got, want)
		}
	}
}

// trailer is how prodctl ends the text of what it creates.
const trailer = "<!-- prodctl:key=i/x -->\n<!-- prodctl:id=p0123456789abcdef0123 -->"

func TestApplyWithoutARecord(t *testing.T) {
	t.Parallel()
	const fresh = "```yaml prodctl/incident\na: 1\n```"
	for before, want := range map[string]string{
		"":                                   fresh,
		"text":                               "text\n\n" + fresh,
		"text\n":                             "text\n\n" + fresh,
		"text\n\n\n":                         "text\n\n\n" + fresh,
		"text\r\nmore":                       "text\r\nmore\r\n\r\n" + strings.ReplaceAll(fresh, "\n", "\r\n"),
		"text\n\n" + trailer:                 "text\n\n" + fresh + "\n\n" + trailer,
		trailer + "\n":                       fresh + "\n\n" + trailer + "\n",
		"<!-- prodctl:key=i/x -->":           fresh + "\n\n<!-- prodctl:key=i/x -->",
		"text\n\n<!-- prodctl:key=i/x -->\n": "text\n\n" + fresh + "\n\n<!-- prodctl:key=i/x -->\n",
		"text\n<!-- prodctl:key=i/x -->":     "text\n\n" + fresh + "\n\n<!-- prodctl:key=i/x -->",
		"<!-- prodctl:key=i/x -->\ntext":     "<!-- prodctl:key=i/x -->\ntext\n\n" + fresh,
		"```\nnot closed":                    "```\nnot closed\n\n" + fresh,
	} {
		b, _ := Find(before, "incident")
		if got := b.Apply(Set("a", "1"), Delete("b")); got != want {
			t.Errorf("%q: got %q, want %q", before, got, want)
		}
		if got := b.Apply(Delete("a")); got != before {
			t.Errorf("%q with nothing to set: %q", before, got)
		}
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	got := New("change", Set("start", "2018-08-24T10:02:00Z"), Set("outcome", ""), SetList("services", []string{"api", "#1"}), SetList("related", nil), Delete("x"))
	want := "```yaml prodctl/change\nstart: 2018-08-24T10:02:00Z\noutcome:\nservices: [api, \"#1\"]\nrelated: []\n```"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := New("change"); got != "```yaml prodctl/change\n```" {
		t.Errorf("empty: %q", got)
	}
}
