// Package board implements `prodctl board`: show the board, create its labels and lists, move an issue.
//
// Each verb has its own file with its flags, its help and a run function, which calls one workflow and one view. Start with [New].
// Rules, requests and output formats do not belong here.
package board

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New returns the command with its subcommands.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "board",
		Aliases: []string{"boards"},
		Short:   "Show and manage the team's board",
		Long: `The team works from a Kanban board in the infrastructure tracker. Each column is a label, except the last one, Completed,
which holds the closed issues. The board section of the configuration sets the columns and their limits.`,
		Example: `  # Show the board
  prodctl board show

  # Move issue 42
  prodctl board move 42 "In Progress"`,
	}
	cmd.AddCommand(
		newShowCmd(a, runShow),
		newInitCmd(a, runInit),
		newMoveCmd(a, runMove),
	)
	return cmd
}
