package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

func newApplyCmd(env *app.App, run func(context.Context, *app.App, flow.Inputs) error) *cobra.Command {
	var o flow.Inputs
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Bring projects or the group to the declared set of labels",
		Long: `Apply creates the labels that are missing, gives those that differ the declared colour, description and priority, and renames
those that still have an old name, which keeps their issues. What is not declared stays as it is.

With --prune it also deletes labels that nobody declared, as long as no issue or open merge request carries them and no
board has them as a column; --force deletes those too. Labels of a group above are never touched from a project.
A group's labels have no priorities: GitLab keeps those in each project.

Exit codes: 0 done or nothing to do, 3 stopped midway, 4 no right, 5 not confirmed, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  # what would be done?
  prodctl label plan

  # from a pipeline
  prodctl label apply --yes

  # one tracker, and clean up
  prodctl label apply --in production --prune`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	addLabelInputs(cmd, env, &o)
	return cmd
}

func addLabelInputs(cmd *cobra.Command, env *app.App, o *flow.Inputs) {
	addIn(cmd, env, &o.In)
	f := cmd.Flags()
	f.BoolVar(&o.Prune, "prune", false, "delete labels that nobody declared and nothing uses")
	f.BoolVar(&o.Force, "force", false, "with --prune: delete those in use too")
}

func runApply(ctx context.Context, env *app.App, o flow.Inputs) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		planner, err := ApplyPlanner(ctx, env, o)
		if err != nil {
			return err
		}
		return runner.Run(ctx, env, planner)
	})
}

// ApplyPlanner is the command for these inputs, typed now or kept in a plan file.
func ApplyPlanner(ctx context.Context, e *app.App, o flow.Inputs) (flow.Apply, error) {
	if o.Force && !o.Prune {
		return flow.Apply{}, fault.New(fault.Usage, "prodctl label apply --prune --force", "--force says something only with --prune")
	}
	labels, cfg, err := labels(ctx, e, o.In)
	if err != nil {
		return flow.Apply{}, err
	}
	today, err := e.Today()
	return flow.Apply{Labels: labels, Inputs: o, Host: cfg.Host, Words: e.Args, Today: today}, err
}
