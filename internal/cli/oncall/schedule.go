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
		Short: "Show the on-call schedule",
		Long: `Show who is on call from the Monday of this week, or from another day. A terminal shows each day as a row of hours in the
team's time zone with one letter per person; a lower-case letter is an override or a swap. Other formats list shifts in UTC.

-o ics writes a calendar; importing it again updates its events. GitLab is not contacted.`,
		Example: `  # This week and the next
  prodctl oncall schedule

  # Three weeks from a given day
  prodctl oncall schedule --from 2018-12-17 --weeks 3

  # A calendar for the next twelve weeks
  prodctl oncall schedule --weeks 12 -o ics`,
	}
	f := cmd.Flags()
	f.Var(&o.From, "from", "first `day` (default: the Monday of this week)")
	f.Var(&o.Weeks, "weeks", "show `n` weeks, 1 to 52")
	f.Var(&o.Person, "person", "only this `user`")
	command.AddLimitFlag(cmd, "first `n` shifts")
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runSchedule(_ context.Context, s *app.Session, o scheduleOptions) error {
	return s.View.OncallSchedule(document.OncallSchedule(o.From.Date, o.Weeks.Value, string(o.Person.User), s.Config))
}
