// Package change holds the workflows of `prodctl change`: the plan of each verb, and the checks of start and gate.
//
// Start with [Open], [Event] and [Record] for the verbs that write, and [Changes] for those that read. The package reads GitLab through the
// small interfaces that it declares and applies the rules of pkg/change. It does not print, and does not know flags.
package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// EventInputs are the inputs of `change approve`, `start`, `finish` and `abort`, as saved in a plan file.
type EventInputs struct {
	Project        string
	IID            int64
	Verb           change.Verb
	At             time.Time // when it happened, UTC
	TimeGiven      bool      // At was set by --at and is not just now
	Text           string    // as entered
	Outcome        change.Outcome
	Digest         string // of the plan that is approved
	Override       string // why failed checks of a start are overridden; empty: they are not
	Now            time.Time
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the idempotency key of the comment. It rejects --at for an approval, and an abort without a message.
func (in *EventInputs) Check(keys workflow.Keys) (err error) {
	if in.Verb == change.Approve && in.TimeGiven {
		return fault.New(fault.Usage, "To approve now: "+workflow.Command("change approve %s", in.ref()), "--at cannot be used with approve")
	}
	if in.Verb == change.Abort {
		if err := workflow.RequireText("--message", in.Text, `prodctl change abort 7 -m "replication lag rose; rolled back"`); err != nil {
			return err
		}
	}
	args := []string{"change " + string(in.Verb), in.Text, string(in.Outcome)}
	if in.TimeGiven {
		args = append(args, in.At.Format(time.RFC3339))
	}
	in.IdempotencyKey, err = keys.Note("change-"+string(in.Verb), args...)
	return err
}

func (in EventInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// Event plans one event of a change: first the comment, then the record and the state label, which follow from all comments
// (docs/event-log.md).
type Event struct {
	Changes
	Inputs EventInputs
	plan.Origin

	key      issue.IdempotencyKey // of the comment that this plan writes
	approved bool                 // this run wrote an approval
	voted    bool                 // this run wrote an approval, but it was not the last one required
	before   change.State
	observed issue.Issue // as first read
	at       time.Time   // when the event happened, or when it was recorded before
}

// Before returns the state of the change when it was first read; empty until then.
func (e *Event) Before() string { return string(e.before) }

// Recorded returns the verb of the event, and when it happened.
func (e *Event) Recorded() (verb string, at time.Time) { return string(e.Inputs.Verb), e.at }

// Issue returns the issue of the change as first read.
func (e *Event) Issue() issue.Issue { return e.observed }

// State returns the state of a change from its issue.
func (e *Event) State(i issue.Issue) string { return string(change.Of(i, e.Labels).State) }

// Began returns the zero time: the age of a change does not matter.
func (e *Event) Began(issue.Issue) time.Time { return time.Time{} }

// NeedsRole returns the issue: events count only from people who may change it.
func (e *Event) NeedsRole() issue.Ref { return cmp.Or(e.observed.Ref, e.Inputs.ref()) }

// LeftOut is a note about an approval that does not cover the issue as it is now: the plan was edited since it was read. The record of a
// change leaves out nothing.
func (e *Event) LeftOut(i issue.Issue) string {
	if e.Inputs.Digest == "" || i.ID == 0 || strings.EqualFold(change.Of(i, e.Labels).Digest(), e.Inputs.Digest) {
		return ""
	}
	return "The plan was edited after you read it: your approval does not count for it"
}

// Plan reads the change; for an approval also the roles of the approver, and for a start what is going on in production. If it is refused,
// the error has all reasons.
func (e *Event) Plan(ctx context.Context) (plan.Plan, error) {
	in := e.Inputs
	e.key = in.IdempotencyKey
	me, executors, err := e.actor(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	s, err := e.Status(ctx, in.ref(), executors...)
	if err != nil {
		return plan.Plan{}, err
	}
	if e.before == "" {
		e.before, e.observed, e.at = s.State, s.Issue, in.At
	}
	if e.observed.Ref != s.Issue.Ref { // moved since
		e.observed = s.Issue
	}
	p := workflow.NewPlan(e.Origin, "change "+string(in.Verb), in, workflow.Settings{e.Labels, e.Rules, e.Approvers},
		workflow.ObservedNotes(s.Issue, s.Notes))
	p.Routine, p.Notes = true, s.followed.Notes()
	if in.Verb == change.Approve {
		return e.approve(ctx, p, s, me)
	}
	old, found := e.duplicate(s, me.ID)
	again := false
	if in.Verb == change.Start {
		found = found && !e.before.Over()
		if again, err = e.mayStart(ctx, &s); err != nil {
			return plan.Plan{}, err
		}
	}
	if again {
		old, found = e.ownStart(s, me.ID)
	}
	if found {
		e.at = old.At
		p.Steps = s.followed.Relabel(workflow.Reconcile(s.Issue, s.Notes, old, e.reconcile(s)), e.Labels.Change)
		return p, nil
	}
	if again { // checked like a change that nobody has started
		e.key.Name += "-" + s.Digest[:12]
		s.State = change.Approved
	}
	if _, err := change.Next(s.State, in.Verb, true); err != nil {
		return plan.Plan{}, e.refused(s, err)
	}
	if in.TimeGiven && in.Verb != change.Start {
		hint := "Check the time, or see when it started: " + workflow.Command("change show %s", in.ref())
		if err := workflow.NotBefore(s.Record.StartedAt, "--at", in.At, hint); err != nil {
			return plan.Plan{}, err
		}
	}
	fields := map[string]string{}
	if in.Outcome != change.UnknownOutcome {
		fields[change.FieldOutcome] = string(in.Outcome)
	}
	if in.Verb == change.Start {
		notes, err := e.checkStart(ctx, s)
		if err != nil {
			return plan.Plan{}, err
		}
		p.Notes = append(p.Notes, notes...)
		fields[change.FieldExecutor], fields[change.FieldPlan] = me.Username, s.Digest
		criticalityField(fields, s)
		e.key.Name += fmt.Sprintf("-%d", me.ID) // if two people start it at once, both are recorded
		if in.Override != "" {
			fields[change.FieldOverride] = in.Override
		}
	}
	return e.record(p, s, change.NewEvent(in.Verb, in.At, fields, in.Text)), nil
}

// actor returns the token's user, if it matters who acts, and who would execute the change.
func (e *Event) actor(ctx context.Context) (me instance.User, executors []string, err error) {
	switch e.Inputs.Verb {
	case change.Approve:
		me, err = e.Read.CurrentUser(ctx)
	case change.Start:
		me, err = e.Read.CurrentUser(ctx)
		executors = []string{me.Username}
	}
	return me, executors, err
}

// Verify plans again after an approval that was not the last one required: with approvals by others at the same moment, it may be.
func (e *Event) Verify(_ context.Context, p plan.Plan) (bool, error) {
	retry := e.voted && p.Index("comment") >= 0
	e.voted, e.approved = false, e.approved || retry
	return retry, nil
}

func (e *Event) refused(s Status, err error) error {
	verb := map[change.Verb]string{change.Approve: "approved", change.Start: "started", change.Finish: "finished", change.Abort: "aborted"}
	return fault.Wrap(fault.Refused, err, stateHint(s), "%s cannot be %s", s.Issue.Ref, verb[e.Inputs.Verb])
}

// duplicate finds the same event among those already recorded. A start counts only if I recorded it: whoever starts a change carries it
// out. If it is from before a reopening, or a person has reverted its effect, the event is recorded again, under another key.
func (e *Event) duplicate(s Status, me int64) (eventlog.Event, bool) {
	text := eventlog.Sanitize(e.Inputs.Text)
	for _, old := range slices.Backward(eventlog.Events(s.Notes, change.Kind)) {
		same := old.Text == text && old.Fields[change.FieldOutcome] == string(e.Inputs.Outcome) &&
			(!e.Inputs.TimeGiven || old.At.Equal(e.Inputs.At)) && (e.Inputs.Verb != change.Start || old.AuthorID == me)
		if !old.Trusted || change.Verb(old.Verb) != e.Inputs.Verb || !same {
			continue
		}
		if old.Posted.Before(s.reopenedAt) || e.reverted(s, old) {
			e.key.Name += fmt.Sprintf("-%d", old.NoteID)
			return eventlog.Event{}, false
		}
		return old, true
	}
	return eventlog.Event{}, false
}

// reverted reports whether an event is in the record although the change is in a state where the same event could happen again.
func (e *Event) reverted(s Status, old eventlog.Event) bool {
	_, err := change.Next(s.State, e.Inputs.Verb, true)
	return err == nil && s.State != change.After(e.Inputs.Verb) && s.Record.AsOfNote >= old.NoteID
}

// record plans the comment of an event, and then reconciles the change.
func (e *Event) record(p plan.Plan, s Status, event eventlog.Event) plan.Plan {
	e.key.Searched = true
	p.Steps = s.followed.Relabel(workflow.RecordSteps(event, change.Heading(event, e.Today), e.key, e.reconcile(s)), e.Labels.Change)
	return p
}

func (e *Event) reconcile(s Status) plan.ReconcileIssue {
	return workflow.ReconcileStep(s.Issue, change.Kind, change.Reconciler{Labels: e.Labels})
}

// reconcileOnly plans no event: it brings the issue in line with its comments, if it is not.
func (e *Event) reconcileOnly(p plan.Plan, s Status) (plan.Plan, error) {
	c, err := change.Reconciler{Labels: e.Labels}.Reconcile(s.Issue, s.Notes)
	if err == nil && !c.Empty() {
		p.Steps = []plan.Step{e.reconcile(s)}
	}
	return p, err
}

// checkStart refuses a start with all reasons. If they are overridden it returns them as notes instead.
func (e *Event) checkStart(ctx context.Context, s Status) ([]string, error) {
	var r reads
	blind := ""
	r.read(func() (err error) { blind, err = e.blind(ctx); return err })
	situation := e.situation(ctx, &r, e.Inputs.Now, true)
	if err := r.worst(); err != nil {
		return nil, err
	}
	reasons := change.CheckStart(s.Change, s.Rule, s.Verdict, situation)
	if blind != "" {
		reasons = append(reasons, change.Reason{Kind: change.ByUnknown, Text: blind})
	}
	if len(reasons) == 0 {
		return nil, nil
	}
	if e.Inputs.Override != "" && reasons[0].Kind != change.ByState {
		var texts []string
		for _, r := range reasons {
			texts = append(texts, reasonText(r))
		}
		return []string{"Overridden: " + strings.Join(texts, "; ")}, nil
	}
	var causes []error
	for _, r := range reasons {
		causes = append(causes, errors.New(reasonText(r)))
	}
	hint := "To start it anyway, with a reason: " + workflow.Command("change start %s --override \"reason\"", s.Issue.Ref)
	if reasons[0].Kind == change.ByState {
		hint = stateHint(s)
	}
	return nil, fault.Wrap(fault.Refused, errors.Join(causes...), hint, "%s cannot be started", s.Issue.Ref)
}

// stateHint is the hint for a change in the wrong state. An aborted change is never started again.
func stateHint(s Status) string {
	if s.State == change.Aborted {
		return "To retry it, open a new change from its file: " + workflow.Command("change open -f change.yaml --retry-of %s", s.Issue.Ref)
	}
	return "To see the change: " + workflow.Command("change show %s", s.Issue.Ref)
}

// reasonText formats a reason with its issue and its end.
func reasonText(r change.Reason) string {
	text := r.Text
	if ref := r.Ref(); ref != "" && (r.Kind == change.ByIncident || r.Kind == change.ByChange) {
		text = ref + ": " + text
	}
	if !r.Until.IsZero() && r.Kind == change.ByChange {
		text += ", until " + r.Until.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}
