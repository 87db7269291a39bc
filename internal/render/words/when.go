package words

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Clock is the reader's time zone and the current time.
type Clock struct {
	In  *time.Location
	Now time.Time
}

// Stamp is the layout of an instant on a page. Instants are always in UTC, because that is what people in several time zones talk in.
const Stamp = "2006-01-02 15:04"

// Moment formats an instant in UTC. Text that is not an instant stays as it is.
func Moment(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.UTC().Format(Stamp + " UTC")
}

// Brief formats an instant in UTC, without the date if it is today.
func (c Clock) Brief(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || DayOf(at) != DayOf(c.Now) {
		return Moment(s)
	}
	return at.UTC().Format("15:04 UTC")
}

// DayOf returns the UTC date of an instant.
func DayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// Window formats the time from one instant to another in UTC, followed by the reader's local time if that is different. An unknown end is
// left out.
func (c Clock) Window(from, to string) string {
	start, end, ok := Ends(from, to)
	if !ok || c.onUTC(start) && c.onUTC(end) {
		return WindowUTC(from, to)
	}
	here, there := start.In(c.In), end.In(c.In)
	local := period(here, there)
	if day := here.Format(time.DateOnly); day == DayOf(start) && day == there.Format(time.DateOnly) {
		local = hours(here, there)
	}
	return WindowUTC(from, to) + ", " + local + " in " + c.Place(start)
}

// WindowUTC formats the window in UTC only, for tables.
func WindowUTC(from, to string) string {
	start, end, ok := Ends(from, to)
	if !ok {
		return from
	}
	return period(start.UTC(), end.UTC()) + " UTC"
}

// Ends parses both instants of a window. A window without an end ends where it starts.
func Ends(from, to string) (start, end time.Time, ok bool) {
	start, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return start, start, false
	}
	end, err = time.Parse(time.RFC3339, to)
	if err != nil {
		end = start
	}
	return start, end, true
}

// Slot formats the length of a window. It is empty if the length is unknown.
func Slot(from, to string) string {
	start, end, ok := Ends(from, to)
	if !ok || !start.Before(end) {
		return ""
	}
	return Lasting(int(end.Sub(start).Minutes()))
}

// period leaves out the parts that both ends have in common.
func period(from, to time.Time) string {
	switch {
	case from.Equal(to):
		return from.Format(Stamp)
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return from.Format(time.DateOnly) + " " + hours(from, to)
	}
	return from.Format(Stamp) + " to " + to.Format(Stamp)
}

func hours(from, to time.Time) string {
	if from.Equal(to) {
		return from.Format("15:04")
	}
	return from.Format("15:04") + "-" + to.Format("15:04")
}

// onUTC reports whether the reader's clock shows UTC.
func (c Clock) onUTC(at time.Time) bool {
	_, offset := at.In(c.In).Zone()
	return offset == 0
}

// Place names the reader's time zone. The machine's own zone has no name, only an abbreviation.
func (c Clock) Place(at time.Time) string {
	if c.In == time.Local {
		return at.In(c.In).Format("MST")
	}
	return c.In.String()
}

// Lasting formats a duration in minutes: 45m, 1h 20m, 3d 4h.
func Lasting(minutes int) string { return incident.Span(time.Duration(max(minutes, 0)) * time.Minute) }
