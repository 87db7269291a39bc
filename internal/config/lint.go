package config

import (
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/lint"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// LintSettings returns the board, labels and limits that the rules of lint use.
func (c Config) LintSettings() lint.Settings {
	return lint.Settings{
		Layout: c.BoardLayout(), Goals: c.GoalLabels(), Incidents: c.IncidentLabels(), Changes: c.ChangeLabels(),
		Handoff: c.HandoffLabel(), Priorities: c.Priorities().Availability, Stale: c.Lint.Stale,
		Kept: c.Milestones.CarryOver == milestone.CarryKeep,
	}
}

// LintRules returns the ids of the rules that are not switched off.
func (c Config) LintRules() []string {
	return slices.DeleteFunc(lint.IDs(), func(id string) bool { return slices.Contains(c.Lint.Off, id) })
}

// LintIgnores returns the entries of lint.ignore with their place in the file, whose name is shown.
func (c Config) LintIgnores(file string) ([]lint.Ignore, error) {
	var list []lint.Ignore
	for n, e := range c.Lint.Ignore {
		at := fmt.Sprintf("lint.ignore[%d]", n)
		ref, err := c.IssueRef(manifest.Infrastructure, e.Issue)
		if err != nil {
			return nil, fault.Wrap(fault.Usage, err, "Fix the file, then run: prodctl config validate", "%s.issue", at)
		}
		line, column := c.Place(at)
		list = append(list, lint.Ignore{Rule: e.Rule, Issue: ref, Until: e.Until, File: file, Line: line, Column: column})
	}
	return list, nil
}
