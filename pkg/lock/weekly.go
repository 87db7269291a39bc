package lock

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// At is the period in which the lock holds, where it does at that instant.
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

// around are the periods that contain an instant. Two of them may when autumn makes one longer.
func (l Lock) around(t time.Time) []Period { return l.Occurrences(t, t.Add(time.Nanosecond)) }

// Occurrences are the periods of the lock that have an instant in common with the time from one instant up to another, whole and in order.
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

// Next are the next periods of the lock: the one that goes on at that instant, where one does, and those to come.
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

// firstDay is a day on which the weekly lock begins, so early that no period before it reaches the instant.
func (l Lock) firstDay(t time.Time) calendar.Date {
	day := calendar.DateOf(t.In(l.zone()))
	back := (int(day.Weekday())-int(l.Weekly.From.Day)+7)%7 + 14
	return day.AddDays(-back)
}

// week is the period that begins on that day. It is empty where spring leaves nothing of it, and of a rule that is empty itself.
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
