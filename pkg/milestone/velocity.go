package milestone

import (
	"cmp"
	"slices"
)

// Finished returns the last n timeboxes that were finished and closed, the oldest first.
// A milestone counts as one when it has the title or the record that a roll leaves, or dates that fit the cadence.
func (r Rules) Finished(seen []Milestone, n int) []Milestone {
	var done []Milestone
	for _, m := range seen {
		if !r.own(m) || m.Open() || m.Due.IsZero() {
			continue
		}
		if _, finished := r.finished(m); finished || r.Cadence.Fits(m.Box()) {
			done = append(done, m)
		}
	}
	slices.SortFunc(done, func(a, b Milestone) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return done[max(0, len(done)-n):]
}

// Velocity is what was finished in one timebox.
type Velocity struct {
	Milestone Milestone
	Measured  Measured
	Carried   Tally // left it at its end; the weight is unknown (0) where only the roll's record tells
}

// VelocityOf measures a finished timebox. Issues that were carried over are no longer in it:
// the roll's record counts them, and open issues that stayed are added.
func VelocityOf(m Milestone, measured Measured) Velocity {
	v := Velocity{Milestone: m, Measured: measured, Carried: measured.Open}
	if record, ok := ReadRecord(m.Description, m.Due); ok && record.Open > v.Carried.Issues {
		v.Carried = Tally{Issues: record.Open}
	}
	return v
}

// Mean is the mean of what was done, in hundredths, rounded down; zero of none.
func Mean(list []Velocity) (issues100, weight100 int) {
	if len(list) == 0 {
		return 0, 0
	}
	for _, v := range list {
		issues100 += 100 * v.Measured.Done.Issues
		weight100 += 100 * v.Measured.Done.Weight
	}
	return issues100 / len(list), weight100 / len(list)
}

// The share of a milestone's velocity that the handbook wants scheduled, in percent;
// the rest is room for emergent work and toil.
const (
	ScheduledLow  = 50
	ScheduledHigh = 60
)
