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
		Short: "Create the Current and Next Milestone, or fix their dates",
		Long: `Create the Current and the Next Milestone if they are missing, set their dates from the cadence, and put the dated name
("August Milestone 2 - ending 2018-08-24") into their descriptions. The rest of a description stays as it is.

Ensure never finishes a timebox: use prodctl milestone roll for that.`,
		Example: `  # Show what would change
  prodctl milestone ensure --dry-run

  # Create or fix the milestones without asking
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
