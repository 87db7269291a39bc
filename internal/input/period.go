package input

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// The names of the flags of a [Period].
const (
	PeriodFrom    = "from"
	PeriodTo      = "to"
	PeriodWeek    = "week"
	PeriodTimebox = "timebox"
	PeriodLast    = "last"
)

// Period is the days that a report is about, in the team's zone. Several flags set it, each a [PeriodFlag]. The default is a number
// of days up to today, see [LastDays].
type Period struct {
	report.Period
	usual int
	raw   map[string]string // by flag; empty: not given
}

// LastDays is a period, by default of so many days up to today.
func LastDays(usual int) Period { return Period{usual: usual, raw: map[string]string{}} }

// Flag is the flag with this name.
func (p *Period) Flag(name string) *PeriodFlag { return &PeriodFlag{name, p} }

// PeriodFlag is one of the flags that set a period.
type PeriodFlag struct {
	name   string
	period *Period
}

// Set keeps the input, because its days depend on today.
func (f *PeriodFlag) Set(raw string) error {
	f.period.raw[f.name] = strings.TrimSpace(raw)
	return nil
}

// String is the input.
func (f *PeriodFlag) String() string { return f.period.raw[f.name] }

// Type is period.
func (f *PeriodFlag) Type() string { return "period" }

// Candidates are the words for a week or a timebox.
func (f *PeriodFlag) Candidates(context.Context, Source, string) ([]Candidate, error) {
	switch f.name {
	case PeriodWeek:
		return fixed([]string{"current", "last"}), nil
	case PeriodTimebox:
		return fixed([]string{"previous", "current"}), nil
	}
	return nil, nil
}

// Resolve finds the days. --from and --to are resolved together, but each reports its own error.
func (f *PeriodFlag) Resolve(c Context) (err error) {
	p, raw, today, zone := f.period, f.String(), c.today(), c.Config.Timezone
	switch {
	case f.name == PeriodFrom || f.name == PeriodTo:
		return p.days(f.name, today, zone)
	case raw == "":
		return nil
	case f.name == PeriodWeek:
		p.Period, err = week(raw, today, zone)
	case f.name == PeriodTimebox:
		p.Period, err = timebox(raw, c.Config.Milestones, today, zone)
	case f.name == PeriodLast:
		p.Period, err = last(raw, today, zone)
	}
	if err != nil {
		return err
	}
	return check(p.Period, today)
}

// days resolves --from and --to. Without --from the period has its default length, without --to it ends today.
func (p *Period) days(flag string, today calendar.Date, zone *time.Location) error {
	if p.raw[PeriodWeek]+p.raw[PeriodTimebox]+p.raw[PeriodLast] != "" {
		return nil
	}
	to, errTo := day(p.raw[PeriodTo], today)
	if errTo != nil {
		to = today // for the hint
	}
	p.Period = report.Last(p.usual, to, zone)
	from, errFrom := day(p.raw[PeriodFrom], p.From)
	p.From = from
	both := PeriodFrom // the flag that reports an error of the two together
	if p.raw[PeriodFrom] == "" && p.raw[PeriodTo] != "" {
		both = PeriodTo
	}
	switch {
	case errTo != nil || errFrom != nil:
		return map[string]error{PeriodFrom: errFrom, PeriodTo: errTo}[flag]
	case flag == both:
		return check(p.Period, today)
	}
	return nil
}

// day parses a date, with a default for no input.
func day(raw string, usual calendar.Date) (calendar.Date, error) {
	if raw == "" {
		return usual, nil
	}
	date, err := calendar.ParseDate(raw)
	return date, invalid(err, usual.String())
}

func week(raw string, today calendar.Date, zone *time.Location) (report.Period, error) {
	current := handoff.WeekOf(today)
	switch raw {
	case "current":
		return report.Week(current, zone), nil
	case "last", "previous":
		return report.Week(current.Add(-1), zone), nil
	}
	w, err := handoff.ParseWeek(raw)
	return report.Week(w, zone), invalid(err, current.String(), "current", "last")
}

func timebox(raw string, m manifest.Milestones, today calendar.Date, zone *time.Location) (report.Period, error) {
	box := m.Cadence.At(today)
	switch raw {
	case "current":
	case "previous", "last":
		box = m.Cadence.Previous(box)
	default:
		return report.Period{}, unknownWord("timebox", raw, []string{"previous", "current"})
	}
	return report.Period{From: box.Start, To: box.Due, Zone: zone}, nil
}

func last(raw string, today calendar.Date, zone *time.Location) (report.Period, error) {
	const day = 24 * time.Hour
	span, err := manifest.ParseSpan(raw)
	if weeks, ok := strings.CutSuffix(raw, "w"); ok {
		span, err = manifest.ParseSpan(weeks + "d")
		span *= 7
	}
	if err != nil || span < day || span%day != 0 || span > report.MaxDays*day {
		return report.Period{}, invalid(fmt.Errorf("invalid period %q", raw), "28d", "4w")
	}
	return report.Last(int(span/day), today, zone), nil
}

func check(p report.Period, today calendar.Date) error {
	err := p.Check(today)
	if err == nil {
		return nil
	}
	hint := "Use days up to today, such as --week current"
	if p.To.Before(p.From) {
		hint = fmt.Sprintf("Use --from %s --to %s", p.To, p.From)
	}
	return fault.Wrap(fault.Usage, err, hint, "")
}
