package incident

import (
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// findByKey finds the event with the key from --key or --new and with the same words. If the key was used for other words, the event gets
// a key of its own: a key that others may use as well must not suppress words.
func (e *Event) findByKey(all []eventlog.Event, event eventlog.Event, key *issue.IdempotencyKey) (eventlog.Event, bool) {
	if !e.Inputs.explicitKey() {
		return eventlog.Event{}, false
	}
	for _, name := range []issue.IdempotencyKey{*key, workflow.WordedKey(*key, fmt.Sprint(event.Text, withoutClose(event.Fields)))} {
		own, err := idempotency.NewKey(name.Kind, name.Name)
		used := func(old eventlog.Event) bool { return err == nil && old.Trusted && old.Key == own.String() }
		same := func(old eventlog.Event) bool { return used(old) && eventlog.SameContent(old, event) }
		if at := slices.IndexFunc(all, same); at >= 0 {
			return all[at], true
		}
		*key = name
		if !slices.ContainsFunc(all, used) {
			break
		}
		e.reused = true
	}
	return eventlog.Event{}, false
}

// Changed reports whether the event of this run, which it added as a comment, changed the state of the incident. It returns the issue as
// it is afterwards, or as first read if the record could not be updated: the comment is what counts.
func (e *Event) Changed(rounds []workflow.Round) (i issue.Issue, ours bool) {
	_, ours = workflow.DoneBy(rounds, func(step plan.Step) bool { _, ok := step.(plan.CreateNote); return ok })
	i = e.observed
	if r, ok := workflow.DoneBy(rounds, func(step plan.Step) bool { _, ok := step.(plan.ReconcileIssue); return ok }); ok && r.Issue.ID != 0 {
		i = r.Issue
	}
	return i, ours && e.recorded.Verb == string(e.Inputs.Verb) && e.before != incident.After(e.Inputs.Verb)
}
