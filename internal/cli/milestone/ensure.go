package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
)

type ensureOptions struct{ flow.EnsureInputs }

func newEnsureCmd(a *app.App, run command.Run[ensureOptions]) *cobra.Command {
	var o ensureOptions
	cmd := &cobra.Command{
		Use:   "ensure",
		Short: "Create the Current and Next Milestone",
		Long: `Create the Current and the Next Milestone if they are missing, set missing dates from the cadence, and put the dated name
("August Milestone 2 - ending 2018-08-24") into their descriptions. The rest of a description stays as it is, and so do
dates that somebody set. To replace dates that do not fit the cadence, use --realign.

Ensure never finishes a timebox: use prodctl milestone roll for that.`,
		Example: `  # Show what would change
  prodctl milestone ensure --dry-run

  # Create the milestones without asking
  prodctl milestone ensure --yes

  # Fix dates that do not fit the cadence
  prodctl milestone ensure --realign`,
	}
	cmd.Flags().BoolVar(&o.Realign, "realign", false, "replace dates that do not fit the cadence")
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runEnsure(ctx context.Context, s *app.Session, o ensureOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, flow.Ensure{Timeboxes: boxes, EnsureInputs: o.EnsureInputs, Origin: s.Origin()})
}
