package incident

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// EventInputs are what `incident update`, `mitigate`, `resolve` and `reopen` were asked; a plan file keeps them.
type EventInputs struct {
	Project        string
	IID            int64
	Verb           incident.Verb
	At             time.Time // when it happened, UTC
	TimeGiven      bool      // At was said, and is not just now
	Text           string    // as typed
	Fields         map[string]string
	Close          bool // close the issue, also when a review is due
	IdempotencyKey issue.IdempotencyKey
	Keyed          bool // the key is the caller's: what it names is told once, and the same words with another key are told again
}

// Check sets the key of the comment, and refuses an update that says nothing.
func (in *EventInputs) Check(keys workflow.Keys) (err error) {
	if in.Verb == incident.Update && len(in.Fields) == 0 {
		if err := workflow.RequireText(in.Text, `prodctl incident update 8 -m "error rate falling"`); err != nil {
			return err
		}
	}
	words := []string{"incident " + string(in.Verb), in.ref().String(), strings.TrimSpace(in.Text)}
	if in.TimeGiven {
		words = append(words, in.At.Format(time.RFC3339))
	}
	if in.Close {
		words = append(words, "close")
	}
	for _, key := range incident.RecordKeys() {
		words = append(words, in.Fields[key])
	}
	in.Keyed = keys.Given != ""
	in.IdempotencyKey, err = keys.Note("incident-"+string(in.Verb), words...)
	return err
}

// ownKey reports whether words that were told before are told again all the same: the key is another one.
func (in EventInputs) explicitKey() bool { return in.Keyed || in.IdempotencyKey.Unique }

func (in EventInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// Event is one thing told of an incident: a comment first, which is never lost, then record, timeline and labels from all
// comments (docs/event-log.md).
type Event struct {
	workflow.Verified
	Read        workflow.JournalReader
	Labels      incident.Labels
	ReviewAfter time.Duration // an S1 or S2 that lasted longer wants a review
	Inputs      EventInputs
	plan.Origin

	before incident.State
	observed   issue.Issue    // as it was read first
	recorded   eventlog.Event // what is told, or was told before
}

// Before is where the incident stood when it was first looked at; empty until then.
func (e *Event) Before() string { return string(e.before) }

// Plan reads the issue and its comments. What was told already with the same words is not told again.
func (e *Event) Plan(ctx context.Context) (plan.Plan, error) {
	in := e.Inputs
	i, notes, err := workflow.ReadJournal(ctx, e.Read, in.ref())
	if err != nil {
		return plan.Plan{}, err
	}
	if err := workflow.RequireIncident(i, e.Labels); err != nil {
		return plan.Plan{}, err
	}
	if e.before == "" {
		e.before, e.observed = incident.Of(i, e.Labels).State, i
	}
	command := "incident " + string(in.Verb)
	p := workflow.NewPlan(e.Origin, command, in, workflow.Settings{e.Labels}, workflow.ObservedJournal(i, notes))
	p.Routine = true
	key := in.IdempotencyKey
	entry, told, err := e.planned(i, notes, &key)
	if err != nil {
		return plan.Plan{}, err
	}
	if e.recorded.Verb == "" {
		e.recorded = entry
	}
	settle := workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: e.Labels})
	if told && entry.NoteID == 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s is %s already", i.Ref, e.before))
		p.Steps = workflow.Reconcile(i, notes, entry, settle)
		return p, nil
	}
	if told {
		p.Notes = append(p.Notes, fmt.Sprintf("that was told already at %s", workflow.Clock(entry.At)))
		now := e.requested(i)
		now.Verb = entry.Verb // what came too late was told as an update
		if !sameEvent(entry, now, in.TimeGiven) {
			p.Notes = append(p.Notes, fmt.Sprintf(
				"that was with the same key %s in other words, which stay: what you say now needs a key of its own", in.IdempotencyKey.Name))
		}
		p.Steps = workflow.Reconcile(i, notes, entry, settle)
		return p, nil
	}
	switch {
	case entry.Verb != string(in.Verb) && e.empty(entry):
		p.Notes = append(p.Notes, fmt.Sprintf("%s is %s already: its issue is closed now", i.Ref, e.before))
	case entry.Verb != string(in.Verb):
		p.Notes = append(p.Notes, fmt.Sprintf("%s is %s already: what you say is added as an update", i.Ref, incident.Of(i, e.Labels).State))
	}
	p.Steps = workflow.RecordSteps(entry, incident.Heading(entry, e.Today), key, settle)
	return p, nil
}

// entry is what is to be told; told says that it was, with the same words. What was undone since, by a reopening or by a person
// who moved the incident back, is told again, under another key.
func (e *Event) planned(i issue.Issue, notes []issue.Note, once *issue.IdempotencyKey) (entry eventlog.Event, told bool, err error) {
	in := e.Inputs
	entry = e.requested(i)
	all := eventlog.Events(notes, incident.Kind)
	if old, ok := e.findByKey(all); ok {
		return old, true, nil
	}
	entries := all
	if in.Verb == incident.Update || in.Verb == incident.Reopen {
		entries = postedSince(all, in.IdempotencyKey.Since)
	}
	for _, old := range slices.Backward(entries) {
		if in.explicitKey() || !sameEvent(old, entry, in.TimeGiven) {
			continue
		}
		if !e.undone(i, all, old) {
			return e.closeIssue(i, all, old, once)
		}
		once.Name += fmt.Sprintf("-%d", old.NoteID)
		break
	}
	state := incident.Of(i, e.Labels).State
	if state == incident.After(in.Verb) && in.Verb != incident.Update && !in.TimeGiven {
		return e.sameState(i, all, entry, once)
	}
	if state == incident.After(in.Verb) {
		return entry, false, nil // a correction of its time
	}
	if _, err := incident.Next(state, in.Verb); err != nil {
		return entry, false, fault.Wrap(fault.Refused, err, workflow.Command("incident show %s", i.Ref), "%s", i.Ref)
	}
	return entry, false, nil
}

