package change

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RecordInputs are the inputs of `change record`, as saved in a plan file.
type RecordInputs struct {
	Project        string
	Automation     change.Automation
	IdempotencyKey issue.IdempotencyKey
	Numbered       bool // nobody chose the key: after a success, another run is another record
}

// Check sets the idempotency key of the record, and requires a type and an outcome. The outcome is not part of the key: an attempt with
// another outcome goes to the same record.
func (in *RecordInputs) Check(keys workflow.Keys, labels change.Labels) (err error) {
	a := &in.Automation
	if a.Type == "" || a.Outcome == change.UnknownOutcome {
		return fault.New(fault.Usage, "Example: prodctl change record --type deployment --outcome success",
			"--type and --outcome are required")
	}
	switch ahead := a.StartedAt.Sub(a.FinishedAt); {
	case ahead > incident.ClockSlack:
		return fault.New(fault.Usage, "Check the clock and CI_JOB_STARTED_AT, or pass --started",
			"started at %s, after the end at %s", a.StartedAt.Format(time.RFC3339), a.FinishedAt.Format(time.RFC3339))
	case ahead > 0: // clocks differ
		a.StartedAt = a.FinishedAt
	}
	in.Numbered = keys.Given == ""
	in.IdempotencyKey, err = keys.Key("record", labels.Change, slices.Concat([]string{"change record"}, a.Content())...)
	return err
}

// Record plans `change record`: what a pipeline did, as a closed issue. A retried job with another outcome adds a comment, and the record
// follows from it. After a success, another job is another deployment, unless the caller chose the key.
type Record struct {
	workflow.Verified
	Read   RecordReader
	Labels change.Labels
	Inputs RecordInputs
	DryRun bool                      // nothing will be written; only the notes differ
	Ours   func(address string) bool // whether an address is a page of this GitLab
	plan.Origin

	found    issue.Issue
	notes    []issue.Note
	recorded change.Record // of the found issue, with events that are not in its description yet
}

// RecordReader reads the records of automation.
type RecordReader interface {
	workflow.NotesReader
	workflow.IssueFinder
	workflow.IssueLister
	CurrentUser(context.Context) (instance.User, error)
}

// Found returns the issue of the record, if it already existed.
func (r *Record) Found() (issue.Issue, bool) { return r.found, r.found.ID != 0 }

// Plan looks for the record first; if it exists, only a new attempt is added.
func (r *Record) Plan(ctx context.Context) (plan.Plan, error) {
	p := workflow.NewPlan(r.Origin, "change record", r.Inputs, workflow.Settings{r.Labels})
	p.Routine = true
	key, exists, err := r.find(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if exists {
		p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(r.found)))
		if done := r.again(&p); done {
			return p, nil
		}
	}
	a, err := r.complete(ctx, &p, !exists)
	if err != nil {
		return plan.Plan{}, err
	}
	if exists {
		r.update(&p, a)
	} else {
		p.Steps = r.create(key, a)
	}
	return p, nil
}

// maxRuns is how many records one key may have, each after the success of the one before.
const maxRuns = 200

// find finds the record that the attempt belongs to, or the key of a new one. The keys of further deployments have a number.
func (r *Record) find(ctx context.Context) (key issue.IdempotencyKey, exists bool, err error) {
	key = r.Inputs.IdempotencyKey
	key.Content = &r.Inputs.Automation
	if key.Unique {
		return key, false, nil
	}
	for n := 2; n <= maxRuns; n++ {
		if exists, err = r.look(ctx, key); err != nil || !exists {
			key.Searched = true
			return key, false, err
		}
		if !r.Inputs.Numbered || r.Inputs.Automation.Continues(r.recorded) {
			return key, true, nil
		}
		key.Name = fmt.Sprintf("%s-%d", r.Inputs.IdempotencyKey.Name, n)
	}
	return key, false, fault.New(fault.Refused, "Pass a --key of your own", "%d records have this key already", maxRuns)
}

// look finds the record of a key, with its comments if it has any.
func (r *Record) look(ctx context.Context, key issue.IdempotencyKey) (exists bool, err error) {
	r.notes, r.recorded = nil, change.Record{}
	if r.found, exists, err = r.Read.FindIssue(ctx, r.Inputs.Project, key); err != nil || !exists {
		return false, err
	}
	description := r.found.Description
	if r.found.Notes > 0 {
		if r.notes, err = r.Read.TrustedNotes(ctx, r.found.Ref); err != nil {
			return false, err
		}
		if ch, err := r.reconciler().Reconcile(r.found, r.notes); err == nil && ch.Description != nil {
			description = *ch.Description
		}
	}
	r.recorded = change.Read(description, r.found.CreatedAt)
	return true, nil
}

func (r *Record) reconciler() change.Reconciler { return change.Reconciler{Labels: r.Labels} }

