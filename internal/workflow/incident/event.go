package incident

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// EventInputs are the inputs of `incident update`, `mitigate`, `resolve`, `reopen` and `review --done`. A plan file keeps them.
type EventInputs struct {
	Project        string
	IID            int64
	Verb           incident.Verb
	At             time.Time // when it happened, UTC
	TimeGiven      bool      // At comes from --at, and is not the current time
	Text           string    // as entered
	Fields         map[string]string
	Close          bool // close the issue even if a review is due
	IdempotencyKey issue.IdempotencyKey
	Keyed          bool // the key comes from --key: the key alone decides whether the event is new
}

// Check sets the idempotency key of the comment. It rejects an update without a message and without fields.
func (in *EventInputs) Check(keys workflow.Keys) (err error) {
	if in.Verb == incident.Update && len(in.Fields) == 0 {
		if err := workflow.RequireText("--message or a new value", in.Text, `prodctl incident update 8 -m "error rate falling"`); err != nil {
			return err
		}
	}
	inputs := []string{"incident " + string(in.Verb), strings.TrimSpace(in.Text)}
	if in.TimeGiven {
		inputs = append(inputs, in.At.Format(time.RFC3339))
	}
	if in.Close {
		inputs = append(inputs, "close")
	}
	for _, key := range incident.RecordKeys() {
		inputs = append(inputs, in.Fields[key])
	}
	for _, key := range []string{incident.KeyNext, incident.KeyIf} {
		if text := in.Fields[key]; text != "" { // without it the key is that of earlier versions
			inputs = append(inputs, key+" "+text)
		}
	}
	in.Keyed = keys.Given != ""
	in.IdempotencyKey, err = keys.Note("incident-"+string(in.Verb), inputs...)
	return err
}

// explicitKey reports whether --key or --new was given: then an event with the same inputs is recorded again under another key.
func (in EventInputs) explicitKey() bool { return in.Keyed || in.IdempotencyKey.Unique }

func (in EventInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// Event plans one event of an incident: a comment first, which is never lost, then record, timeline and labels from all comments
// (docs/event-log.md).
type Event struct {
	workflow.Verified
	workflow.Afters
	Read        workflow.NotesReader
	Moves       workflow.Moves
	Labels      incident.Labels
	ReviewAfter time.Duration // an S1 or S2 that lasted longer needs a review
	Inputs      EventInputs
	plan.Origin

	before   incident.State
	observed issue.Issue      // as first read
	reused   bool             // the caller's key was used before for other words
	recorded eventlog.Event   // the event of this run, or the earlier one with the same inputs
	events   []eventlog.Event // as first read
}

// Before is the state of the incident when it was first read; empty until then.
func (e *Event) Before() string { return string(e.before) }

// Plan reads the issue and its comments. An event that was already recorded with the same inputs is not recorded again.
func (e *Event) Plan(ctx context.Context) (plan.Plan, error) {
	in := e.Inputs
	f, notes, err := e.read(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if err := workflow.RequireIncident(f, e.Labels); err != nil {
		return plan.Plan{}, err
	}
	i := f.Issue
	if e.before == "" {
		e.before, e.observed, e.events = incident.Of(i, e.Labels).State, i, eventlog.Events(notes, incident.Kind)
	}
	if e.observed.Ref != i.Ref { // moved since
		e.observed = i
	}
	command := "incident " + string(in.Verb)
	p := workflow.NewPlan(e.Origin, command, in, workflow.Settings{e.Labels}, workflow.ObservedNotes(i, notes))
	p.Routine, p.Notes = true, f.Notes()
	key := in.IdempotencyKey
	event, exists, err := e.planned(i, notes, &key)
	if err != nil {
		return plan.Plan{}, err
	}
	if e.recorded.Verb == "" {
		e.recorded = event
	}
	reconcile := workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: e.Labels})
	if exists && event.NoteID == 0 {
		p.Steps = f.Relabel(workflow.Reconcile(i, notes, event, reconcile), e.Labels.Incident)
		return p, nil
	}
	if exists {
		now := e.requested(i)
		now.Verb = event.Verb // an event that came too late was recorded as an update
		if !sameEvent(event, now, in.TimeGiven) {
			p.Notes = append(p.Notes, fmt.Sprintf("The key %s was used before with other input. To add this as well, pass another --key.",
				in.IdempotencyKey.Name))
		}
		p.Steps = f.Relabel(workflow.Reconcile(i, notes, event, reconcile), e.Labels.Incident)
		return p, nil
	}
	if err := e.inOrder(i); err != nil {
		return plan.Plan{}, err
	}
	if e.reused {
		p.Notes = append(p.Notes, fmt.Sprintf("The key %s was used before with other words: yours are added too", in.IdempotencyKey.Name))
	}
	switch {
	case event.Verb != string(in.Verb) && e.empty(event):
		p.Notes = append(p.Notes, fmt.Sprintf("Already %s; the issue is closed now", e.before))
	case event.Verb != string(in.Verb):
		p.Notes = append(p.Notes, fmt.Sprintf("Already %s; added as an update", incident.Of(i, e.Labels).State))
	}
	switch resolved := event.Verb == string(incident.Resolve) && i.Open(); {
	case resolved && event.Fields[incident.KeyReview] == incident.ReviewDue:
		p.Notes = append(p.Notes, e.reviewLater(i))
	case resolved && event.Fields[incident.KeyClose] != "true":
		p.Notes = append(p.Notes, e.staysOpen(i))
	}
	p.Steps = f.Relabel(workflow.RecordSteps(event, incident.Heading(event, e.Today), key, reconcile), e.Labels.Incident)
	return p, nil
}

