package goal

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/goal"
)

type sliceOptions struct {
	Issue  input.Issue
	Pieces input.Texts
}

func newSliceCmd(a *app.App, run command.Run[sliceOptions]) *cobra.Command {
	var o sliceOptions
	cmd := &cobra.Command{
		Use:   "slice <issue> <piece>...",
		Short: "Create linked pieces of a meta issue",
		Long: `Create one issue for each title, in the first column of the board, and link it with the meta goal or the meta issue. If that is
confidential, so are the pieces.

The same title for the same issue is the same piece, whenever the command is run: it is safe to run it again, also with more titles.`,
		Example: `  # Slice a meta goal
  prodctl goal slice 27 "Back up the registry every night" "Test the restore of the registry"

  # Show what would be created
  prodctl goal slice 27 "Encrypt the backups" --dry-run`,
	}
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "issue", Value: &o.Issue},
		command.Arg{Name: "piece", Value: &o.Pieces, Many: true}))
}

func runSlice(ctx context.Context, s *app.Session, o sliceOptions) error {
	in := flow.SliceInputs{Project: o.Issue.Project, IID: o.Issue.IID, Pieces: o.Pieces}
	planner, err := SlicePlanner(s, in)
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// SlicePlanner returns the planner for these inputs, which come from the command line or from a plan file.
func SlicePlanner(s *app.Session, in flow.SliceInputs) (*flow.Slice, error) {
	p := &flow.Slice{Read: s.Client, Moves: runner.Moves(s), Labels: s.Config.GoalLabels(), Origin: s.Origin()}
	if columns := s.Config.BoardLayout().Columns; len(columns) > 0 {
		p.Column = columns[0].Label
	}
	err := in.Check()
	p.Inputs = in
	return p, err
}
