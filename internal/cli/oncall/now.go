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

type nowOptions struct {
	At input.Instant
}

func newNowCmd(a *app.App, run command.Run[nowOptions]) *cobra.Command {
	var o nowOptions
	cmd := &cobra.Command{
		Use:   "now",
		Short: "Show who is on call",
		Long: `Show who is on call now or at another time, until when, and who is next. Times are UTC, followed by the team's time zone
if it differs. -o ics writes a calendar.

Everything comes from the configuration and its calendar, if it has one: GitLab is not contacted.`,
		Example: `  # Right now
  prodctl oncall now

  # At another time
  prodctl oncall now --at "2018-12-25 10:00"

  # Only the user name
  prodctl oncall now --jq .duty.person.user`,
	}
	cmd.Flags().Var(&o.At, "at", "`time` instead of now: RFC 3339, \"2018-12-25 10:00\" or a day"+input.Zone)
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runNow(_ context.Context, s *app.Session, o nowOptions) error {
	return s.View.Oncall(document.Oncall("now", o.At.Time.Time, s.Config.Oncall.Turns(o.At.Time.Time), s.Config))
}
