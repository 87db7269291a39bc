// Package board is `prodctl board`: show the board, make its labels and lists, move an issue.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package board

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "board",
		Aliases: []string{"boards"},
		Short:   "The team's board: Planning, Ready, Waiting, In Progress, Completed",
		Long: `The team works from the board of the infrastructure tracker, Kanban style. A column is a label, but for the last one,
Completed, which is the closed state. The section board of the configuration names the columns and their limits.`,
		Example: `  prodctl board show
  prodctl board move 42 "In Progress"`,
	}
	cmd.AddCommand(
		newShowCmd(a, runShow),
		newInitCmd(a, runInit),
		newMoveCmd(a, runMove),
	)
	return cmd
}
