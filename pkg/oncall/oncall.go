// Package oncall holds the rules of the on-call schedule: which shift it is, and who is on call in it.
//
// A [Schedule] has regions that share the day (handbook, "On-Call Support": EMEA from 04:00 to 16:00 UTC, AMER from 16:00 to 04:00), each
// with an optional rotation, and overrides and swaps. A [Calendar] can replace them. Start with [Schedule.At] for the shift at a time,
// [Schedule.Duties] for the people in a shift, and [Schedule.Check] for problems in a schedule.
//
// Everything here is pure: files, clocks, GitLab and printing do not belong here. iCalendar files are read in pkg/ics. The hand-off
// report is in pkg/handoff.
package oncall

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Schedule says who is on call when. The zero Schedule has no regions and no shifts; see [Default].
type Schedule struct {
	Regions   []Region
	Overrides []Override
	Swaps     []Swap
	Names     map[string]string  // display names by user name
	Working   map[string]Working // when people work, by user name

	Attendees map[string][]string // how the calendar calls people, by user name
	Calendar  Calendar            // nil: the rotations decide alone
}

// Region is a part of the world whose people are on call for a part of the day.
type Region struct {
	Name     string
	From, To int            // minute of the day in Zone, 0 to 1439; equal: the whole day
	Zone     *time.Location // nil: UTC
	Rotation *Rotation      // nil: unknown who is on call
}

// Rotation is a list of members who take turns without end. The first member's turn starts on Start; before that, the order is the same.
type Rotation struct {
	Members  []string // GitLab user names without @
	Period   Period
	Start    calendar.Date // in the time zone of the region
	Handover int           // minute of the day at which turns change, in the same time zone
}

// Period is the length of a turn: calendar days in the time zone of the region, or hours of exactly 60 minutes. One of the two is 0.
type Period struct{ Days, Hours int }

// Override puts one person on call for a period, for example over holidays.
type Override struct {
	Region    string
	Person    string // GitLab user name without @
	InsteadOf string // replaces only this person; empty: replaces anybody
	From, To  time.Time
	Reason    string
}

// Swap exchanges two people for a period, in all regions.
type Swap struct {
	People   [2]string
	From, To time.Time
	Reason   string
}

// Shift is the half-open period of one region, in UTC. It is never empty.
type Shift struct {
	Region   string
	From, To time.Time
}

// Duty is the half-open period of one person on call in a region, in UTC.
type Duty struct {
	Region   string
	Person   string // GitLab user name without @; empty: unknown
	From, To time.Time
	Override bool   // differs from the rotation
	Reason   string // of the override or swap
}

// Default returns the schedule of the handbook: two regions that share the day, without rotations.
func Default() Schedule {
	return Schedule{Regions: []Region{{Name: "EMEA", From: 4 * 60, To: 16 * 60}, {Name: "AMER", From: 16 * 60, To: 4 * 60}}}
}
