package oncall

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// At is the shift at an instant. Every instant belongs to exactly one: a shift of a region begins on each day of its zone at From and
// lasts until any region's next one does. That this is also what the regions' To say is what [Schedule.Check] is for.
// Without regions it is the zero Shift.
func (s Schedule) At(t time.Time) Shift {
	var last window
	var next time.Time
	for _, w := range s.starts(t) {
		switch {
		case w.from.After(t):
			if next.IsZero() || w.from.Before(next) {
				next = w.from
			}
		case last.region == nil, w.from.After(last.from), w.from.Equal(last.from) && w.to.After(last.to):
			last = w
		}
	}
	if last.region == nil {
		return Shift{}
	}
	return Shift{Region: last.region.Name, From: last.from, To: next}
}

// Next is the shift after one.
func (s Schedule) Next(sh Shift) Shift { return s.At(sh.To) }

// Previous is the shift before one.
func (s Schedule) Previous(sh Shift) Shift { return s.At(sh.From.Add(-time.Nanosecond)) }

// Between are the shifts that have an instant in common with the time from one instant up to another, whole and in order.
func (s Schedule) Between(from, to time.Time) []Shift {
	if len(s.Regions) == 0 || !from.Before(to) {
		return nil
	}
	var list []Shift
	for sh := s.At(from); sh.From.Before(to); sh = s.Next(sh) {
		list = append(list, sh)
	}
	return list
}

// Ending is the shift that a hand-off at an instant is of: the one whose end is nearest.
// So in the second half of a shift it is that one, and in the first half the one before it; in the very middle it is the one that goes on.
func (s Schedule) Ending(t time.Time) Shift {
	sh := s.At(t)
	if t.Sub(sh.From) < sh.To.Sub(t) {
		return s.Previous(sh)
	}
	return sh
}

// window is the time of a region on one day as it is written, UTC: from its start up to its own end.
type window struct {
	region   *Region
	from, to time.Time
}

// starts are the windows that begin around an instant: of each region at least one that began before it and one that begins after it,
// also where a zone leaves out a day. Windows that clocks jump over are not among them, as nobody is on call in them.
func (s Schedule) starts(t time.Time) []window {
	list := make([]window, 0, 5*len(s.Regions))
	for i := range s.Regions {
		r := &s.Regions[i]
		day := calendar.DateOf(t.In(r.zone()))
		for n := -2; n <= 2; n++ {
			if w := r.on(day.AddDays(n)); w.from.Before(w.to) {
				list = append(list, w)
			}
		}
	}
	return list
}

// on is the region's window that begins on a day of its zone, empty on a day that the zone leaves out.
func (r *Region) on(day calendar.Date) window {
	zone := r.zone()
	if !day.Exists(zone) {
		return window{}
	}
	end := day
	if r.To <= r.From {
		for end = day.AddDays(1); !end.Exists(zone); end = end.AddDays(1) {
		}
	}
	from, _ := day.Clock(r.From, zone)
	to, _ := end.Clock(r.To, zone)
	return window{r, from, to}
}

func (r *Region) zone() *time.Location {
	if r.Zone == nil {
		return time.UTC
	}
	return r.Zone
}

// region is the region of a name; nil when there is none.
func (s Schedule) region(name string) *Region {
	for i := range s.Regions {
		if s.Regions[i].Name == name {
			return &s.Regions[i]
		}
	}
	return nil
}
