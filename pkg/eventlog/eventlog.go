// Package eventlog keeps the events of an incident or a change in comments on its issue.
//
// A comment cannot be overwritten by somebody who writes at the same time. A description can: GitLab replaces it as a whole and has no
// compare-and-set. So every event is first a comment, an [Event], and a [Reconciler] computes record, timeline and state labels from all
// events. Every writer checks again after its own write, so in the end they agree with the comments, whatever the order of requests
// (docs/event-log.md).
//
// Start with [Body] and [Read], which write and read the event in a comment's text. What events mean is in pkg/incident and pkg/change;
// requests are not made here.
package eventlog

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Event is one fact, recorded in one comment.
type Event struct {
	Kind   string            // incident or change
	Verb   string            // what was done: mitigate, approve
	At     time.Time         // when it happened, UTC, whole seconds
	Fields map[string]string // values for the record, by its keys
	Text   string            // the message, escaped for a comment, with people's later edits

	// From its comment; zero if it is not recorded yet.
	NoteID   int64
	Author   string
	AuthorID int64
	Posted   time.Time // UTC
	Trusted  bool
	Key      string // of the comment, KIND/NAME; empty: none

	// Sealed has the words of an event whose comment is internal, for the eyes of the token's user only; nil: not internal. All other
	// parts of such an event may be copied anywhere, see [Event.Opened].
	Sealed *Words
}

// Mark begins the hidden line that every comment with an event has.
const Mark = "<!-- prodctl:entry "

const markEnd = " -->"

// Undated is the time of an event without one: a reference from one issue to another is the same whenever it is made.
var Undated = time.Unix(0, 0).UTC()

// Body returns the comment of an event: a heading such as "10:30 UTC, mitigated", the message, and the hidden line. The message must have
// gone through [Sanitize]. The comment's key is appended when it is sent.
func Body(e Event, heading string) string {
	hidden, err := json.Marshal(jsonv1.LogEvent{Kind: e.Kind, Verb: e.Verb, At: e.At.UTC().Format(time.RFC3339), Fields: e.Fields})
	if err != nil {
		panic("eventlog: " + err.Error()) // cannot happen: it is only text
	}
	parts := []string{"**" + heading + "**"}
	if text := strings.TrimSpace(e.Text); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(append(parts, Mark+escape(string(hidden))+markEnd), "\n\n")
}

// escape keeps the hidden line one HTML comment: nothing in it ends a comment, starts one, or mentions anybody.
func escape(s string) string {
	return strings.NewReplacer("-", `\u002d`, "@", `\u0040`).Replace(s)
}

// The hidden lines with the key of a comment, see internal/idempotency.
var (
	keyPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^<!-- prodctl:key=(.*?) *-->[ \t]*$`) })
	wordPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)\n?^<!-- prodctl:id=p[0-9a-f]{20} -->[ \t]*$`) })
)

// Read returns the event in a comment. Its hidden line is the last line that looks like one: a quotation in the message comes before it.
// A line in a code block or a quote does not count. Text that people added below it belongs to the message. The event of an internal
// comment comes without its words.
func Read(n issue.Note) (Event, bool) {
	if n.System {
		return Event{}, false
	}
	if !strings.Contains(n.Body, Mark) {
		return Event{}, false // the usual case
	}
	body := strings.ReplaceAll(n.Body, "\r", "")
	bare := safetext.WithoutLiterals(body)
	at := strings.LastIndex("\n"+bare, "\n"+Mark)
	if at < 0 {
		return Event{}, false
	}
	line, below, _ := strings.Cut(body[at:], "\n")
	hidden, ok := strings.CutSuffix(strings.TrimRight(strings.TrimPrefix(line, Mark), " \t"), markEnd)
	var w jsonv1.LogEvent
	if !ok || json.Unmarshal([]byte(hidden), &w) != nil || w.Kind == "" || w.Verb == "" {
		return Event{}, false
	}
	when, err := time.Parse(time.RFC3339, w.At)
	if err != nil {
		return Event{}, false
	}
	text := withoutHeading(body[:at])
	bare = bare[len(bare)-len(below):]
	key := ""
	if m := keyPattern().FindStringSubmatch(bare); m != nil {
		key = m[1]
	}
	below = cut(below, bare, keyPattern(), wordPattern())
	e := Event{
		Kind: w.Kind, Verb: w.Verb, At: when.UTC(), Fields: w.Fields,
		Text:   strings.TrimSpace(strings.TrimSpace(text) + "\n\n" + strings.TrimSpace(below)),
		NoteID: n.ID, Author: n.Author, AuthorID: n.AuthorID, Posted: n.CreatedAt, Trusted: n.Trusted, Key: key,
	}
	if n.Internal {
		e = e.sealed()
	}
	return e, true
}

