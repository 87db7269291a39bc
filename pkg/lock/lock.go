// Package lock holds the rules for locks: times when changes are not allowed in production, such as weekends or holidays.
//
// A [Lock] is weekly or dated. Start with [At] and [Overlap] for the locks that are active at an instant or in a window, [Lock.Next] for
// the next times of a lock, and [Validate] for problems in a list of locks. All periods are half-open: the first instant after one is free.
// Whether a lock applies to a change is in pkg/change. No files are read here, and no clock.
package lock

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Kind is which changes a lock applies to.
type Kind string

// The kinds of locks.
const (
	Soft Kind = "soft" // no C1 and C2 changes
	Hard Kind = "hard" // no changes
)

// Lock is a time when changes are not allowed. It is either weekly or has From and To.
type Lock struct {
	Name   string
	Kind   Kind
	Reason string
	Weekly *Weekly        // nil: a dated lock
	From   time.Time      // of a dated lock: the first instant
	To     time.Time      // of a dated lock: the first instant after it
	Zone   *time.Location // time zone of Weekly; nil: UTC
	Exempt []string       // services and environments that it does not apply to
	Long   bool           // a long duration is intended, not a typo in a date
}

// Weekly is a part of every week, in local time of the lock's zone: from one point until the next occurrence of the other.
// If daylight saving time repeats a point in autumn, the first From and the second To count, so the lock is longer.
// A point that is skipped in spring is the instant of the clock change.
type Weekly struct{ From, To Point }

// Point is a point in the week.
type Point struct {
	Day    time.Weekday
	Minute int // of the day, 0 to 1439
}

// String formats a point as people write it: Sat 01:00.
func (p Point) String() string {
	return fmt.Sprintf("%s %02d:%02d", p.Day.String()[:3], p.Minute/60, p.Minute%60)
}

// String formats the rule as people write it: Sat 01:00 to Sun 21:00.
func (w Weekly) String() string { return w.From.String() + " to " + w.To.String() }

// Period is the time from one instant until another. Both are UTC.
type Period struct{ From, To time.Time }

// Contains reports whether the instant is in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Overlaps reports whether two periods have an instant in common.
func (p Period) Overlaps(q Period) bool { return p.From.Before(q.To) && q.From.Before(p.To) }

// Held is an active lock with its period.
type Held struct {
	Lock   Lock
	Period Period
}

// At returns the locks that are active at an instant with their periods, the latest end first.
func At(locks []Lock, t time.Time) []Held {
	return held(locks, func(l Lock) (Period, bool) { return l.At(t) })
}

// Overlap returns the locks that are active at any time in a window, the earliest first, each with its first period there.
// For an empty window it is [At].
func Overlap(locks []Lock, from, to time.Time) []Held {
	if !from.Before(to) {
		return At(locks, from)
	}
	list := held(locks, func(l Lock) (Period, bool) {
		if p, now := l.At(from); now {
			return p, true
		}
		for _, p := range l.Occurrences(from, to) {
			return p, true
		}
		return Period{}, false
	})
	stable.Sort(list, func(a, b Held) int { return a.Period.From.Compare(b.Period.From) })
	return list
}

func held(locks []Lock, in func(Lock) (Period, bool)) []Held {
	var list []Held
	for _, l := range locks {
		if p, holds := in(l); holds {
			list = append(list, Held{l, p})
		}
	}
	stable.Sort(list, func(a, b Held) int { return b.Period.To.Compare(a.Period.To) })
	return list
}

// Exempts reports whether the lock does not apply to a change of these services in this environment. A change without services affects all
// of them, so only its environment can be exempt.
func (l Lock) Exempts(services []string, environment string) bool {
	exempt := func(s string) bool {
		return slices.ContainsFunc(l.Exempt, func(e string) bool { return strings.EqualFold(strings.TrimSpace(e), strings.TrimSpace(s)) })
	}
	if environment != "" && exempt(environment) {
		return true
	}
	return len(services) > 0 && !slices.ContainsFunc(services, func(s string) bool { return !exempt(s) })
}
