// Package label is `prodctl label`: compare the labels of projects or a group with the declared set, and bring them to it.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package label

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// New is the command with all its verbs.
func New(env *app.App) *cobra.Command {
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
		newListCmd(env, runList),
		newPlanCmd(env, runPlan),
		newApplyCmd(env, runApply),
	)
	return cmd
}

const inHelp = "where: a tracker's `name`, all (every tracker) or group; can be given again " +
	"(default infrastructure and, where it is configured, production, or the group that milestones live on)"

// addIn gives a command the flag --in.
func addIn(cmd *cobra.Command, env *app.App, in *[]string) {
	cmd.Flags().StringSliceVar(in, "in", nil, inHelp)
	command.Complete(env, cmd, "in", command.PlaceNames(env))
}

// labels is the declared set with the places that --in names.
func labels(ctx context.Context, e *app.App, in []string) (flow.Labels, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Labels{}, cfg, err
	}
	places, err := labelPlaces(cfg, in)
	if err != nil {
		return flow.Labels{}, cfg, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Labels{}, cfg, err
	}
	return flow.Labels{Read: client, In: places, Set: cfg.BoardLayout().Labels(cfg.Labels.Set())}, cfg, nil
}

// labelPlaces turns the words of --in into projects and groups, each once. A group stands alone: what it gets, its projects
// see already, and both at once would make the same labels twice.
func labelPlaces(cfg config.Config, in []string) ([]target.Target, error) {
	if len(in) == 0 {
		if cfg.Milestones.Scope != target.Group {
			if err := cfg.RequireTrackers("infrastructure"); err != nil {
				return nil, err
			}
		}
		return cfg.LabelPlaces(), nil
	}
	var places []target.Target
	seen := map[target.Target]bool{}
	for _, word := range in {
		found, err := labelPlace(cfg, word)
		if err != nil {
			return nil, err
		}
		for _, place := range found {
			if !seen[place] {
				places, seen[place] = append(places, place), true
			}
		}
	}
	for _, place := range places {
		if place.Kind == target.Group && len(places) > 1 {
			return nil, fault.New(fault.Usage, "run it once with --in group and once for the trackers", "--in group goes with no other place")
		}
	}
	return places, nil
}

func labelPlace(cfg config.Config, word string) ([]target.Target, error) {
	switch {
	case word == command.InGroup && cfg.Milestones.Group == "":
		return nil, fault.New(fault.Usage, "set milestones.scope: group and milestones.group", "--in group: the configuration names no group")
	case word == command.InGroup:
		return []target.Target{target.GroupAt(cfg.Milestones.Group)}, nil
	case word == command.InAll:
		if err := cfg.RequireTrackers("infrastructure"); err != nil {
			return nil, err
		}
		var all []target.Target
		for _, t := range cfg.Trackers {
			all = append(all, t.Project)
		}
		return all, nil
	}
	if err := cfg.RequireTrackers(word); err != nil {
		return nil, err
	}
	return []target.Target{cfg.Tracker(word)}, nil
}
