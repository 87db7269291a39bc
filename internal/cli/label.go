package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func newLabelCmd(env *Env) *cobra.Command {
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
		newLabelListCmd(env, runLabelList),
		newLabelPlanCmd(env, runLabelPlan),
		newLabelApplyCmd(env, runLabelApply),
	)
	return cmd
}

// Words of --in besides the names of trackers.
const (
	inAll   = "all"
	inGroup = "group"
)

const inHelp = "where: a tracker's `name`, all (every tracker) or group; can be given again " +
	"(default infrastructure and, where it is configured, production, or the group that milestones live on)"

// addIn gives a command the flag --in.
func addIn(cmd *cobra.Command, env *Env, in *[]string) {
	cmd.Flags().StringSliceVar(in, "in", nil, inHelp)
	env.completeWith(cmd, "in", placeNames(env))
}

func placeNames(e *Env) values {
	return func(context.Context, string) ([]string, error) {
		cfg, err := e.Config()
		names := []string{inAll}
		for _, t := range cfg.Trackers {
			names = append(names, t.Name)
		}
		if cfg.Milestones.Group != "" {
			names = append(names, inGroup)
		}
		return names, err
	}
}

// labels is the declared set with the places that --in names.
func (e *Env) labels(ctx context.Context, in []string) (workflow.Labels, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.Labels{}, cfg, err
	}
	places, err := labelPlaces(cfg, in)
	if err != nil {
		return workflow.Labels{}, cfg, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return workflow.Labels{}, cfg, err
	}
	return workflow.Labels{Read: client, In: places, Set: cfg.BoardLayout().Labels(cfg.Labels.Set())}, cfg, nil
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
	case word == inGroup && cfg.Milestones.Group == "":
		return nil, fault.New(fault.Usage, "set milestones.scope: group and milestones.group", "--in group: the configuration names no group")
	case word == inGroup:
		return []target.Target{target.GroupAt(cfg.Milestones.Group)}, nil
	case word == inAll:
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
