package lock

import (
	"fmt"
	"strings"
	"time"
)

// DefaultDays is the maximum duration of a lock in days; anything longer is taken for a typo in a date.
const DefaultDays = 31

// Fault is one problem of a lock.
type Fault struct {
	Index int    // index of the lock in the list
	Field string // as in the file: name, kind, from, to, weekly, weekly.to; empty: the lock as a whole
	Text  string // lower case, without a full stop
}

// Validate returns all problems of a list of locks. A dated lock that lasts more than the given days is a fault unless it is Long, since
// its year or month is probably a typo. 0 days means no limit.
func Validate(locks []Lock, days int) []Fault {
	var faults []Fault
	names := map[string]bool{}
	for i, l := range locks {
		add := func(field, format string, args ...any) {
			faults = append(faults, Fault{i, field, fmt.Sprintf(format, args...)})
		}
		switch name := strings.ToLower(strings.TrimSpace(l.Name)); {
		case name == "":
			add("name", "name is required")
		case names[name]:
			add("name", "duplicate lock name %q", l.Name)
		default:
			names[name] = true
		}
		if l.Kind != Soft && l.Kind != Hard {
			add("kind", "invalid kind %q (use soft or hard)", l.Kind)
		}
		l.validateTime(days, add)
	}
	return faults
}

func (l Lock) validateTime(days int, add func(field, format string, args ...any)) {
	dated := !l.From.IsZero() || !l.To.IsZero()
	switch {
	case l.Weekly != nil && dated:
		add("weekly", "use either weekly, or from and to")
	case l.Weekly != nil:
		l.Weekly.validate(add)
	case !dated:
		add("", "the lock has no time: set weekly, or from and to")
	case l.From.IsZero():
		add("from", "from is required if to is set")
	case l.To.IsZero():
		add("to", "to is required if from is set")
	case l.From.Equal(l.To):
		add("to", "the lock ends when it starts")
	case l.To.Before(l.From):
		add("to", "the lock ends at %s, before it starts at %s", l.show(l.To), l.show(l.From))
	case days > 0 && !l.Long && l.From.In(l.zone()).AddDate(0, 0, days).Before(l.To):
		add("to", "the lock lasts %d days, %s to %s: check the dates, or set long: true (required above %d days)",
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
			add(p.field, "invalid time of the week: weekday %d, minute %d", p.point.Day, p.point.Minute)
			return
		}
	}
	if w.From == w.To {
		add("weekly.to", "from and to are the same (%s)", w)
	}
}

func (l Lock) show(t time.Time) string { return t.In(l.zone()).Format("2006-01-02 15:04") }

func wholeDays(d time.Duration) int { return int((d + 12*time.Hour) / (24 * time.Hour)) }
