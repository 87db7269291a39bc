package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

type planOptions struct {
	applyOptions
	ExitCode bool
}

func newPlanCmd(a *app.App, run command.Run[planOptions]) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what label apply would do",
		Long: `Plan is label apply --dry-run: it shows what would be created, changed, renamed and, with --prune, deleted, and writes nothing.

Exit codes: 0, 4 no right, 6 wrong usage, 7 GitLab out of reach, 8 there is something to do (only with --exit-code),
130 interrupted.`,
		Example: `  prodctl label plan
  prodctl label plan --exit-code
  prodctl label plan --prune --plan-file labels.json`,
	}
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit 8 when there is something to do")
	return command.Shows(command.Define(a, cmd, &o, run), "plan-file")
}

func runPlan(ctx context.Context, s *app.Session, o planOptions) error {
	apply, err := ApplyPlanner(s, o.inputs())
	if err != nil {
		return err
	}
	s.Global.DryRun = true
	planner := &planRecorder{Planner: apply}
	if err := runner.Run(ctx, s, planner); err != nil {
		return err
	}
	if o.ExitCode && !planner.plan.Empty() {
		return fault.New(fault.Pending, "prodctl label apply", "labels are not as declared")
	}
	return nil
}

// witness remembers the plan that was made.
type planRecorder struct {
	workflow.Planner
	plan plan.Plan
}

// Plan is the planner's.
func (w *planRecorder) Plan(ctx context.Context) (plan.Plan, error) {
	p, err := w.Planner.Plan(ctx)
	w.plan = p
	return p, err
}
