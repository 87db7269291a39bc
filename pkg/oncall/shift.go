package oncall

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// At returns the shift at a time; the zero Shift without any regions. Every time belongs to exactly one shift: the shift of a region
// starts at From on each day of its time zone, and lasts until the next shift of any region. [Schedule.Check] makes sure that this agrees
// with To.
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

// Next returns the shift after sh.
func (s Schedule) Next(sh Shift) Shift { return s.At(sh.To) }

// Previous returns the shift before sh.
func (s Schedule) Previous(sh Shift) Shift { return s.At(sh.From.Add(-time.Nanosecond)) }

// Between returns the shifts that overlap a period, in order and not clipped.
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

// Ending returns the shift for a hand-off at t: the one whose end is nearest. That is the current shift from its middle on, and the
// previous one before that.
func (s Schedule) Ending(t time.Time) Shift {
	sh := s.At(t)
	if t.Sub(sh.From) < sh.To.Sub(t) {
		return s.Previous(sh)
	}
	return sh
}

// window is the configured period of a region on one day, in UTC.
type window struct {
	region   *Region
	from, to time.Time
}

// starts returns the windows that start around t: for each region at least one that starts before it and one after it, also if the time
// zone skips a day. Windows that a clock change skips are left out: nobody is on call in them.
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

// on returns the region's window that starts on a day of its time zone; empty if the time zone skips the day.
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

// region returns the region with the name; nil if there is none.
func (s Schedule) region(name string) *Region {
	for i := range s.Regions {
		if s.Regions[i].Name == name {
			return &s.Regions[i]
		}
	}
	return nil
}
