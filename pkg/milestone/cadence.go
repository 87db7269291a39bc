package milestone

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Cadence is the rhythm of timeboxes. The handbook's runs from a Monday to the Friday 11 days later,
// "12 days" counted inclusively, and begins again 14 days after the last begin ("Team board and Milestones").
type Cadence struct {
	Anchor calendar.Date // any day on which a timebox begins, past or future
	Length int           // days of a timebox, first and last included
	Every  int           // days from one begin to the next
}

// Handbook is the cadence of the handbook's example: August Milestone 2 ends on 2018-08-24.
func Handbook() Cadence {
	return Cadence{Anchor: calendar.NewDate(2018, 8, 13), Length: 12, Every: 14}
}

// Validate reports why c is no cadence: timeboxes must have at least two days
// (GitLab refuses a due date equal to the start) and must not overlap.
func (c Cadence) Validate() error {
	switch {
	case c.Anchor.IsZero():
		return fmt.Errorf("the cadence has no anchor date")
	case c.Length < 2:
		return fmt.Errorf("a timebox of %d days is too short: GitLab wants the due date after the start", c.Length)
	case c.Every < c.Length:
		return fmt.Errorf("timeboxes of %d days that begin every %d days overlap", c.Length, c.Every)
	case c.Every > 366:
		return fmt.Errorf("a begin every %d days is longer than a year", c.Every)
	}
	return nil
}

// Timebox is the period of one milestone, both days included.
type Timebox struct {
	Start, Due calendar.Date
}

// String is "2018-08-13 to 2018-08-24".
func (t Timebox) String() string { return t.Start.String() + " to " + t.Due.String() }

// Box is the period of a milestone as it stands in GitLab; either date may be zero.
func (m Milestone) Box() Timebox { return Timebox{m.Start, m.Due} }

func (c Cadence) box(start calendar.Date) Timebox {
	return Timebox{start, start.AddDays(c.Length - 1)}
}

// At returns the timebox that day belongs to: the one that began last on or before it.
// The days between a Friday's end and the Monday's begin count as the timebox that has ended.
func (c Cadence) At(day calendar.Date) Timebox {
	into := day.DaysSince(c.Anchor) % c.Every
	if into < 0 {
		into += c.Every
	}
	return c.box(day.AddDays(-into))
}

// Next returns the timebox after t, Previous the one before it.
func (c Cadence) Next(t Timebox) Timebox { return c.box(t.Start.AddDays(c.Every)) }

// Previous returns the timebox before t.
func (c Cadence) Previous(t Timebox) Timebox { return c.box(t.Start.AddDays(-c.Every)) }

// After returns the first timebox of the cadence that begins after day.
func (c Cadence) After(day calendar.Date) Timebox { return c.Next(c.At(day)) }

// Fits reports whether t is one of the cadence's timeboxes.
func (c Cadence) Fits(t Timebox) bool {
	return !t.Start.IsZero() && c.At(t.Start) == t
}

// Meant returns the timebox of the cadence that t stands for: the one its end lies in, or the one before when t began
// before that and reaches less than half into it, as one does that was given some days more.
func (c Cadence) Nearest(t Timebox) Timebox {
	box := c.At(t.Due)
	if !t.Start.IsZero() && t.Start.Before(box.Start) && 2*(t.Due.DaysSince(box.Start)+1) <= c.Length {
		return c.Previous(box)
	}
	return box
}

// Ordinal counts t among the timeboxes that end in the same month as t, from 1:
// the handbook's "August Milestone 2" is the second that ends in August.
func (c Cadence) Ordinal(t Timebox) int {
	return (t.Due.Day()-1)/c.Every + 1
}

// Ended returns how many timeboxes, t being the first, are due on or before today.
func (c Cadence) Ended(t Timebox, today calendar.Date) int {
	n := 0
	for ; !t.Due.After(today); t = c.Next(t) {
		n++
	}
	return n
}
