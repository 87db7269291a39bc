package board

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

type moveOptions struct {
	Issue  string
	Column string
	Force  bool
}

func newMoveCmd(env *app.App, run func(context.Context, *app.App, moveOptions) error) *cobra.Command {
	var o moveOptions
	cmd := &cobra.Command{
		Use:   "move <issue> <column>",
		Short: "Put an issue into a column",
		Long: `Move gives the issue the label of the column and takes those of the other columns away, in one request. Completed closes
the issue; moving it out of Completed opens it again. An issue that is there already is left alone.

Ready takes only issues that are ready to be pulled: a weight of 1, 2, 3 or 5 (8 or more is split first), done-criteria or guiding
notes in the description, and small enough for one timebox. What is missing is said; --force moves it all the same.

The issue is 42, #42, infrastructure#42, group/project#42 or its address. The column is its name; case, spaces and hyphens do
not matter.

Exit codes: 0 done or nothing to do, 1 no such issue, 4 no right, 5 not ready, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  prodctl board move 42 ready
  prodctl board move 42 in-progress
  prodctl board move infrastructure#42 completed --dry-run`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue, o.Column = args[0], args[1]
			return run(cmd.Context(), env, o)
		},
	}
	cmd.Flags().BoolVar(&o.Force, "force", false, "move it to Ready though it is not ready")
	cmd.ValidArgsFunction = command.CompleteArgument(env, columnNames(env))
	return cmd
}

// columnNames completes the second argument; the first one is a number that people know.
func columnNames(e *app.App) command.Candidates {
	return func(context.Context, string) ([]string, error) {
		cfg, err := e.Config()
		return cfg.BoardLayout().Names(), err
	}
}

func runMove(ctx context.Context, env *app.App, o moveOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		ref, err := input.InfrastructureRef(cfg, o.Issue)
		if err != nil {
			return err
		}
		planner, err := MovePlanner(ctx, env, flow.MoveInputs{Project: ref.Project, IID: ref.IID, Column: o.Column, Force: o.Force})
		if err != nil {
			return err
		}
		return runner.Run(ctx, env, planner)
	})
}

// MovePlanner is the command for these inputs, typed now or kept in a plan file.
func MovePlanner(ctx context.Context, e *app.App, in flow.MoveInputs) (flow.Move, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Move{}, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Move{}, err
	}
	today, err := e.Today()
	return flow.Move{
		Read: client, Layout: cfg.BoardLayout(), Meta: cfg.Labels.Names.Of(label.Meta), Inputs: in, Host: cfg.Host, Words: e.Args, Today: today,
	}, err
}
