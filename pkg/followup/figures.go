package followup

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Figures say how well a team follows up in a period.
type Figures struct {
	Open    int // now
	Overdue int // of them
	Undated int // of them, without a due date
	// Ages are how long the open ones exist.
	Ages []time.Duration
	// Done are those that were closed in the period and have a due date, and OnTime those of them that were closed on it or before.
	Done, OnTime int
	Missing      int // closed in the period without a due date
}

// FiguresOf counts actions as of now. Those that were closed on other days than those from first to last do not count.
func FiguresOf(list []Action, first, last calendar.Date, now time.Time, c Calendar) Figures {
	var f Figures
	for _, a := range list {
		if a.Issue.Open() {
			f.Open++
			f.Ages = append(f.Ages, max(0, now.Sub(a.Issue.CreatedAt)))
			if a.State == Overdue {
				f.Overdue++
			}
			if a.Issue.Due.IsZero() {
				f.Undated++
			}
			continue
		}
		day := calendar.DateOf(a.Issue.ClosedAt.In(c.Zone))
		switch {
		case a.Issue.ClosedAt.IsZero() || day.Before(first) || day.After(last):
		case a.State == Done:
			f.Missing++
		default:
			f.Done++
			if a.State == OnTime {
				f.OnTime++
			}
		}
	}
	return f
}
