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
		Short: "Create and update the declared labels",
		Long: `Create missing labels, set the declared color, description and priority of those that differ, and rename those that still have
an old name; their issues keep the label. --prune also deletes undeclared labels that no issue, merge request or board uses.

Other labels stay as they are, and labels of parent groups are never changed from a project. Group labels get no priorities,
because GitLab keeps priorities in each project.`,
		Example: `  # Show what would change
  prodctl label plan

  # From a pipeline
  prodctl label apply --yes

  # One tracker, and delete unused labels
  prodctl label apply --in production --prune`,
	}
	o.addFlags(cmd)
	return command.Writes(command.Define(a, cmd, &o, run))
}

func (o *applyOptions) addFlags(cmd *cobra.Command) {
	addIn(cmd, &o.In)
	f := cmd.Flags()
	f.BoolVar(&o.Prune, "prune", false, "delete undeclared labels that are not in use")
	f.BoolVar(&o.Force, "force", false, "with --prune, also delete labels that are in use")
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

// ApplyPlanner returns `label apply` for inputs from the command line or from a plan file.
func ApplyPlanner(s *app.Session, in flow.Inputs) (flow.Apply, error) {
	if in.Force && !in.Prune {
		const hint = "To see what would be deleted: prodctl label plan --prune --force"
		return flow.Apply{}, fault.New(fault.Usage, hint, "--force requires --prune")
	}
	labels, err := labels(s, in.In)
	return flow.Apply{Labels: labels, Inputs: in, Origin: s.Origin()}, err
}