// cut removes what the patterns match in bare, which is the text without its quotations.
func cut(text, bare string, patterns ...*regexp.Regexp) string {
	for _, p := range patterns {
		found := p.FindAllStringIndex(bare, -1)
		for _, m := range slices.Backward(found) {
			text, bare = text[:m[0]]+text[m[1]:], bare[:m[0]]+bare[m[1]:]
		}
	}
	return text
}

// withoutHeading removes the first line if all of it is bold.
func withoutHeading(text string) string {
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimRight(line, " \t")
	if len(line) >= len("****") && strings.HasPrefix(line, "**") && strings.HasSuffix(line, "**") {
		return rest
	}
	return text
}

// Events returns the events of a kind in the order of their comments, whether their authors are trusted or not. Without duplicates: if
// runs with the same input record an event at the same moment, the first one counts; the other is about to be deleted. Events with one key
// and different content are not duplicates: anybody could have predicted the key.
func Events(notes []issue.Note, kind string) []Event {
	all, _ := withoutDuplicates(notes, kind)
	return all
}

// AlertsField is the field with the ids of alerts, separated by blanks. They identify what the event is about: the text may have a value
// that changes between two deliveries of the same alert.
const AlertsField = "alerts"

// SameContent reports whether two events have the same text and fields, whatever their times. The field that closes the issue does not
// count, because it may follow from a rule. Events about alerts are the same if the alerts are.
func SameContent(a, b Event) bool {
	a, b = a.Opened(), b.Opened()
	if ids := a.Fields[AlertsField]; ids != "" {
		return a.Kind == b.Kind && a.Verb == b.Verb && ids == b.Fields[AlertsField]
	}
	own := func(e Event) map[string]string {
		fields := maps.Clone(e.Fields)
		delete(fields, "close")
		return fields
	}
	return a.Kind == b.Kind && a.Text == b.Text && maps.Equal(own(a), own(b))
}

// Duplicates returns the events that do not count because an earlier one has the same key and content.
func Duplicates(notes []issue.Note, kind string) []Event {
	_, duplicates := withoutDuplicates(notes, kind)
	return duplicates
}

func withoutDuplicates(notes []issue.Note, kind string) (all, duplicates []Event) {
	for _, n := range notes {
		if e, ok := Read(n); ok && e.Kind == kind {
			all = append(all, e)
		}
	}
	stable.Sort(all, func(a, b Event) int { return cmp.Compare(a.NoteID, b.NoteID) })
	first := map[string][]Event{}
	all = slices.DeleteFunc(all, func(e Event) bool {
		if e.Key == "" || !e.Trusted {
			return false
		}
		if slices.ContainsFunc(first[e.Key], func(earlier Event) bool {
			return e.Posted.Sub(earlier.Posted).Abs() < duplicateAge && SameContent(e, earlier)
		}) {
			duplicates = append(duplicates, e)
			return true
		}
		first[e.Key] = append(first[e.Key], e)
		return false
	})
	return all, duplicates
}

// duplicateAge is how close comments with the same key are duplicates. Later, the same input is a new event.
const duplicateAge = 10 * time.Minute

// Sanitize escapes a message for the text of an event: no quick action, no mention, nothing that reads as a hidden line, and nothing that
// Markdown would hide.
func Sanitize(s string) string { return safetext.Passage(s) }
