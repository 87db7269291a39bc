// Package report computes the weekly report of a team and its incident statistics.
//
// Start with [NewWeekly] for the weekly report and [Statistics] for incidents. Both are pure functions of a [Period] and of data that was
// read before. Nothing is guessed: unknown data is counted as missing, and a time that is not from the record carries its [Source].
// [Reconciler] keeps the report in its own region of an issue's description. Requests, the clock, Markdown and printing do not belong here.
package report

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

// Period is a range of whole days in a time zone. Both ends are inclusive.
type Period struct {
	From, To calendar.Date
	Zone     *time.Location // nil: UTC
}

// Week returns the period of an ISO week.
func Week(w handoff.Week, zone *time.Location) Period { return Period{w.Monday(), w.Sunday(), zone} }

// Last returns the n days that end with day.
func Last(n int, day calendar.Date, zone *time.Location) Period {
	return Period{day.AddDays(1 - n), day, zone}
}

// MaxDays is the longest period that a report may cover: ten years.
const MaxDays = 3660

// Check rejects a period that ends before it starts, starts after today, or is too long.
func (p Period) Check(today calendar.Date) error {
	switch {
	case p.Days() > MaxDays:
		return fmt.Errorf("%d days are too many for a report (at most %d, which is ten years)", p.Days(), MaxDays)
	case p.To.Before(p.From):
		return fmt.Errorf("the period ends on %s, before it starts on %s", p.To, p.From)
	case p.From.After(today):
		return fmt.Errorf("the period starts on %s, which is in the future (today is %s)", p.From, today)
	}
	return nil
}

func (p Period) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// Begin returns the first instant, in UTC.
func (p Period) Begin() time.Time { return p.From.Midnight(p.zone()).UTC() }

// End returns the first instant after the period, in UTC.
func (p Period) End() time.Time { return p.To.AddDays(1).Midnight(p.zone()).UTC() }

// Days returns the number of days.
func (p Period) Days() int { return p.To.DaysSince(p.From) + 1 }

// IsWeek reports whether the period is seven days long, whichever day it starts on.
func (p Period) IsWeek() bool { return p.Days() == 7 }

// Contains reports whether t is in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.Begin()) && t.Before(p.End()) }

// Before returns the period of the same length that lies n periods earlier.
func (p Period) Before(n int) Period {
	days := -n * p.Days()
	return Period{p.From.AddDays(days), p.To.AddDays(days), p.Zone}
}

// Day returns the date of t in the period's time zone, or the zero date for the zero time.
func (p Period) Day(t time.Time) calendar.Date {
	if t.IsZero() {
		return calendar.Date{}
	}
	return calendar.DateOf(t.In(p.zone()))
}

// Weeks returns the ISO weeks that overlap the period, in order.
func (p Period) Weeks() []handoff.Week {
	var list []handoff.Week
	for w := handoff.WeekOf(p.From); !w.Monday().After(p.To); w = w.Add(1) {
		list = append(list, w)
	}
	return list
}

// PriorPeriods is how many earlier periods a report is compared with.
const PriorPeriods = 4

// Since returns the first instant of the earliest period that a report on p is compared with.
func (p Period) Since() time.Time { return p.Before(PriorPeriods).Begin() }
