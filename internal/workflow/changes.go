package workflow

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// ChangeFilter says which changes are wanted. Empty fields do not select; without states those that are not over.
type ChangeFilter struct {
	All           bool // also those that are over
	States        []change.State
	Criticalities []change.Criticality
	Services      []string
	Since         time.Time // opened since then
}

// Queries are the lists of issues that together hold all that the filter selects.
func (f ChangeFilter) Queries(labels change.Labels) []issue.Query {
	all := issue.Query{Labels: []string{labels.Change}, CreatedAfter: f.Since}
	if f.All || slices.Contains(f.States, change.UnknownState) {
		return []issue.Query{all}
	}
	if len(f.States) > 0 {
		var list []issue.Query
		for _, s := range f.States {
			own := all
			own.Labels = []string{labels.Change, labels.State(s)}
			list = append(list, own)
		}
		return list
	}
	open, closed := all, all
	open.State = issue.Opened
	closed.State, closed.Labels = issue.Closed, []string{labels.Change, labels.InProgress}
	return []issue.Query{open, closed}
}

// Selects reports whether the filter selects a change.
func (f ChangeFilter) Selects(c change.Change) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, c.State):
		return false
	case len(f.States) == 0 && !f.All && c.State.Over():
		return false
	case len(f.Criticalities) > 0 && !slices.Contains(f.Criticalities, c.Criticality):
		return false
	}
	return len(f.Services) == 0 || slices.ContainsFunc(f.Services, func(s string) bool { return slices.Contains(c.Record.Services, s) })
}
