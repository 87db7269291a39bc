// Package oncall says whose shift it is and who is on call in it.
//
// A [Schedule] has regions that share the day (handbook, "On-Call Support": EMEA from 04:00 to 16:00 UTC, AMER from 16:00 to 04:00),
// each with a rotation of people where the team has one, and with overrides and swaps.
// Start with [Schedule.At] for the shift at an instant, [Schedule.Duties] for the people in a shift,
// and [Schedule.Check] for what is wrong with a schedule.
//
// It decides and never acts: files, clocks, GitLab and printing are not here, and neither is what is told when a shift ends, which
// is in pkg/handoff.
package oncall

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Schedule is who is on call when. The zero Schedule has no regions and no shifts; see [Default].
type Schedule struct {
	Regions   []Region
	Overrides []Override
	Swaps     []Swap
	Names     map[string]string // what people are called, by their user names
}

// Region is one part of the world and the part of the day for which its people are on call.
type Region struct {
	Name     string
	From, To int            // minutes of the day on the clocks of Zone, 0 to 1439; equal: the whole day
	Zone     *time.Location // nil: UTC
	Rotation *Rotation      // nil: who is on call is not known
}

// Rotation is whose turn it is: the first member's from Start on, then the second one's, and so on for ever; before Start it went on in
// the same order.
type Rotation struct {
	Members  []string // GitLab user names without @
	Period   Period
	Start    calendar.Date // on the clocks of the region
	Handover int           // minute of the day on which turns change, on the same clocks
}

// Period is how long a turn is: whole days, which go by the calendar of the region, or hours, which are as long as hours are.
// One of the two is 0.
type Period struct{ Days, Hours int }

// Override puts one person on call for a time, also for holidays.
type Override struct {
	Region    string
	Person    string // GitLab user name without @
	InsteadOf string // only where it would be this person's turn; empty: whoever it is
	From, To  time.Time
	Reason    string
}

// Swap exchanges two people for a time, in all regions.
type Swap struct {
	People   [2]string
	From, To time.Time
	Reason   string
}

// Shift is the time of one region. Its instants are UTC and it ends before To; it is never empty.
type Shift struct {
	Region   string
	From, To time.Time
}

// Duty is one person's time on call in a region, from one instant up to another, UTC.
type Duty struct {
	Region   string
	Person   string // GitLab user name without @; empty: nobody is known
	From, To time.Time
	Override bool   // it is not by the rotation
	Reason   string // of the override or swap
}

// Default is the handbook's: two regions that share the day, and no rotations.
func Default() Schedule {
	return Schedule{Regions: []Region{{Name: "EMEA", From: 4 * 60, To: 16 * 60}, {Name: "AMER", From: 16 * 60, To: 4 * 60}}}
}
