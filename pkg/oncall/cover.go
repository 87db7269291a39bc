package oncall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// checkCover compares the configured end of every region with the start of the next one: the day must be covered without
// gaps and overlaps. Regions in the same time zone are checked once, since a clock change moves the end of one and the start of the other
// alike. Different time zones are checked around each of their clock changes, which is where they differ.
func (s Schedule) checkCover() []Problem {
	if len(s.Regions) == 0 {
		return nil
	}
	if s.oneZone() {
		return s.checkDay()
	}
	c := cover{reported: map[string]bool{}}
	checked := map[string]bool{}
	for _, t := range s.changes() {
		if pattern, plain := s.changePattern(t); !plain || !checked[pattern] {
			checked[pattern] = true
			c.check(s, t)
		}
	}
	return c.problems
}

func (s Schedule) oneZone() bool {
	for i := range s.Regions {
		if s.Regions[i].zone().String() != s.Regions[0].zone().String() {
			return false
		}
	}
	return true
}

// checkDay compares regions in the same time zone by minute of the day.
func (s Schedule) checkDay() []Problem {
	order := make([]int, len(s.Regions))
	for i := range order {
		order[i] = i
	}
	stable.Sort(order, func(a, b int) int { return s.Regions[a].From - s.Regions[b].From })
	var problems []Problem
	for n, i := range order {
		last := n+1 == len(order)
		if f, ok := s.checkPair(i, order[(n+1)%len(order)], last); ok {
			problems = append(problems, f)
		}
	}
	return problems
}

// checkPair compares the end of one region with the start of the next one. The last region is followed by the first one of the next day.
func (s Schedule) checkPair(i, following int, last bool) (Problem, bool) {
	r, next := s.Regions[i], s.Regions[following]
	zone := r.zone()
	until := distance(r.From, next.From)
	if r.From == next.From && !last {
		until = 0
	}
	at := func(minute int) time.Time {
		return time.Date(CheckedFrom.Year(), CheckedFrom.Month(), CheckedFrom.Day(), 0, minute, 0, 0, zone).UTC()
	}
	f := Problem{List: "regions", Index: i, Field: "to"}
	switch length := r.length(); {
	case length < until && !slices.ContainsFunc(s.Regions, func(other Region) bool { return other.has(r.To) }):
		f.Kind, f.From, f.To = KindGap, at(r.From+length), at(r.From+until)
		f.Text = fmt.Sprintf("every day from %s to %s %s nobody is on call: %s", Clock(r.To), Clock(next.From), zone, gapText(r.Name, next.Name))
	case length > until:
		f.Kind, f.From, f.To = KindOverlap, at(r.From+until), at(r.From+min(length, until+next.length()))
		f.Text = fmt.Sprintf("every day from %s to %s %s both %s and %s are on call",
			Clock(next.From), Clock(modulo(r.From+min(length, until+next.length()), 24*60)), zone, r.Name, next.Name)
	}
	return f, f.Kind != ""
}

// length returns the length of the region's shift on an ordinary day, in minutes.
func (r Region) length() int { return distance(r.From, r.To) }

func (r Region) has(minute int) bool { return modulo(minute-r.From, 24*60) < r.length() }

// distance returns the minutes from one minute of the day until another one: 1 to 1440.
func distance(from, to int) int { return modulo(to-from-1, 24*60) + 1 }

func gapText(name, next string) string {
	if name == next {
		return name + " ends before it starts again"
	}
	return name + " ends before " + next + " starts"
}

// changes returns the times around which time zones have to be checked: the first one, and every clock change.
func (s Schedule) changes() []time.Time {
	list := []time.Time{CheckedFrom}
	var zones []string
	for i := range s.Regions {
		zone := s.Regions[i].zone()
		if slices.Contains(zones, zone.String()) {
			continue
		}
		zones = append(zones, zone.String())
		list = append(list, clockChanges(zone)...)
	}
	stable.Sort(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// changePattern describes how the clocks of all regions change at t. Two changes with the same pattern differ only in their date: most
// clock changes are like those of the year before. plain is false if clocks change more than once within a few days.
func (s Schedule) changePattern(t time.Time) (pattern string, plain bool) {
	const days = 4 * 24 * time.Hour
	pattern, plain = t.Format(time.TimeOnly), true
	for i := range s.Regions {
		offset := func(d time.Duration) int {
			_, seconds := t.Add(d).In(s.Regions[i].zone()).Zone()
			return seconds
		}
		before, after := offset(-time.Second), offset(0)
		plain = plain && offset(-days) == before && offset(days) == after
		pattern += fmt.Sprint(" ", before, " ", after)
	}
	return pattern, plain && !t.Equal(CheckedFrom)
}

// clockChanges returns the times at which the clocks of a time zone change. Go's ZoneBounds may also return the end of a year, and on the
// last day of a leap year the very time that was passed in, so each step here advances by at least a day.
func clockChanges(zone *time.Location) []time.Time {
	var list []time.Time
	for t := CheckedFrom.In(zone); t.Before(CheckedTo); {
		_, end := t.ZoneBounds()
		switch {
		case end.IsZero():
			return list
		case !end.After(t):
			t = t.Add(24 * time.Hour)
			continue
		}
		_, before := end.Add(-time.Second).Zone()
		if _, after := end.Zone(); after != before {
			list = append(list, end.UTC())
		}
		t = end
	}
	return list
}

// cover collects problems: for each pair of regions one gap and one overlap at most.
type cover struct {
	problems []Problem
	reported map[string]bool
}

// check compares the windows around a time.
func (c *cover) check(s Schedule, around time.Time) {
	list := s.starts(around)
	stable.Sort(list, func(a, b window) int { return a.from.Compare(b.from) })
	// A window that covers first may have started a day before it; the list has those that start up to two days before around.
	first, last := around.Add(-24*time.Hour), around.Add(36*time.Hour)
	if around.Equal(CheckedFrom) {
		first = around
	}
	for n, w := range list[:max(len(list)-1, 0)] {
		next := list[n+1]
		switch at := calendar.Earlier(w.to, next.from); {
		case at.Before(first) || at.After(last):
		case w.to.Before(next.from):
			if slices.ContainsFunc(list, func(other window) bool { return contains(other.from, other.to, w.to) }) {
				continue
			}
			c.add(s, KindGap, w, next, w.to, next.from, "%s nobody is on call: %s", gapText(w.region.Name, next.region.Name))
		case w.to.After(next.from):
			c.add(s, KindOverlap, w, next, next.from, calendar.Earlier(w.to, next.to), "%s both %s are on call",
				w.region.Name+" and "+next.region.Name)
		}
	}
}

func (c *cover) add(s Schedule, kind string, w, next window, from, to time.Time, format, what string) {
	key := strings.Join([]string{kind, w.region.Name, next.region.Name}, "\x00")
	if c.reported[key] {
		return
	}
	c.reported[key] = true
	index := slices.IndexFunc(s.Regions, func(r Region) bool { return r.Name == w.region.Name })
	when := "from " + formatSpan(from, to)
	if from.Before(CheckedFrom.Add(2 * 24 * time.Hour)) {
		when = "on ordinary days (" + formatSpan(from, to) + ")"
	}
	c.problems = append(c.problems, Problem{kind, "regions", index, "to", fmt.Sprintf(format, when, what), from, to})
}
