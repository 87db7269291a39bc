package issue

import (
	"context"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// PriorityInputs are the inputs of `issue priority`. A plan file keeps them.
type PriorityInputs struct {
	Project string
	IID     int64
	Urgency issue.Urgency
	Impact  issue.Impact
}

// Check requires both values.
func (in PriorityInputs) Check() error {
	if in.Urgency == "" || in.Impact == "" {
		return fault.New(fault.Usage, "To see what they mean: prodctl issue priority --explain", "--urgency and --impact are required")
	}
	return nil
}

// PriorityReader reads an issue, and who labeled it when.
type PriorityReader interface {
	workflow.NotesReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Priority is `issue priority`: it sets one of the labels AP1 to AP3. If somebody else sets another one at the same time, the later one
// counts.
type Priority struct {
	Read   PriorityReader
	Moves  workflow.Moves
	Labels []string // AP1 to AP3 under the team's names
	Inputs PriorityInputs
	plan.Origin

	at        issue.Ref // where the issue is
	contested bool      // after the change the issue had another label too
}

// label is the one that the matrix gives.
func (a *Priority) label() string {
	return a.Labels[issue.AvailabilityOf(a.Inputs.Urgency, a.Inputs.Impact)-1]
}

// Plan reads the issue and replaces its AP labels in one request.
func (a *Priority) Plan(ctx context.Context) (plan.Plan, error) {
	want := a.label()
	f, err := a.Moves.ReadIssue(ctx, a.Read, issue.Ref{Project: a.Inputs.Project, IID: a.Inputs.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	a.at = f.Ref
	if a.contested {
		if want, err = a.later(ctx, f.Issue); err != nil {
			return plan.Plan{}, err
		}
	}
	p := workflow.NewPlan(a.Origin, "issue priority", a.Inputs, workflow.Settings{a.Labels}, workflow.ObservedIssue(f.Issue))
	p.Notes = f.Notes()
	change, changed := f.One(a.Labels, want)
	if !changed {
		p.Notes = append(p.Notes, fmt.Sprintf("%s already has %s", f.Ref, want))
		return p, nil
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s and %s give %s", a.Inputs.Urgency, a.Inputs.Impact, want))
	p.Steps = []plan.Step{plan.UpdateIssue{Base: plan.Base{ID: "set " + want}, Ref: f.Ref, Title: workflow.ShownTitle(f.Issue),
		Change: change}}
	return p, nil
}

// later returns the label that was added last. If that is another one than ours, and ours is gone, it returns a conflict.
func (a *Priority) later(ctx context.Context, i issue.Issue) (string, error) {
	events, err := a.Read.LabelEvents(ctx, i.Ref)
	if err != nil {
		return "", err
	}
	last := i.LastAdded(a.Labels, events)
	if last.Name == "" || last.Name == a.label() {
		return a.label(), nil
	}
	if i.Has(a.label()) {
		return last.Name, nil
	}
	who := "somebody else"
	if last.User != "" {
		who = account.Name(last.User)
	}
	return "", fault.NewConflict("To see it: prodctl issue show "+i.Ref.String(), "%s got %s by %s at the same time", i.Ref, last.Name, who)
}

// Verify reads the issue again: somebody else may have set another label at the same time.
func (a *Priority) Verify(ctx context.Context, _ plan.Plan) (bool, error) {
	i, err := a.Read.Issue(ctx, a.at)
	if err != nil || i.MovedToID != 0 { // then it is labeled where it is now
		return err == nil, err
	}
	_, a.contested = i.One(a.Labels, a.label())
	return a.contested, nil
}
