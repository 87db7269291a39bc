package incident

import (
	"context"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Resolved returns the incident that this run resolved, and the name of the comment's key.
func (a *Alert) Resolved(rounds []workflow.Round) (i issue.Issue, key string, ours bool) {
	note, ours := workflow.DoneBy(rounds, func(step plan.Step) bool { _, ok := step.(plan.CreateNote); return ok })
	if step, ok := note.Step.(plan.CreateNote); !ok || a.resolving.Name == "" || step.IdempotencyKey.Name != a.resolving.Name {
		return i, "", false
	}
	i = a.found
	if r, ok := workflow.DoneBy(rounds, func(step plan.Step) bool { _, ok := step.(plan.ReconcileIssue); return ok }); ok && r.Issue.ID != 0 {
		i = r.Issue
	}
	return i, a.resolving.Name, ours
}

// verb decides whether the alerts resolve the incident: all are over, the team wants it, and no person touched it since it was opened. What
// people did is read right before.
func (a *Alert) verb(ctx context.Context, i issue.Issue, notes []issue.Note) (v incident.Verb, note string, err error) {
	if !a.Inputs.Group.Over {
		return incident.Alert, "", nil
	}
	if !a.Inputs.CloseOnResolved {
		return incident.Alert, fmt.Sprintf("All alerts are resolved. To resolve the incident: %s",
			workflow.Command("incident resolve %d", i.Ref.IID)), nil
	}
	labels, err := a.Read.LabelEvents(ctx, i.Ref)
	if err == nil {
		var states []issue.Event
		if states, err = a.Read.StateEvents(ctx, i.Ref); err == nil {
			var self string
			if self, err = a.Self(ctx); err == nil {
				if who := alert.Touched(i, notes, labels, states, self); who != "" {
					return incident.Alert, fmt.Sprintf("All alerts are resolved, and %s stays as it is: %s", i.Ref, who), nil
				}
				return incident.Resolve, fmt.Sprintf("All alerts are resolved: %s is too", i.Ref), nil
			}
		}
	}
	if workflow.Unreadable(err) {
		return incident.Alert, fmt.Sprintf("All alerts are resolved, and %s stays as it is: what people did to it cannot be read", i.Ref), nil
	}
	return incident.Alert, "", err
}
