package milestone

import (
	"cmp"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Finished returns the last n finished and closed timeboxes, the oldest first.
// A milestone counts as a timebox if it has the title or the record of a roll, or dates that fit the cadence.
func (r Rules) Finished(list []Milestone, n int) []Milestone {
	var done []Milestone
	for _, m := range list {
		if !r.own(m) || m.Open() || m.Due.IsZero() {
			continue
		}
		if _, finished := r.finished(m); finished || r.Cadence.Fits(m.Box()) {
			done = append(done, m)
		}
	}
	stable.Sort(done, func(a, b Milestone) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return done[max(0, len(done)-n):]
}

// Velocity holds the results of one finished timebox.
type Velocity struct {
	Milestone Milestone
	Measured  Measured
	Carried   Tally // not finished in it; the weight is 0 (unknown) if the number comes from the roll's record
}

// VelocityOf returns the velocity of a finished timebox. Carried-over issues are no longer in it, so their number comes from the roll's
// record; open issues that stayed are counted too.
func VelocityOf(m Milestone, measured Measured) Velocity {
	v := Velocity{Milestone: m, Measured: measured, Carried: measured.Open}
	if record, ok := ReadRecord(m.Description, m.Due); ok && record.Open > v.Carried.Issues {
		v.Carried = Tally{Issues: record.Open}
	}
	return v
}

// Mean returns the mean number and weight of the finished issues, in hundredths, rounded down, or 0 for an empty list.
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

// The handbook's goal for the scheduled share of a milestone, in percent. The rest is for emergent work and toil.
const (
	ScheduledLow  = 50
	ScheduledHigh = 60
)