// inOrder refuses times before the start of the incident. An update may be about something earlier.
func (e *Event) inOrder(i issue.Issue) error {
	in, start := e.Inputs, incident.Of(i, e.Labels).Record.StartedAt
	if given, err := time.Parse(time.RFC3339, in.Fields[incident.KeyStarted]); err == nil {
		start = given
	}
	detected, _ := time.Parse(time.RFC3339, in.Fields[incident.KeyDetected]) // zero without the flag
	hint := "Check the time, or correct the start: " + workflow.Command("incident update %s --started 10m", in.ref())
	err := workflow.NotBefore(start, "--detected", detected, hint)
	if err == nil && in.TimeGiven && in.Verb != incident.Update {
		err = workflow.NotBefore(start, "--at", in.At, hint)
	}
	return err
}

// planned returns the event to record. exists reports that it is recorded already, with the same inputs. If it was undone since, by a
// reopening or by a person who moved the incident back, it is recorded again under another key.
func (e *Event) planned(i issue.Issue, notes []issue.Note, key *issue.IdempotencyKey) (event eventlog.Event, exists bool, err error) {
	in := e.Inputs
	event = e.requested(i)
	all := eventlog.Events(notes, incident.Kind)
	if old, ok := e.findByKey(all, event, key); ok {
		return old, true, nil
	}
	events := all
	if in.Verb == incident.Update || in.Verb == incident.Reopen {
		events = postedSince(all, in.IdempotencyKey.Since)
	}
	for _, old := range slices.Backward(events) {
		if in.explicitKey() || !sameEvent(old, event, in.TimeGiven) {
			continue
		}
		if !e.undone(i, all, old) {
			return e.closeIssue(i, all, old, key)
		}
		key.Name += fmt.Sprintf("-%d", old.NoteID)
		break
	}
	state := incident.Of(i, e.Labels).State
	if state == incident.After(in.Verb) && in.Verb != incident.Update && !in.TimeGiven {
		return e.sameState(i, all, event, key)
	}
	if state == incident.After(in.Verb) {
		return event, false, nil // corrects the time
	}
	return event, false, e.allowed(i, state)
}

// allowed refuses the verb in a state in which it is not possible.
func (e *Event) allowed(i issue.Issue, state incident.State) error {
	if _, err := incident.Next(state, e.Inputs.Verb); err != nil {
		return fault.New(fault.Refused, "To see its state: "+workflow.Command("incident show %s", i.Ref), "%s %v", i.Ref, err)
	}
	return nil
}

