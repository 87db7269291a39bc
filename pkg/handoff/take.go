package handoff

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// byHand begins the name of an offer that somebody made by setting the label in the browser, without words.
const manualPrefix = "label-"

// setStamp is how the rest of it is written.
const manualStamp = "20060102T150405.000Z"

// Offer is an issue that somebody may take: what was marked last, or a label that was set by hand.
type Offer struct {
	Mark Mark           // zero: nobody wrote any words
	Set  string         // names the setting of the label by hand; empty: it is the mark that is offered
	Take eventlog.Event // the one that has it; without a number: nobody has taken it
}

// Taken reports whether somebody has it.
func (o Offer) Taken() bool { return o.Take.NoteID != 0 }

// Name is what all who take this offer call it, so that one of them has it. Empty: there is nothing to take.
func (o Offer) Name() string {
	switch {
	case o.Set != "":
		return o.Set
	case o.Mark.NoteID != 0:
		return id(o.Mark.NoteID)
	}
	return ""
}

// Latest is the last offer that the comments tell of, and who has taken it. An offer ends with the next mark.
// Whoever takes while a new mark is written takes that one: the first take behind it counts.
func Latest(notes []issue.Note) Offer {
	o, _ := replay(notes)
	return o
}

// fold goes through the entries in the order of their comments. beaten are the takes behind the last mark that took what somebody else had
// by then.
func replay(notes []issue.Note) (o Offer, beaten []eventlog.Event) {
	for _, e := range eventlog.Events(notes, Kind) {
		switch name := e.Fields[fieldMark]; {
		case !e.Trusted:
		case e.Verb == VerbMark:
			o, beaten = Offer{Mark: MarkOf(e)}, nil
			o.Mark.Internal = slices.ContainsFunc(notes, func(n issue.Note) bool { return n.ID == e.NoteID && n.Internal })
		case e.Verb != VerbTake:
		case strings.HasPrefix(name, manualPrefix) && name > o.Set: // an offer that is later than all before
			o.Set, o.Take = name, e
		case o.Set == "" && !o.Taken():
			o.Take = e
		default:
			beaten = append(beaten, e)
		}
	}
	if o.Mark.NoteID != 0 && o.Taken() {
		o.Mark.TakenBy, o.Mark.TakenAt = o.Take.Author, o.Take.Posted
	}
	return o, beaten
}

// ByHand is the offer that was made by setting the label by hand at an instant, and who has taken it.
func (o Offer) Manual(set time.Time) Offer {
	name := manualPrefix + set.UTC().Format(manualStamp)
	if o.Set == name {
		return o
	}
	return Offer{Set: name}
}

// Offered is the offer of an issue that carries the label, by the events of its labels:
// when the label was set last, and neither with the mark nor before somebody took it, it was set by hand.
// created is when the issue was, which stands for a setting that GitLab has not recorded.
func (o Offer) Offered(label string, events []issue.Event, created time.Time) Offer {
	set := issue.Event{At: created}
	for _, e := range events {
		if e.Action == "add" && e.Name == label && !e.At.Before(set.At) {
			set = e
		}
	}
	behind := o.Mark.NoteID != 0 && set.User == o.Mark.By && set.At.Sub(o.Mark.At).Abs() <= labelDelay // the mark's own came late
	if o.Name() != "" && !o.Taken() || o.Taken() && (behind || !set.At.After(o.Take.Posted)) {
		return o
	}
	return o.Manual(set.At)
}

// withMark is how far apart a mark and its label are at most.
const labelDelay = 10 * time.Minute

// Reconciler says what an issue should be by the entries about its hand-off: marked it carries the label;
// taken it does not, and is whose who took it. It is the same for whoever asks.
type Reconciler struct{ Label string }

// Reconcile is what to change. An issue without entries about a hand-off, and one that is closed, stay as they are.
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

// Claim is the reconciler of somebody who takes an issue.
type Claim struct{ Reconciler }

// Claims are the take that has the offer, and those that it has beaten, a twin of it among them.
func (Claim) Claims(notes []issue.Note) (holder eventlog.Event, beaten []eventlog.Event) {
	o, beaten := replay(notes)
	for _, e := range eventlog.Duplicates(notes, Kind) {
		if e.Verb == VerbTake && e.NoteID > o.Mark.NoteID {
			beaten = append(beaten, e)
		}
	}
	return o.Take, beaten
}

// Since is when the offer was made: no take of it is older. Zero: not known.
func (o Offer) Since() time.Time {
	if o.Set == "" {
		return o.Mark.At
	}
	at, _ := time.Parse(manualStamp, strings.TrimPrefix(o.Set, manualPrefix))
	return at
}
