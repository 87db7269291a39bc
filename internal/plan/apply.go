package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Outcome is the result of a step.
type Outcome string

// The outcomes. Unchanged means that nothing had to change, OutcomeUnknown that GitLab may or may not have made the change.
const (
	Done           Outcome = "done"
	Unchanged      Outcome = "unchanged"
	Failed         Outcome = "failed"
	OutcomeUnknown Outcome = "unknown"
	NotStarted     Outcome = "not_started"
)

// Result is a step with its outcome. Err is set if it failed or its outcome is unknown.
type Result struct {
	Step    Step
	Outcome Outcome
	Err     error
	Reason  string // why a step is unchanged; may be empty
	// CreatedID is the id of the object that the step created; 0 for other steps.
	CreatedID int64
	// Issue is the issue that the step created, reconciled or assigned; without a number for other steps. An issue that was created but
	// lacks a part is set, with Err and the outcome Done.
	Issue issue.Issue
}

// Report is the result of a plan, in the plan's order.
type Report struct {
	Results []Result
	// Contended means that somebody else is changing the same objects: observe GitLab again and plan the remaining steps.
	// It is not a failure.
	Contended bool
	// Conflict is the error for a title or name that was free when the plan was made and is taken now, which is one kind of contention.
	// Its step counts as not started. Planning again shows whether somebody else did the same work or keeps the title.
	Conflict    error
	ConflictKey string
}

// Count returns the number of steps with the outcome.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// Written reports whether a step has, or may have, changed anything.
func (r Report) Written() bool { return r.Count(Done)+r.Count(OutcomeUnknown) > 0 }

// Err joins the errors of the steps, in the plan's order. It is nil if every step was done or the command must plan again.
// Its kind follows from [fault.AfterWrites].
func (r Report) Err() error {
	var failures []error
	for _, result := range r.Results {
		if result.Err != nil {
			failures = append(failures, named(result.Step, result.Err))
		}
	}
	if len(failures) == 0 {
		return nil
	}
	joined := errors.Join(failures...)
	return &fault.Error{Kind: fault.AfterWrites(joined, r.Written()), Err: joined, Hint: fault.HintOf(failures[0])}
}

// named adds the name of the object to an error, if the request that failed does not name it.
func named(step Step, err error) error {
	name := ""
	switch s := step.(type) {
	case CreateMilestone:
		name = s.Draft.Title
	case UpdateMilestone:
		name = s.Before.Title
	case CreateLabel:
		name = s.Label.Name
	case UpdateLabel:
		name = s.Before.Name
	case DeleteLabel:
		name = s.Before.Name
	case CreateBoard:
		name = s.Name
	case CreateBoardList:
		name = s.Label
	case MoveBoardList:
		name = s.Label
	case CreateFreeze:
		name = s.Lock
	}
	if name == "" {
		return err
	}
	return fmt.Errorf("%q: %w", name, err)
}

// Observer is notified of the start and the end of every step, from several goroutines at the same time.
type Observer interface {
	Started(Step)
	Finished(Result)
}

// Settings are the settings of [Apply].
type Settings struct {
	Parallel int           // maximum number of independent steps at the same time; at least 1
	Grace    time.Duration // how long a request in flight may take after an interruption
	Observer Observer      // may be nil
}

// Apply runs the plan's steps and nothing else. Steps that do not depend on each other run in parallel.
// A failed step stops the steps that need it. If GitLab does not answer, access is lost, or the run is interrupted, no further step is
// started. If ctx is canceled, requests in flight have the grace period to finish; its deadline ends them immediately.
func Apply(ctx context.Context, p Plan, store Store, s Settings) Report {
	requests, release := graceful(ctx, s.Grace)
	defer release()
	a := &applier{store: store, observer: s.Observer, looks: newLooks(p.Steps, s.Parallel), moves: newMoveLooks(p.Steps),
		results: map[string]Result{}, created: map[string]int64{}, issues: map[string]issue.Issue{}}
	all := levels(p.Steps)
	if p.Serial {
		all = slices.Collect(slices.Chunk(p.Steps, 1))
	}
	for _, level := range all {
		var group errgroup.Group
		group.SetLimit(max(1, s.Parallel))
		for _, step := range level {
			group.Go(func() error {
				a.run(ctx, requests, step)
				return nil
			})
		}
		_ = group.Wait() // the goroutines report through a.results
	}
	return a.report(p)
}

