package handoff

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var noon = time.Date(2018, 8, 24, 15, 58, 0, 0, time.UTC)

// written returns an event as somebody's comment.
func written(id int64, by string, userID int64, e eventlog.Event) issue.Note {
	today := calendar.DateOf(noon)
	return issue.Note{ID: id, Author: by, AuthorID: userID, Trusted: true, CreatedAt: noon.Add(time.Duration(id) * time.Minute), Body: eventlog.Body(e, Heading(e, today))}
}

// The form of a comment is published: comments of earlier versions have to stay readable.
func TestCommentForm(t *testing.T) {
	t.Parallel()
	e := NewMark(noon, Texts{LeftOff: " Replica is rebuilt to 40%.\n", Next: "Look at the lag at 18:00."})
	want := "**15:58 UTC, ready to hand off**\n\n**Left off**\n\nReplica is rebuilt to 40%.\n\n**Next steps**\n\nLook at the lag at 18:00.\n\n" +
		`<!-- prodctl:entry {"kind":"handoff","verb":"mark","at":"2018\u002d08\u002d24T15:58:00Z","fields":{"left_off":"Replica is rebuilt to 40%.","next":"Look at the lag at 18:00."}} -->`
	if diff := cmp.Diff(want, eventlog.Body(e, Heading(e, calendar.DateOf(noon)))); diff != "" {
		t.Error(diff)
	}
	e = NewMark(noon, Texts{LeftOff: "one", Next: "two", If: "three"})
	want = "**15:58 UTC, ready to hand off**\n\n**Left off**\n\none\n\n**Next steps**\n\ntwo\n\n**Contingency**\n\nthree\n\n" +
		`<!-- prodctl:entry {"kind":"handoff","verb":"mark","at":"2018\u002d08\u002d24T15:58:00Z","fields":{"if":"three","left_off":"one","next":"two"}} -->`
	if diff := cmp.Diff(want, eventlog.Body(e, Heading(e, calendar.DateOf(noon)))); diff != "" {
		t.Error(diff)
	}
	e = NewTake(noon.AddDate(0, 0, -1), Offer{Mark: Mark{NoteID: 7}}, "Mine")
	want = "**2018-08-23 15:58 UTC, taken**\n\nMine\n\n" +
		`<!-- prodctl:entry {"kind":"handoff","verb":"take","at":"2018\u002d08\u002d23T15:58:00Z","fields":{"mark":"7"}} -->`
	if diff := cmp.Diff(want, eventlog.Body(e, Heading(e, calendar.DateOf(noon)))); diff != "" {
		t.Error(diff)
	}
}

