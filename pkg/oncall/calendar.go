package oncall

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Calendar says who is on call by events instead of rotations.
type Calendar interface {
	// During returns the people whose events cover a part of a half-open period, in any order. An event of whole days covers all of it if
	// day is one of them. It starts as many days before the period as its first day is before day, and ends accordingly.
	During(from, to time.Time, day calendar.Date) []Presence
}

// Presence is the half-open period of one event of a calendar.
type Presence struct {
	Person   string // GitLab user name without @
	From, To time.Time
	Days     bool // an event of whole days
}

// Drift is a period in which the calendar and the file differ.
type Drift struct {
	Shift    Shift
	From, To time.Time
	Calendar string // user name; empty: nobody, so the file is used
	File     string // user name; empty: unknown
}

// Drift returns where the calendar differs from the file in the shifts that overlap a period: it has nobody, or somebody else than the
// file has, if the file has anybody.
func (s Schedule) Drift(from, to time.Time) (list []Drift) {
	file := s
	file.Calendar = nil
	for _, sh := range s.Between(from, to) {
		r := s.region(sh.Region)
		present := s.present(r, sh)
		for _, d := range file.Duties(sh) {
			cuts := Schedule{}.boundaries(&Region{}, Shift{From: d.From, To: d.To}, present)
			for i, at := range cuts[:len(cuts)-1] {
				p, covered := presentAt(r, present, at)
				if covered && (d.Person == "" || Same(p.Person, d.Person)) {
					continue
				}
				next := Drift{sh, at, cuts[i+1], p.Person, d.Person}
				if n := len(list) - 1; n >= 0 && list[n] == (Drift{sh, list[n].From, at, p.Person, d.Person}) {
					next.From, list = list[n].From, list[:n]
				}
				list = append(list, next)
			}
		}
	}
	return list
}

// present returns the events of the calendar during a shift. An event of whole days is for the shifts that start on these days, as in the
// dates of overrides; it is not for the region of another rotation.
func (s Schedule) present(r *Region, sh Shift) []Presence {
	if s.Calendar == nil {
		return nil
	}
	list := s.Calendar.During(sh.From, sh.To, calendar.DateOf(sh.From.In(r.zone())))
	return slices.DeleteFunc(list, func(p Presence) bool {
		return p.Days && !r.inRotation(p.Person) && slices.ContainsFunc(s.Regions, func(other Region) bool { return other.inRotation(p.Person) })
	})
}

// presentAt returns the event that decides at a time. Of several, it is one of a member of the region's rotation, then the one that
// started last, then the one that ends first: a shorter event is laid over a longer one.
func presentAt(r *Region, list []Presence, t time.Time) (best Presence, ok bool) {
	for _, p := range list {
		if contains(p.From, p.To, t) && (!ok || r.prefers(p, best)) {
			best, ok = p, true
		}
	}
	return best, ok
}

func (r *Region) prefers(p, other Presence) bool {
	mine, theirs := r.inRotation(p.Person), r.inRotation(other.Person)
	switch {
	case mine != theirs:
		return mine
	case !p.From.Equal(other.From):
		return p.From.After(other.From)
	case !p.To.Equal(other.To):
		return p.To.Before(other.To)
	}
	return p.Person < other.Person
}

// inRotation reports whether a person is in the region's rotation.
func (r Region) inRotation(person string) bool {
	return r.Rotation != nil && slices.ContainsFunc(r.Rotation.Members, func(m string) bool { return Same(m, person) })
}
