// Package report says what the weekly report of a team tells, and how the incidents of a period went.
//
// Start with [Make] for the weekly report and [Statistics] for incidents. Both are functions of what was read and of a [Period]; nothing is
// guessed: what is not known is counted as missing, and what is known from elsewhere than the record says from where. [Reconciler] keeps
// the report in a part of an issue's description that is its own. Requests, the clock, Markdown and printing are not here.
package report

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

// Period are whole days, the first and the last included, on the clocks of a time zone.
type Period struct {
	From, To calendar.Date
	Zone     *time.Location // nil: UTC
}

// Week is the period of an ISO week.
func Week(w handoff.Week, zone *time.Location) Period { return Period{w.Monday(), w.Sunday(), zone} }

// Last are the n days that end with a day.
func Last(n int, day calendar.Date, zone *time.Location) Period {
	return Period{day.AddDays(1 - n), day, zone}
}

// MostDays is how long a period of a report may be: ten years.
const MostDays = 3660

// Check refuses a period that ends before it begins, begins after today or is too long.
func (p Period) Check(today calendar.Date) error {
	switch {
	case p.Days() > MostDays:
		return fmt.Errorf("%d days are too many for a report: ten years are the most", p.Days())
	case p.To.Before(p.From):
		return fmt.Errorf("the period ends (%s) before it begins (%s)", p.To, p.From)
	case p.From.After(today):
		return fmt.Errorf("the period begins on %s, which is in the future: today is %s", p.From, today)
	}
	return nil
}

func (p Period) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// Begin is the first instant, UTC.
func (p Period) Begin() time.Time { return p.From.Midnight(p.zone()).UTC() }

// End is the instant before which the period ends, UTC.
func (p Period) End() time.Time { return p.To.AddDays(1).Midnight(p.zone()).UTC() }

// Days is how many days there are.
func (p Period) Days() int { return p.To.DaysSince(p.From) + 1 }

// IsWeek reports whether the period is as long as a week, whichever day it begins on.
func (p Period) IsWeek() bool { return p.Days() == 7 }

// Has reports whether an instant is in the period.
func (p Period) Has(t time.Time) bool { return !t.Before(p.Begin()) && t.Before(p.End()) }

// Before is the period of as many days that ends n times that many days earlier.
func (p Period) Before(n int) Period {
	days := -n * p.Days()
	return Period{p.From.AddDays(days), p.To.AddDays(days), p.Zone}
}

// Day is the date of an instant on the clocks of the period; none for the zero instant.
func (p Period) Day(t time.Time) calendar.Date {
	if t.IsZero() {
		return calendar.Date{}
	}
	return calendar.DateOf(t.In(p.zone()))
}

// Weeks are the ISO weeks that have a day in common with the period, in order.
func (p Period) Weeks() []handoff.Week {
	var list []handoff.Week
	for w := handoff.WeekOf(p.From); !w.Monday().After(p.To); w = w.Add(1) {
		list = append(list, w)
	}
	return list
}

// Compared is how many periods before it a report is compared with.
const Compared = 4

// Since is the first instant of the earliest period that a report about p looks at.
func (p Period) Since() time.Time { return p.Before(Compared).Begin() }
