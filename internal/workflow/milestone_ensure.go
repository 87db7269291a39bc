package workflow

import (
	"context"
	"encoding/json"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// MilestoneEnsure is `milestone ensure`: one open Current and one open Next with the right dates and names (SPEC 4).
type MilestoneEnsure struct {
	Verified
	Timeboxes
	Host  string
	Words []string
	Today calendar.Date
}

// Plan needs one request where nothing is missing.
func (e MilestoneEnsure) Plan(ctx context.Context) (plan.Plan, error) {
	roll, obs, err := e.decide(ctx, milestone.Observation{Today: e.Today}, func(o milestone.Observation) (milestone.Roll, error) {
		return milestone.PlanEnsure(e.Rules, o)
	})
	if err != nil {
		return plan.Plan{}, err
	}
	inputs, err := json.Marshal(struct{}{})
	if err != nil {
		return plan.Plan{}, err
	}
	p := e.steps("ensure", inputs, roll, obs)
	p.Command, p.Words, p.Inputs, p.Host, p.Today = "milestone ensure", e.Words, inputs, e.Host, e.Today
	p.Notes = append(p.Notes, dueNote(roll.Current, e.Today))
	return p, nil
}

// EnsureFrom makes the command of a saved plan again.
func EnsureFrom(t Timeboxes, host string, p plan.Plan) (MilestoneEnsure, error) {
	return MilestoneEnsure{Timeboxes: t, Host: host, Words: p.Words, Today: p.Today}, dated(p)
}
