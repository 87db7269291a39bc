// Package workflow holds the steps of each verb: what is read, which rule is asked, what plan follows and
// when to look again. A command is a value with the interfaces it reads through; start with [Planner] and [Run].
//
// It makes no request of its own (readers and the store come in as interfaces), prints nothing,
// knows nothing of flags or of GitLab's client, and asks no clock: today's date comes in.
package workflow

import (
	"context"
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
)

// Planner is one writing command: it looks at GitLab and says what is to be done.
// Planning again after a part was done gives the rest (SPEC W2).
type Planner interface {
	Plan(ctx context.Context) (plan.Plan, error)
	// Verify is asked after every step of a plan was done: true means that something is left, so look again.
	Verify(ctx context.Context, p plan.Plan) (again bool, err error)
}

// Verified is for planners whose steps prove themselves: the store compares every answer with what was asked.
type Verified struct{}

// Verify finds nothing left.
func (Verified) Verify(context.Context, plan.Plan) (bool, error) { return false, nil }

// Round is one plan and what became of it.
type Round struct {
	Plan   plan.Plan
	Report plan.Report
}

// Run applies the first plan and, where others were at the same work or something came in meanwhile, plans and applies again until
// nothing is left. The rounds are returned also with an error, for what stands must be said (SPEC W8).
// allowed, when not nil, is asked before every further plan is applied.
func Run(ctx context.Context, planner Planner, first plan.Plan, store plan.Store, s plan.Settings,
	allowed func(plan.Plan) error) ([]Round, error) {
	const most = 6
	var rounds []Round
	clashed := map[string]bool{}
	for p := first; ; {
		report := plan.Apply(ctx, p, store, s)
		rounds = append(rounds, Round{p, report})
		if report.Conflict != nil {
			if clashed[report.ConflictKey] { // looking again did not show who holds it
				return rounds, partly(fault.Wrap(fault.Refused, report.Conflict, fault.HintOf(report.Conflict), ""), rounds, report.ConflictKey)
			}
			clashed[report.ConflictKey] = true
		}
		if err := report.Err(); err != nil {
			return rounds, err
		}
		if err := interrupted(ctx, report, rounds); err != nil {
			return rounds, err
		}
		again := report.Contended
		if !again {
			var err error
			if again, err = planner.Verify(ctx, p); err != nil {
				return rounds, partly(err, rounds, "everything planned was done, but looking again was not possible")
			}
		}
		if !again {
			return rounds, nil
		}
		if len(rounds) == most {
			return rounds, partly(errors.New("others keep changing the same things"), rounds, "not finished")
		}
		var err error
		if p, err = planner.Plan(ctx); err != nil {
			return rounds, partly(err, rounds, "look again")
		}
		if p.Empty() {
			return rounds, nil
		}
		if allowed != nil {
			if err := allowed(p); err != nil {
				return rounds, partly(err, rounds, "go on")
			}
		}
	}
}

// interrupted reports steps that were not begun because the run was stopped between two of them.
func interrupted(ctx context.Context, report plan.Report, rounds []Round) error {
	if report.Contended || report.Count(plan.NotStarted) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		if errors.Is(err, context.Canceled) {
			return fault.New(fault.Interrupted, "", "interrupted before the end")
		}
		return partly(err, rounds, "out of time")
	}
	return nil
}

// partly gives an error the kind that tells whether anything was written.
func partly(err error, rounds []Round, what string) error {
	kind := fault.KindOf(err)
	for _, r := range rounds {
		if kind != fault.Interrupted && r.Report.Count(plan.Done)+r.Report.Count(plan.OutcomeUnknown) > 0 {
			kind = fault.Partial
		}
	}
	return fault.Wrap(kind, err, fault.HintOf(err), "%s", what)
}
