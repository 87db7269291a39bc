// Package handoff holds the rules for handing over from one shift to the next.
//
// Start with [Build], which makes the report of a shift: what is burning, what is at risk, what can wait (handbook, "Issue or
// Outage Hand-off"), and [Report.First], the one thing to look at. [WeekLog] and its siblings describe the on-call log that the report is
// posted to, and [Receipt] who accepted it. An issue is marked as ready to hand off with a note (where it was left off, what comes next,
// what to do if it gets worse) and taken by one person. All of them are events of pkg/eventlog: the note comes before the label, and if
// two people take an issue at once, one of them gets it. [CurrentMark] returns the current note, and [Reconciler] derives label and
// assignee from the comments.
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
	VerbMark   = "mark"   // ready to hand off, with a note
	VerbTake   = "take"   // taken over by somebody
	VerbAccept = "accept" // the hand-off of a shift is accepted, see [Receipt]
)

// The fields of hand-off events.
const (
	fieldLeftOff = "left_off"
	fieldNext    = "next"
	fieldIf      = "if"    // the contingency
	fieldMark    = "mark"  // of a take: what was taken, see [Offer.Name]
	fieldShift   = "shift" // of a receipt: the ID of the shift that ended
	fieldFor     = "for"   // of a receipt: who accepted it, if that is not its author
)

// The headings of the texts in a comment.
const (
	headLeftOff = "**Left off**"
	headNext    = "**Next steps**"
	headIf      = "**Contingency**"
)

// Mark is a hand-off note: where an issue was left off, what comes next, and what to do if it gets worse.
type Mark struct {
	NoteID  int64 // of the comment; 0: none
	LeftOff string
	Next    string
	If      string    // the contingency; empty: none
	By      string    // user name without @
	At      time.Time // when it was written, UTC, by GitLab's clock
	TakenBy string    // empty: not taken
	TakenAt time.Time
	// Internal has the texts of a note that is an internal comment, for the token's user only; nil: not internal. LeftOff, Next and If have
	// none of their words.
	Internal *Texts
}

// Texts are the parts of a hand-off note. The contingency may be empty.
type Texts struct{ LeftOff, Next, If string }

// Shown are the texts for the token's user.
func (m Mark) Shown() Texts {
	if m.Internal != nil {
		return *m.Internal
	}
	return m.texts()
}

func (m Mark) texts() Texts { return Texts{m.LeftOff, m.Next, m.If} }

func (m *Mark) set(t Texts) { m.LeftOff, m.Next, m.If = t.LeftOff, t.Next, t.If }

// CurrentMark returns the last mark of an issue; the zero Mark if there is none. ok is false if there is none or if somebody has taken it.
// Events count in the order of their comments, and only those of trusted authors.
func CurrentMark(notes []issue.Note) (m Mark, ok bool) {
	o := Latest(notes)
	if o.Mark.NoteID == 0 {
		return Mark{}, false
	}
	return o.Mark, o.Mark.TakenBy == ""
}

// NewMark returns the event that marks an issue. The texts need not be sanitized; only the contingency may be blank, see [Blank].
func NewMark(at time.Time, t Texts) eventlog.Event {
	t = Texts{Safe(t.LeftOff), Safe(t.Next), Safe(t.If)}
	fields := map[string]string{fieldLeftOff: t.LeftOff, fieldNext: t.Next}
	if t.If != "" {
		fields[fieldIf] = t.If
	}
	return eventlog.Event{Kind: Kind, Verb: VerbMark, At: at.UTC().Truncate(time.Second), Fields: fields, Text: visibleText(t)}
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
	switch e.Verb {
	case VerbTake:
		return when + ", taken"
	case VerbAccept:
		return when + ", hand-off" + acceptedShift(e) + " accepted" + acceptedFor(e)
	}
	return when + ", ready to hand off"
}

// Safe sanitizes a text for a comment: no quick actions, no mentions, no hidden markers, and nothing that hides the text after it. Safe
// text is returned unchanged.
func Safe(s string) string { return strings.TrimSpace(safetext.Passage(strings.TrimSpace(s))) }

// Blank reports whether a text is empty after it is sanitized.
func Blank(s string) bool { return strings.Trim(Safe(s), " \t\n\u00a0\u200b\u2060\ufeff\\") == "" }

// visibleText returns the visible text of a mark's comment.
func visibleText(t Texts) string {
	text := headLeftOff + "\n\n" + t.LeftOff + "\n\n" + headNext + "\n\n" + t.Next
	if t.If != "" {
		text += "\n\n" + headIf + "\n\n" + t.If
	}
	return text
}

// MarkOf returns the mark of an event. If somebody edited the comment, the edited text counts, as long as the first two parts are there. A
// part that was not edited is never split, whatever headings it contains.
func MarkOf(e eventlog.Event) Mark {
	if e.Sealed != nil {
		m := MarkOf(e.Opened())
		m.Internal = new(m.texts())
		m.LeftOff, m.Next = eventlog.InternalText, eventlog.InternalText
		if m.If != "" {
			m.If = eventlog.InternalText
		}
		return m
	}
	m := Mark{NoteID: e.NoteID, LeftOff: e.Fields[fieldLeftOff], Next: e.Fields[fieldNext], If: e.Fields[fieldIf], By: e.Author, At: e.Posted}
	if e.Text == strings.TrimSpace(visibleText(m.texts())) { // GitLab trims trailing space
		return m
	}
	text, contingency := m.cutContingency(e.Text)
	leftOff, next, ok := m.splitEdited(text)
	if !ok {
		leftOff, next, ok = splitText(text)
	}
	if ok {
		m.set(Texts{leftOff, next, contingency})
	}
	return m
}

// cutContingency splits the contingency off the visible text of a comment: below its last heading that is not quoted, unless one of the two
// texts around that heading is unchanged.
func (m Mark) cutContingency(text string) (rest, contingency string) {
	if rest, ok := strings.CutSuffix(text, "\n"+headIf+"\n\n"+m.If); ok && m.If != "" {
		return rest, m.If
	}
	if m.If == "" && strings.HasSuffix(text, "\n"+headNext+"\n\n"+m.Next) {
		return text, ""
	}
	bare := safetext.WithoutClosedLiterals("\n" + text + "\n")
	at := strings.LastIndex(bare, "\n"+headIf+"\n")
	if at < strings.Index(bare, "\n"+headNext+"\n") {
		return text, ""
	}
	contingency = strings.TrimSpace(text[min(at+len(headIf)+1, len(text)):])
	if Blank(contingency) {
		contingency = ""
	}
	return strings.TrimSpace(text[:max(at-1, 0)]), contingency
}

// splitEdited splits the visible text of a comment if one of its two parts is unchanged.
func (m Mark) splitEdited(text string) (leftOff, next string, ok bool) {
	if text, ok := strings.CutPrefix(text, headLeftOff+"\n\n"+m.LeftOff+"\n\n"+headNext+"\n"); ok {
		leftOff, next = m.LeftOff, text
	} else if text, found := strings.CutSuffix(strings.TrimSpace(text), "\n"+headNext+"\n\n"+m.Next); found {
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
	return x.texts() == y.texts()
}

// id formats the ID of a comment for a take.
func id(n int64) string { return strconv.FormatInt(n, 10) }
