// Package label is the steps that bring the labels of projects or a group to the declared set.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints
// nothing and knows no flag.
package label

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Inputs are what `label apply` was asked; a plan file keeps them.
type Inputs struct {
	In    []string // as typed; the places they mean come from the configuration
	Prune bool
	Force bool
}

// Apply is `label apply` and, without the writing, `label plan`: every place gets the declared set (SPEC 5).
// Its steps do not depend on each other and are carried out in parallel.
type Apply struct {
	workflow.Verified
	Labels
	Inputs Inputs
	plan.Origin
}

// Plan needs one request a page of labels where nothing is pruned.
func (a Apply) Plan(ctx context.Context) (plan.Plan, error) {
	places, err := a.Compare(ctx, false, a.Inputs.Prune, a.Inputs.Force)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(a.Origin, "label apply", a.Inputs, workflow.Settings{a.In, a.Set})
	for _, place := range places {
		for _, d := range label.Pending(place.Differences) {
			p.Steps = append(p.Steps, workflow.LabelStep(place.In, d))
			p.Destructive = p.Destructive || d.Prune
			p.Observed = append(p.Observed, workflow.ObservedDifference(place.In, d))
		}
		p.Notes = append(p.Notes, place.notes()...)
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}