// complete adds to the attempt what only GitLab knows: whose token it is, and whether a newer pipeline was there before.
func (r *Record) complete(ctx context.Context, p *plan.Plan, user bool) (change.Automation, error) {
	a := r.Inputs.Automation
	var records []change.Record
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if !user { // the author of the comment says it
			return nil
		}
		me, err := r.Read.CurrentUser(ctx)
		if fault.KindOf(err) == fault.Auth { // a token may be allowed to write, and not to read its user
			return nil
		}
		a.RecordedBy = me.Username
		return err
	})
	g.Go(func() (err error) {
		records, err = r.since(ctx)
		return err
	})
	if err := g.Wait(); err != nil {
		return a, err
	}
	newer, outdated := a.Outdated(records)
	a.Rollback = outdated || r.recorded.Type == change.TypeRollback && a.About(r.recorded)
	if outdated && a.Type != change.TypeRollback {
		p.Notes = append(p.Notes, fmt.Sprintf("Recorded as a rollback: pipeline %d, which is newer, has already succeeded", newer))
	}
	return a, nil
}

// oldest is how far back records are compared.
const oldest = 90 * 24 * time.Hour

// since returns the records since the pipeline began. Whatever a newer pipeline did is among them.
func (r *Record) since(ctx context.Context) ([]change.Record, error) {
	a := r.Inputs.Automation
	if a.PipelineID == 0 || a.Type == change.TypeRollback {
		return nil, nil
	}
	from := a.PipelineAt
	if earliest := a.At().Add(-oldest); from.Before(earliest) {
		from = earliest
	}
	var records []change.Record
	query := issue.Query{Labels: []string{r.Labels.Change, r.Labels.Complete}, CreatedAfter: from}
	for i, err := range r.Read.Issues(ctx, target.ProjectAt(r.Inputs.Project), query) {
		if err != nil {
			return nil, err
		}
		records = append(records, change.Read(i.Description, i.CreatedAt))
	}
	return records, nil
}

// create opens the issue and closes it, because nothing is left to do.
func (r *Record) create(key issue.IdempotencyKey, a change.Automation) []plan.Step {
	draft := issue.Draft{Title: a.Title(), Description: a.Description(r.Ours), Labels: r.Labels.Opening(r.state(), r.class())}.Fitted()
	return []plan.Step{
		plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(r.Inputs.Project), IdempotencyKey: key, Draft: draft},
		plan.UpdateIssue{Base: plan.Base{ID: "close", After: []string{workflow.CreatedStep}}, Ref: issue.Ref{Project: r.Inputs.Project},
			Created: workflow.CreatedStep, Title: draft.Title, Change: issue.Change{State: new(issue.Closed)}},
	}
}

// state is complete for a failure too; the outcome has the difference. A canceled job is not recorded.
func (r *Record) state() change.State { return change.Complete }

func (r *Record) class() change.Criticality {
	if c := r.Inputs.Automation.Criticality; c != change.UnknownCriticality {
		return c
	}
	return change.C4
}

// again plans what an interrupted run left undone, and reports whether that is all: the record has the attempt already.
func (r *Record) again(p *plan.Plan) (done bool) {
	i, a := r.found, r.Inputs.Automation
	var left issue.Change
	record := change.Of(i, r.Labels).Record
	if i.Open() && record.AsOfNote == 0 {
		left.State = new(issue.Closed)
	}
	if !record.Exists && !i.Has(r.Labels.Change) { // somebody else has used the key
		left.AddLabels = r.Labels.Opening(r.state(), r.class())
		p.Notes = append(p.Notes, fmt.Sprintf("%s by %s has the key and becomes the record", i.Ref, account.Name(i.Author)))
	}
	if !left.Empty() {
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close"}, Ref: i.Ref, Title: workflow.ShownTitle(i), Change: left})
	}
	if !a.In(r.recorded) || a.Worsens(r.recorded) {
		return false
	}
	text := fmt.Sprintf("Already recorded in %s", i.Ref)
	if a.Outcome == change.Success && r.recorded.Outcome == change.Failure {
		text += " as a failure, which the same attempt cannot undo"
	}
	p.Notes = append(p.Notes, text)
	for _, e := range eventlog.Events(r.notes, change.Kind) {
		if e.Trusted && a.Reports(e) {
			p.Steps = append(p.Steps, workflow.Reconcile(i, r.notes, e, workflow.ReconcileStep(i, change.Kind, r.reconciler()))...)
			break
		}
	}
	return true
}

// update adds the attempt to the record.
func (r *Record) update(p *plan.Plan, a change.Automation) {
	added := map[bool]string{false: "Added", true: "Would add"}[r.DryRun]
	text := fmt.Sprintf("%s attempt %d (%s) to %s", added, max(r.recorded.Attempts, 1)+1, a.Outcome, r.found.Ref)
	if a.SameJob(r.recorded) {
		text = fmt.Sprintf("%s %s of the same job (%s) to %s", added, a.Type, a.Outcome, r.found.Ref)
	}
	p.Notes = append(p.Notes, text)
	event := change.NewEvent(change.Recorded, a.At(), a.Attempt(r.recorded), "")
	key := issue.IdempotencyKey{Kind: "note", Name: "attempt-" + a.AttemptKey()}
	reconcile := workflow.ReconcileStep(r.found, change.Kind, r.reconciler())
	p.Steps = append(p.Steps, workflow.RecordSteps(event, change.Heading(event, r.Today), key, reconcile)...)
}
