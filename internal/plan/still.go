package plan

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Still is a condition of a step that changes an issue: the issue is in a milestone, and perhaps open. The plan was made when that was so;
// it is checked again right before the write. It is not part of a saved plan.
type Still struct {
	In        target.Target // where the issue is listed
	Milestone int64
	Open      bool
}

// holds reports whether the condition holds for the issue as it is now.
func (s Still) holds(now issue.Issue) bool {
	return now.MilestoneID == s.Milestone && (now.Open() || !s.Open)
}

// looks are the issues as they are right before they are changed. One request reads as many as are changed at the same time, so the look at
// each is not older than the write before it.
type looks struct {
	turn  chan struct{} // holds one token while nobody looks; waiting for it ends with the context, unlike a mutex
	size  int
	steps []UpdateIssue // with a condition, in the plan's order
	holds map[string]bool
}

// newLooks prepares the looks for a plan whose steps run a few at a time.
func newLooks(steps []Step, parallel int) *looks {
	l := &looks{turn: make(chan struct{}, 1), size: max(1, parallel), holds: map[string]bool{}}
	l.turn <- struct{}{}
	for _, step := range steps {
		if s, ok := step.(UpdateIssue); ok && s.Still != nil {
			l.steps = append(l.steps, s)
		}
	}
	return l
}

// batch returns the steps to look at together with a step: the first ones without a look, which are those that run now.
func (l *looks) batch(step UpdateIssue) []UpdateIssue {
	var batch []UpdateIssue
	for _, s := range l.steps {
		if _, known := l.holds[s.Key()]; !known && s.Still.In == step.Still.In && len(batch) < l.size {
			batch = append(batch, s)
		}
	}
	if !slices.ContainsFunc(batch, func(s UpdateIssue) bool { return s.Key() == step.Key() }) {
		return []UpdateIssue{step} // earlier ones did not run
	}
	return batch
}

// still reports whether the condition of a step holds. It reads the issue, together with those of the next steps.
func (a *applier) still(ctx context.Context, step UpdateIssue) (bool, error) {
	l := a.looks
	select {
	case <-l.turn:
		defer func() { l.turn <- struct{}{} }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if holds, known := l.holds[step.Key()]; known {
		return holds, nil
	}
	batch := l.batch(step)
	var iids []int64
	for _, s := range batch {
		iids = append(iids, s.Ref.IID)
	}
	now := map[issue.Ref]issue.Issue{}
	for i, err := range a.store.Issues(ctx, step.Still.In, issue.Query{IIDs: iids}) {
		if err != nil {
			return false, err
		}
		now[i.Ref] = i
	}
	for _, s := range batch {
		l.holds[s.Key()] = s.Still.holds(now[s.Ref])
	}
	return l.holds[step.Key()], nil
}

// reason is why a step was left out.
func (s Still) reason() string {
	switch {
	case s.Milestone == 0:
		return "closed or put into a milestone in the meantime"
	case s.Open:
		return "closed or taken out in the meantime"
	}
	return "taken out in the meantime"
}

// tooLate is the error for an issue that was closed after the last look at it, so that a condition did not hold.
func tooLate(i issue.Issue) error {
	return fault.New(fault.Failed, "Take it out of the milestone if it does not belong there: "+i.WebURL, "%s was closed at the same time",
		i.Ref)
}
