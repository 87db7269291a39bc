package input

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Time is when something happened: 10m (ago), 10:02, "yesterday 23:50", "2018-08-24 10:02" or RFC 3339. A time without an offset is in the
// zone of the key times. After Resolve it is UTC, in whole seconds and not in the future. The zero Time means no input.
type Time struct {
	time.Time
	raw string
}

// Zone says, in the help of a flag, how a time without an offset is read.
const Zone = " (UTC, or the team's time zone with times: team)"

// Set keeps the input, because the time depends on the clock.
func (t *Time) Set(raw string) error { t.raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (t *Time) String() string { return t.raw }

// Type is time.
func (t *Time) Type() string { return "time" }

// Resolve reads the time.
func (t *Time) Resolve(c Context) (err error) {
	if t.raw == "" {
		return nil
	}
	t.Time, err = incident.ParseWhen(t.raw, c.Now, c.Config.TimesZone())
	return c.invalidTime(err, "10m", "10:02", `"yesterday 23:50"`, "2018-08-24T10:02:00Z")
}

// invalidTime is an [Invalid] of a time, or nil when err is.
func (c Context) invalidTime(err error, forms ...string) error {
	if err == nil {
		return nil
	}
	if future, ok := errors.AsType[*incident.FutureError](err); ok {
		if forms = forms[:1]; future.Instead() != "" {
			forms = []string{strconv.Quote(future.Instead())}
		}
	}
	if clock, ok := errors.AsType[*calendar.ClockError](err); ok {
		forms = clock.Forms()
	}
	note := "all times are UTC"
	if zone := c.Config.TimesZone(); zone != time.UTC {
		note = "times without an offset are in " + zone.String()
	}
	return &Invalid{Err: err, Forms: forms, Note: note}
}

// Since is the start of a period up to now: 30d, 12h, or a date or time. UTC.
type Since struct{ Time }

// Resolve reads the time.
func (s *Since) Resolve(c Context) error {
	if s.raw == "" {
		return nil
	}
	if span, err := manifest.ParseSpan(s.raw); err == nil {
		s.Time.Time = c.Now.Add(-span)
		return nil
	}
	if day, err := calendar.ParseDate(s.raw); err == nil && !day.Midnight(time.UTC).After(c.Now) {
		s.Time.Time = day.Midnight(time.UTC)
		return nil
	}
	if day, err := calendar.ParseDate(s.raw); err == nil {
		return invalid(fmt.Errorf("%s is in the future", day), "30d", calendar.DateOf(c.Now).String())
	}
	t, err := incident.ParseWhen(s.raw, c.Now, c.Config.TimesZone())
	if err != nil {
		return invalid(fmt.Errorf("invalid date or duration %q", s.raw), "30d", "2018-08-01")
	}
	s.Time.Time = t
	return nil
}

// Moment is a time that may be in the future: "2018-08-30 10:00", 10:00 (today), "tomorrow 10:00" or RFC 3339. A time without an offset is
// in the zone of the key times.
type Moment struct{ Time }

// Resolve parses the time.
func (m *Moment) Resolve(c Context) (err error) {
	if m.raw == "" {
		return nil
	}
	m.Time.Time, err = incident.ParseMoment(m.raw, c.Now, c.Config.TimesZone())
	return c.invalidTime(err, `"2018-08-30 10:00"`, "2018-08-30T10:00:00Z")
}

// Day is a civil date: 2018-08-24. The zero Day means no input.
type Day struct{ calendar.Date }

// Set reads the date.
func (d *Day) Set(raw string) (err error) {
	if d.Date = (calendar.Date{}); strings.TrimSpace(raw) == "" {
		return nil
	}
	d.Date, err = calendar.ParseDate(strings.TrimSpace(raw))
	return invalid(err, "2018-08-24")
}

// String is the date.
func (d *Day) String() string { return d.Date.String() }

// Type is date.
func (d *Day) Type() string { return "date" }

// DayOf is a day, or the UTC day of a time as CI variables have it: 2018-08-24, 2018-08-24T16:00:00Z.
type DayOf calendar.Date

// Set reads the date or the time.
func (d *DayOf) Set(raw string) error {
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(raw)); err == nil {
		*d = DayOf(calendar.DateOf(at.UTC()))
		return nil
	}
	var day Day
	err := day.Set(raw)
	*d = DayOf(day.Date)
	return err
}

// String is the date.
func (d *DayOf) String() string { return calendar.Date(*d).String() }

// Type is date.
func (d *DayOf) Type() string { return "date" }

// Duration is a length of time: 45m, 1h30m, 2d.
type Duration struct{ time.Duration }

// Set reads the duration.
func (d *Duration) Set(raw string) (err error) {
	if d.Duration = 0; strings.TrimSpace(raw) == "" {
		return nil
	}
	d.Duration, err = manifest.ParseSpan(strings.TrimSpace(raw))
	return invalid(err, "45m", "1h30m")
}

// String is the duration, empty for none.
func (d *Duration) String() string {
	if d.Duration == 0 {
		return ""
	}
	return d.Duration.String()
}

// Type is duration.
func (d *Duration) Type() string { return "duration" }
