// Package runner runs a writing command: plan, confirm, apply, report. Start with [Run] and [RunWith]. [Creation] and [Event] report on
// commands that create an issue or record an event.
//
// It saves drafts of text that could not be sent, and builds the command line to retry. No command is known here by name, and nothing about
// the domain is decided here.
package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// grace is how long a request in flight may take after ^C.
const grace = 5 * time.Second

// Run runs a writing command: plan, show, confirm, apply, report (promises W1 and W8).
func Run(ctx context.Context, s *app.Session, planner workflow.Planner) error {
	return RunWith(ctx, s, planner, Hooks{})
}

// Hooks are what a command adds to a run.
type Hooks struct {
	Observer  plan.Observer                                               // is called for each step; may be nil
	Planned   func()                                                      // is called before the first step; may be nil
	Unplanned func(error) error                                           // handles an error of planning; may be nil
	Show      func(p plan.Plan, rounds []workflow.Round, err error) error // shows the outcome; nil: lists the steps
}

// result shows the outcome of the plan.
func result(s *app.Session, end Hooks, p plan.Plan, rounds []workflow.Round, err error) error {
	if end.Show == nil {
		return showApplied(s, p, rounds, err)
	}
	return end.Show(p, rounds, err)
}

// RunWith is [Run] with hooks of the command.
func RunWith(ctx context.Context, s *app.Session, planner workflow.Planner, end Hooks) error {
	return finish(ctx, s, run(ctx, s, planner, end))
}

func run(ctx context.Context, s *app.Session, planner workflow.Planner, end Hooks) error {
	progress := s.Progress("Reading GitLab")
	p, err := prepare(ctx, s, planner)
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
		return s.View.Plan(preview(p))
	case p.Empty():
		err := result(s, end, p, nil, nil)
		follow(s, workflow.AfterOf(planner, nil))
		return err
	}
	if end.Planned != nil {
		end.Planned()
	}
	return confirmed(ctx, s, planner, p, func(ctx context.Context, p plan.Plan) error {
		return apply(ctx, s, planner, p, end, func(next plan.Plan) error {
			if !next.Destructive || p.Destructive {
				return nil
			}
			_, err := confirm(s, next, "nothing more was changed")
			return err
		})
	})
}

// prepare returns the plan of a command, and refuses one that GitLab would refuse after its first step. Who the user is is read meanwhile;
// the role often with the comments.
func prepare(ctx context.Context, s *app.Session, planner workflow.Planner) (plan.Plan, error) {
	bound, needsRole := workflow.Inner(planner).(workflow.RoleBound)
	reading, stop := context.WithCancel(ctx)
	defer stop()
	known := make(chan struct{})
	go func() {
		defer close(known)
		if needsRole {
			_, _ = s.Client.CurrentUser(reading) // it is remembered; an error comes again where the user is needed
		}
	}()
	p, err := planner.Plan(ctx)
	turnedDown := fault.KindOf(err) == fault.Refused
	if err != nil && !turnedDown {
		stop()
	}
	<-known
	if needsRole && (turnedDown || err == nil && !p.Empty()) { // what a role lacks comes before what the issue lacks
		ref := bound.NeedsRole()
		if refusal := workflow.CheckRole(ctx, s.Client, ref.Project, fmt.Sprintf("%s cannot be changed", ref)); refusal != nil {
			return p, refusal
		}
		if refusal := s.Client.MayReadRoles(ctx, ref.Project); refusal != nil && err == nil { // the comment would count for nothing
			return p, refusal
		}
	}
	if err != nil {
		return p, err
	}
	if err := workflow.CheckRoles(ctx, s.Client, workflow.Inner(planner), p); err != nil {
		return p, err
	}
	return p, workflow.CheckLengths(p)
}

