package calendar

import "time"

// Clock returns the first and the last instant, in UTC, at which clocks in a zone show a minute of the day, 0 to 1439, on d.
// They differ if the clocks are set back over that minute. If they are set forward over it, both are the instant of the jump. The same
// holds for every minute of a day that a zone skips, as Pacific/Apia did with 2011-12-30; see [Date.Exists].
func (d Date) Clock(minute int, zone *time.Location) (first, last time.Time) {
	wall := time.Date(d.year, d.month, d.day, 0, minute, 0, 0, time.UTC)
	t := time.Date(d.year, d.month, d.day, 0, minute, 0, 0, zone)
	start, end := t.ZoneBounds()
	_, offset := t.Zone()
	switch shown := t.UTC().Add(time.Duration(offset) * time.Second); {
	case shown.After(wall):
		return start.UTC(), start.UTC()
	case shown.Before(wall):
		return end.UTC(), end.UTC()
	}
	first, last = t.UTC(), t.UTC()
	if !start.IsZero() {
		if other := onOffset(wall, start.Add(-time.Second)); other.Before(start) {
			first = other
		}
	}
	if !end.IsZero() {
		if other := onOffset(wall, end); !other.Before(end) {
			last = other
		}
	}
	return first, last
}

// Exists reports whether clocks in a zone ever show the day. A zone skips a day if it moves to the other side of the date line.
func (d Date) Exists(zone *time.Location) bool {
	first, _ := d.Clock(0, zone)
	return DateOf(first.In(zone)) == d
}

// onOffset returns when clocks with the offset of the instant "as" show a wall time.
func onOffset(wall, as time.Time) time.Time {
	_, offset := as.Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}