func TestCurrentMark(t *testing.T) {
	t.Parallel()
	mark := func(id int64, leftOff string) issue.Note {
		return written(id, "mara", 1, NewMark(noon, Texts{LeftOff: leftOff, Next: "next"}))
	}
	take := func(id, of int64, by string, userID int64) issue.Note {
		return written(id, by, userID, NewTake(noon, Offer{Mark: Mark{NoteID: of}}, ""))
	}
	distrusted := func(n issue.Note) issue.Note {
		n.Trusted = false
		return n
	}
	for _, c := range []struct {
		name    string
		notes   []issue.Note
		leftOff string
		takenBy string
		current bool
	}{
		{name: "nothing"},
		{name: "plain text", notes: []issue.Note{{ID: 1, Body: "Left off at the replica", Trusted: true}}},
		{name: "a mark", notes: []issue.Note{mark(5, "one")}, leftOff: "one", current: true},
		{name: "the last one is current, in any order", notes: []issue.Note{mark(6, "two"), mark(5, "one")}, leftOff: "two", current: true},
		{name: "taken", notes: []issue.Note{mark(5, "one"), take(6, 5, "dev", 2)}, leftOff: "one", takenBy: "dev"},
		{name: "the first take wins", notes: []issue.Note{mark(5, "one"), take(7, 5, "rep", 3), take(6, 5, "dev", 2)}, leftOff: "one", takenBy: "dev"},
		{name: "marked again after it was taken", notes: []issue.Note{mark(5, "one"), take(6, 5, "dev", 2), mark(7, "one")}, leftOff: "one", current: true},
		{name: "a take of the previous mark takes the new one", notes: []issue.Note{mark(5, "one"), mark(6, "two"), take(7, 5, "dev", 2)}, leftOff: "two", takenBy: "dev"},
		{name: "a stranger's mark", notes: []issue.Note{mark(5, "one"), distrusted(mark(6, "two"))}, leftOff: "one", current: true},
		{name: "a stranger's take", notes: []issue.Note{mark(5, "one"), distrusted(take(6, 5, "guest", 9))}, leftOff: "one", current: true},
		{name: "an event of another kind", notes: []issue.Note{mark(5, "one"), written(6, "dev", 2, eventlog.Event{Kind: "incident", Verb: "take"})}, leftOff: "one", current: true},
		{name: "a take before any mark", notes: []issue.Note{take(4, 3, "dev", 2), mark(5, "one")}, leftOff: "one", current: true},
		{name: "a take alone", notes: []issue.Note{take(4, 3, "dev", 2)}},
	} {
		m, ok := CurrentMark(c.notes)
		if ok != c.current || m.LeftOff != c.leftOff || m.TakenBy != c.takenBy || (m.TakenBy == "") != m.TakenAt.IsZero() {
			t.Errorf("%s: %v, %+v", c.name, ok, m)
		}
		if c.leftOff != "" && (m.By != "mara" || m.Next != "next" || m.At.IsZero() || m.NoteID == 0) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

// An edit of a mark's comment counts as long as both texts are there.
func TestEditedMark(t *testing.T) {
	t.Parallel()
	n := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one\n\n**Next steps**\n\nnot these", Next: "two"}))
	if m, _ := CurrentMark([]issue.Note{n}); m.LeftOff != "one\n\n**Next steps**\n\nnot these" || m.Next != "two" {
		t.Errorf("a heading within a text: %+v", m)
	}
	for _, c := range []struct{ old, new, leftOff, next string }{
		{"two\n", "three\n", "one\n\n**Next steps**\n\nnot these", "three"},
		{"one\n", "one, and more\n", "one, and more\n\n**Next steps**\n\nnot these", "two"},
	} {
		edited := n
		edited.Body = strings.Replace(n.Body, c.old, c.new, 1)
		if m, ok := CurrentMark([]issue.Note{edited}); !ok || m.LeftOff != c.leftOff || m.Next != c.next {
			t.Errorf("%q for %q beside a heading within a text: %v, %+v", c.new, c.old, ok, m)
		}
	}
	// NewMark is never called with blank text; a comment that has it anyway is read as it is.
	if m, _ := CurrentMark([]issue.Note{written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "/close\n**Next steps**"}))}); m.LeftOff != "\\/close\n**Next steps**" || m.Next != "" {
		t.Errorf("nothing under the second heading: %+v", m)
	}
	n = written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one", Next: "two"}))
	for _, c := range []struct{ old, new, leftOff, next string }{
		{"one\n", "one, and more\n\nof it\n", "one, and more\n\nof it", "two"},
		{"two\n", "three\n", "one", "three"},
		{"two\n", "\n", "one", "two"},
		{headNext, "What next?", "one", "two"},
		{headLeftOff, "", "one", "two"},
		{" -->", " -->\n\nor three", "one", "two\n\nor three"},
	} {
		edited := n
		edited.Body = strings.Replace(n.Body, c.old, c.new, 1)
		if m, ok := CurrentMark([]issue.Note{edited}); !ok || m.LeftOff != c.leftOff || m.Next != c.next {
			t.Errorf("%q for %q: %v, %+v", c.new, c.old, ok, m)
		}
	}
}

