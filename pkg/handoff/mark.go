// Package handoff is what one shift leaves to the next.
//
// [Build] makes the report of a shift from facts: what burns, what may burn, what can wait (SPEC 9; handbook, "Issue or Outage Hand-off").
// [WeekLog] and its kin name the issue of the on-call log that it is posted to.
// An issue is marked as ready for the hand-off with words of where it is left off and what comes next, and taken by one person:
// both are entries of pkg/eventlog, so that words come before the label and of two who take at once one has it.
// [Standing] is what stands of an issue, and [Reconciler] what its label should be by its comments.
//
// It decides and never acts: reading and writing issues, clocks and printing are not here, and neither is whose shift it is,
// which is in pkg/oncall, what an issue was earlier, which is in pkg/history, or what the weekly report tells, which is in pkg/report.
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

// Kind is that of the entries about hand-offs.
const Kind = "handoff"

// The verbs of entries.
const (
	VerbMark = "mark" // ready for the hand-off, with words
	VerbTake = "take" // somebody has it
)

// The fields of entries.
const (
	fieldLeftOff = "left_off"
	fieldNext    = "next"
	fieldMark    = "mark" // of a take: what is taken, see [Offer.Name]
)

// The heads over the two texts in a comment.
const (
	headLeftOff = "**Left off**"
	headNext    = "**Next steps**"
)

// Mark is the words with which an issue is handed on.
type Mark struct {
	NoteID  int64 // of the comment that holds it; 0: none
	LeftOff string
	Next    string
	By      string    // user name without @
	At      time.Time // when it was written, UTC, by GitLab's clock
	TakenBy string    // empty: it still stands
	TakenAt time.Time
	// Internal says that the comment is seen by Planner, Reporter and above only: its words are told to nobody else.
	Internal bool
}

// Standing is the last mark of an issue. ok tells that nobody has taken it since; one that was taken is returned with who has.
// Entries count in the order of their comments, and those of trusted authors only. Without a mark it is zero.
func CurrentMark(notes []issue.Note) (m Mark, ok bool) {
	o := Latest(notes)
	if o.Mark.NoteID == 0 {
		return Mark{}, false
	}
	return o.Mark, o.Mark.TakenBy == ""
}

// NewMark is the entry with which an issue is marked. The texts are as typed and none may be blank, see [Blank].
func NewMark(at time.Time, leftOff, next string) eventlog.Event {
	leftOff, next = Safe(leftOff), Safe(next)
	return eventlog.Event{
		Kind: Kind, Verb: VerbMark, At: at.UTC().Truncate(time.Second), Fields: map[string]string{fieldLeftOff: leftOff, fieldNext: next},
		Text: visibleText(leftOff, next),
	}
}

// NewTake is the entry with which somebody takes what is offered, with words of theirs, as typed, which may be empty.
func NewTake(at time.Time, o Offer, said string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: VerbTake, At: at.UTC().Truncate(time.Second), Fields: map[string]string{fieldMark: o.Name()},
		Text: Safe(said)}
}

// Heading is the first line of an entry's comment, such as "15:58 UTC, ready to hand off". The date is there when it is not today's.
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

// Safe is what a person said as it stands in a comment: no quick action, no ping, nothing that is read as a hidden part,
// and nothing that hides what follows. Safe text stays as it is.
func Safe(s string) string { return strings.TrimSpace(safetext.Passage(strings.TrimSpace(s))) }

// Blank reports whether a text says nothing once it is safe.
func Blank(s string) bool { return strings.Trim(Safe(s), " \t\n\u00a0\u200b\u2060\ufeff\\") == "" }

// shown is what a mark's comment shows.
func visibleText(leftOff, next string) string {
	return headLeftOff + "\n\n" + leftOff + "\n\n" + headNext + "\n\n" + next
}

// MarkOf is the mark that an entry holds. Where somebody has edited what the comment shows, that counts, as long as both texts are there.
// A text that they left as it was is not parted, whatever heads stand in it.
func MarkOf(e eventlog.Event) Mark {
	m := Mark{NoteID: e.NoteID, LeftOff: e.Fields[fieldLeftOff], Next: e.Fields[fieldNext], By: e.Author, At: e.Posted}
	if e.Text == strings.TrimSpace(visibleText(m.LeftOff, m.Next)) { // a comment comes back without blanks at its end
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

// edited parts what a comment shows into its two texts where one of them is still what was written.
func (m Mark) splitEdited(text string) (leftOff, next string, ok bool) {
	if text, begins := strings.CutPrefix(text, headLeftOff+"\n\n"+m.LeftOff+"\n\n"+headNext+"\n"); begins {
		leftOff, next = m.LeftOff, text
	} else if text, ends := strings.CutSuffix(text, "\n"+headNext+"\n\n"+m.Next); ends {
		leftOff, ok = strings.CutPrefix(text+"\n", headLeftOff+"\n")
		if !ok {
			return "", "", false
		}
		next = m.Next
	}
	leftOff, next = strings.TrimSpace(leftOff), strings.TrimSpace(next)
	return leftOff, next, !Blank(leftOff) && !Blank(next)
}

// read parts what a comment shows into its two texts, at the first head of each.
func splitText(text string) (leftOff, next string, ok bool) {
	_, rest, ok := strings.Cut("\n"+text+"\n", "\n"+headLeftOff+"\n")
	if !ok {
		return "", "", false
	}
	leftOff, next, ok = strings.Cut("\n"+rest, "\n"+headNext+"\n")
	leftOff, next = strings.TrimSpace(leftOff), strings.TrimSpace(next)
	return leftOff, next, ok && !Blank(leftOff) && !Blank(next)
}

// SameWords reports whether two marks say the same.
func SameText(a, b eventlog.Event) bool {
	x, y := MarkOf(a), MarkOf(b)
	return x.LeftOff == y.LeftOff && x.Next == y.Next
}

// id is the number of a comment as a take names it.
func id(n int64) string { return strconv.FormatInt(n, 10) }
