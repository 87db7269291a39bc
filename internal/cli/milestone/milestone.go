// Package milestone implements `prodctl milestone`: the two-week timeboxes and their velocity.
//
// Each verb has its own file with its flags, its help and a run function, which calls one workflow and one view. Start with [New].
// Rules, requests and output formats do not belong here.
package milestone

import (
	"gitlab.com/prodctl/prodctl/internal/plan"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with its subcommands.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "milestone",
		Aliases: []string{"milestones"},
		Short:   "Manage the team's two-week milestones",
		Long: `The team works in two-week timeboxes, from a Monday to the Friday 11 days later. There is always one open Current Milestone
and one open Next Milestone. A finished milestone is renamed and closed.`,
		Example: `  # List the open milestones
  prodctl milestone list

  # Show what a roll would do
  prodctl milestone roll --dry-run`,
	}
	cmd.AddCommand(
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newEnsureCmd(a, runEnsure),
		newRollCmd(a, runRoll),
		newVelocityCmd(a, runVelocity),
		newPlanCmd(a, runPlan),
		newSweepCmd(a, runSweep),
	)
	return cmd
}

// timeboxes returns the place and the rules of the team's milestones, as configured.
func timeboxes(s *app.Session) (flow.Timeboxes, error) {
	return flow.Timeboxes{Read: s.Client, In: s.Config.MilestoneTarget(), Rules: s.Config.MilestoneRules(), Parallel: s.Config.Parallel},
		s.Config.RequireMilestones()
}

// RollPlanner returns the `milestone roll` that a saved plan was made by.
func RollPlanner(s *app.Session, saved plan.Plan) (flow.Roll, error) {
	boxes, err := timeboxes(s)
	if err != nil {
		return flow.Roll{}, err
	}
	r, err := flow.RollFrom(boxes, s.Config.Host, saved)
	return withHooks(s, r), err
}

// EnsurePlanner returns the `milestone ensure` that a saved plan was made by.
func EnsurePlanner(s *app.Session, saved plan.Plan) (flow.Ensure, error) {
	boxes, err := timeboxes(s)
	if err != nil {
		return flow.Ensure{}, err
	}
	return flow.EnsureFrom(boxes, s.Config.Host, saved)
}
