package board

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
)

func newInitCmd(env *app.App, run func(context.Context, *app.App) error) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Make the board, its columns and their labels",
		Long: `Init makes what the board lacks: the labels of the columns, the board itself, and its lists in the order of the configuration.
Lists that are not the configuration's stay. A second board of the same name goes if it has no lists, as two runs at once can
leave behind; nothing else is deleted. Run again it finds nothing to do.

Exit codes: 0 done or nothing to do, 3 stopped midway, 4 no right, 5 not confirmed, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl board init --dry-run
  prodctl board init --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
	}
}

func runInit(ctx context.Context, env *app.App) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		planner, err := InitPlanner(ctx, env)
		if err != nil {
			return err
		}
		return runner.Run(ctx, env, planner)
	})
}

// InitPlanner is the command for the configured board.
func InitPlanner(ctx context.Context, e *app.App) (flow.Init, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Init{}, err
	}
	if err := cfg.RequireTrackers("infrastructure"); err != nil {
		return flow.Init{}, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Init{}, err
	}
	today, err := e.Today()
	return flow.Init{
		Read: client, In: cfg.Infrastructure(), Layout: cfg.BoardLayout(), Set: cfg.Labels.Set(), Host: cfg.Host, Words: e.Args, Today: today,
	}, err
}
