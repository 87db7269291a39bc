// Package eventlog keeps what happened to an incident or a change in comments of its issue.
//
// A comment is never lost to somebody who writes at the same time, while a description is: GitLab replaces it as a whole and offers
// no compare-and-set. So every fact is written as a comment first, an [Entry], and the record in the description, the timeline and the
// state labels are made from all entries by a [Reconciler]. Whoever wrote last looks again; so in the end they agree with the
// comments, whatever the order of requests (docs/event-log.md).
//
// What the entries mean is in pkg/incident and pkg/change. Making and reading comments is not here.
package eventlog

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Entry is one fact, written as one comment.
type Event struct {
	Kind   string            // incident or change
	Verb   string            // what was done: mitigate, approve
	At     time.Time         // when it happened, UTC, whole seconds
	Fields map[string]string // what it says of the record, by the record's keys
	Text   string            // what the writer said, safe to stand in a comment; as people have edited it since

	// From the comment that holds it; zero for one that is yet to be written.
	NoteID   int64
	Author   string
	AuthorID int64
	Posted   time.Time // UTC
	Trusted  bool
	Key      string // of the comment, KIND/NAME; empty: none
}

// Mark is what every comment with an entry holds, for looking for them.
const Mark = "<!-- prodctl:entry "

const markEnd = " -->"

// Undated is the time of an entry that has none: a reference from one issue to another is the same whenever it is made.
var Undated = time.Unix(0, 0).UTC()

// Body is the comment for an entry: a heading such as "10:30 UTC, mitigated", what was said, and the hidden part. A text of others
// must have gone through safetext before; the key of the comment follows when it is sent.
func Body(e Event, heading string) string {
	hidden, err := json.Marshal(jsonv1.LogEvent{Kind: e.Kind, Verb: e.Verb, At: e.At.UTC().Format(time.RFC3339), Fields: e.Fields})
	if err != nil {
		panic("eventlog: " + err.Error()) // it is text alone
	}
	parts := []string{"**" + heading + "**"}
	if text := strings.TrimSpace(e.Text); text != "" {
		parts = append(parts, text)
	}
	return strings.Join(append(parts, Mark+escape(string(hidden))+markEnd), "\n\n")
}

// escape keeps the hidden part one HTML comment: nothing in it ends a comment, begins one, or pings.
func escape(s string) string {
	return strings.NewReplacer("-", `\u002d`, "@", `\u0040`).Replace(s)
}

// keyPattern is what a comment is found by, see internal/idempotency.
var keyPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^<!-- prodctl:key=(.*?) *-->[ \t]*$`) })

// Read is the entry that a comment holds. The hidden part is the last line that looks like one and stands by itself: a quotation in what
// somebody said comes before it. What people have written below it since belongs to the text.
func Read(n issue.Note) (Event, bool) {
	if n.System {
		return Event{}, false
	}
	body := strings.ReplaceAll(n.Body, "\r", "")
	at := strings.LastIndex("\n"+body, "\n"+Mark)
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
	key := ""
	if m := keyPattern().FindStringSubmatch(below); m != nil {
		key = m[1]
	}
	below = keyPattern().ReplaceAllString(below, "")
	return Event{
		Kind: w.Kind, Verb: w.Verb, At: when.UTC(), Fields: w.Fields,
		Text:   strings.TrimSpace(strings.TrimSpace(text) + "\n\n" + strings.TrimSpace(below)),
		NoteID: n.ID, Author: n.Author, AuthorID: n.AuthorID, Posted: n.CreatedAt, Trusted: n.Trusted, Key: key,
	}, true
}

// withoutHeading takes away a first line that is bold as a whole.
func withoutHeading(text string) string {
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimRight(line, " \t")
	if len(line) >= len("****") && strings.HasPrefix(line, "**") && strings.HasSuffix(line, "**") {
		return rest
	}
	return text
}

// Entries are the entries of a kind in the order in which they were written, whether their authors are trusted or not. Of twins, which
// runs with the same words make at the same moment and one of which is about to be deleted, the first one counts.
func Events(notes []issue.Note, kind string) []Event {
	all, _ := withoutDuplicates(notes, kind)
	return all
}

// Twins are the entries that do not count beside the first of their key.
func Duplicates(notes []issue.Note, kind string) []Event {
	_, twins := withoutDuplicates(notes, kind)
	return twins
}

func withoutDuplicates(notes []issue.Note, kind string) (all, twins []Event) {
	for _, n := range notes {
		if e, ok := Read(n); ok && e.Kind == kind {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Event) int { return cmp.Compare(a.NoteID, b.NoteID) })
	first := map[string]Event{}
	all = slices.DeleteFunc(all, func(e Event) bool {
		if e.Key == "" || !e.Trusted {
			return false
		}
		if twin, ok := first[e.Key]; ok && e.Posted.Sub(twin.Posted).Abs() < duplicateAge {
			twins = append(twins, e)
			return true
		}
		first[e.Key] = e
		return false
	})
	return all, twins
}

// twinAge is how far apart comments with one key are twins: later on the same words are said once more.
const duplicateAge = 10 * time.Minute

// Said makes what a person said safe to be the text of an entry: no quick action, no ping, and nothing that is read as a hidden part.
func Sanitize(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(safetext.Prose(s), "<!--", "&lt;!--")) // last, since what cannot be seen goes before
}
