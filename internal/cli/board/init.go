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
		Short: "Make the board, its columns and their labels",
		Long: `Init makes what the board lacks: the labels of the columns, the board itself, and its lists in the order of the configuration.
Lists that are not the configuration's stay. A second board of the same name goes if it has no lists, as two runs at once can
leave behind; nothing else is deleted. Run again it finds nothing to do.

Exit codes: 0 done or nothing to do, 3 stopped midway, 4 no right, 5 not confirmed, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl board init --dry-run
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

// InitPlanner is the command for the configured board.
func InitPlanner(s *app.Session) (flow.Init, error) {
	return flow.Init{Read: s.Client, In: s.Config.Infrastructure(), Layout: s.Config.BoardLayout(), Set: s.Config.Labels.Set(),
			Origin: s.Origin()},
		s.Config.RequireTrackers(manifest.Infrastructure)
}
