// Package label holds the workflows of `prodctl label`. Start with [Labels] and [Apply].
//
// A workflow reads through small interfaces, applies the rules of pkg/label, and returns a plan or a value. Flags, output and rules
// do not belong here.
package label

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Inputs holds the options of `label apply`, as saved in a plan file.
type Inputs struct {
	In    []string // the values of --in; the configuration maps them to places
	Prune bool
	Force bool
}

// Apply is `label apply` and, without writes, `label plan`: every place gets the declared labels.
// Its steps do not depend on each other and run in parallel.
type Apply struct {
	workflow.Verified
	Labels
	Inputs Inputs
	plan.Origin
}

// Plan takes one request per page of labels, and more only with Prune.
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
