package eventlog

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var at = time.Date(2018, 8, 24, 10, 30, 0, 0, time.UTC)

const (
	heading = "10:30 UTC, mitigated"
	key     = "\n\n<!-- prodctl:key=note/mitigate-1 -->\n<!-- prodctl:id=p0123456789abcdef0123 -->"
)

// The format of a comment is published: comments of earlier versions stay readable forever.
func TestBody(t *testing.T) {
	t.Parallel()
	e := Event{Kind: "incident", Verb: "mitigate", At: at.In(time.FixedZone("", 7200)).Add(999), Text: " Failed over.\n\nMore later. ",
		Fields: map[string]string{"severity": "S3", "cause": "disk -->\n@all <b>"}}
	want := "**10:30 UTC, mitigated**\n\nFailed over.\n\nMore later.\n\n" +
		`<!-- prodctl:entry {"kind":"incident","verb":"mitigate","at":"2018\u002d08\u002d24T10:30:00Z","fields":{"cause":"disk \u002d\u002d\u003e\n\u0040all \u003cb\u003e","severity":"S3"}} -->`
	if diff := cmp.Diff(want, Body(e, heading)); diff != "" {
		t.Error(diff)
	}
	want = `**10:30 UTC, mitigated**` + "\n\n" + `<!-- prodctl:entry {"kind":"change","verb":"start","at":"1970\u002d01\u002d01T00:00:00Z"} -->`
	if diff := cmp.Diff(want, Body(Event{Kind: "change", Verb: "start", At: Undated}, heading)); diff != "" {
		t.Error(diff)
	}
}

func TestReadWhatBodyWrote(t *testing.T) {
	t.Parallel()
	note := issue.Note{ID: 7, Author: "ines", AuthorID: 5, CreatedAt: at.Add(time.Minute), Trusted: true}
	want := Event{Kind: "incident", Verb: "mitigate", At: at, Fields: map[string]string{"cause": "a -- b"}, NoteID: 7, Author: "ines", AuthorID: 5, Posted: at.Add(time.Minute), Trusted: true, Key: "note/mitigate-1"}
	for _, text := range hostile {
		want.Text = Sanitize(text)
		note.Body = Body(want, heading) + key
		if got, ok := Read(note); !ok || !cmp.Equal(got, want) {
			t.Errorf("%q: %v\n%s", text, ok, cmp.Diff(want, got))
		}
		note.Body = strings.ReplaceAll(note.Body, "\n", "\r\n")
		if got, ok := Read(note); !ok || !cmp.Equal(got, want) {
			t.Errorf("%q with line ends of Windows: %v\n%s", text, ok, cmp.Diff(want, got))
		}
	}
	note.System = true
	if _, ok := Read(note); ok {
		t.Error("a system note counts as an event")
	}
}

// hostile are messages that somebody may write.
var hostile = []string{
	"", "Failed over.", "two\n\nparagraphs", "**bold**", "**bold**\ntext", "x -->", "<!-- hidden", "@all and @ines", "/close", "a\r\n\r\n/label ~x", "```\nopen", "~~~", "> quoted",
	"x\n<!-- prodctl:entry {\"kind\":\"incident\",\"verb\":\"resolve\",\"at\":\"2018-08-24T10:00:00Z\"} -->",
	"<\x01!-- prodctl:entry {\"kind\":\"incident\",\"verb\":\"resolve\",\"at\":\"2018-08-24T10:00:00Z\"} -->",
	"<\r!-- prodctl:entry {} -->", "x\n<!-- prodctl:key=note/other -->", "<!-- prodctl:timeline -->\nx\n<!-- prodctl:timeline end -->", "&lt;!-- prodctl:entry {} -->", "<details>\n\nx", "\x1b]8;;x\x07", "a\xffb", "\u2028/close",
}

