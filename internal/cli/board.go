package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/board"
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

// layout is the configured board. Its column called Ready, if there is one, takes ready issues only.
func layout(cfg config.Config) board.Layout {
	l := board.Layout{Name: cfg.Board.Name, Done: manifest.Completed}
	for _, c := range cfg.Board.Columns {
		l.Columns = append(l.Columns, board.Column{Name: c.Name, Label: c.Label, Limit: c.Limit})
	}
	if c, ok := l.Find(board.Builtin().Ready); ok {
		l.Ready = c.Name
	}
	return l
}
