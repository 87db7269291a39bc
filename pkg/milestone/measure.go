package milestone

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Tally counts issues and the weight on them.
type Tally struct {
	Issues int
	Weight int
}

func (t *Tally) add(i issue.Issue) {
	t.Issues++
	t.Weight += WeightOf(i)
}

// WeightOf returns the weight of an issue: the field, or on editions without it the weight::N label, or 0.
func WeightOf(i issue.Issue) int {
	if i.Weight != nil {
		return *i.Weight
	}
	for _, name := range i.Labels {
		if n, ok := weightLabel(name); ok {
			return n
		}
	}
	return 0
}

func weightLabel(name string) (int, bool) {
	const prefix = "weight::"
	if len(name) <= len(prefix) || name[:len(prefix)] != prefix || len(name) > len(prefix)+4 {
		return 0, false
	}
	n := 0
	for _, r := range name[len(prefix):] {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// Labels holds the team's names of the labels that [Measure] uses.
type Labels struct {
	Unscheduled string
	Toil        string
	CarriedOver string
}

// Measured holds the results of one timebox (handbook, "Team board and Milestones", purposes 1 and 3).
type Measured struct {
	All           Tally // every issue in it
	Done          Tally // closed
	Open          Tally // still open: what a roll carries over
	Scheduled     Tally // was in it when it began
	Unscheduled   Tally // came in later, or is labelled so
	Toil          Tally
	CarriedBefore int // open issues that had been carried over before
	NoWeight      int // issues without a weight
}

// Measure tallies the issues of one timebox. scheduled reports whether an issue without the unscheduled label was in it when it
// started; see [CreatedBefore] for the rule without milestone events.
func Measure(issues []issue.Issue, names Labels, scheduled func(issue.Issue) bool) Measured {
	var m Measured
	for _, i := range issues {
		if i.MovedToID != 0 {
			continue // closed because it moved to another project, where it counts
		}
		m.All.add(i)
		if i.Open() {
			m.Open.add(i)
			if i.Has(names.CarriedOver) {
				m.CarriedBefore++
			}
		} else {
			m.Done.add(i)
		}
		if !i.Has(names.Unscheduled) && scheduled(i) {
			m.Scheduled.add(i)
		} else {
			m.Unscheduled.add(i)
		}
		if i.Has(names.Toil) {
			m.Toil.add(i)
		}
		if WeightOf(i) == 0 {
			m.NoWeight++
		}
	}
	return m
}

// CreatedBefore returns the rule for "scheduled" without milestone events: the issue existed when the timebox started, at midnight of
// its first day in the team's zone.
func CreatedBefore(box Timebox, zone *time.Location) func(issue.Issue) bool {
	start := box.Start.Midnight(zone)
	return func(i issue.Issue) bool { return i.CreatedAt.Before(start) }
}

// InAtStart reports by its milestone events whether an issue is "scheduled": the last event before the timebox started added it to the
// milestone with this id. An issue without events counts as added when it was created.
func InAtStart(id int64, box Timebox, zone *time.Location, created time.Time, events []issue.Event) bool {
	return InAt(id, box.Start.Midnight(zone), created, events)
}

// InAt reports by its milestone events whether an issue was in the milestone with this id just before an instant. An issue without events
// counts as added when it was created.
func InAt(id int64, at, created time.Time, events []issue.Event) bool {
	if !created.Before(at) {
		return false
	}
	if len(events) == 0 {
		return true
	}
	in := false
	for _, e := range events {
		if !e.At.Before(at) {
			break
		}
		if e.ID == id {
			in = e.Action == "add"
		} else if e.Action == "add" {
			in = false
		}
	}
	return in
}

// Percent returns the share of part in whole in whole percent. 0 of 0 is 0. A half is rounded to even, so that the shares of two parts
// that make up a whole add up to 100: 12 and 88, not 13 and 88.
func Percent(part, whole int) int {
	if whole == 0 {
		return 0
	}
	share, rest := 100*part/whole, 100*part%whole
	if 2*rest > whole || 2*rest == whole && share%2 == 1 {
		share++
	}
	return share
}
