// Package workflow holds what the workflows of all nouns share: which objects a command reads, which rules it applies, which plan
// results, and when to plan again. A command is a value with the interfaces it reads through. Start with [Planner] and [Run].
//
// The package makes no request of its own: readers and the store are interfaces. Flags, output, GitLab's client and clocks do not
// belong here; today's date is passed in.
package workflow

import (
	"context"
	"errors"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
)

// Planner is a command that writes: it reads GitLab and plans the changes.
// Planning again after a part of them was applied returns the rest (promise W2).
type Planner interface {
	Plan(ctx context.Context) (plan.Plan, error)
	// Verify checks the result after all steps of a plan were applied. It returns true if the command has to plan again.
	Verify(ctx context.Context, p plan.Plan) (replan bool, err error)
}

// Verified is embedded in planners that need no check, because the store compares every answer with the request.
type Verified struct{}

// Verify returns false.
func (Verified) Verify(context.Context, plan.Plan) (bool, error) { return false, nil }

// After is work that follows a verified write of this run, such as a hook. It is best effort: nothing of it is part of the plan, and its
// failure is a note that leaves the exit code as it is. The runner starts it when the result was printed, and ends it after 10 s.
type After struct {
	NotDone string // the note when it fails, as a sentence without a full stop: "The severity was not set"
	Repeat  string // the command that does it again; empty: there is none
	Do      func(ctx context.Context) error
}

// Afters is embedded in planners whose writes may have work that follows them. The function that builds a planner, for the command and
// for `prodctl apply`, adds the work.
type Afters struct {
	afters []func([]Round) []After
}

// AddAfter adds work. Its function is called once, with all rounds of the run, also after an error or without any. It returns nothing
// unless a step of these rounds made the write, and the step's result says so (Done, not Unchanged and not OutcomeUnknown), or it repairs
// what an earlier run left.
func (a *Afters) AddAfter(work func([]Round) []After) { a.afters = append(a.afters, work) }

// After returns what follows these rounds.
func (a Afters) After(rounds []Round) (all []After) {
	for _, work := range a.afters {
		all = append(all, work(rounds)...)
	}
	return all
}

// DoneBy returns the result of a step that this run did, selected by is. A step that another run did is unchanged for this one, and does
// not count.
func DoneBy(rounds []Round, is func(plan.Step) bool) (plan.Result, bool) {
	for _, round := range slices.Backward(rounds) {
		for _, r := range round.Report.Results {
			if r.Outcome == plan.Done && is(r.Step) {
				return r, true
			}
		}
	}
	return plan.Result{}, false
}

// AfterOf returns what follows the rounds of a planner, which may be a part of a saved plan.
func AfterOf(p Planner, rounds []Round) []After {
	if f, ok := Inner(p).(interface{ After([]Round) []After }); ok {
		return f.After(rounds)
	}
	return nil
}

// Round is one plan and its result.
type Round struct {
	Plan   plan.Plan
	Report plan.Report
}

// Run applies the first plan. If others did the same work at the same time, or something was added in the meantime, it plans and
// applies again until nothing is left. It returns the rounds even with an error, because what was done must be reported (promise W8).
// allowed, if not nil, can refuse every further plan before it is applied.
func Run(ctx context.Context, planner Planner, first plan.Plan, store plan.Store, s plan.Settings,
	allowed func(plan.Plan) error) ([]Round, error) {
	const maxRounds = 6
	var rounds []Round
	conflicted := map[string]bool{}
	for p := first; ; {
		report := plan.Apply(ctx, p, store, s)
		rounds = append(rounds, Round{p, report})
		if report.Conflict != nil {
			if conflicted[report.ConflictKey] { // planning again did not show who holds the title, or another way to write
				return rounds, partly(fault.Wrap(conflictKind(report.Conflict), report.Conflict, fault.HintOf(report.Conflict), ""), rounds,
					report.ConflictKey)
			}
			conflicted[report.ConflictKey] = true
		}
		if err := report.Err(); err != nil {
			return rounds, err
		}
		if err := interrupted(ctx, report, rounds); err != nil {
			return rounds, err
		}
		replan := report.Contended
		if !replan {
			var err error
			if replan, err = planner.Verify(ctx, p); err != nil {
				return rounds, partly(err, rounds, "all steps done, but the result could not be verified")
			}
		}
		if !replan {
			return rounds, nil
		}
		if len(rounds) == maxRounds {
			return rounds, partly(errors.New("others keep changing the same objects"), rounds, "not finished")
		}
		var err error
		if p, err = planner.Plan(ctx); err != nil {
			return rounds, partly(err, rounds, "plan the remaining steps")
		}
		if p.Empty() {
			return rounds, nil
		}
		if p, err = allow(ctx, planner, p, allowed); err != nil {
			return rounds, partly(err, rounds, "apply the remaining steps")
		}
		if p.Empty() {
			return rounds, nil
		}
	}
}

// conflictKind is the kind of a conflict that planning again does not solve.
func conflictKind(err error) fault.Kind {
	if kind := fault.KindOf(err); kind == fault.Auth {
		return kind
	}
	return fault.Refused
}

// allow asks whether a further plan may be applied, and plans once more if only the moment was wrong.
func allow(ctx context.Context, planner Planner, p plan.Plan, allowed func(plan.Plan) error) (plan.Plan, error) {
	if allowed == nil {
		return p, nil
	}
	err := allowed(p)
	if !IsStale(err) {
		return p, err
	}
	if p, err = planner.Plan(ctx); err != nil || p.Empty() {
		return p, err
	}
	return p, allowed(p)
}

// interrupted returns an error if steps were not started because the run was stopped between two of them.
func interrupted(ctx context.Context, report plan.Report, rounds []Round) error {
	if report.Contended || report.Count(plan.NotStarted) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		if errors.Is(err, context.Canceled) {
			return fault.New(fault.Interrupted, "", "interrupted")
		}
		return partly(err, rounds, "timed out")
	}
	return nil
}

// partly says what was attempted after the first plan was applied. A lost race needs no such words.
func partly(err error, rounds []Round, what string) error {
	if errors.Is(err, fault.Conflict) {
		what = ""
	}
	return fault.Wrap(fault.AfterWrites(err, Written(rounds)), err, fault.HintOf(err), "%s", what)
}

// Written reports whether a step of any round has, or may have, changed anything.
func Written(rounds []Round) bool {
	return slices.ContainsFunc(rounds, func(r Round) bool { return r.Report.Written() })
}
