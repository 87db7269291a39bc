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
	Issue  input.Issue
	Column input.Column
	Force  bool
}

func newMoveCmd(a *app.App, run command.Run[moveOptions]) *cobra.Command {
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
	}
	cmd.Flags().BoolVar(&o.Force, "force", false, "move it to Ready though it is not ready")
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue}, command.Arg{Name: "column",
		Value: &o.Column}))
}

func runMove(ctx context.Context, s *app.Session, o moveOptions) error {
	in := flow.MoveInputs{Project: o.Issue.Project, IID: o.Issue.IID, Column: string(o.Column), Force: o.Force}
	planner, err := MovePlanner(s, in)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// MovePlanner is the command for these inputs, typed now or kept in a plan file.
func MovePlanner(s *app.Session, in flow.MoveInputs) (flow.Move, error) {
	return flow.Move{Read: s.Client, Layout: s.Config.BoardLayout(), Meta: s.Config.Labels.Names.Of(label.Meta), Inputs: in,
		Origin: s.Origin()}, nil
}
