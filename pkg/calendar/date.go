// Package calendar does arithmetic on civil dates, for the team's cadence.
//
// A due date in GitLab is a date on a wall calendar, not an instant: it has no hour and no zone, and a switch to summer time never
// moves it. Start with [Date]. Reading clocks and looking up time zones do not belong here: the caller asks its clock, chooses the
// team's zone and gets the civil date with [DateOf].
package calendar

import (
	"fmt"
	"time"
)

// Date is a civil date in the proleptic Gregorian calendar. The zero value means "no date" (GitLab's null). Compare dates with == or
// [Date.Compare].
type Date struct {
	year  int
	month time.Month
	day   int
}

// layout is the only form of dates in requests and documents: 2018-08-24.
const layout = "2006-01-02"

// NewDate returns a date. Days and months out of range are normalized as in [time.Date]: NewDate(2018, 8, 32) is the first of September.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the civil date that a clock in t's location shows at t.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate parses YYYY-MM-DD with a year from 0001 to 9999. Anything else is an error, including dates that do not exist, such as
// 2026-02-30, which GitLab would store as "no date".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("invalid date %q (use the form YYYY-MM-DD)", s)
	}
	return DateOf(t), nil
}

// String returns YYYY-MM-DD, or the empty string for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// IsZero reports whether d is "no date".
func (d Date) IsZero() bool { return d == Date{} }

// Year returns the year.
func (d Date) Year() int { return d.year }

// Month returns the month of the year.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month, from 1.
func (d Date) Day() int { return d.day }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AddDays returns the date n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return NewDate(d.year, d.month, d.day+n) }

// DaysSince returns the number of days from earlier to d: 1 from a Monday to the Tuesday after it.
func (d Date) DaysSince(earlier Date) int {
	const day = 24 * 60 * 60 // in seconds, because a Duration is limited to 292 years
	return int((d.utc().Unix() - earlier.utc().Unix()) / day)
}

// Compare returns -1, 0 or +1 if d is before, equal to or after other. The zero Date comes first.
func (d Date) Compare(other Date) int {
	switch {
	case d == other:
		return 0
	case d.Before(other):
		return -1
	}
	return +1
}

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool {
	if d.year != other.year {
		return d.year < other.year
	}
	if d.month != other.month {
		return d.month < other.month
	}
	return d.day < other.day
}

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return other.Before(d) }

// Midnight returns the instant at which d starts in loc. If a switch to summer time skips midnight, it is the first instant of the day.
func (d Date) Midnight(loc *time.Location) time.Time {
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, loc)
	if DateOf(t) != d { // the clocks jumped over midnight, and Go returned an instant of the day before
		_, before := t.Zone()
		_, after := t.Add(24 * time.Hour).Zone()
		t = t.Add(time.Duration(after-before) * time.Second)
	}
	return t
}

func (d Date) utc() time.Time {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
}
