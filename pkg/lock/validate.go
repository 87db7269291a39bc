package lock

import (
	"fmt"
	"strings"
	"time"
)

// DefaultDays is how many days a lock may last before it is taken for a mistyped date (SPEC 8).
const DefaultDays = 31

// Fault is one thing that is wrong with a lock.
type Fault struct {
	Index int    // of the lock in the list
	Field string // as in the file: name, kind, from, to, weekly, weekly.to; empty: the lock as a whole
	Text  string // a sentence without a full stop
}

// Validate tells all that is wrong with a list of locks. A dated one that lasts longer than so many days and does not say Long is a fault,
// since its year or month is likely to be mistyped; days of 0 allows every length, for somebody who has been asked.
func Validate(locks []Lock, days int) []Fault {
	var faults []Fault
	names := map[string]bool{}
	for i, l := range locks {
		add := func(field, format string, args ...any) {
			faults = append(faults, Fault{i, field, fmt.Sprintf(format, args...)})
		}
		switch name := strings.ToLower(strings.TrimSpace(l.Name)); {
		case name == "":
			add("name", "a lock has no name")
		case names[name]:
			add("name", "two locks are called %q", l.Name)
		default:
			names[name] = true
		}
		if l.Kind != Soft && l.Kind != Hard {
			add("kind", "%q is no kind of lock: it is soft (no C1 and C2) or hard (no change at all)", l.Kind)
		}
		l.validateTime(days, add)
	}
	return faults
}

func (l Lock) validateTime(days int, add func(field, format string, args ...any)) {
	dated := !l.From.IsZero() || !l.To.IsZero()
	switch {
	case l.Weekly != nil && dated:
		add("weekly", "a lock is either weekly or has from and to, not both")
	case l.Weekly != nil:
		l.Weekly.validate(add)
	case !dated:
		add("", "the lock does not say when it holds: weekly, or from and to")
	case l.From.IsZero():
		add("from", "the lock has an end and no start")
	case l.To.IsZero():
		add("to", "the lock has a start and no end")
	case l.From.Equal(l.To):
		add("to", "the lock ends at the instant at which it starts")
	case l.To.Before(l.From):
		add("to", "the lock ends on %s, before it starts on %s", l.show(l.To), l.show(l.From))
	case days > 0 && !l.Long && l.From.In(l.zone()).AddDate(0, 0, days).Before(l.To):
		add("to", "the lock lasts %d days, from %s to %s: is a date mistyped? One of more than %d days has to say that it is long",
			wholeDays(l.To.Sub(l.From)), l.show(l.From), l.show(l.To), days)
	}
}

func (w Weekly) validate(add func(field, format string, args ...any)) {
	points := []struct {
		field string
		point Point
	}{{"weekly.from", w.From}, {"weekly.to", w.To}}
	for _, p := range points {
		if p.point.Day < time.Sunday || p.point.Day > time.Saturday || p.point.Minute < 0 || p.point.Minute >= 24*60 {
			add(p.field, "weekday %d and minute %d are no point of a week", p.point.Day, p.point.Minute)
			return
		}
	}
	if w.From == w.To {
		add("weekly.to", "from %s is no time at all, or always: a lock has to end", w)
	}
}

func (l Lock) show(t time.Time) string { return t.In(l.zone()).Format("2006-01-02 15:04") }

func wholeDays(d time.Duration) int { return int((d + 12*time.Hour) / (24 * time.Hour)) }
