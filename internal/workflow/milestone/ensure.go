// Package milestone is the steps of the verbs of milestones.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints
// nothing and knows no flag.
package milestone

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Ensure is `milestone ensure`: one open Current and one open Next with the right dates and names (SPEC 4).
type Ensure struct {
	workflow.Verified
	Timeboxes
	plan.Origin
}

// Plan needs one request where nothing is missing.
func (e Ensure) Plan(ctx context.Context) (plan.Plan, error) {
	roll, obs, err := e.decide(ctx, milestone.Observation{Today: e.Today}, func(o milestone.Observation) (milestone.Roll, error) {
		return milestone.PlanEnsure(e.Rules, o)
	})
	if err != nil {
		return plan.Plan{}, err
	}
	inputs := workflow.Inputs(struct{}{})
	p := e.steps("ensure", inputs, roll, obs)
	p.Command, p.Origin, p.Inputs = "milestone ensure", e.Origin, inputs
	p.Notes = append(p.Notes, dueNote(roll.Current, e.Today))
	return p, nil
}

// EnsureFrom makes the command of a saved plan again.
func EnsureFrom(t Timeboxes, host string, p plan.Plan) (Ensure, error) {
	return Ensure{Timeboxes: t, Origin: plan.Origin{Host: host, Args: p.Args, Today: p.Today}}, dated(p)
}
