package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
)

func newEnsureCmd(a *app.App, run command.Run[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ensure",
		Short: "Make sure that there is one Current and one Next Milestone",
		Long: `Ensure creates the Current and the Next Milestone where they are missing, gives them the cadence's dates, and puts the
dated name ("August Milestone 2 - ending 2018-08-24") into their descriptions. Everything else in a description stays.
When all is well it changes nothing. It finishes no timebox: that is roll.

Exit codes: 0 done or nothing to do, 3 stopped midway, 4 no right, 5 refused with the reason, 6 wrong usage,
7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl milestone ensure --dry-run
  prodctl milestone ensure --yes`,
	}
	return command.Writes(command.Define(a, cmd, &struct{}{}, run))
}

func runEnsure(ctx context.Context, s *app.Session, _ struct{}) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, flow.Ensure{Timeboxes: boxes, Origin: s.Origin()})
}
