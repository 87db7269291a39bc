package goal

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/goal"
	"gitlab.com/prodctl/prodctl/pkg/goal"
)

func newListCmd(a *app.App, run command.Run[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List open goals with their progress",
		Long: `List the goals of the timebox first, then meta goals and meta issues: owner, due date, how many of the linked pieces are done,
and when the last one is likely to be finished (a chance of 85 %, from what was finished of the pieces in the last timeboxes).

A meta goal or a meta issue costs one request for its links. Outside a terminal, confidential issues appear by reference only.`,
		Example: `  # On a Monday
  prodctl goal list

  # For the team's page
  prodctl goal list -o md`,
	}
	command.AddLimitFlag(cmd, "first `n` goals")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, new(struct{}), run)
}

func runList(ctx context.Context, s *app.Session, _ struct{}) error {
	list, err := read(ctx, s)
	if err != nil {
		return err
	}
	return s.View.Goals(document.Goals(s.Config, list, s.Time))
}

// read reads all goals with their pieces.
func read(ctx context.Context, s *app.Session) ([]goal.Goal, error) {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return nil, err
	}
	progress := s.Progress("Reading goals")
	defer progress.Stop()
	return flow.List{Read: s.Client, In: s.Config.Infrastructure(), Milestones: s.Config.MilestoneTarget(),
		Rules: s.Config.GoalRules(s.Today)}.Goals(ctx)
}

type checkOptions struct{ ExitCode bool }

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "List goals that do not fit or lack something",
		Long: `A goal has an owner, a weight of 1, 2, 3 or 5, and a due date within its timebox. A meta goal has an owner and linked pieces,
and is likely to end in its quarter. Other meta issues have linked pieces.

Outside a terminal, confidential issues appear by reference only. With --exit-code, exit code 8 means that something is missing.`,
		Example: `  # What is missing
  prodctl goal check

  # In a scheduled pipeline
  prodctl goal check --exit-code`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if a goal has a problem")
	command.AddLimitFlag(cmd, "first `n` goals")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	list, err := read(ctx, s)
	if err != nil {
		return err
	}
	doc := document.GoalCheck(s.Config, list, s.Time)
	if err := s.View.Goals(doc); err != nil {
		return err
	}
	if o.ExitCode && doc.Problems > 0 {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