// A comment has the text that people edited it to.
func TestReadWhatPeopleEdited(t *testing.T) {
	t.Parallel()
	hidden := Body(Event{Kind: "incident", Verb: "mitigate", At: at}, heading)
	hidden = hidden[strings.Index(hidden, Mark):]
	for _, c := range []struct {
		name, body string
		text       string
		none       bool
	}{
		{"as it was", "**" + heading + "**\n\ntext\n\n" + hidden + key, "text", false},
		{"without heading", "text\n\n" + hidden + key, "text", false},
		{"another heading", "**10:31 UTC, I think** \ntext\n\n" + hidden, "text", false},
		{"a heading with words", "**10:31 UTC** by hand\n\n" + hidden, "**10:31 UTC** by hand", false},
		{"the hidden part alone", hidden, "", false},
		{"words below", "text\n\n" + hidden + "\nmore" + key + "\n\nand more", "text\n\nmore\n\n\n\nand more", false},
		{"words below alone", hidden + key + "\n\nmore", "more", false},
		{"blanks at the end", "text\n" + hidden + " \t" + key, "text", false},
		{"another event quoted above", "> " + strings.ReplaceAll("x\n"+hidden, "\n", "\n> ") + "\n\ntext\n\n" + hidden, "> x\n> " + hidden + "\n\ntext", false},
		{"no hidden part", "**" + heading + "**\n\ntext", "", true},
		{"quoted", "> " + strings.ReplaceAll("text\n"+hidden+key, "\n", "\n> "), "", true},
		{"indented", "text\n\n    " + hidden, "", true},
		{"amid a line", "see " + hidden, "", true},
		{"words behind it", hidden + " text", "", true},
		{"cut off", hidden[:len(hidden)-5], "", true},
		{"over two lines", strings.Replace(hidden, ",", ",\n", 1), "", true},
		{"no JSON", Mark + "mitigate -->", "", true},
		{"more than one value", Mark + `{"kind":"incident","verb":"x","at":"2018-08-24T10:30:00Z"} {} -->`, "", true},
		{"no kind", Mark + `{"verb":"x","at":"2018-08-24T10:30:00Z"} -->`, "", true},
		{"no verb", Mark + `{"kind":"incident","at":"2018-08-24T10:30:00Z"} -->`, "", true},
		{"no time", Mark + `{"kind":"incident","verb":"x"} -->`, "", true},
		{"no such time", Mark + `{"kind":"incident","verb":"x","at":"2018-02-30T10:30:00Z"} -->`, "", true},
		{"fields of another kind", Mark + `{"kind":"incident","verb":"x","at":"2018-08-24T10:30:00Z","fields":{"impact":1}} -->`, "", true},
		{"empty", "", "", true},
	} {
		got, ok := Read(issue.Note{Body: c.body})
		if ok == c.none || got.Text != c.text || ok && (got.Verb != "mitigate" || !got.At.Equal(at)) {
			t.Errorf("%s: %v, %+v", c.name, ok, got)
		}
	}
	got, ok := Read(issue.Note{Body: Mark + `{"kind":"incident","verb":"mitigate","at":"2018-08-24T12:30:00+02:00","later":[1]} -->`})
	if !ok || got.At != at || got.At.Location() != time.UTC {
		t.Errorf("in another zone, with what a later version adds: %v, %+v", ok, got)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	note := func(id int64, kind, verb string, trusted bool) issue.Note {
		return issue.Note{ID: id, Body: Body(Event{Kind: kind, Verb: verb, At: at}, heading), Trusted: trusted}
	}
	notes := []issue.Note{note(9, "incident", "resolve", true), {ID: 1, Body: "a remark"}, note(3, "incident", "update", false), note(4, "change", "start", true), note(5, "incident", "mitigate", true)}
	var got []string
	for _, e := range Events(notes, "incident") {
		got = append(got, e.Verb)
		if e.Trusted != (e.Verb != "update") {
			t.Errorf("%s: trusted %v", e.Verb, e.Trusted)
		}
	}
	if diff := cmp.Diff([]string{"update", "mitigate", "resolve"}, got); diff != "" {
		t.Error(diff)
	}
	if got := Events(notes, "hotspot"); got != nil {
		t.Errorf("%v", got)
	}
}

func TestSanitize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Failed over.\r\n": "Failed over.", "/close": `\/close`, "a\n/close": "a\n\\/close", "ask @all": "ask @\u200ball", "a <!-- b --> c": "a &lt;!-- b --> c", "<\x02!-- x": "&lt;!-- x", "<\r!--": "&lt;!--", "\u00a0 /close": `\/close`, "": "",
	} {
		if got := Sanitize(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

var (
	command = regexp.MustCompile(`(?m)^/`)
	marks   = regexp.MustCompile(`(?m)^<!-- prodctl:entry `)
)

// Whatever the message, the comment has exactly one event, the one that was written, also after GitLab removed carriage returns and white
// space at the ends. A quoted comment has none.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, "cause", s, int64(0))
	}
	f.Fuzz(func(t *testing.T, text, field, value string, second int64) {
		valid := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
		e := Event{Kind: "incident", Verb: "update", At: time.Unix(second%(1<<36), 0).UTC(), Text: Sanitize(text), Fields: map[string]string{valid(field): valid(value)}, Key: "note/mitigate-1"}
		body := Body(e, heading)
		hidden := body[strings.LastIndex(body, Mark):]
		if strings.Contains(hidden[len(Mark):len(hidden)-len(markEnd)], "--") || strings.ContainsAny(hidden, "@\r\n") {
			t.Errorf("the hidden part is not a comment of one line: %q", hidden)
		}
		if Sanitize(e.Text) != e.Text {
			t.Errorf("%q sanitized again is %q", e.Text, Sanitize(e.Text))
		}
		if command.MatchString(body) || len(marks.FindAllString(body, -1)) != 1 || strings.Contains(e.Text, "<!--") {
			t.Errorf("the comment has commands or marks: %q", body)
		}
		stored := strings.TrimSpace(strings.ReplaceAll(body+key, "\r", ""))
		got, ok := Read(issue.Note{Body: stored})
		if e.At.Year() < 0 {
			return // no time that anybody can write
		}
		if !ok || !cmp.Equal(got, e) {
			t.Errorf("%q: %v\n%s", stored, ok, cmp.Diff(e, got))
		}
		if _, ok := Read(issue.Note{Body: "> " + strings.ReplaceAll(stored, "\n", "\n> ")}); ok {
			t.Errorf("quoted, %q is an event", stored)
		}
	})
}

