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
		Short: "Move an issue to a column",
		Long: `Add the label of the column to an issue (42, infrastructure#42, or its URL) and remove the labels of the other columns.
Completed closes the issue; moving it out of Completed reopens it. Case, spaces and hyphens in the column do not matter.

Ready accepts only issues with a weight of 1, 2, 3 or 5, done criteria or guiding notes in the description, and a size that fits
one timebox. Use --force to move an issue that is not ready.`,
		Example: `  # Move issue 42 to Ready
  prodctl board move 42 ready

  # Start work on it
  prodctl board move 42 in-progress

  # Show what closing it would change
  prodctl board move infrastructure#42 completed --dry-run`,
	}
	cmd.Flags().BoolVar(&o.Force, "force", false, "move the issue to Ready even if it is not ready")
	command.AddConfidentialFlag(cmd)
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

// MovePlanner returns `board move` for inputs from the command line or from a plan file.
func MovePlanner(s *app.Session, in flow.MoveInputs) (*flow.Move, error) {
	return &flow.Move{Read: s.Client, Moves: runner.Moves(s), Layout: s.Config.BoardLayout(),
		Meta: s.Config.Labels.Names.Of(label.Meta), Inputs: in, Origin: s.Origin()}, nil
}
