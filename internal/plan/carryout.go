package plan

import (
	"context"
	"fmt"
)

// carryOut makes the one write of a step.
func (a *applier) carryOut(ctx context.Context, step Step) Result {
	switch s := step.(type) {
	case CreateMilestone:
		return a.createMilestone(ctx, s)
	case UpdateMilestone:
		return a.withID(s.Ref.ID, s.Ref.Created, func(id int64) error {
			_, err := a.store.UpdateMilestone(ctx, s.In, id, s.Change)
			return err
		})
	case DeleteMilestone:
		return a.withID(s.Ref.ID, s.Ref.Created, func(id int64) error { return a.store.DeleteMilestone(ctx, s.In, id) })
	case UpdateIssue:
		return a.updateIssue(ctx, s)
	case CreateLabel:
		made, existed, err := a.store.CreateLabel(ctx, s.In, s.Label)
		return outcome(made.ID, existed, err)
	case UpdateLabel:
		_, err := a.store.UpdateLabel(ctx, s.In, s.LabelID, s.Change)
		return Result{Err: err}
	case DeleteLabel:
		return Result{Err: a.store.DeleteLabel(ctx, s.In, s.Was.ID)}
	case CreateBoard:
		made, existed, err := a.store.CreateBoard(ctx, s.In, s.Name)
		return outcome(made.ID, existed, err)
	case DeleteBoard:
		return Result{Err: a.store.DeleteBoard(ctx, s.In, s.BoardID)}
	case CreateBoardList:
		return a.createBoardList(ctx, s)
	case MoveBoardList:
		return a.moveBoardList(ctx, s)
	}
	panic(fmt.Sprintf("plan: a step of type %T that nothing carries out", step))
}

func outcome(id int64, existed bool, err error) Result {
	r := Result{Made: id, Err: err}
	if existed && err == nil {
		r.Outcome = Unchanged
	}
	return r
}

func (a *applier) withID(own int64, created string, do func(id int64) error) Result {
	id, err := a.id(own, created)
	if err != nil {
		return Result{Err: err}
	}
	return Result{Err: do(id)}
}

// createMilestone makes a milestone and notices others at the same work: one that was there already, and an iid
// further on than the next. Either may mean that a twin exists, which only a fresh look tells.
func (a *applier) createMilestone(ctx context.Context, s CreateMilestone) Result {
	m, existed, err := a.store.CreateMilestone(ctx, s.In, s.Draft)
	if err != nil {
		return Result{Err: err}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	before := max(s.SeenIID, a.lastIID)
	if existed || before > 0 && m.IID > before+1 {
		a.contended = true
	}
	a.lastIID = max(a.lastIID, m.IID)
	return outcome(m.ID, existed, nil)
}

func (a *applier) updateIssue(ctx context.Context, s UpdateIssue) Result {
	change := s.Change
	if s.Milestone != nil {
		id, err := a.id(s.Milestone.ID, s.Milestone.Created)
		if err != nil {
			return Result{Err: err}
		}
		change.MilestoneID = &id
	}
	_, err := a.store.UpdateIssue(ctx, s.Ref, change)
	return Result{Err: err}
}

func (a *applier) createBoardList(ctx context.Context, s CreateBoardList) Result {
	board, err := a.id(s.Board.ID, s.Board.Created)
	if err != nil {
		return Result{Err: err}
	}
	label, err := a.id(s.LabelID, s.LabelCreated)
	if err != nil {
		return Result{Err: err}
	}
	made, existed, err := a.store.CreateBoardList(ctx, s.In, board, label)
	return outcome(made.ID, existed, err)
}

func (a *applier) moveBoardList(ctx context.Context, s MoveBoardList) Result {
	board, err := a.id(s.Board.ID, s.Board.Created)
	if err != nil {
		return Result{Err: err}
	}
	list, err := a.id(s.ListID, s.ListCreated)
	if err != nil {
		return Result{Err: err}
	}
	_, err = a.store.MoveBoardList(ctx, s.In, board, list, s.Position)
	return Result{Err: err}
}
