package incident

import (
	"fmt"
	"maps"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// This file decides when recording an event closes the issue.

// closing returns the fields that close an issue that is resolved already: with --close, and of GitLab's own type always.
func (e *Event) closing(i issue.Issue) map[string]string {
	native := i.Incident && e.Inputs.Verb == incident.Resolve
	if !e.Inputs.Close && !native {
		return nil
	}
	return e.withReview(i, map[string]string{incident.KeyClose: "true"})
}

// withReview adds to the fields of an event that closes an issue of GitLab's own type that a review is, or may be, due: GitLab counts how
// long such an issue is open, so it cannot stay open for the review.
func (e *Event) withReview(i issue.Issue, fields map[string]string) map[string]string {
	if i.Incident && e.Inputs.Verb == incident.Resolve && e.resolved(i).ReviewDue(e.Inputs.At, e.ReviewAfter).Answer != incident.No {
		fields[incident.KeyReview] = incident.ReviewDue
	}
	return fields
}

// closeIssue returns the event that closes the issue, if it should be closed and no event did so yet. old is the earlier event that
// recorded the rest.
func (e *Event) closeIssue(i issue.Issue, all []eventlog.Event, old eventlog.Event, key *issue.IdempotencyKey) (eventlog.Event, bool,
	error) {
	last := int64(0)
	for _, c := range all {
		if c.Trusted && c.Fields[incident.KeyClose] == "true" {
			last = c.NoteID
		}
	}
	fields := e.closing(i)
	if fields == nil || !i.Open() || last > incident.Of(i, e.Labels).Record.AsOfNote {
		return old, true, nil
	}
	key.Name += fmt.Sprintf("-close-%d", last)
	return incident.NewEvent(incident.Update, e.Inputs.At, fields, ""), false, nil
}

// fields are the fields of the event, with the one that closes the issue if it should be closed.
func (e *Event) fields(i issue.Issue) map[string]string {
	if e.Inputs.Verb != incident.Resolve && e.Inputs.Verb != incident.Review {
		return e.Inputs.Fields
	}
	if !incident.CloseOnResolve(e.Inputs.Close || i.Incident, e.resolved(i).ReviewDue(e.Inputs.At, e.ReviewAfter)) {
		return e.Inputs.Fields
	}
	fields := maps.Clone(e.Inputs.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	fields[incident.KeyClose] = "true"
	return e.withReview(i, fields)
}

// reviewLater is the note that the issue is closed before its review.
func (e *Event) reviewLater(i issue.Issue) string {
	return closedForReview(i, e.resolved(i).ReviewDue(e.Inputs.At, e.ReviewAfter), e.Labels)
}

// closedForReview is the note that an issue of GitLab's own type is closed although its review is, or may be, due.
func closedForReview(i issue.Issue, due incident.Due, labels incident.Labels) string {
	is := "is"
	if due.Answer != incident.Yes {
		is = "may be"
	}
	return fmt.Sprintf("The issue is closed, because GitLab counts how long it is open. A review %s due: it has the label %q. Next: ", is,
		labels.ReviewDue) + workflow.Command("incident review %d", i.Ref.IID)
}

// staysOpen is the note that resolving does not close the issue.
func (e *Event) staysOpen(i issue.Issue) string {
	if due := e.resolved(i).ReviewDue(e.Inputs.At, e.ReviewAfter); due.Answer != incident.Yes {
		return fmt.Sprintf("The issue stays open: a review may be due (%s)", due.Reason)
	}
	return "The issue stays open: a review is due. Next: " + workflow.Command("incident review %d", i.Ref.IID)
}
