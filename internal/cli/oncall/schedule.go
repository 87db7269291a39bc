package oncall

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type scheduleOptions struct {
	From   string
	Weeks  int
	Person string
}

func newScheduleCmd(env *app.App, run func(context.Context, *app.App, scheduleOptions) error) *cobra.Command {
	var o scheduleOptions
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Draw who is on call in the weeks to come",
		Long: `Schedule shows who is on call from the Monday of this week on, or from another day. On a terminal each day is a strip of hours on the
team's clocks (timezone in the configuration), with a letter for each person; a small letter is not by the rotation but by an override or a swap.
Elsewhere it is a list of duties in UTC. Nothing is asked of GitLab.

Besides the usual formats there is -o ics: a calendar to import, or to subscribe to when a scheduled job publishes it. An event keeps its
identity, so that importing it again doubles nothing.

Exit codes: 0, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl oncall schedule
  prodctl oncall schedule --from 2018-12-17 --weeks 3
  prodctl oncall schedule --weeks 12 -o ics`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "the first `day`; the Monday of this week when it is left out")
	f.IntVar(&o.Weeks, "weeks", 2, "`how many` weeks, 1 to 52")
	f.StringVar(&o.Person, "person", "", "the duties of this `person`, by user name, alone")
	command.Complete(env, cmd, "person", peopleOnCall(env))
	command.HasFormats(cmd, render.ICS)
	return cmd
}

func runSchedule(ctx context.Context, env *app.App, o scheduleOptions) error {
	const most = 52
	if o.Weeks < 1 || o.Weeks > most {
		return fault.New(fault.Usage, "say --weeks 2", "--weeks %d: it can be 1 to %d", o.Weeks, most)
	}
	return env.Bounded(ctx, func(context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		first, err := firstDay(env, o.From)
		if err != nil {
			return err
		}
		who := ""
		if o.Person != "" {
			if who, err = knownPerson(cfg, o.Person); err != nil {
				return err
			}
		}
		return env.View.OncallSchedule(scheduleDoc(cfg, first, o.Weeks, who))
	})
}

// firstDay is the day that --from names, or the Monday of this week.
func firstDay(e *app.App, said string) (calendar.Date, error) {
	if said != "" {
		d, err := calendar.ParseDate(said)
		if err != nil {
			return d, fault.Wrap(fault.Usage, err, "write --from 2018-12-17", "--from")
		}
		return d, nil
	}
	today, err := e.Today()
	if err != nil {
		return today, err
	}
	return today.AddDays(-(int(today.Weekday()) + 6) % 7), nil
}

// scheduleDoc are all duties of some weeks, or one person's, whole.
func scheduleDoc(cfg config.Config, first calendar.Date, weeks int, who string) jsonv1.OncallSchedule {
	s := cfg.Oncall
	from, to := first.Midnight(cfg.Timezone), first.AddDays(7*weeks).Midnight(cfg.Timezone)
	var duties []jsonv1.Duty
	for _, sh := range s.Between(from, to) {
		for _, d := range s.Duties(sh) {
			if d.From.Before(to) && d.To.After(from) && (who == "" || oncall.Same(d.Person, who)) {
				duties = append(duties, document.Duty(s, sh, d))
			}
		}
	}
	doc := jsonv1.NewOncallSchedule(from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339), cfg.Timezone.String(), duties)
	doc.Person = who
	doc.Notes = noRotations(cfg)
	return doc
}
