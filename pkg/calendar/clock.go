package calendar

import "time"

// Clock is the first and the last instant, UTC, at which clocks in a zone show a minute of the day, 0 to 1439, on d.
// They differ where the clocks are put back over it. Where they are put forward over it both are the instant of the jump;
// so is every minute of a day that a zone leaves out altogether, as Pacific/Apia did with 2011-12-30, for which see [Date.Exists].
func (d Date) Clock(minute int, zone *time.Location) (first, last time.Time) {
	wall := time.Date(d.year, d.month, d.day, 0, minute, 0, 0, time.UTC)
	t := time.Date(d.year, d.month, d.day, 0, minute, 0, 0, zone)
	began, ends := t.ZoneBounds()
	_, offset := t.Zone()
	switch shown := t.UTC().Add(time.Duration(offset) * time.Second); {
	case shown.After(wall):
		return began.UTC(), began.UTC()
	case shown.Before(wall):
		return ends.UTC(), ends.UTC()
	}
	first, last = t.UTC(), t.UTC()
	if !began.IsZero() {
		if other := onOffset(wall, began.Add(-time.Second)); other.Before(began) {
			first = other
		}
	}
	if !ends.IsZero() {
		if other := onOffset(wall, ends); !other.Before(ends) {
			last = other
		}
	}
	return first, last
}

// Exists reports whether clocks in a zone ever show the day. They show all days but those that a zone leaves out when it changes sides of
// the date line.
func (d Date) Exists(zone *time.Location) bool {
	first, _ := d.Clock(0, zone)
	return DateOf(first.In(zone)) == d
}

// onOffset is when clocks that are set as at the instant "as" show a time.
func onOffset(wall, as time.Time) time.Time {
	_, offset := as.Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}
