package oncall

import (
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// OnCall returns the duty at t, within the current shift.
func (s Schedule) OnCall(t time.Time) Duty {
	for _, d := range s.Duties(s.At(t)) {
		if t.Before(d.To) {
			return d
		}
	}
	return Duty{}
}

// Duties returns the duties of a shift in order and without gaps: at least one. Where the calendar has somebody, that is the person on
// call. Elsewhere the rotation applies first, then swaps, then overrides. The person is empty if the region has no rotation and no
// override applies.
func (s Schedule) Duties(sh Shift) []Duty {
	r := s.region(sh.Region)
	if r == nil || !sh.From.Before(sh.To) {
		return nil
	}
	var list []Duty
	present := s.present(r, sh)
	cuts := s.boundaries(r, sh, present)
	for i, from := range cuts[:len(cuts)-1] {
		d := s.dutyAt(r, from)
		if p, ok := presentAt(r, present, from); ok {
			d = Duty{Region: r.Name, Person: p.Person, From: from.UTC(), Override: r.hasRotation() && !Same(p.Person, r.memberAt(from))}
		}
		d.To = cuts[i+1]
		if n := len(list) - 1; n >= 0 && Same(list[n].Person, d.Person) && list[n].Override == d.Override && list[n].Reason == d.Reason {
			list[n].To = d.To
			continue
		}
		list = append(list, d)
	}
	return list
}

// Turn is a duty together with its shift.
type Turn struct {
	Shift Shift
	Duty
}

// Turns returns the duty at a time and the one after it.
func (s Schedule) Turns(at time.Time) []Turn { return s.turns(at, 0, "") }

// NextTurns returns the two duties after the one at a time, of anybody or of one person. A person may have fewer within a year.
func (s Schedule) NextTurns(at time.Time, person string) []Turn { return s.turns(at, 1, person) }

// turns returns the first two duties from a time on, after skipping some.
func (s Schedule) turns(at time.Time, skip int, person string) (list []Turn) {
	end := at.AddDate(1, 0, 0)
	for sh := s.At(at); sh.From.Before(sh.To) && sh.From.Before(end); sh = s.Next(sh) {
		for _, d := range s.Duties(sh) {
			if !at.Before(d.To) {
				continue
			}
			if skip--; skip < 0 && (person == "" || Same(d.Person, person)) {
				list = append(list, Turn{sh, d})
			}
			if len(list) == 2 {
				return list
			}
		}
	}
	return list
}

// Within returns all duties that overlap a period, of everybody or of one person.
func (s Schedule) Within(from, to time.Time, person string) (list []Turn) {
	for _, sh := range s.Between(from, to) {
		for _, d := range s.Duties(sh) {
			if d.From.Before(to) && d.To.After(from) && (person == "" || Same(d.Person, person)) {
				list = append(list, Turn{sh, d})
			}
		}
	}
	return list
}

// People returns the people of a shift, each once, in the order of their duties.
func (s Schedule) People(sh Shift) []string {
	var list []string
	for _, d := range s.Duties(sh) {
		if d.Person != "" && !slices.ContainsFunc(list, func(p string) bool { return Same(p, d.Person) }) {
			list = append(list, d.Person)
		}
	}
	return list
}

// Members returns the people of all rotations, overrides and swaps, each once and in that order, and after them those of the calendar.
func (s Schedule) Members() []string {
	list := s.inFile()
	for _, p := range slices.Sorted(maps.Keys(s.Attendees)) {
		if !slices.ContainsFunc(list, func(known string) bool { return Same(known, p) }) {
			list = append(list, p)
		}
	}
	return list
}

// inFile returns the people of all rotations, overrides and swaps.
func (s Schedule) inFile() []string {
	var list []string
	add := func(people ...string) {
		for _, p := range people {
			if p != "" && !slices.ContainsFunc(list, func(known string) bool { return Same(known, p) }) {
				list = append(list, p)
			}
		}
	}
	for _, r := range s.Regions {
		if r.Rotation != nil {
			add(r.Rotation.Members...)
		}
	}
	for _, o := range s.Overrides {
		add(o.Person)
	}
	for _, w := range s.Swaps {
		add(w.People[:]...)
	}
	return list
}

// Member returns the user name of a person as written in the schedule; empty if the person is not in it.
func (s Schedule) Member(name string) string {
	for _, m := range s.Members() {
		if Same(m, name) {
			return m
		}
	}
	return ""
}

// Substitutes returns the people who are in overrides or swaps but in no rotation: possibly misspelled. It is empty without any rotation.
func (s Schedule) Substitutes() []string {
	regular := Schedule{Regions: s.Regions}.Members()
	if len(regular) == 0 {
		return nil
	}
	return s.inFile()[len(regular):]
}

// UnusedOverrides returns the overrides that never apply, because the person they replace is never on call in that region.
func (s Schedule) UnusedOverrides() (list []Override) {
	for _, o := range s.Overrides {
		own := Schedule{Swaps: s.Swaps}
		if r := s.region(o.Region); r != nil && r.Rotation != nil {
			own.Regions = []Region{*r}
		}
		if o.InsteadOf != "" && own.Member(o.InsteadOf) == "" {
			list = append(list, o)
		}
	}
	return list
}

// boundaries returns the start and end of a shift and the times between them at which the person on call may change.
func (s Schedule) boundaries(r *Region, sh Shift, present []Presence) []time.Time {
	list := []time.Time{sh.From, sh.To}
	add := func(t time.Time) {
		if t.After(sh.From) && t.Before(sh.To) {
			list = append(list, t.UTC())
		}
	}
	if r.hasRotation() {
		for t := r.turnEnd(sh.From); t.Before(sh.To); t = r.turnEnd(t) {
			add(t)
		}
	}
	for _, o := range s.Overrides {
		add(o.From)
		add(o.To)
	}
	for _, w := range s.Swaps {
		add(w.From)
		add(w.To)
	}
	for _, p := range present {
		add(p.From)
		add(p.To)
	}
	stable.Sort(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// dutyAt returns the duty in a region at a time. The caller sets its end.
func (s Schedule) dutyAt(r *Region, t time.Time) Duty {
	d := Duty{Region: r.Name, Person: r.memberAt(t), From: t.UTC()}
	for _, w := range s.Swaps {
		if other := w.partner(d.Person); other != "" && contains(w.From, w.To, t) {
			d.Person, d.Override, d.Reason = other, true, w.Reason
			break
		}
	}
	for _, o := range s.Overrides {
		if o.Region == r.Name && contains(o.From, o.To, t) && (o.InsteadOf == "" || Same(o.InsteadOf, d.Person)) {
			if !Same(o.Person, d.Person) {
				d.Person, d.Override, d.Reason = o.Person, true, o.Reason
			}
			break
		}
	}
	return d
}

// partner returns the other person of a swap; empty for somebody who is not in it.
func (w Swap) partner(person string) string {
	switch {
	case person == "":
		return ""
	case Same(w.People[0], person):
		return w.People[1]
	case Same(w.People[1], person):
		return w.People[0]
	}
	return ""
}

func contains(from, to, t time.Time) bool { return !t.Before(from) && t.Before(to) }
