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
		Short: "Tell who is on call, and who comes after",
		Long: `Now tells who is on call at this moment or another, until when, whether that is by the rotation, and who comes after.
Times are UTC, and behind them on the team's clocks where those show others. Nothing is asked of GitLab.

Besides the usual formats there is -o ics, a calendar of the two.

Exit codes: 0 also when nobody is known, 1 failed, 6 wrong usage or a fault in the configuration, 130 interrupted.`,
		Example: `  prodctl oncall now
  prodctl oncall now --at "2018-12-25 10:00"
  prodctl oncall now --jq .duty.person.user`,
	}
	cmd.Flags().Var(&o.At, "at", "another `time` than now: RFC 3339, \"2018-12-25 10:00\" (UTC) or a day")
	command.HasFormats(cmd, render.ICS)
	return command.DefineOffline(a, cmd, &o, run)
}

func runNow(_ context.Context, s *app.Session, o nowOptions) error {
	return s.View.Oncall(document.Oncall("now", o.At.Time.Time, s.Config.Oncall.Turns(o.At.Time.Time), s.Config))
}
