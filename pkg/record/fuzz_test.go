package record

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// seeds are descriptions with everything that people do to a record.
var seeds = []string{
	"", "\n", "text", "text\n\n<!-- prodctl:key=incident/x -->", "```yaml prodctl/incident\n```", "```yaml prodctl/incident",
	"## Summary\n\nIt broke.\n\n```yaml prodctl/incident\nstarted_at: 2018-08-24T10:02:00Z # first page\n\n# what we know\nseverity: S1\nservices: [api, web]\nx-team:\n  lead: ines\n  - 1\n```\n\n<!-- prodctl:key=incident/x -->",
	"```yaml prodctl/incident\r\nservices: # who\r\n  - api # one\r\n  # two\r\n  - 'web'\r\nnull_: ~\r\n```\r\n",
	"```yaml prodctl/incident\nservices:\n- api\n- web\ncause: >-\n  disk\n  # full\nSeverity : \"S1\n  severity: S2\nseverity: S3\n\tcause: x\n```\nafter",
	"  ~~~~ YML  prodctl/incident x\n   a: 1\n b:\n     c: 2\n  ~~~~~\n",
	"````\n```yaml prodctl/incident\na: 1\n```\n````\n> ```yaml prodctl/incident\n> a: 1\n> ```\n    ```yaml prodctl/incident\n    a: 1\n    ```\n",
	"```\nlog\n\n```yaml prodctl/incident\na: 1\n```\n~~~\n```yaml prodctl/incident\na: 2",
	"~~~yaml prodctl/incident\nb: [x, \"y, z\"\n  , 'w' # c\n]\na: 1\nservices:\n    - a\n  foo\n   bar: 1\n",
	"```yaml prodctl/incident\n  a: 1\nb:\n  c: 3\nservices:\na: 2\n- x\n",
	"```yaml prodctl/incident\n---\nkey:v\ncause: disk: full\nurl:http://x\n'q': \"\\x41\\u00e9\\n\\z\" # c\n`y`\n...\n```",
}

// command is a line that some version of GitLab takes for a quick action and cuts.
var command = regexp.MustCompile(`(?m)^/.*\n?`)

// stored is a text as GitLab stores it: without carriage returns, cut at its ends, without commands.
func stored(s string) string {
	return strings.TrimSpace(command.ReplaceAllString(strings.TrimSpace(strings.ReplaceAll(s, "\r", "")), ""))
}

func FuzzApply(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "severity", "S2", "services", "api|web", "a")
		f.Add(s, "cause", "/close\n```\n@all: \x1b[0m \"x\" #1", "a", "x|", "services")
		f.Add(s, "c", "", "services", "", "b")
		f.Add(s, "A b", "null", "q", "x, y|#2|true|~|- z|'w", "severity")
	}
	f.Fuzz(func(t *testing.T, text, key, value, listKey, items, gone string) {
		checkInvariants(t, text, Set(key, value), SetList(listKey, strings.Split(items, "|")), Delete(gone))
	})
}

// pieces are lines that people write into records, in the right and the wrong place.
var pieces = []string{
	"severity: S2", "severity: \"S2\" # note", "Severity : s1", "  severity: S3", "\tcause: x", "cause: disk: full", "cause: |", "cause: [db] full",
	"cause:", "  disk", "    # full", "services: [api, web]", "services: [api, # one", "  web]", "services:", "- api", "  - web # two", "    - 'w, x'", "  -",
	"   - [a", "# note", "", "  ", "words", "  more words", "]", "a: 1", "  a: 2", "    a: 3", "b:", " b: \"open", " close\" # c", "---", "#12",
	"```", "~~~", "````", "```yaml prodctl/incident", "~~~yaml prodctl/incident", "text", "> quoted", "<!-- prodctl:key=incident/x -->", "'q: 1': x",
}