// confirmed applies the plan when the user or --yes agrees to it. After a question it plans again, because somebody may have changed
// something while the user was reading, and --timeout restarts.
func confirmed(ctx context.Context, s *app.Session, planner workflow.Planner, p plan.Plan, then func(context.Context,
	plan.Plan) error) error {
	asked, err := confirm(s, p, "nothing was changed")
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

// apply applies a plan and shows the outcome, also after an error. What follows its writes starts when the outcome was printed.
func apply(ctx context.Context, s *app.Session, planner workflow.Planner, p plan.Plan, end Hooks, allowed func(plan.Plan) error) error {
	progress := s.Progress("Applying %s", p.Command)
	rounds, err := workflow.Run(ctx, planner, p, s.Client, plan.Settings{
		Parallel: s.Parallel(), Grace: grace, Observer: &counter{progress: progress, all: len(p.Steps), next: end.Observer,
			now: s.Now, began: s.Now()},
	}, allowed)
	progress.Stop()
	err = result(s, end, p, rounds, err)
	follow(s, workflow.AfterOf(planner, rounds))
	return err
}

// confirm asks before a plan with more than one write, or with a deletion. Without a terminal it requires --yes. otherwise is the outcome
// if the user does not agree.
func confirm(s *app.Session, p plan.Plan, otherwise string) (asked bool, err error) {
	if s.Global.Yes || !s.Asked && (p.Routine || len(p.Steps) == 1) && !p.Destructive {
		return false, nil
	}
	if s.Interactive() {
		if err := s.View.To(s.Err, s.ErrTTY, s.ErrColor()).Plan(preview(p)); err != nil {
			return false, err
		}
	}
	return true, Agree(s, "Apply this plan?", otherwise)
}

// Agree asks a question, and returns an error with the outcome unless the answer is yes: [fault.Refused], or [fault.Interrupted] after ^C.
func Agree(s *app.Session, question, otherwise string) error {
	ok, err := s.Confirm(s.Context, question)
	switch {
	case errors.Is(err, context.Canceled):
		return fault.New(fault.Interrupted, "", "interrupted: %s", otherwise)
	case err == nil && !ok:
		return fault.New(fault.Refused, "", "%s", otherwise)
	}
	return err
}

// ApplySaved applies a saved plan, unless what it was made from has changed. except names issues and steps that are left out.
func ApplySaved(ctx context.Context, s *app.Session, planner workflow.Planner, saved plan.Plan, except []string) error {
	part, rest, err := workflow.SubsetOf(planner, saved, except)
	if err != nil {
		return err
	}
	return finish(ctx, s, applySaved(ctx, s, part, rest))
}

// staleLooks is how often GitLab is read before a plan is stale: another run may be applying the same plan.
const staleLooks = 4

// current plans again, and compares the result with a saved plan.
func current(ctx context.Context, s *app.Session, planner workflow.Planner, saved plan.Plan) (plan.Plan, error) {
	for look := 1; ; look++ {
		now, err := prepare(ctx, s, planner)
		switch {
		case fault.KindOf(err) == fault.Refused:
			err = fault.Wrap(fault.Refused, err, fault.HintOf(err), "the plan is stale")
		case err == nil:
			err = workflow.Stale(saved, now)
		}
		if fault.KindOf(err) != fault.Refused || look == staleLooks {
			return now, err
		}
		if err := s.Sleep(ctx, time.Second); err != nil {
			return now, err
		}
	}
}

func applySaved(ctx context.Context, s *app.Session, planner workflow.Planner, saved plan.Plan) error {
	progress := s.Progress("Checking that the plan is current")
	now, err := current(ctx, s, planner, saved)
	progress.Stop()
	if err != nil {
		return err
	}
	switch {
	case s.Global.DryRun:
		return s.View.Plan(preview(now))
	case now.Empty():
		return s.View.Applied(appliedDocument(now.Command, nil, now.Notes, true))
	}
	return confirmed(ctx, s, planner, now, func(ctx context.Context, now plan.Plan) error {
		return apply(ctx, s, planner, now, Hooks{}, func(next plan.Plan) error { return workflow.Stale(saved, next) })
	})
}
