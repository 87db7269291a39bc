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
// people did is read right before. If it was touched, the comments are read again: it may have been the run of another replica.
func (a *Alert) verb(ctx context.Context, i issue.Issue, notes []issue.Note) (v incident.Verb, note string, now []issue.Note, err error) {
	if !a.Inputs.Group.Over {
		return incident.Alert, "", notes, nil
	}
	if !a.Inputs.CloseOnResolved {
		return incident.Alert, fmt.Sprintf("All alerts are resolved. To resolve the incident: %s",
			workflow.Command("incident resolve %d", i.Ref.IID)), notes, nil
	}
	who, err := a.touched(ctx, i, notes)
	switch {
	case workflow.Unreadable(err):
		who, err = "what people did to it cannot be read", nil
	case err == nil && who == "":
		return incident.Resolve, fmt.Sprintf("All alerts are resolved: %s is too", i.Ref), notes, nil
	case err == nil:
		notes, err = a.Read.TrustedNotes(ctx, i.Ref)
	}
	return incident.Alert, fmt.Sprintf("All alerts are resolved, and %s stays as it is: %s", i.Ref, who), notes, err
}

// touched says what a person did to the incident; empty for nothing.
func (a *Alert) touched(ctx context.Context, i issue.Issue, notes []issue.Note) (string, error) {
	labels, err := a.Read.LabelEvents(ctx, i.Ref)
	if err != nil {
		return "", err
	}
	states, err := a.Read.StateEvents(ctx, i.Ref)
	if err != nil {
		return "", err
	}
	self, err := a.Self(ctx)
	return alert.Touched(i, notes, labels, states, self), err
}