func TestApplyInvariants(t *testing.T) {
	t.Parallel()
	keys := rapid.SampledFrom([]string{"severity", "cause", "services", "a", "b", "new", "q: 1"})
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "lines")
		if rapid.Bool().Draw(t, "block") {
			lines = append([]string{"```yaml prodctl/incident"}, lines...)
		}
		text := strings.Join(lines, rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")) + rapid.SampledFrom([]string{"", "\n", "\n```\n"}).Draw(t, "last")
		edits := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Edit {
			e := Edit{Key: keys.Draw(t, "key"), Delete: rapid.Bool().Draw(t, "delete"), Value: Value{IsList: rapid.Bool().Draw(t, "list")}}
			e.Value.Text = rapid.SampledFrom([]string{"", "S2", "x, y", "#12", "\n/close"}).Draw(t, "text")
			e.Value.List = rapid.SliceOfN(rapid.SampledFrom([]string{"api", "web", "w, x", "#12", "[a"}), 0, 3).Draw(t, "items")
			return e
		}), 0, 4).Draw(t, "edits")
		checkInvariants(t, text, edits...)
	})
}

// checkInvariants checks the invariants of Apply for some edits.
func checkInvariants(t rapid.TB, text string, edits ...Edit) {
	before, _ := Find(text, "incident")
	after := before.Apply(edits...)
	check := &checker{t, text, before, after, normal(edits)}
	check.values()
	check.outside()
	check.lines()
	now, _ := Find(after, "incident")
	if again := now.Apply(edits...); again != after {
		t.Errorf("%q: applied %q, again %q", text, after, again)
	}
	b, _ := Find(stored(text), "incident")
	if out := b.Apply(edits...); stored(out) != strings.TrimSpace(out) {
		t.Errorf("GitLab stores %q instead of %q", stored(out), out)
	}
}

// checker compares a record before and after edits.
type checker struct {
	t      rapid.TB
	text   string
	before Block
	after  string
	edits  []Edit
}

func (c *checker) touched(key string) bool {
	return slices.ContainsFunc(c.edits, func(e Edit) bool { return e.Key == key })
}

// values checks that set values are read, deleted ones are not, and all others read as before.
func (c *checker) values() {
	now, _ := Find(c.after, "incident")
	for _, e := range c.edits {
		got, ok := now.Get(e.Key)
		switch {
		case e.Delete && ok && (got.Text != "" || !c.crooked()):
			c.t.Errorf("%q: %s is still %q in %q", c.text, e.Key, got.Text, c.after)
		case !e.Delete && !ok, !e.Delete && !e.Value.IsList && got.Text != e.Value.Text, e.Value.IsList && !slices.Equal(got.Items(), e.Value.List):
			c.t.Errorf("%q: %s is %+v, want %+v, in %q", c.text, e.Key, got, e.Value, c.after)
		}
	}
	for _, key := range append(c.before.Keys(), now.Keys()...) {
		was, had := c.before.Get(key)
		is, has := now.Get(key)
		if !c.touched(key) && (had != has || was.Text != is.Text || was.IsList != is.IsList || !slices.Equal(was.List, is.List)) {
			c.t.Errorf("%q: %s was %+v and is %+v in %q", c.text, key, was, is, c.after)
		}
	}
}

var deepComment = regexp.MustCompile(`(?m)^[ \t]+#`)

// crooked reports whether the indentation of keys and lines is ambiguous, so that a deleted key may have to stay.
func (c *checker) crooked() bool {
	_, problems := Find(c.text, "incident")
	return len(problems) > 0 || deepComment.MatchString(c.text) || slices.ContainsFunc(c.before.entries, func(e entry) bool { return e.depth != c.before.entries[0].depth || e.dash > e.depth })
}

// outside checks that no byte outside of the record changed.
func (c *checker) outside() {
	b := c.before
	if b.exists {
		if !strings.HasPrefix(c.after, c.text[:b.open.to]) || !strings.HasSuffix(c.after, c.text[b.bottom():]) {
			c.t.Errorf("outside of the record, %q became %q", c.text, c.after)
		}
		return
	}
	head, tail := 0, 0
	for head < len(c.text) && head < len(c.after) && c.text[head] == c.after[head] {
		head++
	}
	for tail < len(c.text)-head && c.text[len(c.text)-1-tail] == c.after[len(c.after)-1-tail] {
		tail++
	}
	if head+tail < len(c.text) {
		c.t.Errorf("%q is not all in %q", c.text, c.after)
	}
}

// lines checks that every line of other keys is still there, in order.
func (c *checker) lines() {
	mine := map[int]bool{}
	for i := range c.before.entries {
		if e := &c.before.entries[i]; c.touched(e.key) {
			mine[e.line.from] = true
			for _, r := range e.rest {
				mine[r.from] = true
			}
			for _, it := range e.items {
				for _, r := range it.rows {
					mine[r.from] = true
				}
			}
		}
	}
	rest := c.after
	for _, r := range c.before.rows {
		line := c.text[r.from:r.to]
		if mine[r.from] {
			continue
		}
		_, below, ok := strings.Cut("\n"+rest, "\n"+line)
		if !ok {
			c.t.Errorf("%q: the line %q is not in its place in %q", c.text, line, c.after)
			return
		}
		rest = below
	}
}
