package config

import (
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/ics"
)

// CalendarKey is the key that names the file with the calendar of the on-call schedule.
const CalendarKey = "oncall.ics_file"

// HasCalendar reports whether a calendar says who is on call.
func (c Config) HasCalendar() bool { return c.OncallSource == manifest.SourceICS }

// Calendar returns the content of the file with the calendar.
func (c Config) Calendar() ([]byte, error) { return c.below(c.OncallFile) }

// ParseCalendar reads a calendar of the people on call.
func (c Config) ParseCalendar(data []byte) (*ics.Calendar, error) {
	return ics.Parse(data, ics.Options{People: c.Oncall.Attendees, Zone: manifest.ParseZone, Local: c.Timezone})
}
