// Package milestone holds the workflows of `prodctl milestone`. Start with [Timeboxes], [Roll] and [Ensure].
//
// A workflow reads through small interfaces that this package declares, applies the rules of pkg/milestone, and returns a plan or a
// value. Flags, output and rules do not belong here.
package milestone

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// EnsureInputs holds the options of `milestone ensure`, as saved in a plan file.
type EnsureInputs struct {
	Realign bool `json:",omitempty"` // replace dates that do not fit the cadence
}

// Ensure is `milestone ensure`: one open Current and one open Next Milestone with the right dates and names.
type Ensure struct {
	workflow.Verified
	Timeboxes
	EnsureInputs
	plan.Origin
}

// Plan takes one request if nothing is missing.
func (e Ensure) Plan(ctx context.Context) (plan.Plan, error) {
	roll, obs, err := e.decide(ctx, milestone.Observation{Today: e.Today}, func(o milestone.Observation) (milestone.Roll, error) {
		return milestone.PlanEnsure(e.Rules, o, e.Realign)
	})
	if err != nil {
		return plan.Plan{}, err
	}
	inputs := workflow.Inputs(e.EnsureInputs)
	p := e.steps("ensure", inputs, roll, obs)
	p.Command, p.Origin, p.Inputs, p.Indivisible = "milestone ensure", e.Origin, inputs, true
	p.Notes = append(p.Notes, dueNote(roll.Current, e.Today))
	return p, nil
}

// EnsureFrom returns the `milestone ensure` that a saved plan was made by.
func EnsureFrom(t Timeboxes, host string, p plan.Plan) (Ensure, error) {
	in, err := plan.InputsOf[EnsureInputs](p)
	if err != nil {
		return Ensure{}, err
	}
	return Ensure{Timeboxes: t, EnsureInputs: in, Origin: plan.Origin{Host: host, Args: p.Args, Today: p.Today}}, checkDate(p)
}
