package report

import (
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// periodOptions are the days that a report is about, as they were typed.
type periodOptions struct {
	From, To string
	Week     string
	Timebox  string
	Last     string
}

func addPeriodFlags(cmd *cobra.Command, o *periodOptions) {
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "the first `day`, such as 2018-08-18")
	f.StringVar(&o.To, "to", "", "the last `day`, which is included")
	f.StringVar(&o.Week, "week", "", "an ISO `week`: current, last or 2018-W34")
	f.StringVar(&o.Timebox, "timebox", "", "the days of a `timebox`: previous or current")
	f.StringVar(&o.Last, "last", "", "as many `days` up to today: 28d")
	for _, other := range []string{"week", "timebox", "last"} {
		cmd.MarkFlagsMutuallyExclusive("from", other)
		cmd.MarkFlagsMutuallyExclusive("to", other)
	}
	cmd.MarkFlagsMutuallyExclusive("week", "timebox", "last")
	complete(cmd, "week", "current", "last")
	complete(cmd, "timebox", "previous", "current")
}

// complete offers words for a flag.
func complete(cmd *cobra.Command, flag string, offered ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(offered, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic("cli: " + err.Error()) // the flag is not there
	}
}

// period is what was typed, or else as many days as are usual for the report up to today, in the team's zone.
func period(e *app.App, o periodOptions, usual int) (report.Period, error) {
	cfg, err := e.Config()
	if err != nil {
		return report.Period{}, err
	}
	today, err := e.Today()
	if err != nil {
		return report.Period{}, err
	}
	p := report.Last(usual, today, cfg.Timezone)
	switch {
	case o.Week != "":
		p, err = weekPeriod(o.Week, today, cfg.Timezone)
	case o.Timebox != "":
		p, err = timeboxPeriod(o.Timebox, cfg.Milestones, today, cfg.Timezone)
	case o.Last != "":
		p, err = lastPeriod(o.Last, today, cfg.Timezone)
	case o.From != "" || o.To != "":
		p, err = daysPeriod(o.From, o.To, usual, today, cfg.Timezone)
	}
	switch {
	case err != nil:
		return p, err
	case p.To.Before(p.From):
		return p, fault.New(fault.Usage, "write --from "+p.To.String()+" --to "+p.From.String(), "the period ends (%s) before it begins (%s)", p.To, p.From)
	case p.From.After(today):
		return p, fault.New(fault.Usage, "name days up to today, such as --week current", "the period begins on %s, which is in the future: today is %s", p.From, today)
	}
	return p, nil
}

func weekPeriod(typed string, today calendar.Date, zone *time.Location) (report.Period, error) {
	w := handoff.WeekOf(today)
	switch typed {
	case "current":
	case "last", "previous":
		w = w.Add(-1)
	default:
		var err error
		if w, err = handoff.ParseWeek(typed); err != nil {
			return report.Period{}, fault.Wrap(fault.Usage, err, "write --week "+handoff.WeekOf(today).String()+", --week current or --week last", "--week")
		}
	}
	return report.Week(w, zone), nil
}

func timeboxPeriod(typed string, m manifest.Milestones, today calendar.Date, zone *time.Location) (report.Period, error) {
	box := m.Cadence.At(today)
	switch typed {
	case "current":
	case "previous", "last":
		box = m.Cadence.Previous(box)
	default:
		return report.Period{}, fault.New(fault.Usage, "write --timebox previous or --timebox current", "--timebox %q names no timebox", typed)
	}
	return report.Period{From: box.Start, To: box.Due, Zone: zone}, nil
}

// mostDays is how long a period may be: ten years.
const mostDays = 3660

func lastPeriod(typed string, today calendar.Date, zone *time.Location) (report.Period, error) {
	const day = 24 * time.Hour
	span, err := manifest.ParseSpan(typed)
	if err != nil || span < day || span%day != 0 || span > mostDays*day {
		return report.Period{}, fault.New(fault.Usage, "write --last 28d or --last 4w", "--last %q is no number of days", typed)
	}
	return report.Last(int(span/day), today, zone), nil
}

// daysPeriod is as long as is usual where only its last day is said, and goes up to today where only the first one is.
func daysPeriod(from, to string, usual int, today calendar.Date, zone *time.Location) (report.Period, error) {
	p := report.Period{To: today, Zone: zone}
	var err error
	if to != "" {
		if p.To, err = calendar.ParseDate(to); err != nil {
			return p, fault.Wrap(fault.Usage, err, "write --to "+today.String(), "--to")
		}
	}
	p.From = p.To.AddDays(1 - usual)
	if from != "" {
		if p.From, err = calendar.ParseDate(from); err != nil {
			return p, fault.Wrap(fault.Usage, err, "write --from "+today.AddDays(1-usual).String(), "--from")
		}
	}
	if p.Days() > mostDays {
		return p, fault.New(fault.Usage, "name fewer days", "%d days are too many for a report: ten years are the most", p.Days())
	}
	return p, nil
}
