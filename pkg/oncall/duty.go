package oncall

import (
	"slices"
	"time"
)

// OnCall is who is on call at an instant, in the region whose shift it is, for as long as nobody else is in that shift.
func (s Schedule) OnCall(t time.Time) Duty {
	for _, d := range s.Duties(s.At(t)) {
		if t.Before(d.To) {
			return d
		}
	}
	return Duty{}
}

// Duties are who is on call in a shift, one after the other and without a gap: at least one.
// Each goes by the rotation, then by swaps, then by overrides. The person is empty where the region has no rotation and nobody was put in.
func (s Schedule) Duties(sh Shift) []Duty {
	r := s.region(sh.Region)
	if r == nil || !sh.From.Before(sh.To) {
		return nil
	}
	var list []Duty
	cuts := s.boundaries(r, sh)
	for i, from := range cuts[:len(cuts)-1] {
		d := s.dutyAt(r, from)
		d.To = cuts[i+1]
		if n := len(list) - 1; n >= 0 && Same(list[n].Person, d.Person) && list[n].Override == d.Override && list[n].Reason == d.Reason {
			list[n].To = d.To
			continue
		}
		list = append(list, d)
	}
	return list
}

// Turn is a duty and the shift that it is in.
type Turn struct {
	Shift Shift
	Duty
}

// Turns are the duty at an instant and the one after it.
func (s Schedule) Turns(at time.Time) []Turn { return s.turns(at, 0, "") }

// NextTurns are the two duties after the one at an instant: anybody's, or those of one person, of which there may be fewer within a year.
func (s Schedule) NextTurns(at time.Time, person string) []Turn { return s.turns(at, 1, person) }

// turns are the first two duties after as many as are skipped.
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

// Within are all duties that have an instant in common with the time from one instant up to another: everybody's, or those of one person.
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

// People are the different people of a shift, in the order of their duties.
func (s Schedule) People(sh Shift) []string {
	var list []string
	for _, d := range s.Duties(sh) {
		if d.Person != "" && !slices.ContainsFunc(list, func(p string) bool { return Same(p, d.Person) }) {
			list = append(list, d.Person)
		}
	}
	return list
}

// Members are the people of all rotations, overrides and swaps, each once and in that order.
func (s Schedule) Members() []string {
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

// Member is the user name of a person of the schedule, as it is written there; empty when nobody is called so.
func (s Schedule) Member(name string) string {
	for _, m := range s.Members() {
		if Same(m, name) {
			return m
		}
	}
	return ""
}

// Substitutes are the people whom overrides and swaps alone put on call: perhaps their names are misspelt. None where there is no rotation.
func (s Schedule) Substitutes() []string {
	regular := Schedule{Regions: s.Regions}.Members()
	if len(regular) == 0 {
		return nil
	}
	return s.Members()[len(regular):]
}

// IdleOverrides are those that never hold: they are instead of somebody whose turn it never is in that region.
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

// cuts are the ends of a shift and the instants between them at which somebody else may come on call.
func (s Schedule) boundaries(r *Region, sh Shift) []time.Time {
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
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// duty is who is on call in a region from an instant on. Its end is left to the caller.
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

// other is the one with whom a person changes places; empty for somebody who does not.
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
