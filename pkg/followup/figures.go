package followup

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Figures say how well a team follows up. They are of a day, so they do not change during it.
type Figures struct {
	Open    int // at the end of the day
	Overdue int // of them
	Undated int // of them, without a due date
	// Ages are how long the open ones had existed, in whole days.
	Ages []time.Duration
	// Done are those that were closed in the period and have a due date, and OnTime those of them that were closed on it or before.
	Done, OnTime int
	Missing      int // closed in the period without a due date
}

// FiguresOf counts the actions that were closed in a period, its first and last day included, and those that were open on its last day, or
// on c.Today if that is earlier. Issues that were moved to another project do not count.
func FiguresOf(list []issue.Issue, first, last calendar.Date, c Calendar) Figures {
	if c.Today.Before(last) {
		last = c.Today
	}
	dayOf := func(t time.Time) calendar.Date { return calendar.DateOf(t.In(c.Zone)) }
	var f Figures
	for _, i := range list {
		switch created, closed := dayOf(i.CreatedAt), dayOf(i.ClosedAt); {
		case i.MovedToID != 0 || created.After(last):
		case i.Open() || closed.After(last):
			f.open(i, created, last)
		case i.ClosedAt.IsZero() || closed.Before(first):
		case i.Due.IsZero():
			f.Missing++
		default:
			f.Done++
			if !i.Due.Before(closed) {
				f.OnTime++
			}
		}
	}
	return f
}

// open counts an action that was open on a day.
func (f *Figures) open(i issue.Issue, created, day calendar.Date) {
	f.Open++
	f.Ages = append(f.Ages, time.Duration(day.DaysSince(created))*24*time.Hour)
	if i.Due.IsZero() {
		f.Undated++
	} else if i.Due.Before(day) {
		f.Overdue++
	}
}
