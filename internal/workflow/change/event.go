// Package change is the steps of the verbs of changes, and what stands against a change.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints nothing and
// knows no flag.
package change

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
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

// EventInputs are what `change approve`, `start`, `finish` and `abort` were asked; a plan file keeps them.
type EventInputs struct {
	Project        string
	IID            int64
	Verb           change.Verb
	At             time.Time // when it happened, UTC
	TimeGiven      bool      // At was said, and is not just now
	Text           string    // as typed
	Outcome        change.Outcome
	Override       string // why what stands against a start is overridden; empty: it is not
	Now            time.Time
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the key of the comment. It refuses an approval of another time than now, and an abort without a reason.
func (in *EventInputs) Check(keys workflow.Keys) (err error) {
	if in.Verb == change.Approve && in.TimeGiven {
		return fault.New(fault.Usage, workflow.Command("change approve %s", in.ref()), "an approval is given now: --at does not go with it")
	}
	if in.Verb == change.Abort {
		if err := workflow.RequireText(in.Text, `prodctl change abort 7 -m "replication lag rose; rolled back"`); err != nil {
			return err
		}
	}
	words := []string{"change " + string(in.Verb), in.ref().String(), in.Text, string(in.Outcome)}
	if in.TimeGiven {
		words = append(words, in.At.Format(time.RFC3339))
	}
	in.IdempotencyKey, err = keys.Note("change-"+string(in.Verb), words...)
	return err
}

func (in EventInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// Event is one thing that happens to a change: a comment first, then the record and the state label from all comments (docs/event-log.md).
type Event struct {
	Changes
	Inputs EventInputs
	plan.Origin

	key      issue.IdempotencyKey // of the comment that this plan writes
	voted    bool                 // this run has written an approval that was not enough by itself
	before   change.State
	observed issue.Issue // as it was read first
	at       time.Time   // when it happened that is told, or was told before
}

// Before is where the change stood when it was first looked at; empty until then.
func (e *Event) Before() string { return string(e.before) }

// Told is what is told: its verb, and when it happened.
func (e *Event) Recorded() (verb string, at time.Time) { return string(e.Inputs.Verb), e.at }

// Issue is the change's issue as it was read first.
func (e *Event) Issue() issue.Issue { return e.observed }

// State is where the change stands by its issue.
func (e *Event) State(i issue.Issue) string { return string(change.Of(i, e.Labels).State) }

// Began is the zero time: how long ago a change began is of no interest.
func (e *Event) Began(issue.Issue) time.Time { return time.Time{} }

// Plan reads the change, and for an approval who approves, for a start what goes on in production. All that stands against it is named at
// once.
func (e *Event) Plan(ctx context.Context) (plan.Plan, error) {
	in := e.Inputs
	e.key = in.IdempotencyKey
	me, err := e.Read.CurrentUser(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	var executors []string
	if in.Verb == change.Start {
		executors = append(executors, me.Username)
	}
	s, err := e.Status(ctx, in.ref(), executors...)
	if err != nil {
		return plan.Plan{}, err
	}
	if e.before == "" {
		e.before, e.observed, e.at = s.State, s.Issue, in.At
	}
	p := workflow.NewPlan(e.Origin, "change "+string(in.Verb), in, workflow.Settings{e.Labels, e.Rules, e.Approvers},
		workflow.ObservedJournal(s.Issue, s.Notes))
	p.Routine = true
	if in.Verb == change.Approve {
		return e.approve(ctx, p, s, me)
	}
	if old, told := e.duplicate(s); told {
		e.at = old.At
		p.Notes = append(p.Notes, fmt.Sprintf("that was told already at %s", workflow.Clock(old.At)))
		p.Steps = workflow.Reconcile(s.Issue, s.Notes, old, e.reconcile(s))
		return p, nil
	}
	if _, err := change.Next(s.State, in.Verb, true); err != nil {
		return plan.Plan{}, e.refused(s, err)
	}
	fields := map[string]string{}
	if in.Outcome != change.UnknownOutcome {
		fields[change.FieldOutcome] = string(in.Outcome)
	}
	if in.Verb == change.Start {
		if p.Notes, err = e.checkStart(ctx, s); err != nil {
			return plan.Plan{}, err
		}
		fields[change.FieldExecutor] = me.Username
		e.key.Name += fmt.Sprintf("-%d", me.ID) // two who start it at once have both started it
		if in.Override != "" {
			fields[change.FieldOverride] = in.Override
		}
	}
	return e.record(p, s, change.NewEvent(in.Verb, in.At, fields, in.Text)), nil
}

// Verify looks again after an approval that was not enough by itself: with those of others that came at the same moment it may be.
func (e *Event) Verify(_ context.Context, p plan.Plan) (bool, error) {
	again := e.voted && p.Index("tell") >= 0
	e.voted = false
	return again, nil
}

func (e *Event) refused(s Status, err error) error {
	return fault.Wrap(fault.Refused, err, workflow.Command("change show %s", s.Issue.Ref), "%s", s.Issue.Ref)
}

// told finds the entry that says the same. One from before a reopening, or whose outcome a person has taken back, is told again, under
// another key.
func (e *Event) duplicate(s Status) (eventlog.Event, bool) {
	said := eventlog.Sanitize(e.Inputs.Text)
	for _, old := range slices.Backward(eventlog.Events(s.Notes, change.Kind)) {
		same := old.Text == said && old.Fields[change.FieldOutcome] == string(e.Inputs.Outcome) &&
			(!e.Inputs.TimeGiven || old.At.Equal(e.Inputs.At))
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

// takenBack reports whether an entry is in the record, and the change stands where it could happen once more all the same.
func (e *Event) reverted(s Status, old eventlog.Event) bool {
	_, err := change.Next(s.State, e.Inputs.Verb, true)
	return err == nil && s.State != change.After(e.Inputs.Verb) && s.Record.AsOfNote >= old.NoteID
}

// tell writes the entry and settles the change by it.
func (e *Event) record(p plan.Plan, s Status, entry eventlog.Event) plan.Plan {
	e.key.Searched = true
	p.Steps = workflow.RecordSteps(entry, change.Heading(entry, e.Today), e.key, e.reconcile(s))
	return p
}

func (e *Event) reconcile(s Status) plan.ReconcileIssue {
	return workflow.ReconcileStep(s.Issue, change.Kind, change.Reconciler{Labels: e.Labels})
}

// settled is a plan for a change of which all was told: it brings the issue in line, if it is not.
func (e *Event) reconcileOnly(p plan.Plan, s Status) (plan.Plan, error) {
	c, err := change.Reconciler{Labels: e.Labels}.Reconcile(s.Issue, s.Notes)
	if err == nil && !c.Empty() {
		p.Steps = []plan.Step{e.reconcile(s)}
	}
	return p, err
}

// mayStart refuses a start with all that stands against it, unless that is overridden; the notes then say what was.
func (e *Event) checkStart(ctx context.Context, s Status) ([]string, error) {
	situation, err := e.Situation(ctx, e.Inputs.Now, true)
	if err != nil {
		return nil, err
	}
	reasons := change.CheckStart(s.Change, s.Rule, s.Verdict, situation)
	if len(reasons) == 0 {
		return nil, nil
	}
	var texts []string
	for _, r := range reasons {
		texts = append(texts, reasonText(r))
	}
	if e.Inputs.Override != "" && reasons[0].Kind != change.ByState {
		var notes []string
		for _, text := range texts {
			notes = append(notes, "overridden: "+text)
		}
		return notes, nil
	}
	hint := workflow.Command("change start %s --override \"why\"", s.Issue.Ref) + " starts it all the same, and records that"
	if reasons[0].Kind == change.ByState {
		hint = workflow.Command("change show %s", s.Issue.Ref)
	}
	return nil, fault.New(fault.Refused, hint, "%s cannot be started:\n  %s", s.Issue.Ref, strings.Join(texts, "\n  "))
}

// reasonText is a reason with the issue it is about.
func reasonText(r change.Reason) string {
	text := r.Text
	if ref := r.Ref(); ref != "" && (r.Kind == change.ByIncident || r.Kind == change.ByChange) {
		text = ref + ": " + text
	}
	if !r.Until.IsZero() && r.Kind != change.ByWindow {
		text += ", until " + r.Until.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}

// approve writes an approval of the plan as it is now. Who may not approve is told why (SPEC 8: somebody other than the author, from the
// approvers of its class).
func (e *Event) approve(ctx context.Context, p plan.Plan, s Status, me instance.User) (plan.Plan, error) {
	if s.Rule.Free() {
		p.Notes = append(p.Notes, fmt.Sprintf("%s needs no approval: it is of criticality %s", s.Issue.Ref, s.Criticality))
		return e.reconcileOnly(p, s)
	}
	if _, err := change.Next(s.State, change.Approve, false); err != nil {
		return plan.Plan{}, e.refused(s, err)
	}
	roles, err := e.rolesOf(ctx, me)
	if err != nil {
		return plan.Plan{}, err
	}
	counted := slices.ContainsFunc(s.Verdict.Counted, func(v change.Vote) bool { return strings.EqualFold(v.By, me.Username) })
	vote := change.Vote{By: me.Username, Roles: roles, Plan: s.Digest, At: later(e.Inputs.Now, s.reopenedAt), NoteID: 1 << 62}
	executors := s.Executors(eventlog.Events(s.Notes, change.Kind))
	with := change.Judge(s.Rule, append(slices.Clone(s.Votes), vote), s.Issue.Author, executors, s.Digest, s.reopenedAt)
	if !counted && !slices.ContainsFunc(with.Counted, func(v change.Vote) bool { return strings.EqualFold(v.By, me.Username) }) {
		return plan.Plan{}, e.cannotApprove(s, with, me)
	}
	p.Notes = append(p.Notes, with.Missing...)
	for n := range p.Notes {
		p.Notes[n] = "still missing: " + p.Notes[n]
	}
	if counted && (!with.Enough || s.State == change.Approved) {
		p.Notes = append([]string{fmt.Sprintf("%s has approved it already", me.Username)}, p.Notes...)
		return e.reconcileApproved(p, s, me), nil
	}
	fields := map[string]string{change.FieldPlan: s.Digest}
	if with.Enough {
		fields[change.FieldEnough] = "true"
	}
	entry := change.NewEvent(change.Approve, e.Inputs.At, fields, e.Inputs.Text)
	if counted && e.alreadyDecided(s, fields) {
		return e.reconcileApproved(p, s, me), nil
	}
	e.voted = !with.Enough
	e.key.Name += "-" + approvalKey(me, s.Digest, s.reopenedAt, with.Enough)
	return e.record(p, s, entry), nil
}

// ballot parts the keys of approvals that are typed with the same words: each person's is another one, and so is one of another plan, of
// one that was reopened, and the one that makes it enough.
func approvalKey(me instance.User, digest string, reopened time.Time, enough bool) string {
	sum := sha256.Sum256(fmt.Append(nil, me.ID, digest, reopened.Unix(), enough))
	return hex.EncodeToString(sum[:6])
}

// later is a time after both, since a vote that is given now comes after all that happened, whatever this machine's clock says.
func later(now, before time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(time.Second)
}

// mended is a plan for a change that the caller has approved: twins of that comment go, and the change is settled.
func (e *Event) reconcileApproved(p plan.Plan, s Status, me instance.User) plan.Plan {
	own := eventlog.Event{Kind: change.Kind}
	for _, old := range eventlog.Events(s.Notes, change.Kind) {
		if change.Verb(old.Verb) == change.Approve && strings.EqualFold(old.Author, me.Username) {
			own = old
		}
	}
	p.Steps = workflow.Reconcile(s.Issue, s.Notes, own, e.reconcile(s))
	return p
}

// said reports whether an approval of this plan that was enough stands in the comments already.
func (e *Event) alreadyDecided(s Status, fields map[string]string) bool {
	return slices.ContainsFunc(eventlog.Events(s.Notes, change.Kind), func(old eventlog.Event) bool {
		return old.Trusted && change.Verb(old.Verb) == change.Approve && maps.Equal(old.Fields, fields) && !old.Posted.Before(s.reopenedAt)
	})
}

func (e *Event) cannotApprove(s Status, v change.Verdict, me instance.User) error {
	why := "is not among its approvers"
	for _, i := range v.Ignored {
		if strings.EqualFold(i.By, me.Username) {
			why = i.Reason
		}
	}
	return fault.New(fault.Refused, "ask somebody else; changes.approvers in the configuration says who counts as what",
		"%s cannot approve %s: %s", me.Username, s.Issue.Ref, why)
}
