package handoff

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Receipt is the acceptance of the hand-off of one shift by somebody in the next one: an event in a comment on the shift's log issue. A
// shift has one: the first comment counts.
type Receipt struct {
	Shift string // the ID of the shift that ended
	// Below are from the comment; zero if the hand-off is not accepted.
	NoteID int64
	By     string // who accepted it, user name without @
	Author string // who recorded it
	At     time.Time
	Text   string // what they read back, for the token's user only if Internal
	// Internal is set if the comment is internal.
	Internal bool
	// Confidential is set if the log is confidential. Ended is when the shift ended. Both are known to whoever read the log.
	Confidential bool
	Ended        time.Time
}

// Accepted reports whether the hand-off is accepted.
func (r Receipt) Accepted() bool { return r.NoteID != 0 }

// HandedOver returns the shift whose hand-off was the last one, for a check of a shift: its own once it is over, else that of the shift
// before it.
func HandedOver(shift, previous oncall.Shift, now time.Time) oncall.Shift {
	if now.Before(shift.To) {
		return previous
	}
	return shift
}

// Needed reports whether something that began at a time, and is burning, was part of this hand-off, and nobody accepted it.
func (r Receipt) Needed(began time.Time) bool {
	return !r.Accepted() && r.Shift != "" && began.Before(r.Ended)
}

// NewReceipt returns the event that accepts the hand-off of a shift. person is who accepts it, if that is not the author of the comment.
// The text need not be sanitized.
func NewReceipt(at time.Time, shift, person, text string) eventlog.Event {
	fields := map[string]string{fieldShift: shift}
	if person != "" {
		fields[fieldFor] = person
	}
	return eventlog.Event{Kind: Kind, Verb: VerbAccept, At: at.UTC().Truncate(time.Second), Fields: fields, Text: Safe(text)}
}

// acceptedShift names the region of the shift in the heading of a comment.
func acceptedShift(e eventlog.Event) string {
	if _, region, ok := strings.Cut(e.Fields[fieldShift], "/"); ok {
		return " of " + safetext.Cell(region)
	}
	return ""
}

// acceptedFor names the person in the heading of a comment. It mentions nobody.
func acceptedFor(e eventlog.Event) string {
	if person := e.Fields[fieldFor]; person != "" {
		return " by " + safetext.Cell(person)
	}
	return ""
}

// ReceiptOf returns the receipt of a shift in the comments of its log issue.
func ReceiptOf(notes []issue.Note, shift string) Receipt {
	holder, _ := Acceptance{Shift: shift}.Claims(notes)
	r := Receipt{Shift: shift, NoteID: holder.NoteID, By: holder.Author, Author: holder.Author, At: holder.Posted}
	opened := holder.Opened()
	r.Text, r.Internal = opened.Text, holder.Sealed != nil
	if person := opened.Fields[fieldFor]; person != "" {
		r.By = person
	}
	return r
}

// Acceptance is the reconciler for a receipt: the issue never changes, and the first comment of a shift wins.
type Acceptance struct{ Shift string }

// Reconcile returns no change.
func (Acceptance) Reconcile(issue.Issue, []issue.Note) (issue.Change, error) {
	return issue.Change{}, nil
}

// Claims returns the event that accepts the shift, and those that came too late, including duplicates.
func (a Acceptance) Claims(notes []issue.Note) (holder eventlog.Event, lost []eventlog.Event) {
	for _, e := range eventlog.Merged(eventlog.Events(notes, Kind), eventlog.Duplicates(notes, Kind)) {
		switch {
		case !e.Trusted || e.Verb != VerbAccept || e.Opened().Fields[fieldShift] != a.Shift:
		case holder.NoteID == 0:
			holder = e
		default:
			lost = append(lost, e)
		}
	}
	return holder, lost
}

// Refusal is the error for somebody who comes too late: who accepted the hand-off, and when.
func (Acceptance) Refusal(holder eventlog.Event) string {
	if holder.NoteID == 0 {
		return "the comment that accepted the hand-off was deleted"
	}
	by := holder.Author
	if person := holder.Opened().Fields[fieldFor]; person != "" {
		by = person
	}
	return "already accepted by " + account.Name(by) + " at " + holder.Posted.UTC().Format("2006-01-02 15:04") + " UTC"
}