// besides is what is told of an incident that is where the verb leads already: an update, or nothing when nothing was said.
func (e *Event) sameState(i issue.Issue, all []eventlog.Event, entry eventlog.Event, once *issue.IdempotencyKey) (eventlog.Event, bool,
	error) {
	silent := e.empty(entry)
	entry.Verb = string(incident.Update)
	switch verb := e.Inputs.Verb; {
	case !silent:
		return entry, false, nil
	case verb == incident.Reopen:
		_, err := incident.Next(incident.Active, verb)
		return entry, false, fault.Wrap(fault.Refused, err, workflow.Command("incident show %s", i.Ref), "%s", i.Ref)
	}
	return e.closeIssue(i, all, eventlog.Event{Verb: string(e.Inputs.Verb)}, once)
}

// closing closes the issue of an incident about which the rest was told before, in the entry old, if that was asked for and is
// not told yet.
func (e *Event) closeIssue(i issue.Issue, all []eventlog.Event, old eventlog.Event, once *issue.IdempotencyKey) (eventlog.Event, bool, error) {
	last := int64(0)
	for _, c := range all {
		if c.Trusted && c.Fields[incident.KeyClose] == "true" {
			last = c.NoteID
		}
	}
	if !e.Inputs.Close || !i.Open() || last > incident.Of(i, e.Labels).Record.AsOfNote {
		return old, true, nil
	}
	once.Name += fmt.Sprintf("-close-%d", last)
	return incident.NewEvent(incident.Update, e.Inputs.At, map[string]string{incident.KeyClose: "true"}, ""), false, nil
}

// silent reports whether an entry says nothing but its verb.
func (e *Event) empty(entry eventlog.Event) bool {
	return entry.Text == "" && len(withoutClose(entry.Fields)) == 0
}

// Told is what is told, or was told before: its verb, and when it happened, zero where nobody has said.
func (e *Event) Recorded() (verb string, at time.Time) { return e.recorded.Verb, e.recorded.At }

// Issue is the incident's issue as it was read first.
func (e *Event) Issue() issue.Issue { return e.observed }

// State is where the incident stands by its issue.
func (e *Event) State(i issue.Issue) string { return string(incident.Of(i, e.Labels).State) }

// Began is when the incident began, by its record.
func (e *Event) Began(i issue.Issue) time.Time { return incident.Of(i, e.Labels).Record.StartedAt }

// undone reports whether an entry is of an earlier cycle, or in the record although the incident stands where it could happen once more.
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

// ObservedInputs is what was typed, as an entry.
func (e *Event) requested(i issue.Issue) eventlog.Event {
	return incident.NewEvent(e.Inputs.Verb, e.Inputs.At, e.fields(i), e.Inputs.Text)
}

// keyed finds what was told with the caller's own key, in whatever words.
func (e *Event) findByKey(all []eventlog.Event) (eventlog.Event, bool) {
	key, err := idempotency.NewKey(e.Inputs.IdempotencyKey.Kind, e.Inputs.IdempotencyKey.Name)
	at := slices.IndexFunc(all, func(old eventlog.Event) bool { return old.Trusted && old.Key == key.String() })
	if err != nil || !e.Inputs.explicitKey() || at < 0 {
		return eventlog.Event{}, false
	}
	return all[at], true
}

// fields are what was said of the record, and whether the issue is closed with it.
func (e *Event) fields(i issue.Issue) map[string]string {
	if e.Inputs.Verb != incident.Resolve && e.Inputs.Verb != incident.Review {
		return e.Inputs.Fields
	}
	if !incident.CloseOnResolve(e.Inputs.Close, e.resolved(i).ReviewDue(e.Inputs.At, e.ReviewAfter)) {
		return e.Inputs.Fields
	}
	fields := maps.Clone(e.Inputs.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	fields[incident.KeyClose] = "true"
	return fields
}

// resolved is the incident as it will be.
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

// same reports whether an entry says what another one does. The time counts where it was said.
func sameEvent(old, entry eventlog.Event, at bool) bool {
	return old.Trusted && old.Verb == entry.Verb && old.Text == entry.Text && maps.Equal(withoutClose(old.Fields),
		withoutClose(entry.Fields)) && (!at || old.At.Equal(entry.At))
}

// said are the fields that a person said: whether the issue is closed may be decided by a rule.
func withoutClose(fields map[string]string) map[string]string {
	own := maps.Clone(fields)
	delete(own, incident.KeyClose)
	return own
}

// since are the entries written from then on.
func postedSince(entries []eventlog.Event, then time.Time) []eventlog.Event {
	for n, e := range entries {
		if !e.Posted.Before(then) {
			return entries[n:]
		}
	}
	return nil
}
