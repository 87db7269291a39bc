package oncall

import (
	"fmt"
	"strings"
	"time"
)

// Fault is one thing that is wrong with a schedule.
type Problem struct {
	Kind  string // KindGap and so on
	List  string // where it is: "regions", "overrides" or "swaps"
	Index int    // in that list; -1: it is the list as a whole
	Field string // of that item as in a configuration, such as "to" or "rotation.members"; empty: the item as a whole
	Text  string // a sentence without a full stop
	// From and To are the first time that it is about, UTC; zero where it is about none.
	From, To time.Time
}

// The kinds of faults.
const (
	KindGap      = "gap"      // a time that no region has
	KindOverlap  = "overlap"  // a time that two regions have
	KindRegion   = "region"   // a region, by itself or beside the others
	KindRotation = "rotation" // a rotation
	KindOverride = "override"
	KindSwap     = "swap"
)

// CheckedFrom and CheckedTo are the time over which [Schedule.Check] compares the clocks of zones.
var (
	CheckedFrom = time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC)
	CheckedTo   = time.Date(2060, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// Check tells all that is wrong with a schedule: parts of the day that nobody or more than one region has (SPEC 9),
// also only on days on which clocks are put forward or back, rotations without people,
// and overrides and swaps that contradict each other or name what is not there.
func (s Schedule) Check() []Problem {
	faults := s.checkRegions()
	if len(faults) == 0 {
		faults = s.checkCover()
	}
	faults = append(faults, s.checkRotations()...)
	faults = append(faults, s.checkOverrides()...)
	return append(faults, s.checkSwaps()...)
}

func (s Schedule) checkRegions() []Problem {
	var faults []Problem
	add := func(i int, field, format string, args ...any) {
		faults = append(faults, Problem{Kind: KindRegion, List: "regions", Index: i, Field: field, Text: fmt.Sprintf(format, args...)})
	}
	if len(s.Regions) == 0 {
		add(-1, "", "there are no regions, so that nobody is ever on call")
	}
	names := map[string]bool{}
	for i, r := range s.Regions {
		switch name := strings.ToLower(strings.TrimSpace(r.Name)); {
		case name == "":
			add(i, "name", "a region has no name")
		case names[name]:
			add(i, "name", "two regions are called %q", r.Name)
		default:
			names[name] = true
		}
		if !isMinuteOfDay(r.From) {
			add(i, "from", "%d is no minute of the day", r.From)
		}
		if !isMinuteOfDay(r.To) {
			add(i, "to", "%d is no minute of the day", r.To)
		}
		if r.From == r.To && len(s.Regions) > 1 {
			add(i, "to", "%s has the whole day, from %s to %s, which leaves nothing to the others", r.Name, Clock(r.From), Clock(r.To))
		}
	}
	return faults
}

func isMinuteOfDay(minute int) bool { return 0 <= minute && minute < 24*60 }

// Clock writes a minute of the day as clocks show it: 04:00.
func Clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (s Schedule) checkRotations() []Problem {
	var faults []Problem
	for i, r := range s.Regions {
		add := func(field, format string, args ...any) {
			faults = append(faults, Problem{Kind: KindRotation, List: "regions", Index: i, Field: "rotation." + field,
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
				add("members", "the rotation of %s has a member without a name", r.Name)
			}
		}
		if !r.Rotation.Period.valid() {
			add("period", "the period of the rotation of %s is neither whole days nor hours", r.Name)
		}
		if r.Rotation.Start.IsZero() {
			add("start", "the rotation of %s does not say on which day its first member begins", r.Name)
		}
		if !isMinuteOfDay(r.Rotation.Handover) {
			add("handover", "%d is no minute of the day", r.Rotation.Handover)
		}
	}
	return faults
}

func (s Schedule) checkOverrides() []Problem {
	var faults []Problem
	for i, o := range s.Overrides {
		add := func(field string, from, to time.Time, format string, args ...any) {
			faults = append(faults, Problem{KindOverride, "overrides", i, field, fmt.Sprintf(format, args...), from, to})
		}
		if s.region(o.Region) == nil {
			add("region", time.Time{}, time.Time{}, "there is no region %q", o.Region)
		}
		switch {
		case o.Person == "":
			add("person", time.Time{}, time.Time{}, "the override puts nobody on call: it may replace a person by a person only")
		case Same(o.Person, o.InsteadOf):
			add("instead_of", time.Time{}, time.Time{}, "%s is on call instead of %s, who is the same person", o.Person, o.InsteadOf)
		}
		if !o.From.Before(o.To) {
			add("to", time.Time{}, time.Time{}, "the override ends at %s, which is not after its start at %s", formatTime(o.To), formatTime(o.From))
			continue
		}
		for _, other := range s.Overrides[:i] {
			if from, to, both := overlap(o.From, o.To, other.From, other.To); both && o.conflictsWith(other) {
				add("from", from, to, "from %s two overrides put somebody on call in %s: %s and %s",
					formatSpan(from, to), o.Region, other.Person, o.Person)
			}
		}
	}
	return faults
}

// contradicts reports whether two overrides can both claim an instant that both have. Those in the place of different people cannot.
func (o Override) conflictsWith(other Override) bool {
	return o.Region == other.Region && (o.InsteadOf == "" || other.InsteadOf == "" || Same(o.InsteadOf, other.InsteadOf))
}

func (s Schedule) checkSwaps() []Problem {
	var faults []Problem
	for i, w := range s.Swaps {
		add := func(field string, from, to time.Time, format string, args ...any) {
			faults = append(faults, Problem{KindSwap, "swaps", i, field, fmt.Sprintf(format, args...), from, to})
		}
		switch {
		case w.People[0] == "" || w.People[1] == "":
			add("people", time.Time{}, time.Time{}, "a swap is between two people")
		case Same(w.People[0], w.People[1]):
			add("people", time.Time{}, time.Time{}, "%s changes places with nobody else", w.People[0])
		}
		if !w.From.Before(w.To) {
			add("to", time.Time{}, time.Time{}, "the swap ends at %s, which is not after its start at %s", formatTime(w.To), formatTime(w.From))
			continue
		}
		for _, other := range s.Swaps[:i] {
			from, to, both := overlap(w.From, w.To, other.From, other.To)
			if !both {
				continue
			}
			if who := w.sharedPerson(other); who != "" {
				add("people", from, to, "from %s %s is in two swaps", formatSpan(from, to), who)
			}
		}
	}
	return faults
}

// shared is somebody who is in both swaps; empty when there is nobody.
func (w Swap) sharedPerson(other Swap) string {
	for _, p := range w.People {
		if other.partner(p) != "" {
			return p
		}
	}
	return ""
}

// common is the time that two have in common, if there is any.
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

// span is a time as it is named in a fault: 2018-03-25 14:00 to 15:00 UTC.
func formatSpan(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return from.Format("2006-01-02 15:04") + " to " + to.Format("15:04 MST")
	}
	return from.Format("2006-01-02 15:04") + " to " + to.Format("2006-01-02 15:04 MST")
}
