package milestone

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func newSweepCmd(a *app.App, run command.Run[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Label issues that came in after the timebox started",
		Long: `Add the label unscheduled to issues that came into the Current Milestone after its first working day (planning.grace). Issues
with the label outage, carried over by a roll, or planned with milestone plan --fill stay as they are.

If somebody takes the label off an issue, sweep does not add it again. It is safe in a daily schedule: on the first working
day it changes nothing and exits 0.`,
		Example: `  # Show what would be labeled
  prodctl milestone sweep --dry-run

  # From a daily schedule
  prodctl milestone sweep --yes`,
	}
	return command.Writes(command.Define(a, cmd, new(struct{}), run))
}

func runSweep(ctx context.Context, s *app.Session, _ struct{}) error {
	planner, err := SweepPlanner(s, flow.SweepInputs{})
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// SweepPlanner returns the planner of a sweep from the command line or from a plan file.
func SweepPlanner(s *app.Session, _ flow.SweepInputs) (flow.Sweep, error) {
	boxes, err := timeboxes(s)
	return flow.Sweep{Timeboxes: boxes, Origin: s.Origin(), History: s.Client, Team: s.Config.Planning.Team, Grace: s.Config.Planning.Grace,
		Outage: s.Config.Labels.Names.Of(label.Outage), Now: s.Time}, err
}
