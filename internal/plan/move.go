package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// moveBatch is how many issues are read together right before they are moved. The look at the last one is older than the moves before it,
// and a move takes a second or two.
const moveBatch = 20

// moveLooks are the issues without a change of labels as they are right before they are moved. The others need no look, because GitLab
// answers to the change with the issue.
type moveLooks struct {
	steps []MoveIssue
	seen  map[issue.Ref]issue.Issue // without descriptions
}

func newMoveLooks(steps []Step) *moveLooks {
	l := &moveLooks{seen: map[issue.Ref]issue.Issue{}}
	for _, step := range steps {
		if s, ok := step.(MoveIssue); ok && s.change().Empty() {
			l.steps = append(l.steps, s)
		}
	}
	return l
}

// next returns the step and those that follow it, and forgets all steps before them.
func (l *moveLooks) next(step MoveIssue) []MoveIssue {
	for len(l.steps) > 0 && l.steps[0].Key() != step.Key() {
		l.steps = l.steps[1:]
	}
	batch := l.steps[:min(len(l.steps), moveBatch)]
	l.steps = l.steps[len(batch):]
	if len(batch) == 0 {
		return []MoveIssue{step}
	}
	return batch
}

func (s MoveIssue) change() issue.Change {
	return issue.Change{AddLabels: s.AddLabels, RemoveLabels: s.RemoveLabels}
}

// moveIssue sets the labels, and moves the issue unless it is no longer what the plan was made for.
func (a *applier) moveIssue(ctx context.Context, s MoveIssue) Result {
	now, err := a.beforeMove(ctx, s)
	switch {
	case errors.Is(err, fault.Moved):
		return Result{Outcome: Unchanged, Reason: "moved in the meantime"}
	case errors.Is(err, fault.NotFound):
		return Result{Outcome: Unchanged, Reason: "deleted in the meantime"}
	case err != nil:
		return Result{Err: err}
	case now.MovedToID != 0:
		return Result{Outcome: Unchanged, Reason: "moved in the meantime"}
	case !now.Open():
		return Result{Outcome: Unchanged, Reason: "closed in the meantime"}
	case now.Confidential && !s.Confidential && s.Guarded:
		return Result{Outcome: Unchanged, Reason: "made confidential in the meantime"}
	case slices.ContainsFunc(now.Labels, func(l string) bool { return !slices.Contains(s.Known, l) }): // GitLab would drop it
		return Result{Outcome: Unchanged, Reason: "labeled in the meantime"}
	}
	moved, existed, err := a.store.MoveIssue(ctx, s.Ref, s.To)
	r := outcome(0, existed, err)
	if r.Issue = moved; existed && err == nil {
		r.Reason = "moved in the meantime"
		if moved.Ref.IID != 0 && !strings.EqualFold(moved.Ref.Project, s.To.Path) {
			r.Reason = fmt.Sprintf("moved to %s in the meantime", moved.Ref)
		}
	}
	return r
}

// beforeMove returns the issue right before it is moved.
func (a *applier) beforeMove(ctx context.Context, s MoveIssue) (issue.Issue, error) {
	if c := s.change(); !c.Empty() {
		return a.store.UpdateIssue(ctx, s.Ref, c)
	}
	a.mu.Lock()
	now, known := a.moves.seen[s.Ref]
	delete(a.moves.seen, s.Ref)
	a.mu.Unlock()
	if known {
		return now, nil
	}
	a.lookup.Lock()
	batch := a.moves.next(s)
	a.lookup.Unlock()
	var iids []int64
	for _, b := range batch {
		iids = append(iids, b.Ref.IID)
	}
	seen := map[issue.Ref]issue.Issue{}
	for i, err := range a.store.Issues(ctx, target.ProjectAt(s.Ref.Project), issue.Query{IIDs: iids}) {
		if err != nil {
			return issue.Issue{}, err
		}
		i.Description = ""
		seen[i.Ref] = i
	}
	now, found := seen[s.Ref]
	if !found {
		return issue.Issue{}, fault.NotFound
	}
	delete(seen, s.Ref)
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.Copy(a.moves.seen, seen)
	return now, nil
}

// upsertIssue makes the text, and creates the issue with it or writes it into the one that exists.
func (a *applier) upsertIssue(ctx context.Context, s UpsertIssue) Result {
	text, err := s.Text(ctx)
	if err != nil {
		return Result{Err: err}
	}
	ref := s.Ref
	if ref.IID == 0 {
		if s.Draft.Description, err = report.Embed(s.Draft.Description, text); err != nil {
			return Result{Err: err}
		}
		created, existed, err := a.store.CreateIssue(ctx, s.In.Path, s.Draft, s.IdempotencyKey)
		r := outcome(created.ID, existed, err)
		if r.Issue = created; !existed || err != nil {
			if created.ID != 0 && err != nil {
				r.Outcome = Done
			}
			return r
		}
		ref = created.Ref
	}
	reconciled, changed, err := a.store.ReconcileIssue(ctx, ref, &report.Reconciler{Redacted: text, Full: text})
	return Result{Err: err, Issue: reconciled, Outcome: outcomeOf(changed, err)}
}
