package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

type applyOptions struct {
	In    input.Places
	Prune bool
	Force bool
}

func newApplyCmd(a *app.App, run command.Run[applyOptions]) *cobra.Command {
	var o applyOptions
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
	}
	o.addFlags(cmd)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func (o *applyOptions) addFlags(cmd *cobra.Command) {
	addIn(cmd, &o.In)
	f := cmd.Flags()
	f.BoolVar(&o.Prune, "prune", false, "delete labels that nobody declared and nothing uses")
	f.BoolVar(&o.Force, "force", false, "with --prune: delete those in use too")
}

func (o *applyOptions) inputs() flow.Inputs {
	return flow.Inputs{In: input.Strings(o.In), Prune: o.Prune, Force: o.Force}
}

func runApply(ctx context.Context, s *app.Session, o applyOptions) error {
	planner, err := ApplyPlanner(s, o.inputs())
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// ApplyPlanner is the command for these inputs, typed now or kept in a plan file.
func ApplyPlanner(s *app.Session, in flow.Inputs) (flow.Apply, error) {
	if in.Force && !in.Prune {
		return flow.Apply{}, fault.New(fault.Usage, "prodctl label apply --prune --force", "--force says something only with --prune")
	}
	labels, err := labels(s, in.In)
	return flow.Apply{Labels: labels, Inputs: in, Origin: s.Origin()}, err
}
