package lock_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"}

// aLock returns a weekly lock in any zone, or a dated one. Its points are likely to be at clock changes.
func aLock(t *rapid.T) lock.Lock {
	z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		z = time.UTC
	}
	if rapid.IntRange(0, 4).Draw(t, "dated") == 0 {
		from := anInstant(t)
		return lock.Lock{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 90*24*60).Draw(t, "minutes")) * time.Minute), Zone: z}
	}
	a := func(label string) lock.Point {
		return lock.Point{Day: time.Weekday(rapid.IntRange(0, 6).Draw(t, label+" day")), Minute: rapid.OneOf(rapid.IntRange(0, 1439), rapid.IntRange(0, 240)).Draw(t, label+" minute")}
	}
	from, to := a("from"), a("to")
	if from == to {
		to.Minute = (to.Minute + 1) % 1440
	}
	return lock.Lock{Weekly: &lock.Weekly{From: from, To: to}, Zone: z}
}

// anInstant returns an instant in 2018, often within a day of a clock change.
func anInstant(t *rapid.T) time.Time {
	base := rapid.SampledFrom([]time.Time{
		time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2018, 3, 25, 1, 0, 0, 0, time.UTC), time.Date(2018, 10, 28, 1, 0, 0, 0, time.UTC),
		time.Date(2018, 11, 4, 6, 0, 0, 0, time.UTC), time.Date(2018, 3, 11, 7, 0, 0, 0, time.UTC), time.Date(2018, 3, 31, 15, 0, 0, 0, time.UTC), time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC),
	}).Draw(t, "base")
	return base.Add(time.Duration(rapid.IntRange(-3*24*60, 14*24*60).Draw(t, "minutes off")) * time.Minute)
}

// A lock is active at an instant if and only if one of its periods contains the instant, the clock of its zone agrees, and the end returned by At is later.
func TestAnInstantIsInALockWhenAPeriodContainsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, at := aLock(t), anInstant(t)
		contained := false
		for _, p := range l.Occurrences(at.AddDate(0, 0, -30), at.AddDate(0, 0, 30)) {
			contained = contained || p.Contains(at)
			if !p.From.Before(p.To) {
				t.Fatalf("an empty period: %v", p)
			}
		}
		p, holds := l.At(at)
		if holds != contained {
			t.Fatalf("at %s it holds: %t, a period contains it: %t", at, holds, contained)
		}
		if _, still := l.At(p.To); holds && (still || !p.Contains(at)) {
			t.Fatalf("at %s it holds in %v, and at its end it holds: %t", at, p, still)
		}
		if next := l.Next(at, 1); holds && (len(next) == 0 || !next[0].Contains(at)) {
			t.Fatalf("at %s it holds, and the next period is %v", at, next)
		}
	})
}

// Away from clock changes, a weekly lock is active when the clock of its zone shows a time within it.
func TestAWeeklyLockFollowsTheClocks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, at := aLock(t), anInstant(t)
		if l.Weekly == nil {
			return
		}
		_, before := at.In(l.Zone).AddDate(0, 0, -8).Zone()
		_, after := at.In(l.Zone).AddDate(0, 0, 8).Zone()
		if _, now := at.In(l.Zone).Zone(); now != before || now != after {
			return
		}
		of := func(day time.Weekday, minute int) int { return int(day)*1440 + minute }
		clock := at.In(l.Zone)
		now := of(clock.Weekday(), clock.Hour()*60+clock.Minute())
		from, to := of(l.Weekly.From.Day, l.Weekly.From.Minute), of(l.Weekly.To.Day, l.Weekly.To.Minute)
		want := from <= now && now < to
		if to < from {
			want = now >= from || now < to
		}
		if _, got := l.At(at); got != want {
			t.Fatalf("%s in %s at %s: %t, want %t", l.Weekly, l.Zone, clock, got, want)
		}
	})
}

// Two adjacent windows together have the same periods as the whole.
func TestAdjacentWindowsMakeTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, from := aLock(t), anInstant(t)
		middle := from.Add(time.Duration(rapid.IntRange(1, 30*24*60).Draw(t, "first")) * time.Minute)
		to := middle.Add(time.Duration(rapid.IntRange(1, 30*24*60).Draw(t, "second")) * time.Minute)
		parts := map[lock.Period]bool{}
		for _, p := range append(l.Occurrences(from, middle), l.Occurrences(middle, to)...) {
			parts[p] = true
		}
		whole := l.Occurrences(from, to)
		for n, p := range whole {
			if !parts[p] {
				t.Fatalf("%v is in the whole alone", p)
			}
			if n > 0 && !whole[n-1].From.Before(p.From) {
				t.Fatalf("out of order: %v", whole)
			}
		}
		if len(parts) != len(whole) {
			t.Fatalf("%d periods in parts, %d in the whole", len(parts), len(whole))
		}
		if locked := len(lock.Overlap([]lock.Lock{l}, from, to)) > 0; locked != (len(whole) > 0) {
			t.Fatalf("an overlap: %t, periods: %v", locked, whole)
		}
	})
}
