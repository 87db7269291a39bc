// Package goal defines the command `prodctl goal` and its verbs, one file each. Start with [New].
//
// A verb has flags, help, and a run function that calls one workflow and one view. Rules and requests are not here: they are in pkg/goal
// and internal/workflow/goal.
package goal

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "goal",
		Aliases: []string{"goals"},
		Short:   "List, check and slice goals",
		Long: `A goal is an issue with the label goal: the team does everything in its power to deliver it within its timebox. With the label
meta as well it is a direction for a quarter. An issue with meta alone is larger, and has to be sliced into linked pieces.`,
		Example: `  # What the team looks at on Monday
  prodctl goal list

  # What is wrong with our goals?
  prodctl goal check`,
	}
	cmd.AddCommand(
		newListCmd(a, runList),
		newCheckCmd(a, runCheck),
		newSliceCmd(a, runSlice),
	)
	return cmd
}