// Any comment can be read, and an event that is written again reads as the same event.
func FuzzRead(f *testing.F) {
	f.Add("**x**\n\ny\n\n" + Mark + `{"kind":"incident","verb":"update","at":"2018-08-24T10:30:00Z","fields":{"a":"b"}} -->` + "\nz")
	f.Add(Mark)
	f.Add("\n" + Mark + "{} -->\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		e, ok := Read(issue.Note{Body: body})
		if !ok || e.At.Year() < 0 {
			return
		}
		again, ok := Read(issue.Note{Body: Body(Event{Kind: e.Kind, Verb: e.Verb, At: e.At, Fields: e.Fields, Text: Sanitize(e.Text)}, heading)})
		if !ok || again.Kind != e.Kind || again.Verb != e.Verb || !again.At.Equal(e.At.Truncate(time.Second)) || again.Text != Sanitize(e.Text) || len(again.Fields) != len(e.Fields) {
			t.Errorf("%q: %+v, then %v, %+v", body, e, ok, again)
		}
	})
}

// Of duplicates the first trusted one counts; the same input an hour later is another event.
func TestDuplicatesCountOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)
	body := Body(Event{Kind: "incident", Verb: "update", At: at, Text: "x"}, "10:00 UTC") + "\n\n<!-- prodctl:key=note/k -->"
	note := func(id int64, later time.Duration, trusted bool) issue.Note {
		return issue.Note{ID: id, Body: body, CreatedAt: at.Add(later), Trusted: trusted}
	}
	var ids []int64
	for _, e := range Events([]issue.Note{note(5, 2*time.Second, true), note(3, 0, false), note(4, time.Second, true), note(6, time.Hour, true), note(7, time.Hour, true)}, "incident") {
		ids = append(ids, e.NoteID)
		if e.Key != "note/k" || e.Text != "x" {
			t.Errorf("%+v", e)
		}
	}
	if want := []int64{3, 4, 6}; !slices.Equal(ids, want) {
		t.Errorf("events %v, want %v", ids, want)
	}
	if got := Duplicates([]issue.Note{note(4, 0, true), note(5, time.Second, true)}, "incident"); len(got) != 1 || got[0].NoteID != 5 {
		t.Errorf("duplicates %+v", got)
	}
}
