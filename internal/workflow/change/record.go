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

// RecordInputs are what `change record` was asked; a plan file keeps them.
type RecordInputs struct {
	Project        string
	Automation     change.Automation
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the key by which the record is found again, and refuses one without type or outcome. The outcome is not in the key: another
// one is told to the same record.
func (in *RecordInputs) Check(keys workflow.Keys, labels change.Labels) (err error) {
	a := in.Automation
	if a.Type == "" || a.Outcome == change.UnknownOutcome {
		return fault.New(fault.Usage, "prodctl change record --type deployment --outcome success",
			"--type and --outcome are what nobody else knows: say both")
	}
	in.IdempotencyKey, err = keys.Key("record", labels.Change, "change record", in.Project, a.Type, a.Environment, a.Source, a.Commit)
	return err
}

// Record is `change record`: what a pipeline has done, as an issue that is closed when it is made, once for each key (SPEC 8). A repeated
// job with another outcome tells it in a comment, and the record follows.
type Record struct {
	workflow.Verified
	Read interface {
		workflow.JournalReader
		workflow.IssueFinder
	}
	Labels change.Labels
	Inputs RecordInputs
	plan.Origin

	found issue.Issue
}

// Found is the record once it was seen.
func (r *Record) Found() (issue.Issue, bool) { return r.found, r.found.ID != 0 }

// Plan looks for the record first: one that is there gets only what is new.
func (r *Record) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	p := workflow.NewPlan(r.Origin, "change record", in, workflow.Settings{r.Labels})
	p.Routine = true
	found, there, err := r.Read.FindIssue(ctx, in.Project, in.IdempotencyKey)
	if err != nil {
		return plan.Plan{}, err
	}
	r.found = found
	if !there {
		p.Steps = r.create()
		return p, nil
	}
	p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
	return r.update(ctx, p)
}

// make opens the record and closes it, because nothing is left to be done with it.
func (r *Record) create() []plan.Step {
	in := r.Inputs
	once := in.IdempotencyKey
	once.Searched = true
	a := in.Automation
	return []plan.Step{
		plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.Project), IdempotencyKey: once, Draft: issue.Draft{
			Title: a.Title(), Description: a.Description(), Labels: r.Labels.Opening(r.state(), r.class()),
		}},
		plan.UpdateIssue{Base: plan.Base{ID: "close", After: []string{workflow.CreatedStep}}, Ref: issue.Ref{Project: in.Project},
			Created: workflow.CreatedStep, Title: a.Title(), Change: issue.Change{State: new(issue.Closed)}},
	}
}

// state is complete also for a failure: the outcome tells them apart. A canceled job has not completed.
func (r *Record) state() change.State { return change.Complete }

func (r *Record) class() change.Criticality {
	if c := r.Inputs.Automation.Criticality; c != change.UnknownCriticality {
		return c
	}
	return change.C4
}

// again closes a record that a run before could not close, and tells another attempt that differs from what is recorded.
func (r *Record) update(ctx context.Context, p plan.Plan) (plan.Plan, error) {
	i := r.found
	recorded := change.Of(i, r.Labels).Record
	if i.Open() && recorded.AsOfNote == 0 {
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close"}, Ref: i.Ref, Title: workflow.ShownTitle(i),
			Change: issue.Change{State: new(issue.Closed)}})
	}
	a := r.Inputs.Automation
	if a.MatchesRecord(recorded) {
		p.Notes = append(p.Notes, fmt.Sprintf("%s has it already", i.Ref))
		if recorded.AsOfNote == 0 { // nothing was told since it was made
			return p, nil
		}
	}
	notes, err := r.Read.Journal(ctx, i.Ref)
	if err != nil {
		return p, err
	}
	settle := workflow.ReconcileStep(i, change.Kind, change.Reconciler{Labels: r.Labels})
	entry := change.NewEvent(change.Recorded, a.At(), a.Fields(), "")
	for _, e := range eventlog.Events(notes, change.Kind) {
		if e.Trusted && a.MatchesEvent(e) {
			p.Steps = append(p.Steps, workflow.Reconcile(i, notes, e, settle)...)
			return p, nil
		}
	}
	if a.MatchesRecord(recorded) {
		return p, nil
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s is told of another attempt: %s", i.Ref, a.Outcome))
	once := issue.IdempotencyKey{Kind: "note", Name: "attempt-" + a.AttemptKey()}
	p.Steps = append(p.Steps, workflow.RecordSteps(entry, change.Heading(entry, r.Today), once, settle)...)
	return p, nil
}
