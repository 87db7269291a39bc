package config

import (
	"maps"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Setting is one value, of the type that it has in the file, and where it came from.
type Setting struct {
	Name   string // full: "milestones.scope"
	Value  any
	Source Source
}

// Settings are all effective values in the order of the file. What has no value is left out. Written as a file they
// give the same configuration.
func (c Config) Settings() []Setting {
	var out []Setting
	add := func(name string, value any) {
		out = append(out, Setting{name, value, c.Source(name)})
	}
	said := func(name, value string) {
		if value != "" {
			add(name, value)
		}
	}
	said("host", c.Host)
	for _, t := range c.Trackers {
		add("trackers."+t.Name, t.Project.Path)
	}
	add("timezone", c.Timezone.String())
	c.milestoneSettings(add, said)
	add("labels.builtin", c.Labels.Builtin)
	for _, name := range slices.Sorted(maps.Keys(c.Labels.Names)) {
		add("labels.names."+name, c.Labels.Names[name])
	}
	if len(c.Labels.Declare) > 0 {
		add("labels.declare", declared(c.Labels.Declare))
	}
	add("board.name", c.Board.Name)
	add("board.columns", columns(c.Board.Columns))
	c.incidentSettings(add, said)
	c.changeSettings(add, said)
	c.approvalSettings(add)
	c.oncallSettings(add, said)
	add("output", c.Output)
	add("color", c.Color)
	add("timeout", manifest.FormatDuration(c.Timeout))
	add("parallel", c.Parallel)
	said("ca_file", c.CAFile)
	said("token_file", c.TokenFile)
	add("allow_http", c.AllowHTTP)
	return out
}

func (c Config) milestoneSettings(add func(string, any), said func(name, value string)) {
	m := c.Milestones
	add("milestones.scope", string(m.Scope))
	said("milestones.group", m.Group)
	add("milestones.anchor", m.Cadence.Anchor.String())
	add("milestones.length", m.Cadence.Length)
	add("milestones.every", m.Cadence.Every)
	add("milestones.current", m.Names.Current)
	add("milestones.next", m.Names.Next)
	add("milestones.dated_name", string(m.Names.Dated))
	add("milestones.archive_title", string(m.Names.Archive))
	add("milestones.carry_over", string(m.CarryOver))
	add("milestones.carried_label", m.CarriedLabel)
}

func declared(set label.Set) []any {
	var out []any
	for _, d := range set {
		item := map[string]any{"name": d.Name}
		for key, value := range map[string]string{"color": d.Color, "description": d.Description, "scope": string(d.Scope)} {
			if value != "" {
				item[key] = value
			}
		}
		if d.Priority != nil {
			item["priority"] = *d.Priority
		}
		if len(d.Was) > 0 {
			item["was"] = anything(d.Was)
		}
		out = append(out, item)
	}
	return out
}

func columns(all []Column) []any {
	var out []any
	for _, c := range all {
		out = append(out, map[string]any{"name": c.Name, "label": c.Label, "limit": c.Limit})
	}
	return out
}

func anything(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}
