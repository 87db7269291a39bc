package oncall

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/render"
)

type scheduleOptions struct {
	From   input.FirstDay
	Weeks  input.Count
	Person input.Person
}

func newScheduleCmd(a *app.App, run command.Run[scheduleOptions]) *cobra.Command {
	o := scheduleOptions{Weeks: input.Between(1, 52, 2)}
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Draw who is on call in the weeks to come",
		Long: `Schedule shows who is on call from the Monday of this week on, or from another day. On a terminal each day is a strip
of hours on the team's clocks (timezone in the configuration), with a letter for each person; a small letter is not by
the rotation but by an override or a swap. Elsewhere it is a list of duties in UTC. Nothing is asked of GitLab.

Besides the usual formats there is -o ics: a calendar to import, or to subscribe to when a scheduled job publishes it.
An event keeps its identity, so that importing it again doubles nothing.

Exit codes: 0, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl oncall schedule
  prodctl oncall schedule --from 2018-12-17 --weeks 3
  prodctl oncall schedule --weeks 12 -o ics`,
	}
	f := cmd.Flags()
	f.Var(&o.From, "from", "the first `day`; the Monday of this week when it is left out")
	f.Var(&o.Weeks, "weeks", "`how many` weeks, 1 to 52")
	f.Var(&o.Person, "person", "the duties of this `person`, by user name, alone")
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runSchedule(_ context.Context, s *app.Session, o scheduleOptions) error {
	return s.View.OncallSchedule(document.OncallSchedule(o.From.Date, o.Weeks.Value, string(o.Person.User), s.Config))
}
