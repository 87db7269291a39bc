// Package milestone is `prodctl milestone`: the two-week timeboxes, from ensure to roll, and their velocity.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package milestone

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(env *app.App) *cobra.Command {
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
		newListCmd(env, runList),
		newShowCmd(env, runShow),
		newEnsureCmd(env, runEnsure),
		newRollCmd(env, runRoll),
		newVelocityCmd(env, runVelocity),
	)
	return cmd
}
