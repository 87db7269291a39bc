// Package label implements `prodctl label`: compare the labels of projects or a group with the declared labels, and apply those.
//
// Each verb has its own file with its flags, its help and a run function, which calls one workflow and one view. Start with [New].
// Rules, requests and output formats do not belong here.
package label

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

// New returns the command with its subcommands.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "label",
		Aliases: []string{"labels"},
		Short:   "Manage the team's labels",
		Long: `The handbook's labels are built in: names, colors, descriptions and priorities. The labels section of the configuration can
rename them and add the team's own. A label of a parent group counts as present and is never changed from a project.`,
		Example: `  # Compare the labels with the declared ones
  prodctl label list

  # Show what apply would change
  prodctl label plan

  # Create and update labels without asking
  prodctl label apply --yes`,
	}
	cmd.AddCommand(
		newListCmd(a, runList),
		newPlanCmd(a, runPlan),
		newApplyCmd(a, runApply),
	)
	return cmd
}

const inHelp = "`place`: a tracker, all (every tracker) or group, by name, full path or URL; repeatable " +
	"(default: infrastructure and production, or the group of the milestones)"

// addIn adds the flag --in to a command.
func addIn(cmd *cobra.Command, in *input.Places) { cmd.Flags().Var(in, "in", inHelp) }

// labels returns the declared labels and the places that --in names.
func labels(s *app.Session, in []string) (flow.Labels, error) {
	places, err := s.Config.PlacesOf(in)
	return flow.Labels{Read: s.Client, In: places, Set: s.Config.BoardLayout().Labels(s.Config.Labels.Set())}, err
}
