package oncall

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/render"
)

type nextOptions struct {
	At     input.Instant
	Person input.Person
}

func newNextCmd(a *app.App, run command.Run[nextOptions]) *cobra.Command {
	var o nextOptions
	cmd := &cobra.Command{
		Use:   "next",
		Short: "Tell who comes next, or when somebody's next turn is",
		Long: `Next tells who is on call after this moment's duty; with --person, when that person is on call next, and then again. A
duty that goes on is not the next one. Times are UTC. Nothing is asked of GitLab.

Besides the usual formats there is -o ics, a calendar of the two.

Exit codes: 0, 1 failed or --person is not on call within a year, 6 wrong usage or a fault in the configuration, 130
interrupted.`,
		Example: `  prodctl oncall next
  prodctl oncall next --at "2018-08-24 15:00" -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.At, "at", "after another `time` than now: RFC 3339, \"2018-12-25 10:00\" (UTC) or a day")
	f.Var(&o.Person, "person", "the duties of this `person`, by user name, alone")
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runNext(_ context.Context, s *app.Session, o nextOptions) error {
	at, person := o.At.Time.Time, string(o.Person.User)
	turns := s.Config.Oncall.NextTurns(at, person)
	if len(turns) == 0 && person != "" {
		return fault.New(fault.Failed, "prodctl oncall schedule --weeks 52", "@%s is not on call within a year of %s", person,
			at.Format(time.DateOnly))
	}
	return s.View.Oncall(document.Oncall("next", at, turns, s.Config))
}
