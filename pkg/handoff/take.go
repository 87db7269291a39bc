package handoff

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// manualPrefix starts the name of an offer that was made by setting the label in the browser, without a note.
const manualPrefix = "label-"

// manualStamp is the time format of the rest of that name.
const manualStamp = "20060102T150405.000Z"

// Offer is what can be taken: the last mark of an issue, or a label that was set by hand.
type Offer struct {
	Mark Mark           // zero: no hand-off note
	Set  string         // identifies a label set by hand; empty: the mark is offered
	Take eventlog.Event // the take that won; NoteID 0: not taken
}

// Taken reports whether somebody has taken the offer.
func (o Offer) Taken() bool { return o.Take.NoteID != 0 }

// Name identifies the offer for everybody who takes it. Empty: there is nothing to take.
func (o Offer) Name() string {
	switch {
	case o.Set != "":
		return o.Set
	case o.Mark.NoteID != 0:
		return id(o.Mark.NoteID)
	}
	return ""
}

// Latest returns the last offer in the comments, and who has taken it. A new mark ends the previous offer. A take that races with a new
// mark takes the new one: the first take after the mark counts.
func Latest(notes []issue.Note) Offer {
	o, _ := replay(notes)
	return o
}

// replay applies the events in the order of their comments. lost are the takes since the last mark that came too late.
func replay(notes []issue.Note) (o Offer, lost []eventlog.Event) {
	for _, e := range eventlog.Events(notes, Kind) {
		switch name := e.Fields[fieldMark]; {
		case !e.Trusted:
		case e.Verb == VerbMark:
			o, lost = Offer{Mark: MarkOf(e)}, nil
		case e.Verb != VerbTake:
		case strings.HasPrefix(name, manualPrefix) && name > o.Set: // a newer offer
			o.Set, o.Take = name, e
		case o.Set == "" && !o.Taken():
			o.Take = e
		default:
			lost = append(lost, e)
		}
	}
	if o.Mark.NoteID != 0 && o.Taken() {
		o.Mark.TakenBy, o.Mark.TakenAt = o.Take.Author, o.Take.Posted
	}
	return o, lost
}

// Manual returns the offer that was made by setting the label by hand at the given time, and who has taken it.
func (o Offer) Manual(set time.Time) Offer {
	name := manualPrefix + set.UTC().Format(manualStamp)
	if o.Set == name {
		return o
	}
	return Offer{Set: name}
}

// Offered returns the offer of an issue that has the label, given its label events. If the label was last set neither with the mark nor
// before a take, it was set by hand. created is when the issue was created; it is used if GitLab has no event for the label.
func (o Offer) Offered(label string, events []issue.Event, created time.Time) Offer {
	set := issue.Event{At: created}
	for _, e := range events {
		if e.Action == "add" && e.Name == label && !e.At.Before(set.At) {
			set = e
		}
	}
	late := o.Mark.NoteID != 0 && set.User == o.Mark.By && set.At.Sub(o.Mark.At).Abs() <= labelDelay // the label of the mark itself, set late
	if o.Name() != "" && !o.Taken() || o.Taken() && (late || !set.At.After(o.Take.Posted)) {
		return o
	}
	return o.Manual(set.At)
}

// labelDelay is the maximum time between a mark and its label.
const labelDelay = 10 * time.Minute

// Reconciler derives label and assignee from the hand-off events: a marked issue has the label; a taken issue does not, and is assigned to
// the person who took it. The result does not depend on who asks.
type Reconciler struct{ Label string }

// Reconcile returns what to change. Closed issues and issues without hand-off events are not changed.
func (l Reconciler) Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error) {
	var c issue.Change
	o := Latest(notes)
	switch {
	case !i.Open():
	case o.Taken():
		if i.Has(l.Label) {
			c.RemoveLabels = []string{l.Label}
		}
		if owner := o.Take.AuthorID; !slices.Equal(i.AssigneeIDs, []int64{owner}) {
			c.AssigneeIDs = []int64{owner}
		}
	case o.Mark.NoteID != 0 && !i.Has(l.Label):
		c.AddLabels = []string{l.Label}
	}
	return c, nil
}

// Claim is the reconciler for a take.
type Claim struct{ Reconciler }

// Claims returns the take that has the offer, and the takes that lost, including duplicates.
func (Claim) Claims(notes []issue.Note) (holder eventlog.Event, lost []eventlog.Event) {
	o, lost := replay(notes)
	for _, e := range eventlog.Duplicates(notes, Kind) {
		if e.Verb == VerbTake && e.NoteID > o.Mark.NoteID {
			lost = append(lost, e)
		}
	}
	return o.Take, lost
}

// Since returns when the offer was made: no take of it is older. Zero: unknown.
func (o Offer) Since() time.Time {
	if o.Set == "" {
		return o.Mark.At
	}
	at, _ := time.Parse(manualStamp, strings.TrimPrefix(o.Set, manualPrefix))
	return at
}
