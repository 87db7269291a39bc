package oncall

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Hours are working hours on Monday to Friday, as minutes of the day, 0 to 1439. Hours that end before they begin end on the next day, and
// belong to the day on which they begin. The zero Hours are unknown.
type Hours struct{ From, To int }

// UsualHours are the working hours of somebody whose hours are unknown.
func UsualHours() Hours { return Hours{From: 9 * 60, To: 17 * 60} }

// ParseHours parses hours such as 09:00-17:00.
func ParseHours(s string) (Hours, error) {
	from, to, _ := strings.Cut(strings.ReplaceAll(s, " ", ""), "-")
	begin, errFrom := time.Parse("15:04", from)
	end, errTo := time.Parse("15:04", to)
	h := Hours{begin.Hour()*60 + begin.Minute(), end.Hour()*60 + end.Minute()}
	if errFrom != nil || errTo != nil || h.From == h.To {
		return Hours{}, fmt.Errorf("invalid hours %q (use a form such as 09:00-17:00)", s)
	}
	return h, nil
}

// String returns the hours in the form 09:00-17:00; empty for the zero Hours.
func (h Hours) String() string {
	if h == (Hours{}) {
		return ""
	}
	return Clock(h.From) + "-" + Clock(h.To)
}

// Working is when a person works: hours of the day in a time zone.
type Working struct {
	Zone  *time.Location // nil: unknown
	Hours Hours          // zero: unknown
}

// WorkingOf returns when a person works. An unknown zone is that of the region in which they are on call, else the fallback; unknown hours
// are [UsualHours].
func (s Schedule) WorkingOf(person, region string, fallback *time.Location) Working {
	var w Working
	for name, known := range s.Working {
		if Same(name, person) {
			w = known
		}
	}
	if r := s.region(region); w.Zone == nil && r != nil {
		w.Zone = r.Zone
	}
	if w.Zone == nil {
		w.Zone = fallback
	}
	if w.Zone == nil {
		w.Zone = time.UTC
	}
	if w.Hours == (Hours{}) {
		w.Hours = UsualHours()
	}
	return w
}

// Split returns how much of a half-open period is inside and outside of working hours. Both are exact across clock changes: a night in
// which the clocks go back has an hour more.
func (w Working) Split(from, to time.Time) (inside, outside time.Duration) {
	if !from.Before(to) {
		return 0, 0
	}
	last := calendar.DateOf(to.In(w.Zone))
	for day := calendar.DateOf(from.In(w.Zone)).AddDays(-1); !day.After(last); day = day.AddDays(1) {
		begin, end := w.on(day)
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		inside += max(0, end.Sub(begin))
	}
	return inside, to.Sub(from) - inside
}

// Contains reports whether an instant is inside of working hours.
func (w Working) Contains(t time.Time) bool {
	inside, _ := w.Split(t, t.Add(time.Nanosecond))
	return inside > 0
}

// on returns the working hours that begin on a day; empty at a weekend.
func (w Working) on(day calendar.Date) (begin, end time.Time) {
	if d := day.Weekday(); d == time.Saturday || d == time.Sunday {
		return time.Time{}, time.Time{}
	}
	at := func(day calendar.Date, minute int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), minute/60, minute%60, 0, 0, w.Zone)
	}
	begin, end = at(day, w.Hours.From), at(day, w.Hours.To)
	if w.Hours.To <= w.Hours.From {
		end = at(day.AddDays(1), w.Hours.To)
	}
	return begin, end
}
