package plan

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Outcome is what became of a step.
type Outcome string

// The outcomes. Unchanged means that the step found its work done; Unclear that GitLab may or may not have done it.
const (
	Done           Outcome = "done"
	Unchanged      Outcome = "unchanged"
	Failed         Outcome = "failed"
	OutcomeUnknown Outcome = "unknown"
	NotStarted     Outcome = "not_started"
)

// Result is a step with what became of it. Err is set when it failed or is unclear.
type Result struct {
	Step    Step
	Outcome Outcome
	Err     error
	// Made is the id that GitLab gave to what the step made; 0 for other steps.
	CreatedID int64
	// Issue is the issue that the step made, settled, or gave to people; without a number for other steps. One that was made with a part left
	// out is here, with Err saying what, and with the outcome Done.
	Issue issue.Issue
}

// Report is what became of a plan, in the plan's order.
type Report struct {
	Results []Result
	// Contended says that somebody else is working on the same things: what is left must be planned again
	// from a fresh look. It is no failure.
	Contended bool
	// Clash is the error of a title or name that was free when the plan was made and is taken now, which is one way to be contended.
	// Its step counts as not started. Planning again shows whether somebody else did the same work or holds the title for good.
	Conflict    error
	ConflictKey string
}

// Count returns how many steps had the outcome.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// Err joins what went wrong, in the plan's order; nil when every step was done or the plan is to be made again.
// Its kind is Partial when something was written, so that a caller knows that the world has changed; it is not when that was taken back
// because somebody else was first.
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
	kind := fault.KindOf(failures[0])
	for _, err := range failures {
		if errors.Is(err, context.Canceled) {
			kind = fault.Interrupted
		}
	}
	if kind != fault.Interrupted && !errors.Is(failures[0], fault.Conflict) && r.Count(Done)+r.Count(OutcomeUnknown) > 0 {
		kind = fault.Partial
	}
	return &fault.Error{Kind: kind, Err: joined, Hint: fault.HintOf(failures[0])}
}

// named says which object an error is about, where the request that failed does not name it.
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
	}
	if name == "" {
		return err
	}
	return fmt.Errorf("%q: %w", name, err)
}

// Observer is told of every step as it is carried out, from several goroutines at once.
type Observer interface {
	Started(Step)
	Finished(Result)
}

// Settings of Apply.
type Settings struct {
	Parallel int           // steps at once that do not depend on each other; at least 1
	Grace    time.Duration // how long a request in flight may go on after an interruption
	Observer Observer      // may be nil
}

// Apply carries out the plan's steps and nothing else. Steps that do not depend on each other run in parallel.
// A step that fails stops those that need it; GitLab out of reach, a lost right or an interruption stop all that has not begun.
// An interruption of ctx lets the requests in flight end within the grace; the end of its deadline cuts them off.
func Apply(ctx context.Context, p Plan, store Store, s Settings) Report {
	requests, release := graceful(ctx, s.Grace)
	defer release()
	a := &applier{store: store, observer: s.Observer, results: map[string]Result{}, created: map[string]int64{}, issues: map[string]issue.Issue{}}
	for _, level := range levels(p.Steps) {
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

// graceful is a context for requests: it outlives an interruption of ctx by the grace, but not ctx's deadline,
// whose end must look like one and not like an interruption.
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

// levels groups the steps so that each needs only steps of earlier groups; the order within a group is the plan's.
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

	mu         sync.Mutex
	results    map[string]Result
	created    map[string]int64       // ids by the key of the step that made them
	issues     map[string]issue.Issue // likewise
	lastIID    int64                  // of milestones made in this run
	stopped    bool
	contended  bool
	conflicted Result

	lookup sync.Mutex
	users  map[string]instance.User // those that were looked up
}

// run carries out one step unless something stands in its way.
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
	case result.Err != nil && result.Outcome == Done: // with a part left out
	case result.Err != nil && errors.Is(result.Err, fault.Unknown):
		result.Outcome = OutcomeUnknown
	case result.Err != nil:
		result.Outcome = Failed
	}
	if errors.Is(result.Err, fault.Taken) {
		a.conflict(result)
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

// clash ends the plan for now: what it was made from does not hold any more.
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

// id is the id behind a reference: its own, or that of what an earlier step made.
func (a *applier) id(own int64, created string) (int64, error) {
	if created == "" {
		return own, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if id, ok := a.created[created]; ok {
		return id, nil
	}
	return 0, fmt.Errorf("the plan names what step %q makes, but that step made nothing", created)
}