// sameState returns the event for an incident that is already in the state to which the verb leads: an update, or nothing if there
// is neither a message nor a field.
func (e *Event) sameState(i issue.Issue, all []eventlog.Event, event eventlog.Event, key *issue.IdempotencyKey) (eventlog.Event, bool,
	error) {
	empty := e.empty(event)
	event.Verb = string(incident.Update)
	switch verb := e.Inputs.Verb; {
	case !empty:
		return event, false, nil
	case verb == incident.Reopen:
		return event, false, e.allowed(i, incident.Active)
	}
	return e.closeIssue(i, all, eventlog.Event{Verb: string(e.Inputs.Verb)}, key)
}

// empty reports whether an event has no message and no fields.
func (e *Event) empty(event eventlog.Event) bool {
	return event.Text == "" && len(withoutClose(event.Fields)) == 0
}

// Recorded returns the verb and the time of the event, recorded now or before. The time is zero if it is unknown.
func (e *Event) Recorded() (verb string, at time.Time) { return e.recorded.Verb, e.recorded.At }

// Issue is the incident's issue as first read.
func (e *Event) Issue() issue.Issue { return e.observed }

// State is the state of the incident by its issue.
func (e *Event) State(i issue.Issue) string { return string(incident.Of(i, e.Labels).State) }

// Began is the start time of the incident by its record.
func (e *Event) Began(i issue.Issue) time.Time { return incident.Of(i, e.Labels).Record.StartedAt }

// NeedsRole returns the issue: events count only from people who may change it.
func (e *Event) NeedsRole() issue.Ref { return cmp.Or(e.observed.Ref, e.Inputs.ref()) }

// LeftOut says that the timeline in the description is incomplete.
func (e *Event) LeftOut(i issue.Issue) string {
	if !incident.Full(i.Description) {
		return ""
	}
	return "The description is full (GitLab allows 1 MiB): lines of its timeline are left out. To see all: " +
		workflow.Command("incident timeline %s", i.Ref)
}

// undone reports whether an event belongs to an earlier cycle, or is in the record although the incident is in a state in which the
// verb is possible again.
func (e *Event) undone(i issue.Issue, all []eventlog.Event, old eventlog.Event) bool {
	verb := e.Inputs.Verb
	if verb == incident.Update {
		return false
	}
	cycle := incident.Cycle(all)
	if verb != incident.Reopen && !slices.ContainsFunc(cycle, func(c eventlog.Event) bool { return c.NoteID == old.NoteID }) {
		return true
	}
	inc := incident.Of(i, e.Labels)
	_, err := incident.Next(inc.State, verb)
	return err == nil && inc.State != incident.After(verb) && inc.Record.AsOfNote >= old.NoteID
}

// requested is the event that the inputs ask for.
func (e *Event) requested(i issue.Issue) eventlog.Event {
	return incident.NewEvent(e.Inputs.Verb, e.Inputs.At, e.fields(i), e.Inputs.Text)
}

// resolved is the incident as it will be after the event.
func (e *Event) resolved(i issue.Issue) incident.Incident {
	inc, fields := incident.Of(i, e.Labels), e.Inputs.Fields
	inc.State, inc.Record.ResolvedAt = incident.Resolved, e.Inputs.At
	if s, err := incident.ParseSeverity(fields[incident.KeySeverity]); err == nil {
		inc.Severity = s
	}
	if t, err := time.Parse(time.RFC3339, fields[incident.KeyStarted]); err == nil {
		inc.Record.StartedAt = t
	}
	inc.Record.DataLoss = inc.Record.DataLoss || fields[incident.KeyDataLoss] == "true"
	return inc
}

// sameEvent reports whether two events have the same content. Their times are compared only if at is set.
func sameEvent(old, event eventlog.Event, at bool) bool {
	return old.Trusted && old.Verb == event.Verb && old.Text == event.Text && maps.Equal(withoutClose(old.Fields),
		withoutClose(event.Fields)) && (!at || old.At.Equal(event.At))
}

// withoutClose are the fields that a person gave. A rule may decide whether the issue is closed.
func withoutClose(fields map[string]string) map[string]string {
	own := maps.Clone(fields)
	delete(own, incident.KeyClose)
	delete(own, incident.KeyReview)
	return own
}

// postedSince returns the events posted at or after a time.
func postedSince(events []eventlog.Event, since time.Time) []eventlog.Event {
	for n, e := range events {
		if !e.Posted.Before(since) {
			return events[n:]
		}
	}
	return nil
}