// graceful returns a context for requests that is canceled only after the grace period if ctx is canceled. It keeps the deadline of ctx,
// so that a timeout is reported as a timeout and not as an interruption.
func graceful(ctx context.Context, grace time.Duration) (context.Context, func()) {
	requests, cancel := uninterrupted(ctx)
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.Canceled) {
			time.AfterFunc(grace, cancel)
		}
	})
	return requests, func() {
		stop()
		cancel()
	}
}

func uninterrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(context.WithoutCancel(ctx), end)
	}
	return context.WithCancel(context.WithoutCancel(ctx))
}

// levels groups the steps so that each needs only steps of earlier groups. Within a group they keep the plan's order.
func levels(steps []Step) [][]Step {
	depth := map[string]int{}
	var out [][]Step
	for _, step := range steps {
		d := 0
		for _, need := range step.Needs() {
			d = max(d, depth[need]+1)
		}
		depth[step.Key()] = d
		if d == len(out) {
			out = append(out, nil)
		}
		out[d] = append(out[d], step)
	}
	return out
}

type applier struct {
	store    Store
	observer Observer
	looks    *looks
	moves    *moveLooks

	mu         sync.Mutex
	results    map[string]Result
	created    map[string]int64       // ids by the key of the step that created the object
	issues     map[string]issue.Issue // likewise
	lastIID    int64                  // of the milestones created in this run
	stopped    bool
	contended  bool
	conflicted Result

	lookup sync.Mutex
}

// run runs one step, unless it is blocked.
func (a *applier) run(ctx, requests context.Context, step Step) {
	if ctx.Err() != nil || a.blocked(step) {
		return
	}
	if a.observer != nil {
		a.observer.Started(step)
	}
	result := a.carryOut(requests, step)
	result.Step = step
	switch {
	case result.Err == nil && result.Outcome == "":
		result.Outcome = Done
	case result.Err != nil && result.Outcome != "": // done except for a part
	case result.Err != nil && errors.Is(result.Err, fault.Unknown):
		result.Outcome = OutcomeUnknown
	case result.Err != nil:
		result.Outcome = Failed
	}
	if errors.Is(result.Err, fault.Taken) || errors.Is(result.Err, fault.Outdated) {
		a.conflict(result)
		return
	}
	if errors.Is(result.Err, fault.Moved) { // planning again follows the issue
		a.contend()
		return
	}
	a.record(result)
	if a.observer != nil {
		a.observer.Finished(result)
	}
}

func (a *applier) blocked(step Step) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || a.contended {
		return true
	}
	for _, need := range step.Needs() {
		if r, ok := a.results[need]; !ok || r.Outcome != Done && r.Outcome != Unchanged {
			return true
		}
	}
	return false
}

func (a *applier) record(r Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.results[r.Step.Key()] = r
	if r.CreatedID != 0 {
		a.created[r.Step.Key()] = r.CreatedID
	}
	if r.Issue.Ref.IID != 0 {
		a.issues[r.Step.Key()] = r.Issue
	}
	if r.Err == nil || r.Outcome == Done {
		return
	}
	switch fault.KindOf(r.Err) {
	case fault.Unreachable, fault.Auth, fault.Interrupted:
		a.stopped = true
	}
	if errors.Is(r.Err, context.Canceled) || errors.Is(r.Err, context.DeadlineExceeded) {
		a.stopped = true
	}
}

// contend stops the plan: somebody else changes the same objects.
func (a *applier) contend() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.contended = true
}

// conflict stops the plan, because the state it was made from has changed.
func (a *applier) conflict(r Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.contended = true
	a.conflicted = r
}

func (a *applier) report(p Plan) Report {
	out := Report{Contended: a.contended, Conflict: a.conflicted.Err}
	if out.Conflict != nil {
		out.ConflictKey = a.conflicted.Step.Key()
	}
	for _, step := range p.Steps {
		r, ok := a.results[step.Key()]
		if !ok {
			r = Result{Step: step, Outcome: NotStarted}
		}
		out.Results = append(out.Results, r)
	}
	return out
}

// id returns the id of a reference: its own id, or that of the object that an earlier step created.
func (a *applier) id(own int64, created string) (int64, error) {
	if created == "" {
		return own, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if id, ok := a.created[created]; ok {
		return id, nil
	}
	return 0, fmt.Errorf("the plan refers to the object of step %q, but that step created none", created)
}
