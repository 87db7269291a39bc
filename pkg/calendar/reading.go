package calendar

import (
	"fmt"
	"time"
)

// ClockError is a date and time that the clocks of a zone show twice, in the hour before they are set back, or never, because they are set
// forward over it.
type ClockError struct {
	Zone     *time.Location
	Twice    bool
	Readings [2]time.Time // with the offset before and after the clocks are set, the same on the clock
}

// Error names both readings.
func (e *ClockError) Error() string {
	wall, what := e.Readings[0].Format("2006-01-02 15:04"), "does not exist"
	if e.Twice {
		what = "occurs twice"
	}
	return fmt.Sprintf("%s %s in %s: %s or %s", wall, what, e.Zone, e.Forms()[0], e.Forms()[1])
}

// Forms are the readings in RFC 3339, which are valid input.
func (e *ClockError) Forms() []string {
	return []string{e.Readings[0].Format(time.RFC3339), e.Readings[1].Format(time.RFC3339)}
}

// OnClock is the instant at which the clocks of a zone show the date and time of wall, whose own zone does not matter. The error is a
// [*ClockError] if they show it twice or never.
func OnClock(wall time.Time, zone *time.Location) (time.Time, error) {
	first, last := DateOf(wall).Clock(wall.Hour()*60+wall.Minute(), zone)
	seconds := time.Duration(wall.Second()) * time.Second
	first, last = first.Add(seconds), last.Add(seconds)
	twice := !first.Equal(last)
	if !twice && first.In(zone).Format(time.DateTime) == wall.Format(time.DateTime) {
		return first, nil
	}
	readings := [2]time.Time{first.In(zone), last.In(zone)}
	if !twice { // first is the instant at which the clocks are set
		readings = [2]time.Time{withOffset(wall, first.Add(-seconds-time.Second).In(zone)), withOffset(wall, first.In(zone))}
	}
	return time.Time{}, &ClockError{Zone: zone, Twice: twice, Readings: readings}
}

// withOffset is the instant at which clocks with the offset of the instant "as" show wall.
func withOffset(wall, as time.Time) time.Time {
	_, offset := as.Zone()
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.FixedZone("", offset))
}
