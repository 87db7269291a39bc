// Package handoff holds the rules for handing over from one shift to the next.
//
// Start with [Build], which makes the report of a shift: what is burning, what is at risk, what can wait (handbook, "Issue or
// Outage Hand-off"). [WeekLog] and its siblings describe the on-call log that the report is posted to. An issue is marked as ready to hand
// off with a note (where it was left off, what comes next) and taken by one person. Both are events of pkg/eventlog: the note comes before
// the label, and if two people take an issue at once, one of them gets it. [CurrentMark] returns the current note, and [Reconciler] derives
// label and assignee from the comments.
//
// Everything here is pure: reading and writing issues, clocks and printing do not belong here. Who is on call is in pkg/oncall, the past
// state of an issue in pkg/history, and the weekly report in pkg/report.
package handoff

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Kind is the kind of hand-off events.
const Kind = "handoff"

// The verbs of hand-off events.
const (
	VerbMark = "mark" // ready to hand off, with a note
	VerbTake = "take" // taken over by somebody
)

// The fields of hand-off events.
const (
	fieldLeftOff = "left_off"
	fieldNext    = "next"
	fieldMark    = "mark" // of a take: what was taken, see [Offer.Name]
)

// The headings of the two texts in a comment.
const (
	headLeftOff = "**Left off**"
	headNext    = "**Next steps**"
)

// Mark is a hand-off note: where an issue was left off and what comes next.
type Mark struct {
	NoteID  int64 // of the comment; 0: none
	LeftOff string
	Next    string
	By      string    // user name without @
	At      time.Time // when it was written, UTC, by GitLab's clock
	TakenBy string    // empty: not taken
	TakenAt time.Time
	// Internal has the texts of a note that is an internal comment, for the token's user only; nil: not internal. LeftOff and Next have
	// none of their words.
	Internal *Texts
}

// Texts are the two parts of a hand-off note.
type Texts struct{ LeftOff, Next string }

// Shown are the texts for the token's user.
func (m Mark) Shown() Texts {
	if m.Internal != nil {
		return *m.Internal
	}
	return Texts{m.LeftOff, m.Next}
}

// CurrentMark returns the last mark of an issue; the zero Mark if there is none. ok is false if there is none or if somebody has taken it.
// Events count in the order of their comments, and only those of trusted authors.
func CurrentMark(notes []issue.Note) (m Mark, ok bool) {
	o := Latest(notes)
	if o.Mark.NoteID == 0 {
		return Mark{}, false
	}
	return o.Mark, o.Mark.TakenBy == ""
}

// NewMark returns the event that marks an issue. The texts need not be sanitized; neither may be blank, see [Blank].
func NewMark(at time.Time, leftOff, next string) eventlog.Event {
	leftOff, next = Safe(leftOff), Safe(next)
	return eventlog.Event{
		Kind: Kind, Verb: VerbMark, At: at.UTC().Truncate(time.Second), Fields: map[string]string{fieldLeftOff: leftOff, fieldNext: next},
		Text: visibleText(leftOff, next),
	}
}

// NewTake returns the event that takes an offer, with an optional message. The message need not be sanitized.
func NewTake(at time.Time, o Offer, message string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: VerbTake, At: at.UTC().Truncate(time.Second), Fields: map[string]string{fieldMark: o.Name()},
		Text: Safe(message)}
}

// Heading returns the first line of an event's comment, such as "15:58 UTC, ready to hand off", with the date unless it is today.
func Heading(e eventlog.Event, today calendar.Date) string {
	when := e.At.UTC().Format("15:04 UTC")
	if calendar.DateOf(e.At.UTC()) != today {
		when = e.At.UTC().Format("2006-01-02 15:04 UTC")
	}
	if e.Verb == VerbTake {
		return when + ", taken"
	}
	return when + ", ready to hand off"
}

// Safe sanitizes a text for a comment: no quick actions, no mentions, no hidden markers, and nothing that hides the text after it. Safe
// text is returned unchanged.
func Safe(s string) string { return strings.TrimSpace(safetext.Passage(strings.TrimSpace(s))) }

// Blank reports whether a text is empty after it is sanitized.
func Blank(s string) bool { return strings.Trim(Safe(s), " \t\n\u00a0\u200b\u2060\ufeff\\") == "" }

// visibleText returns the visible text of a mark's comment.
func visibleText(leftOff, next string) string {
	return headLeftOff + "\n\n" + leftOff + "\n\n" + headNext + "\n\n" + next
}

// MarkOf returns the mark of an event. If somebody edited the comment, the edited text counts, as long as both parts are there. A part that
// was not edited is never split, whatever headings it contains.
func MarkOf(e eventlog.Event) Mark {
	if e.Sealed != nil {
		m := MarkOf(e.Opened())
		m.Internal = &Texts{m.LeftOff, m.Next}
		m.LeftOff, m.Next = eventlog.InternalText, eventlog.InternalText
		return m
	}
	m := Mark{NoteID: e.NoteID, LeftOff: e.Fields[fieldLeftOff], Next: e.Fields[fieldNext], By: e.Author, At: e.Posted}
	if e.Text == strings.TrimSpace(visibleText(m.LeftOff, m.Next)) { // GitLab trims trailing space
		return m
	}
	leftOff, next, ok := m.splitEdited(e.Text)
	if !ok {
		leftOff, next, ok = splitText(e.Text)
	}
	if ok {
		m.LeftOff, m.Next = leftOff, next
	}
	return m
}

// splitEdited splits the visible text of a comment if one of its two parts is unchanged.
func (m Mark) splitEdited(text string) (leftOff, next string, ok bool) {
	if text, ok := strings.CutPrefix(text, headLeftOff+"\n\n"+m.LeftOff+"\n\n"+headNext+"\n"); ok {
		leftOff, next = m.LeftOff, text
	} else if text, found := strings.CutSuffix(text, "\n"+headNext+"\n\n"+m.Next); found {
		leftOff, ok = strings.CutPrefix(text+"\n", headLeftOff+"\n")
		if !ok {
			return "", "", false
		}
		next = m.Next
	}
	leftOff, next = strings.TrimSpace(leftOff), strings.TrimSpace(next)
	return leftOff, next, !Blank(leftOff) && !Blank(next)
}

// splitText splits the visible text of a comment at the first heading of each part that is not quoted.
func splitText(text string) (leftOff, next string, ok bool) {
	text = "\n" + text + "\n"
	bare := safetext.WithoutClosedLiterals(text)
	begin := strings.Index(bare, "\n"+headLeftOff+"\n")
	if begin < 0 {
		return "", "", false
	}
	begin += len("\n" + headLeftOff)
	end := strings.Index(bare[begin:], "\n"+headNext+"\n")
	if end < 0 {
		return "", "", false
	}
	leftOff, next = strings.TrimSpace(text[begin:begin+end]), strings.TrimSpace(text[begin+end+len("\n"+headNext):])
	return leftOff, next, !Blank(leftOff) && !Blank(next)
}

// SameText reports whether two marks have the same text.
func SameText(a, b eventlog.Event) bool {
	x, y := MarkOf(a.Opened()), MarkOf(b.Opened())
	return x.LeftOff == y.LeftOff && x.Next == y.Next
}

// id formats the ID of a comment for a take.
func id(n int64) string { return strconv.FormatInt(n, 10) }
