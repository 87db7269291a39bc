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
		Long: `Show which labels prodctl label apply would create, update, rename and, with --prune, delete. Nothing is changed.

Exit code 8, only with --exit-code, means that changes are pending.`,
		Example: `  # Show what would change
  prodctl label plan

  # Fail in a pipeline if labels differ
  prodctl label plan --exit-code

  # Save the plan for prodctl apply
  prodctl label plan --prune --plan-file labels.json`,
	}
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if changes are pending")
	return command.Shows(command.Define(a, cmd, &o, run), "plan-file")
}

func runPlan(ctx context.Context, s *app.Session, o planOptions) error {
	apply, err := ApplyPlanner(s, o.inputs())
	if err != nil {
		return err
	}
	s.Global.DryRun = true
	s.View = s.View.PlannedBy("label plan")
	recorder := &planRecorder{Planner: apply}
	if err := runner.Run(ctx, s, recorder); err != nil {
		return err
	}
	if o.ExitCode && !recorder.plan.Empty() {
		return fault.New(fault.Pending, "To apply the changes: prodctl label apply", "labels differ from the declared ones")
	}
	return nil
}

// planRecorder keeps the last plan of its planner.
type planRecorder struct {
	workflow.Planner
	plan plan.Plan
}

// Plan plans and keeps the result.
func (r *planRecorder) Plan(ctx context.Context) (plan.Plan, error) {
	p, err := r.Planner.Plan(ctx)
	r.plan = p
	return p, err
}
