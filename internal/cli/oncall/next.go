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
	"gitlab.com/prodctl/prodctl/pkg/account"
)

type nextOptions struct {
	At     input.Instant
	Person input.Person
}

func newNextCmd(a *app.App, run command.Run[nextOptions]) *cobra.Command {
	var o nextOptions
	cmd := &cobra.Command{
		Use:   "next",
		Short: "Show who is on call next",
		Long: `Show the next two people on call after the current one. With --person, show the next two times that person is on call;
exit code 1 means not within a year. -o ics writes a calendar.

Everything comes from the configuration and its calendar, if it has one: GitLab is not contacted.`,
		Example: `  # Who is on call next
  prodctl oncall next

  # Who is next after another time
  prodctl oncall next --at "2018-08-24 15:00" -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.At, "at", "`time` instead of now: RFC 3339, \"2018-12-25 10:00\" or a day"+input.Zone)
	f.Var(&o.Person, "person", "only this `user`")
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runNext(_ context.Context, s *app.Session, o nextOptions) error {
	at, person := o.At.Time.Time, string(o.Person.User)
	turns := s.Config.Oncall.NextTurns(at, person)
	if len(turns) == 0 && person != "" {
		return fault.New(fault.Failed, "To see the whole year: prodctl oncall schedule --weeks 52", "%s is not on call within a year of %s",
			account.Name(person), at.Format(time.DateOnly))
	}
	return s.View.Oncall(document.Oncall("next", at, turns, s.Config))
}
