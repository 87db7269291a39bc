// Package runner carries out what a writing command plans: plan, confirm, apply, report. Start with [Run] and [RunWith]; [Creation] and
// [Event] are the reports of commands that create an issue or record an event.
//
// It keeps drafts of text that could not be sent, and builds the command line that retries. It knows no command by name and decides
// nothing about the domain.
package runner

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// grace is how long a request in flight may take after ^C.
const grace = 5 * time.Second

// Run runs a writing command: plan, show, ask, apply, say what stands (SPEC W1, W8).
func Run(ctx context.Context, s *app.Session, planner workflow.Planner) error {
	return RunWith(ctx, s, planner, Hooks{})
}

// Hooks is what a command does with what became of its plan.
type Hooks struct {
	Observer  plan.Observer                                               // told of each step as it is carried out; may be nil
	Planned   func()                                                      // what is said before the first step is carried out; may be nil
	Unplanned func(error) error                                           // what an error becomes where there is no plan; may be nil
	Show      func(p plan.Plan, rounds []workflow.Round, err error) error // nil: the steps with what became of each
}

// result shows what became of the plan.
func result(s *app.Session, end Hooks, p plan.Plan, rounds []workflow.Round, err error) error {
	if end.Show == nil {
		return showApplied(s, p, rounds, err)
	}
	return end.Show(p, rounds, err)
}

// RunWith is [Run] with hooks of the command's own.
func RunWith(ctx context.Context, s *app.Session, planner workflow.Planner, end Hooks) error {
	progress := s.Progress("looking at GitLab")
	p, err := planner.Plan(ctx)
	progress.Stop()
	if err != nil && end.Unplanned != nil {
		err = end.Unplanned(err)
	}
	if err != nil {
		return err
	}
	switch {
	case s.Global.Plan != "":
		return savePlan(s, p)
	case s.Global.DryRun:
		p.Notes = append(p.Notes, notified(p)...)
		return s.View.Plan(p.Document())
	case p.Empty():
		return result(s, end, p, nil, nil)
	}
	if end.Planned != nil {
		end.Planned()
	}
	return confirmed(ctx, s, planner, p, func(ctx context.Context, p plan.Plan) error {
		return apply(ctx, s, planner, p, end, func(next plan.Plan) error {
			if !next.Destructive || p.Destructive {
				return nil
			}
			_, err := confirm(s, next)
			return err
		})
	})
}

// confirmed goes on when a person or --yes agrees to the plan. Where a person was asked it looks again, since somebody may have
// written while the question stood, and --timeout begins anew.
func confirmed(ctx context.Context, s *app.Session, planner workflow.Planner, p plan.Plan, then func(context.Context,
	plan.Plan) error) error {
	asked, err := confirm(s, p)
	if err != nil {
		return err
	}
	if !asked {
		return then(ctx, p)
	}
	ctx, cancel := s.WithTimeout()
	defer cancel()
	now, err := planner.Plan(ctx)
	if err != nil {
		return err
	}
	if err := workflow.Stale(p, now); err != nil {
		return err
	}
	return then(ctx, now)
}

// apply carries a plan out and shows what became of it, also when it went wrong.
func apply(ctx context.Context, s *app.Session, planner workflow.Planner, p plan.Plan, end Hooks, allowed func(plan.Plan) error) error {
	progress := s.Progress("applying %s", p.Command)
	rounds, err := workflow.Run(ctx, planner, p, s.Client, plan.Settings{
		Parallel: s.Parallel(), Grace: grace, Observer: &counter{progress: progress, all: len(p.Steps), next: end.Observer},
	}, allowed)
	progress.Stop()
	return result(s, end, p, rounds, err)
}

// confirm asks before a plan that makes more than one write, or deletes. Without a terminal it wants --yes.
func confirm(s *app.Session, p plan.Plan) (asked bool, err error) {
	if s.Global.Yes || (p.Routine || len(p.Steps) == 1) && !p.Destructive {
		return false, nil
	}
	if s.Interactive() {
		if err := s.View.To(s.Err, s.ErrTTY, s.ErrColor()).Plan(p.Document()); err != nil {
			return false, err
		}
	}
	ok, err := s.Confirm(s.Context, "Apply this plan?")
	if err == nil && !ok {
		err = fault.New(fault.Refused, "", "nothing was changed")
	}
	return true, err
}

// ApplySaved carries out a saved plan, if what it was made from has not changed.
func ApplySaved(ctx context.Context, s *app.Session, planner workflow.Planner, saved plan.Plan) error {
	progress := s.Progress("looking whether the plan still holds")
	now, err := planner.Plan(ctx)
	progress.Stop()
	if fault.KindOf(err) == fault.Refused {
		return fault.Wrap(fault.Refused, err, fault.HintOf(err), "the plan is stale")
	}
	if err != nil {
		return err
	}
	if err := workflow.Stale(saved, now); err != nil {
		return err
	}
	switch {
	case s.Global.DryRun:
		return s.View.Plan(now.Document())
	case now.Empty():
		return s.View.Applied(appliedDocument(now.Command, nil, now.Notes))
	}
	return confirmed(ctx, s, planner, now, func(ctx context.Context, now plan.Plan) error {
		return apply(ctx, s, planner, now, Hooks{}, func(next plan.Plan) error { return workflow.Stale(saved, next) })
	})
}
