// Package milestone is `prodctl milestone`: the two-week timeboxes, from ensure to roll, and their velocity.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package milestone

import (
	"gitlab.com/prodctl/prodctl/internal/plan"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "milestone",
		Aliases: []string{"milestones"},
		Short:   "Current, Next and finished timeboxes",
		Long: `The team works in timeboxes of two weeks, a Monday to the Friday 11 days later. There is always one open
Current Milestone and one open Next Milestone; a finished one is renamed and closed.`,
		Example: `  prodctl milestone list
  prodctl milestone roll --dry-run`,
	}
	cmd.AddCommand(
		newListCmd(a, runList),
		newShowCmd(a, runShow),
		newEnsureCmd(a, runEnsure),
		newRollCmd(a, runRoll),
		newVelocityCmd(a, runVelocity),
	)
	return cmd
}

// timeboxes is where the configured team's milestones live, and by which rules.
func timeboxes(s *app.Session) (flow.Timeboxes, error) {
	return flow.Timeboxes{Read: s.Client, In: s.Config.MilestoneTarget(), Rules: s.Config.MilestoneRules(), Parallel: s.Config.Parallel},
		s.Config.RequireMilestones()
}

// RollPlanner is the command of a saved plan.
func RollPlanner(s *app.Session, saved plan.Plan) (flow.Roll, error) {
	boxes, err := timeboxes(s)
	if err != nil {
		return flow.Roll{}, err
	}
	return flow.RollFrom(boxes, s.Config.Host, saved)
}

// EnsurePlanner is the command of a saved plan.
func EnsurePlanner(s *app.Session, saved plan.Plan) (flow.Ensure, error) {
	boxes, err := timeboxes(s)
	if err != nil {
		return flow.Ensure{}, err
	}
	return flow.EnsureFrom(boxes, s.Config.Host, saved)
}
