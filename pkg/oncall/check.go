package oncall

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
)

// Problem is one error in a schedule.
type Problem struct {
	Kind  string // KindGap and so on
	List  string // "regions", "overrides" or "swaps"
	Index int    // in that list; -1: the list as a whole
	Field string // of that item in the configuration, such as "to" or "rotation.members"; empty: the item as a whole
	Text  string // the message, without a full stop
	// From and To are the first time at which the problem occurs, UTC; zero if it has no time.
	From, To time.Time
}

// The kinds of problems.
const (
	KindGap      = "gap"      // no region is on call
	KindOverlap  = "overlap"  // two regions are on call
	KindRegion   = "region"   // a region is invalid, by itself or together with others
	KindRotation = "rotation" // a rotation is invalid
	KindOverride = "override"
	KindSwap     = "swap"
)

// CheckedFrom and CheckedTo are the period over which [Schedule.Check] compares time zones.
var (
	CheckedFrom = time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC)
	CheckedTo   = time.Date(2060, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// Check returns all problems of a schedule: times with no region or more than one, including days on which clocks change,
// rotations without members, and overrides and swaps that conflict or refer to something that does not exist.
func (s Schedule) Check() []Problem {
	problems := s.checkRegions()
	if len(problems) == 0 {
		problems = s.checkCover()
	}
	problems = append(problems, s.checkRotations()...)
	problems = append(problems, s.checkOverrides()...)
	return append(problems, s.checkSwaps()...)
}

func (s Schedule) checkRegions() []Problem {
	var problems []Problem
	add := func(i int, field, format string, args ...any) {
		problems = append(problems, Problem{Kind: KindRegion, List: "regions", Index: i, Field: field, Text: fmt.Sprintf(format, args...)})
	}
	if len(s.Regions) == 0 {
		add(-1, "", "no regions: nobody is ever on call")
	}
	names := map[string]bool{}
	for i, r := range s.Regions {
		switch name := strings.ToLower(strings.TrimSpace(r.Name)); {
		case name == "":
			add(i, "name", "missing region name")
		case names[name]:
			add(i, "name", "duplicate region name %q", r.Name)
		default:
			names[name] = true
		}
		if !isMinuteOfDay(r.From) {
			add(i, "from", "invalid minute of the day %d", r.From)
		}
		if !isMinuteOfDay(r.To) {
			add(i, "to", "invalid minute of the day %d", r.To)
		}
		if r.From == r.To && len(s.Regions) > 1 {
			add(i, "to", "%s covers the whole day, from %s to %s: nothing is left for the other regions", r.Name, Clock(r.From), Clock(r.To))
		}
	}
	return problems
}

func isMinuteOfDay(minute int) bool { return 0 <= minute && minute < 24*60 }

// Clock formats a minute of the day: 04:00.
func Clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (s Schedule) checkRotations() []Problem {
	var problems []Problem
	for i, r := range s.Regions {
		add := func(field, format string, args ...any) {
			problems = append(problems, Problem{Kind: KindRotation, List: "regions", Index: i, Field: "rotation." + field,
				Text: fmt.Sprintf(format, args...)})
		}
		if r.Rotation == nil {
			continue
		}
		if len(r.Rotation.Members) == 0 {
			add("members", "the rotation of %s has no members", r.Name)
		}
		for _, m := range r.Rotation.Members {
			if m == "" {
				add("members", "the rotation of %s has a member without a user name", r.Name)
			}
		}
		if !r.Rotation.Period.valid() {
			add("period", "invalid period in the rotation of %s (use days or hours)", r.Name)
		}
		if r.Rotation.Start.IsZero() {
			add("start", "the rotation of %s has no start date", r.Name)
		}
		if !isMinuteOfDay(r.Rotation.Handover) {
			add("handover", "invalid minute of the day %d", r.Rotation.Handover)
		}
	}
	return problems
}

func (s Schedule) checkOverrides() []Problem {
	var problems []Problem
	for i, o := range s.Overrides {
		add := func(field string, from, to time.Time, format string, args ...any) {
			problems = append(problems, Problem{KindOverride, "overrides", i, field, fmt.Sprintf(format, args...), from, to})
		}
		if s.region(o.Region) == nil {
			add("region", time.Time{}, time.Time{}, "region %q not found", o.Region)
		}
		switch {
		case o.Person == "":
			add("person", time.Time{}, time.Time{}, "missing person: an override has to put somebody on call")
		case Same(o.Person, o.InsteadOf):
			add("instead_of", time.Time{}, time.Time{}, "%s cannot replace %s: same person", account.Name(o.Person), account.Name(o.InsteadOf))
		}
		if !o.From.Before(o.To) {
			add("to", time.Time{}, time.Time{}, "the override must end after it starts (%s to %s)", formatTime(o.From), formatTime(o.To))
			continue
		}
		for _, other := range s.Overrides[:i] {
			if from, to, ok := overlap(o.From, o.To, other.From, other.To); ok && o.conflictsWith(other) {
				add("from", from, to, "two overrides in %s from %s: %s and %s",
					o.Region, formatSpan(from, to), account.Name(other.Person), account.Name(o.Person))
			}
		}
	}
	return problems
}

// conflictsWith reports whether two overrides at the same time conflict. Overrides that replace different people do not.
func (o Override) conflictsWith(other Override) bool {
	return o.Region == other.Region && (o.InsteadOf == "" || other.InsteadOf == "" || Same(o.InsteadOf, other.InsteadOf))
}

func (s Schedule) checkSwaps() []Problem {
	var problems []Problem
	for i, w := range s.Swaps {
		add := func(field string, from, to time.Time, format string, args ...any) {
			problems = append(problems, Problem{KindSwap, "swaps", i, field, fmt.Sprintf(format, args...), from, to})
		}
		switch {
		case w.People[0] == "" || w.People[1] == "":
			add("people", time.Time{}, time.Time{}, "a swap needs two people")
		case Same(w.People[0], w.People[1]):
			add("people", time.Time{}, time.Time{}, "%s cannot swap with themselves", account.Name(w.People[0]))
		}
		if !w.From.Before(w.To) {
			add("to", time.Time{}, time.Time{}, "the swap must end after it starts (%s to %s)", formatTime(w.From), formatTime(w.To))
			continue
		}
		for _, other := range s.Swaps[:i] {
			from, to, ok := overlap(w.From, w.To, other.From, other.To)
			if !ok {
				continue
			}
			if who := w.sharedPerson(other); who != "" {
				add("people", from, to, "%s is in two swaps from %s", account.Name(who), formatSpan(from, to))
			}
		}
	}
	return problems
}

// sharedPerson returns a person who is in both swaps; empty if there is none.
func (w Swap) sharedPerson(other Swap) string {
	for _, p := range w.People {
		if other.partner(p) != "" {
			return p
		}
	}
	return ""
}

// overlap returns the time that two periods have in common, if any.
func overlap(from, to, otherFrom, otherTo time.Time) (time.Time, time.Time, bool) {
	if otherFrom.After(from) {
		from = otherFrom
	}
	if otherTo.Before(to) {
		to = otherTo
	}
	return from.UTC(), to.UTC(), from.Before(to)
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// formatSpan formats a period for a message: 2018-03-25 14:00 to 15:00 UTC.
func formatSpan(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format("2006-01-02 15:04") + " to " + to.Format("15:04 MST")
	}
	return from.Format("2006-01-02 15:04") + " to " + to.Format("2006-01-02 15:04 MST")
}
