package change

import (
	"context"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RecordInputs are the inputs of `change record`, as saved in a plan file.
type RecordInputs struct {
	Project        string
	Automation     change.Automation
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the idempotency key of the record, and requires a type and an outcome. The outcome is not part of the key: an attempt with
// another outcome goes to the same record.
func (in *RecordInputs) Check(keys workflow.Keys, labels change.Labels) (err error) {
	a := in.Automation
	if a.Type == "" || a.Outcome == change.UnknownOutcome {
		return fault.New(fault.Usage, "Example: prodctl change record --type deployment --outcome success",
			"--type and --outcome are required")
	}
	in.IdempotencyKey, err = keys.Key("record", labels.Change, "change record", a.Type, a.Environment, a.Source, a.Commit)
	return err
}

// Record plans `change record`: what a pipeline did, as a closed issue, one for each key. A retried job with another outcome adds
// a comment, and the record follows from it.
type Record struct {
	workflow.Verified
	Read interface {
		workflow.NotesReader
		workflow.IssueFinder
	}
	Labels change.Labels
	Inputs RecordInputs
	DryRun bool // nothing will be written; only the notes differ
	plan.Origin

	found issue.Issue
}

// Found returns the issue of the record, if it already existed.
func (r *Record) Found() (issue.Issue, bool) { return r.found, r.found.ID != 0 }

// Plan looks for the record first; if it exists, only a new attempt is added.
func (r *Record) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	p := workflow.NewPlan(r.Origin, "change record", in, workflow.Settings{r.Labels})
	p.Routine = true
	found, exists, err := r.Read.FindIssue(ctx, in.Project, in.IdempotencyKey)
	if err != nil {
		return plan.Plan{}, err
	}
	r.found = found
	if !exists {
		p.Steps = r.create()
		return p, nil
	}
	p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
	return r.update(ctx, p)
}

// create opens the issue and closes it, because nothing is left to do.
func (r *Record) create() []plan.Step {
	in := r.Inputs
	key := in.IdempotencyKey
	key.Searched = true
	a := in.Automation
	draft := issue.Draft{Title: a.Title(), Description: a.Description(), Labels: r.Labels.Opening(r.state(), r.class())}.Fitted()
	return []plan.Step{
		plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.Project), IdempotencyKey: key, Draft: draft},
		plan.UpdateIssue{Base: plan.Base{ID: "close", After: []string{workflow.CreatedStep}}, Ref: issue.Ref{Project: in.Project},
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

// update closes a record that a previous run could not close, and adds a new attempt.
func (r *Record) update(ctx context.Context, p plan.Plan) (plan.Plan, error) {
	i := r.found
	recorded := change.Of(i, r.Labels).Record
	if i.Open() && recorded.AsOfNote == 0 {
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close"}, Ref: i.Ref, Title: workflow.ShownTitle(i),
			Change: issue.Change{State: new(issue.Closed)}})
	}
	a := r.Inputs.Automation
	if a.MatchesRecord(recorded) {
		p.Notes = append(p.Notes, fmt.Sprintf("Already recorded in %s", i.Ref))
		if recorded.AsOfNote == 0 { // no attempt was added since it was created
			return p, nil
		}
	}
	notes, err := r.Read.TrustedNotes(ctx, i.Ref)
	if err != nil {
		return p, err
	}
	reconcile := workflow.ReconcileStep(i, change.Kind, change.Reconciler{Labels: r.Labels})
	event := change.NewEvent(change.Recorded, a.At(), a.Fields(), "")
	for _, e := range eventlog.Events(notes, change.Kind) {
		if e.Trusted && a.MatchesEvent(e) {
			p.Steps = append(p.Steps, workflow.Reconcile(i, notes, e, reconcile)...)
			return p, nil
		}
	}
	if a.MatchesRecord(recorded) {
		return p, nil
	}
	verb := "Added"
	if r.DryRun {
		verb = "Would add"
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s attempt %d (%s) to %s", verb, max(recorded.Attempts, 1)+1, a.Outcome, i.Ref))
	key := issue.IdempotencyKey{Kind: "note", Name: "attempt-" + a.AttemptKey()}
	p.Steps = append(p.Steps, workflow.RecordSteps(event, change.Heading(event, r.Today), key, reconcile)...)
	return p, nil
}
