package planning

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Progress is how far a team is in a timebox.
type Progress struct {
	Day, Days int // the working day, from 1, and how many there are; 0: before the first one, or the dates are unknown
	AtPace    int // issues that will be finished if the team goes on as it did so far; 0: unknown
}

// ProgressOf returns the progress on a day on which a number of issues is finished. The day counts as a whole. On the first day nothing is
// known about the pace.
func (t Team) ProgressOf(box milestone.Timebox, today calendar.Date, done int) (p Progress) {
	work := t.workingDays(box)
	p.Days = len(work)
	for _, day := range work {
		if !day.After(today) {
			p.Day++
		}
	}
	if p.Day > 1 {
		p.AtPace = (2*done*p.Days + p.Day) / (2 * p.Day)
	}
	return p
}
