package handoff

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// First is the one thing to look at when a shift begins.
type First struct {
	Rule  jsonv1.FirstRule
	Entry *Entry        // nil if the shift is quiet
	Late  time.Duration // overdue: for how long, from the end of a window or of the due day
}

// First returns the first thing to look at: the worst thing that is burning, else the thing that is overdue for longest, else the first
// thing at risk, else nothing, and the shift is quiet.
//
// Of what is burning, the worst severity comes first; data loss counts as S1, and an unknown severity comes last. Of those with the same
// severity one without next steps comes first, since nobody knows what to do about it, then the oldest. Overdue is a change in progress
// whose window is over, and an open issue whose due day is over in the zone. At risk are mitigated incidents, then changes, in the order of
// their sections. Locks and what can wait do not make a shift less quiet.
func (r Report) First(zone *time.Location) First {
	burning, risk, rest := r.entries(jsonv1.Burning), r.entries(jsonv1.AtRisk), r.entries(jsonv1.CanWait)
	if len(burning) > 0 {
		return First{Rule: jsonv1.FirstBurning, Entry: new(slices.MinFunc(burning, worse))}
	}
	var overdue First
	for _, e := range slices.Concat(risk, rest) {
		late := r.late(e, zone)
		if late > overdue.Late || late > 0 && late == overdue.Late && byRef(e, *overdue.Entry) < 0 {
			overdue = First{Rule: jsonv1.FirstOverdue, Entry: &e, Late: late}
		}
	}
	switch {
	case overdue.Entry != nil:
		return overdue
	case len(risk) > 0:
		return First{Rule: jsonv1.FirstAtRisk, Entry: &risk[0]}
	}
	return First{Rule: jsonv1.FirstQuiet}
}

// entries returns the entries of the sections with the urgency, in order.
func (r Report) entries(u jsonv1.Urgency) (list []Entry) {
	for _, s := range r.Sections {
		if s.Urgency == u {
			list = append(list, s.Entries...)
		}
	}
	return list
}

// worse orders burning entries: the worst one first.
func worse(a, b Entry) int {
	rank := func(e Entry) int {
		if e.DataLoss {
			return incident.S1.Rank()
		}
		return e.Severity.Rank()
	}
	planned := func(e Entry) int { return min(len(e.Ahead.Next.Text), 1) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(planned(a), planned(b)), a.Since.Compare(b.Since), byRef(a, b))
}

// late returns for how long an entry is overdue; 0 if it is not.
func (r Report) late(e Entry, zone *time.Location) time.Duration {
	var due time.Time
	switch {
	case e.State == string(change.InProgress) && e.Kind == kindChange && e.Window.From.Before(e.Window.To):
		due = e.Window.To
	case e.Kind != kindChange && e.Issue.Open() && !e.Issue.Due.IsZero():
		due = e.Issue.Due.AddDays(1).Midnight(cmp.Or(zone, time.UTC))
	}
	if due.IsZero() {
		return 0
	}
	return max(0, r.At.Sub(due))
}
