package input

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Shift is a shift of the schedule: current, last, EMEA@2018-08-24 or an ID. Make one with [CurrentShift] or [EndingShift].
type Shift struct {
	oncall.Shift
	raw string
	at  *Time // the time for current and last; nil or not set: now
}

// CurrentShift is a shift, by default the current one.
func CurrentShift() Shift { return Shift{raw: oncall.Current} }

// EndingShift is a shift, by default the one that ends at the given time.
func EndingShift(at *PastTime) Shift { return Shift{at: &at.Time} }

// Set keeps the input, because the shift depends on the schedule and the clock.
func (s *Shift) Set(raw string) error { s.raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (s *Shift) String() string { return s.raw }

// Type is shift.
func (s *Shift) Type() string { return "shift" }

// Resolve finds the shift.
func (s *Shift) Resolve(c Context) (err error) {
	moment := c.Now
	if s.at != nil && s.at.raw != "" {
		if s.at.Resolve(c) != nil {
			return nil // the time's own flag reports that
		}
		moment = s.at.Time
	}
	if s.raw == "" && s.at != nil {
		s.Shift = c.Config.Oncall.Ending(moment)
		return nil
	}
	s.Shift, err = c.Config.Oncall.ParseShift(s.raw, moment)
	return invalid(err, oncall.Current, oncall.Last)
}

// Candidates are the two words, with their shifts, and the shifts of the last two days, the newest first.
func (s *Shift) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	schedule := from.Config.Oncall
	if len(schedule.Regions) == 0 { // the configuration is not trusted
		return fixed([]string{oncall.Current, oncall.Last}), nil
	}
	now := schedule.At(from.Now)
	list := []Candidate{{oncall.Current, now.ID()}, {oncall.Last, schedule.Previous(now).ID()}}
	for _, sh := range slices.Backward(schedule.Between(from.Now.AddDate(0, 0, -2), from.Now)) {
		list = append(list, Candidate{sh.Region + "@" + sh.From.Format(time.DateOnly), sh.ID()})
	}
	return list, nil
}

// Person is a user in the on-call schedule. After Resolve it has the spelling of the schedule.
type Person struct{ User }

// Resolve refuses a user who is not in the schedule, because the name is probably misspelt.
func (p *Person) Resolve(c Context) error {
	if p.User == "" {
		return nil
	}
	if known := c.Config.Oncall.Member(string(p.User)); known != "" {
		p.User = User(known)
		return nil
	}
	hint := "Use one of " + strings.Join(c.Config.Oncall.Members(), ", ")
	switch {
	case len(c.Config.Oncall.Members()) > 0:
	case c.Config.File == "":
		hint = "Add people under rotation in " + config.FileName
	default:
		hint = "Add people under rotation in " + c.Config.File
	}
	return fault.New(fault.Usage, hint, "user @%s is not in the on-call schedule", p.User)
}

// PastTime is the point in time of a report.
type PastTime struct{ Time }

// Instant is a [Moment], or a date, which means midnight in the team's zone. Without input it is now.
type Instant struct{ Moment }

// Resolve reads the time.
func (i *Instant) Resolve(c Context) error {
	i.Time.Time = c.Now
	if i.raw == "" {
		return nil
	}
	if day, err := calendar.ParseDate(i.raw); err == nil {
		i.Time.Time = day.Midnight(c.Config.Timezone).UTC()
		return nil
	}
	return i.Moment.Resolve(c)
}

// FirstDay is the first day of a schedule, by default the Monday of this week.
type FirstDay struct{ Day }

// Set reads the date.
func (d *FirstDay) Set(raw string) error {
	err := d.Day.Set(raw)
	if wrong, ok := errors.AsType[*Invalid](err); ok {
		wrong.Forms = []string{"2018-12-17"}
	}
	return err
}

// Resolve finds the Monday.
func (d *FirstDay) Resolve(c Context) error {
	if d.IsZero() {
		d.Date = handoff.WeekOf(c.today()).Monday()
	}
	return nil
}

// today is the date in the team's zone.
func (c Context) today() calendar.Date { return calendar.DateOf(c.Now.In(c.Config.Timezone)) }
