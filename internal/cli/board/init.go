package board

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
)

func newInitCmd(a *app.App, run command.Run[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Create the board, its columns and their labels",
		Long: `Create what is missing: the labels of the columns, the board, and its lists in the configured order.

Other lists stay. Init deletes only a second board of the same name without lists, which two runs at the same time can leave
behind. It is safe to run again.`,
		Example: `  # Show what would be created
  prodctl board init --dry-run

  # Create it without asking
  prodctl board init --yes`,
	}
	return command.Writes(command.Define(a, cmd, &struct{}{}, run))
}

func runInit(ctx context.Context, s *app.Session, _ struct{}) error {
	planner, err := InitPlanner(s)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// InitPlanner returns `board init` for the configured board.
func InitPlanner(s *app.Session) (flow.Init, error) {
	return flow.Init{Read: s.Client, In: s.Config.Infrastructure(), Layout: s.Config.BoardLayout(), Set: s.Config.Labels.Set(),
			Origin: s.Origin()},
		s.Config.RequireTrackers(manifest.Infrastructure)
}
