package runner

import (
	"errors"
	"fmt"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// A step that was not started, and that was not needed any more when the run looked again, was done by another run. Nothing that is
// complete has steps that were not started.
func TestStepsOfAnotherRun(t *testing.T) {
	t.Parallel()
	step := func(key string) plan.Step { return plan.UpdateMilestone{Base: plan.Base{ID: key}} }
	round := func(outcomes ...plan.Outcome) (r workflow.Round) {
		for n, o := range outcomes {
			s := step(fmt.Sprint("step ", n))
			r.Plan.Steps = append(r.Plan.Steps, s)
			r.Report.Results = append(r.Report.Results, plan.Result{Step: s, Outcome: o})
		}
		return r
	}
	const done, failed, not, other = jsonv1.OutcomeDone, jsonv1.OutcomeFailed, jsonv1.OutcomeNotStarted, jsonv1.OutcomeByOther
	for _, tt := range []struct {
		name     string
		rounds   []workflow.Round
		complete bool
		want     []jsonv1.Outcome
	}{
		{"another run did the rest", []workflow.Round{round(plan.Done, plan.NotStarted, plan.NotStarted)}, true, []jsonv1.Outcome{done, other, other}},
		{"stopped", []workflow.Round{round(plan.Done, plan.Failed, plan.NotStarted)}, false, []jsonv1.Outcome{done, failed, not}},
		{"planned again", []workflow.Round{round(plan.NotStarted, plan.NotStarted), round(plan.Done)}, true, []jsonv1.Outcome{other, done}},
		{"planned again and stopped", []workflow.Round{round(plan.NotStarted, plan.NotStarted), round(plan.Failed)}, false, []jsonv1.Outcome{other, failed}},
	} {
		doc := appliedDocument("milestone roll", tt.rounds, nil, tt.complete)
		var got []jsonv1.Outcome
		for _, s := range doc.Steps {
			got = append(got, s.Outcome)
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) || doc.Complete != tt.complete {
			t.Errorf("%s: %v, complete %v; want %v", tt.name, got, doc.Complete, tt.want)
		}
	}
	if err := stopped(appliedDocument("x", []workflow.Round{round(plan.NotStarted), round()}, nil, false), errors.New("502")); err.Error() != "1 of 1 step done: 502" {
		t.Errorf("%v", err)
	}
}
