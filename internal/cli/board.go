package cli

import (
	"github.com/spf13/cobra"
)

func newBoardCmd(env *Env) *cobra.Command {
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
		newBoardShowCmd(env, runBoardShow),
		newBoardInitCmd(env, runBoardInit),
		newBoardMoveCmd(env, runBoardMove),
	)
	return cmd
}
