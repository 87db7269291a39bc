package config

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Values of --in besides the names of trackers.
const (
	AllPlaces  = "all"
	GroupPlace = "group"
)

// PlacesOf turns the values of --in into projects and groups, without duplicates. A group cannot be combined with projects: its
// projects inherit its labels, so both at once would create the same labels twice.
func (c Config) PlacesOf(in []string) ([]target.Target, error) {
	if len(in) == 0 {
		if c.Milestones.Scope != target.Group {
			if err := c.RequireTrackers("infrastructure"); err != nil {
				return nil, err
			}
		}
		return c.LabelPlaces(), nil
	}
	var places []target.Target
	seen := map[target.Target]bool{}
	for _, word := range in {
		found, err := c.placeOf(word)
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
			return nil, fault.New(fault.Usage, "Run the command twice: with --in group, and for the trackers",
				"--in group cannot be combined with other values")
		}
	}
	return places, nil
}

// placeOf returns the projects or the group of one value of --in.
func (c Config) placeOf(word string) ([]target.Target, error) {
	switch {
	case word == GroupPlace && c.Milestones.Group == "":
		return nil, fault.New(fault.Usage, "Set milestones.scope: group and milestones.group", "--in group: no group is configured")
	case word == GroupPlace:
		return []target.Target{target.GroupAt(c.Milestones.Group)}, nil
	case word == AllPlaces:
		if err := c.RequireTrackers("infrastructure"); err != nil {
			return nil, err
		}
		var all []target.Target
		for _, t := range c.Trackers {
			all = append(all, t.Project)
		}
		return all, nil
	}
	if strings.Contains(word, "/") {
		return c.placeAt(word)
	}
	if known := c.places(); !slices.Contains(known, word) {
		hint := InitHint
		if c.File != "" {
			hint = "To add a place, name its project under trackers in " + c.File
		}
		return nil, fault.New(fault.Usage, hint, "invalid place %q (use %s)", word, manifest.Alternatives(known))
	}
	if err := c.RequireTrackers(word); err != nil {
		return nil, err
	}
	return []target.Target{c.Tracker(word)}, nil
}

// placeAt returns the tracker or the group with a full path, or with the URL of one of its pages.
func (c Config) placeAt(word string) ([]target.Target, error) {
	project, err := c.ProjectPath(word)
	if err != nil {
		return nil, err
	}
	group, err := c.GroupPath(word)
	if err != nil {
		return nil, err
	}
	for _, t := range c.Trackers {
		if strings.EqualFold(t.Project.Path, strings.Trim(project, "/")) {
			return []target.Target{t.Project}, nil
		}
	}
	if strings.EqualFold(c.Milestones.Group, strings.Trim(group, "/")) {
		return []target.Target{target.GroupAt(c.Milestones.Group)}, nil
	}
	return nil, fault.New(fault.Usage, "To add a place, name its project under trackers in the configuration",
		"%s is neither a tracker of the configuration nor the group of the milestones", word)
}

// places returns the values of --in. The two trackers that prodctl knows are valid even if they are not configured.
func (c Config) places() []string {
	names := []string{manifest.Infrastructure, manifest.Production}
	for _, t := range c.Trackers {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return append(names, AllPlaces, GroupPlace)
}

// RequireMilestones returns an error of kind Usage if no project or group is configured for milestones.
func (c Config) RequireMilestones() error {
	if c.Milestones.Scope == target.Group {
		return nil
	}
	return c.RequireTrackers(manifest.Infrastructure)
}
