package change

import (
	"context"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// clashPatience limits the search for other changes: a warning must not hold up the change.
const clashPatience = 5 * time.Second

// clashes are warnings about locks and other changes in the window. Other changes matter to C1 and C2 changes only, and are read for them
// only; if that fails, a warning says so.
func (o *Open) clashes(ctx context.Context) []string {
	planned := o.Inputs.Request.Planned()
	if window := planned.Window(); !planned.Criticality.Grave() || !window.From.Before(window.To) {
		return change.Clashes(planned, o.Locks, nil)
	}
	ctx, cancel := context.WithTimeout(ctx, clashPatience)
	defer cancel()
	others, err := workflow.Changes(ctx, o.Read, o.Inputs.Project, o.Labels, workflow.ChangeFilter{})
	others = slices.DeleteFunc(others, o.same)
	warnings := change.Clashes(planned, o.Locks, others)
	if err != nil {
		warnings = append(warnings, "Clashes with other changes are unknown: they could not be read")
	}
	return warnings
}

// same reports whether a change is the one that is planned, which an earlier run opened.
func (o *Open) same(c change.Change) bool {
	return issue.NormalTitle(c.Issue.Title) == issue.NormalTitle(o.Inputs.Request.Title) && c.Record.Start.Equal(o.Inputs.Request.Start)
}
