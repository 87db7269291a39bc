package config

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// BoardLayout is the configured board. Its column called Ready, if there is one, takes ready issues only.
func (c Config) BoardLayout() board.Layout {
	l := board.Layout{Name: c.Board.Name, Done: manifest.Completed}
	for _, c := range c.Board.Columns {
		l.Columns = append(l.Columns, board.Column{Name: c.Name, Label: c.Label, Limit: c.Limit})
	}
	if c, ok := l.Find(board.Builtin().Ready); ok {
		l.Ready = c.Name
	}
	return l
}

// IncidentLabels are the labels of incidents in the team's words.
func (c Config) IncidentLabels() incident.Labels {
	return incident.LabelsOf(c.Labels.Names, c.Incidents.ServiceLabel)
}

// ChangeLabels are the labels of changes in the team's words.
func (c Config) ChangeLabels() change.Labels { return change.LabelsOf(c.Labels.Names) }

// HandoffLabel is the label of what is ready for a hand-off, in the team's words.
func (c Config) HandoffLabel() string { return c.Labels.Names.Of(label.Handoff) }

// HandoffLabels are the labels that the report goes by, in the team's words.
func (c Config) HandoffLabels() handoff.Labels {
	return handoff.LabelsOf(c.Labels.Names, c.Incidents.ServiceLabel)
}

// MilestoneRules are the cadence, names and labels of the timeboxes.
func (c Config) MilestoneRules() milestone.Rules {
	names := c.Labels.Names
	return milestone.Rules{
		Cadence: c.Milestones.Cadence,
		Names:   c.Milestones.Names,
		Labels:  milestone.Labels{Unscheduled: names.Of(label.Unscheduled), Toil: names.Of(label.Toil), CarriedOver: c.Milestones.CarriedLabel},
		Group:   c.Milestones.Scope == target.Group,
		Zone:    c.Timezone,
	}
}

// LabelPlaces are those where the declared labels should be, as far as they are configured.
func (c Config) LabelPlaces() []target.Target {
	if c.Milestones.Scope == target.Group {
		return []target.Target{c.MilestoneTarget()}
	}
	var places []target.Target
	for _, name := range []string{manifest.Infrastructure, manifest.Production} {
		if t := c.Tracker(name); !t.IsZero() {
			places = append(places, t)
		}
	}
	return places
}

// PrioritizedLabels are the names of the team's labels that have a priority, the highest first.
func (c Config) PrioritizedLabels() []string {
	set := slices.DeleteFunc(slices.Clone(c.Labels.Set()), func(d label.Declared) bool { return d.Priority == nil })
	slices.SortStableFunc(set, func(a, b label.Declared) int { return *a.Priority - *b.Priority })
	var names []string
	for _, d := range set {
		names = append(names, d.Name)
	}
	return names
}

// Owners are those whom somebody named, or else who is on call (SPEC 7); the word none is nobody.
func (c Config) Owners(named []string, now time.Time) (assign []string, duty string) {
	switch {
	case len(named) == 1 && strings.EqualFold(named[0], "none"):
		return nil, ""
	case len(named) > 0:
		return named, ""
	}
	return nil, c.Oncall.OnCall(now).Person
}

// MilestoneTitle is the title that the words current and next stand for, and any other title as it is.
func (c Config) MilestoneTitle(typed string) string {
	switch typed {
	case "current":
		return c.Milestones.Names.Current
	case "next":
		return c.Milestones.Names.Next
	}
	return typed
}
