// Package label is `prodctl label`: compare the labels of projects or a group with the declared set, and bring them to it.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package label

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "label",
		Aliases: []string{"labels"},
		Short:   "The declared set of labels and what is there",
		Long: `The handbook's labels come with prodctl: names, colours, descriptions and the order of the prioritized ones. The section
labels of the configuration gives them other names and adds a team's own. Labels of a group above a project count as
there and are never touched from the project.`,
		Example: `  prodctl label list
  prodctl label plan
  prodctl label apply --yes`,
	}
	cmd.AddCommand(
		newListCmd(a, runList),
		newPlanCmd(a, runPlan),
		newApplyCmd(a, runApply),
	)
	return cmd
}

const inHelp = "where: a tracker's `name`, all (every tracker) or group; can be given again " +
	"(default infrastructure and, where it is configured, production, or the group that milestones live on)"

// addIn gives a command the flag --in.
func addIn(cmd *cobra.Command, in *input.Places) { cmd.Flags().Var(in, "in", inHelp) }

// labels is the declared set with the places that --in names.
func labels(s *app.Session, in []string) (flow.Labels, error) {
	places, err := s.Config.PlacesOf(in)
	return flow.Labels{Read: s.Client, In: places, Set: s.Config.BoardLayout().Labels(s.Config.Labels.Set())}, err
}
