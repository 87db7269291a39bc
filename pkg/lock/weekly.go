package lock

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// At returns the period in which the lock is active, if it is active at that instant.
func (l Lock) At(t time.Time) (Period, bool) {
	found, holds := Period{}, false
	for until := t; ; until = found.To {
		grown := false
		for _, p := range l.around(until) {
			switch {
			case !p.Contains(until):
			case !holds:
				found, holds, grown = p, true, true
			case p.To.After(found.To):
				found.To, grown = p.To, true
			}
		}
		if !grown {
			return found, holds
		}
	}
}

// around returns the periods that contain an instant. There may be two if a clock change in autumn makes one longer.
func (l Lock) around(t time.Time) []Period { return l.Occurrences(t, t.Add(time.Nanosecond)) }

// Occurrences returns the periods of the lock that overlap a window, in full and in order.
func (l Lock) Occurrences(from, to time.Time) []Period {
	window := Period{from, to}
	if l.Weekly == nil {
		if p := (Period{l.From.UTC(), l.To.UTC()}); p.From.Before(p.To) && p.Overlaps(window) {
			return []Period{p}
		}
		return nil
	}
	var list []Period
	for day := l.firstDay(from); ; day = day.AddDays(7) {
		p := l.week(day)
		if !p.From.Before(to) {
			return list
		}
		if p.From.Before(p.To) && p.Overlaps(window) {
			list = append(list, p)
		}
	}
}

// Next returns the next periods of the lock, including the current one.
func (l Lock) Next(t time.Time, n int) []Period {
	if l.Weekly == nil {
		if p := (Period{l.From.UTC(), l.To.UTC()}); n > 0 && p.From.Before(p.To) && t.Before(p.To) {
			return []Period{p}
		}
		return nil
	}
	if l.Weekly.From == l.Weekly.To {
		return nil
	}
	var list []Period
	for day := l.firstDay(t); len(list) < n; day = day.AddDays(7) {
		if p := l.week(day); p.From.Before(p.To) && t.Before(p.To) {
			list = append(list, p)
		}
	}
	return list
}

// firstDay returns a day on which the weekly lock starts, early enough that no period before it reaches the instant.
func (l Lock) firstDay(t time.Time) calendar.Date {
	day := calendar.DateOf(t.In(l.zone()))
	back := (int(day.Weekday())-int(l.Weekly.From.Day)+7)%7 + 14
	return day.AddDays(-back)
}

// week returns the period that starts on a day. It is empty if a clock change in spring skips it, or if the rule itself is empty.
func (l Lock) week(day calendar.Date) Period {
	w := *l.Weekly
	days := (int(w.To.Day) - int(w.From.Day) + 7) % 7
	if days == 0 && w.To.Minute < w.From.Minute {
		days = 7
	}
	first, _ := day.Clock(w.From.Minute, l.zone())
	_, last := day.AddDays(days).Clock(w.To.Minute, l.zone())
	if w.From == w.To {
		last = first
	}
	return Period{first, last}
}

func (l Lock) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}