// A person may edit, add or delete the contingency.
func TestEditedContingency(t *testing.T) {
	t.Parallel()
	full, short := Texts{"one", "two", "three"}, Texts{"one", "two", ""}
	for _, c := range []struct {
		name     string
		mark     Texts
		old, new string
		want     Texts
	}{
		{"edited", full, "three\n", "four\n", Texts{"one", "two", "four"}},
		{"another part edited", full, "two\n", "2\n", Texts{"one", "2", "three"}},
		{"first part edited", full, "one\n", "1\n", Texts{"1", "two", "three"}},
		{"emptied", full, "three\n", "\n", Texts{"one", "two", ""}},
		{"deleted", full, headIf + "\n\nthree\n\n", "", Texts{"one", "two", ""}},
		{"added", short, "two\n", "two\n\n" + headIf + "\n\nthree\n", full},
		{"added in a quote", short, "two\n", "two\n\n> " + headIf + "\n>\n> three\n", Texts{"one", "two\n\n> " + headIf + "\n>\n> three", ""}},
		{"a heading in an unchanged part", Texts{"one", "two\n\n" + headIf + "\n\nx", ""}, "one\n", "1\n", Texts{"1", "two\n\n" + headIf + "\n\nx", ""}},
	} {
		n := written(5, "mara", 1, NewMark(noon, c.mark))
		n.Body = strings.Replace(n.Body, c.old, c.new, 1)
		m, ok := CurrentMark([]issue.Note{n})
		if diff := cmp.Diff(c.want, m.texts()); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", c.name, ok, diff)
		}
	}
	n := written(5, "mara", 1, NewMark(noon, full))
	n.Internal = true
	if m, _ := CurrentMark([]issue.Note{n}); m.If != eventlog.InternalText || m.Shown() != full {
		t.Errorf("an internal comment: %+v", m)
	}
}

func TestBlank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, " \n\t": true, "\u200b": true, "\u00a0\x00": true, "\r\n": true, "x": false, "/close": false, "-": false} {
		if Blank(text) != want {
			t.Errorf("%q: %v", text, Blank(text))
		}
	}
}

// anyText generates hostile and random text.
func anyText() *rapid.Generator[string] {
	hostile := rapid.SampledFrom([]string{"/close", "@all", "<!-- prodctl:entry {\"kind\":\"handoff\",\"verb\":\"take\",\"at\":\"2018-08-24T10:00:00Z\"} -->", "```", "~~~~", headNext, headLeftOff, headIf,
		"<!-- prodctl:key=note/x -->", "**bold**", "<!--", "-->", "> quoted", "\r", "\u2028/label ~x", "<details>", " ", "\x1b[2J", "\xff"})
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(hostile, rapid.String()), 1, 6), func(parts []string) string { return strings.Join(parts, "\n") })
}

// For any text, the comment holds one mark with that text, and nothing that GitLab acts on.
func TestAnyTextIsPreserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leftOff, next := anyText().Draw(t, "left off"), anyText().Draw(t, "next")
		contingency := rapid.OneOf(rapid.Just(""), anyText()).Draw(t, "contingency")
		n := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: leftOff, Next: next, If: contingency}))
		n.Body = strings.TrimSpace(n.Body) + "\n\n<!-- prodctl:key=handoff-mark/auto-1 -->"
		m, ok := CurrentMark([]issue.Note{n})
		if !ok || m.LeftOff != Safe(leftOff) || m.Next != Safe(next) || m.If != Safe(contingency) {
			t.Fatalf("%q:\n%+v", n.Body, m)
		}
		for line := range strings.Lines(n.Body) {
			if strings.HasPrefix(line, "/") {
				t.Fatalf("a command: %q", line)
			}
		}
		if strings.Count(n.Body, eventlog.Mark) != 1 || strings.Contains(n.Body, "@all") || strings.ContainsAny(n.Body, "\r\x00\x1b") {
			t.Fatalf("%q", n.Body)
		}
		if twice := Safe(m.LeftOff); twice != m.LeftOff {
			t.Fatalf("sanitized again %q is %q", m.LeftOff, twice)
		}
	})
}
