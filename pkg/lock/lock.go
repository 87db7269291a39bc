// Package lock holds the times in which changes of production are not made: every weekend, over a holiday.
//
// A [Lock] is weekly or dated. [At] and [Overlap] say which of them hold at an instant or in a window, [Lock.Next] when one holds next, and
// [Validate] what is wrong with a list of them. All periods are half open: the first instant after one is free.
// Which change a lock keeps back is in pkg/change. Files and clocks are not here.
package lock

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is how much a lock keeps back.
type Kind string

// The kinds of locks.
const (
	Soft Kind = "soft" // no change of the criticalities C1 and C2
	Hard Kind = "hard" // no change at all
)

// Lock is one time in which changes are not made. It is either weekly or has From and To.
type Lock struct {
	Name   string
	Kind   Kind
	Reason string
	Weekly *Weekly        // nil: a dated one
	From   time.Time      // of a dated one, its first instant
	To     time.Time      // of a dated one, the first instant after it
	Zone   *time.Location // whose clocks Weekly is about; nil: UTC
	Exempt []string       // services and environments it does not hold for
	Long   bool           // that it is long is meant, and no mistyped date
}

// Weekly is a part of every week, on the clocks of the lock's zone: from the one point up to the next time that the other is reached.
// Where the clocks show From twice in autumn the first is meant, of To the second: in doubt it is locked.
// A point that they jump over in spring is the instant of the jump.
type Weekly struct{ From, To Point }

// Point is a point of the week.
type Point struct {
	Day    time.Weekday
	Minute int // of the day, 0 to 1439
}

// String is a point as people write it: Sat 01:00.
func (p Point) String() string {
	return fmt.Sprintf("%s %02d:%02d", p.Day.String()[:3], p.Minute/60, p.Minute%60)
}

// String is the rule as people write it: Sat 01:00 to Sun 21:00.
func (w Weekly) String() string { return w.From.String() + " to " + w.To.String() }

// Period is the time from one instant up to another. Both are UTC.
type Period struct{ From, To time.Time }

// Contains reports whether the instant is in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Overlaps reports whether the two have an instant in common.
func (p Period) Overlaps(q Period) bool { return p.From.Before(q.To) && q.From.Before(p.To) }

// Held is a lock that holds, and the period in which it does.
type Held struct {
	Lock   Lock
	Period Period
}

// At are the locks that hold at an instant, those that hold longest first. Each tells when it ends.
func At(locks []Lock, t time.Time) []Held {
	return held(locks, func(l Lock) (Period, bool) { return l.At(t) })
}

// Overlap are the locks that hold at any instant from one up to another, the soonest first, each with the first such period of it.
// Of an empty window it is [At].
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
	slices.SortStableFunc(list, func(a, b Held) int { return a.Period.From.Compare(b.Period.From) })
	return list
}

func held(locks []Lock, in func(Lock) (Period, bool)) []Held {
	var list []Held
	for _, l := range locks {
		if p, holds := in(l); holds {
			list = append(list, Held{l, p})
		}
	}
	slices.SortStableFunc(list, func(a, b Held) int { return b.Period.To.Compare(a.Period.To) })
	return list
}

// Exempts reports whether the lock does not hold for a change of these services in this environment. A change that names no
// services is of all of them, so that only its environment can be exempt.
func (l Lock) Exempts(services []string, environment string) bool {
	exempt := func(s string) bool {
		return slices.ContainsFunc(l.Exempt, func(e string) bool { return strings.EqualFold(strings.TrimSpace(e), strings.TrimSpace(s)) })
	}
	if environment != "" && exempt(environment) {
		return true
	}
	return len(services) > 0 && !slices.ContainsFunc(services, func(s string) bool { return !exempt(s) })
}
