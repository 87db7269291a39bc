package milestone

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Cadence is the schedule of timeboxes. In the handbook a timebox runs from a Monday to the Friday 11 days later,
// "12 days" counted inclusively, and the next one starts 14 days after the previous start ("Team board and Milestones").
type Cadence struct {
	Anchor calendar.Date // any day on which a timebox starts, past or future
	Length int           // days of a timebox, first and last included
	Every  int           // days from one start to the next
}

// Handbook returns the cadence of the handbook's example: August Milestone 2 ends on 2018-08-24.
func Handbook() Cadence {
	return Cadence{Anchor: calendar.NewDate(2018, 8, 13), Length: 12, Every: 14}
}

// Validate returns an error if timeboxes have fewer than two days (GitLab refuses a due date equal to the start) or overlap.
func (c Cadence) Validate() error {
	switch {
	case c.Anchor.IsZero():
		return fmt.Errorf("missing anchor date")
	case c.Length < 2:
		return fmt.Errorf("a timebox of %d days is too short: GitLab requires a due date after the start date", c.Length)
	case c.Every < c.Length:
		return fmt.Errorf("timeboxes of %d days that start every %d days overlap", c.Length, c.Every)
	case c.Every > 366:
		return fmt.Errorf("a timebox every %d days is more than a year apart", c.Every)
	}
	return nil
}

// Timebox is the period of one milestone, first and last day included.
type Timebox struct {
	Start, Due calendar.Date
}

// String returns the form "2018-08-13 to 2018-08-24".
func (t Timebox) String() string { return t.Start.String() + " to " + t.Due.String() }

// Box returns the period of a milestone as set in GitLab. Either date may be zero.
func (m Milestone) Box() Timebox { return Timebox{m.Start, m.Due} }

func (c Cadence) box(start calendar.Date) Timebox {
	return Timebox{start, start.AddDays(c.Length - 1)}
}

// At returns the timebox of a day: the last one that starts on or before it.
// The days between the end on a Friday and the next start on a Monday belong to the timebox that has ended.
func (c Cadence) At(day calendar.Date) Timebox {
	into := day.DaysSince(c.Anchor) % c.Every
	if into < 0 {
		into += c.Every
	}
	return c.box(day.AddDays(-into))
}

// Next returns the timebox after t.
func (c Cadence) Next(t Timebox) Timebox { return c.box(t.Start.AddDays(c.Every)) }

// Previous returns the timebox before t.
func (c Cadence) Previous(t Timebox) Timebox { return c.box(t.Start.AddDays(-c.Every)) }

// After returns the first timebox that starts after day.
func (c Cadence) After(day calendar.Date) Timebox { return c.Next(c.At(day)) }

// Fits reports whether t is one of the cadence's timeboxes.
func (c Cadence) Fits(t Timebox) bool {
	return !t.Start.IsZero() && c.At(t.Start) == t
}

// Nearest returns the timebox of the cadence that t corresponds to: the one that contains its end. If t starts before that one and
// reaches less than half into it, as a timebox that was extended by some days does, it is the one before.
func (c Cadence) Nearest(t Timebox) Timebox {
	box := c.At(t.Due)
	if !t.Start.IsZero() && t.Start.Before(box.Start) && 2*(t.Due.DaysSince(box.Start)+1) <= c.Length {
		return c.Previous(box)
	}
	return box
}

// Ordinal returns the position of t among the timeboxes that end in the same month, from 1:
// the handbook's "August Milestone 2" is the second one that ends in August.
func (c Cadence) Ordinal(t Timebox) int {
	return (t.Due.Day()-1)/c.Every + 1
}

// Ended returns the number of timeboxes, starting with t, that are due on or before today.
func (c Cadence) Ended(t Timebox, today calendar.Date) int {
	n := 0
	for ; !t.Due.After(today); t = c.Next(t) {
		n++
	}
	return n
}
