package plan

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// carryOut makes the write of a step.
func (a *applier) carryOut(ctx context.Context, step Step) Result {
	switch s := step.(type) {
	case CreateMilestone:
		return a.createMilestone(ctx, s)
	case UpdateMilestone:
		return a.withID(s.Ref.ID, s.Ref.Created, func(id int64) Result {
			if s.Change.State != nil {
				_, err := a.store.UpdateMilestone(ctx, s.In, id, s.Change)
				return Result{Err: err}
			}
			_, changed, err := a.store.EditMilestone(ctx, s.In, id, milestone.Edit{Before: s.Before, Change: s.Change, Text: s.Text})
			return Result{Err: err, Outcome: outcomeOf(changed, err)}
		})
	case DeleteMilestone:
		return a.withID(s.Ref.ID, s.Ref.Created, func(id int64) Result { return Result{Err: a.store.DeleteMilestone(ctx, s.In, id)} })
	case UpdateIssue:
		return a.updateIssue(ctx, s)
	case MoveIssue:
		return a.moveIssue(ctx, s)
	case UpsertIssue:
		return a.upsertIssue(ctx, s)
	case CreateIssue:
		return a.createIssue(ctx, s)
	case CreateNote:
		return a.onIssue(s.On, func(ref issue.Ref) Result {
			created, existed, err := a.store.CreateNote(ctx, ref, s.Note, s.IdempotencyKey)
			return noteResult(outcome(0, existed, err), created)
		})
	case UpsertNote:
		return a.onIssue(s.On, func(ref issue.Ref) Result {
			kept, changed, err := a.store.UpsertNote(ctx, ref, s.Note, s.IdempotencyKey)
			return noteResult(Result{Err: err, Outcome: outcomeOf(changed, err)}, kept)
		})
	case CreateLink:
		return a.onIssue(s.From, func(ref issue.Ref) Result { return a.createLink(ctx, ref, s) })
	case AssignIssue:
		return a.onIssue(s.On, func(ref issue.Ref) Result { return a.assignIssue(ctx, ref, s) })
	case ReconcileIssue:
		return a.onIssue(s.On, func(ref issue.Ref) Result {
			reconciled, changed, err := a.store.ReconcileIssue(ctx, ref, s.Reconciler)
			return Result{Err: err, Issue: reconciled, Outcome: outcomeOf(changed, err)}
		})
	case CreateLabel:
		created, existed, err := a.store.CreateLabel(ctx, s.In, s.Label)
		return outcome(created.ID, existed, err)
	case UpdateLabel:
		s.Change.Before = s.Before.Name
		_, err := a.store.UpdateLabel(ctx, s.In, s.LabelID, s.Change)
		return Result{Err: err}
	case DeleteLabel:
		return Result{Err: a.store.DeleteLabel(ctx, s.In, s.Before.ID)}
	case CreateBoard:
		created, existed, err := a.store.CreateBoard(ctx, s.In, s.Name)
		return outcome(created.ID, existed, err)
	case DeleteBoard:
		return Result{Err: a.store.DeleteBoard(ctx, s.In, s.BoardID)}
	case CreateBoardList:
		return a.onBoard(s.Board, s.LabelID, s.LabelCreated, func(board, label int64) Result {
			created, existed, err := a.store.CreateBoardList(ctx, s.In, board, label)
			return outcome(created.ID, existed, err)
		})
	case MoveBoardList:
		return a.onBoard(s.Board, s.ListID, s.ListCreated, func(board, list int64) Result {
			_, err := a.store.MoveBoardList(ctx, s.In, board, list, s.Position)
			return Result{Err: err}
		})
	case CreateFreeze:
		created, existed, err := a.store.CreateFreeze(ctx, s.In, s.Freeze)
		return outcome(created.ID, existed, err)
	case DeleteFreeze:
		return Result{Err: a.store.DeleteFreeze(ctx, s.In, s.Before)}
	}
	panic(fmt.Sprintf("plan: no write for a step of type %T", step))
}

func outcome(id int64, existed bool, err error) Result {
	r := Result{CreatedID: id, Err: err}
	if existed && err == nil {
		r.Outcome = Unchanged
	}
	return r
}

// noteResult sets the outcome Done for a comment that exists despite an error, such as one in the search for duplicates after it.
func noteResult(r Result, note issue.Note) Result {
	if r.Err != nil && note.ID != 0 {
		r.Outcome = Done
	}
	return r
}

// outcomeOf is the outcome of a step of several writes. After an error it is OutcomeUnknown if some of them were made, unless the error
// says that ours was undone; empty leaves it to the error.
func outcomeOf(changed bool, err error) Outcome {
	switch {
	case err == nil && !changed:
		return Unchanged
	case err != nil && changed && !errors.Is(err, fault.Conflict):
		return OutcomeUnknown
	}
	return ""
}

// onIssue runs do on an issue that exists, or that an earlier step created.
func (a *applier) onIssue(r IssueRef, do func(issue.Ref) Result) Result {
	if r.Created == "" {
		return do(r.Ref)
	}
	a.mu.Lock()
	created, ok := a.issues[r.Created]
	a.mu.Unlock()
	if !ok {
		return Result{Err: fmt.Errorf("the plan refers to the issue of step %q, but that step created none", r.Created)}
	}
	return do(created.Ref)
}

func (a *applier) createIssue(ctx context.Context, s CreateIssue) Result {
	created, existed, err := a.store.CreateIssue(ctx, s.In.Path, s.Draft, s.IdempotencyKey)
	r := outcome(created.ID, existed, err)
	if created.ID != 0 { // even if GitLab left a part out, the issue exists
		r.Issue = created
		if err != nil {
			r.Outcome = Done
		}
	}
	if existed && s.IdempotencyKey.Searched { // it did not exist a moment ago: somebody else is doing the same work
		a.contend()
	}
	return r
}

// createLink links two issues. If GitLab does not offer links, it adds a comment to each and a line to the record.
func (a *applier) createLink(ctx context.Context, from issue.Ref, s CreateLink) Result {
	existed, err := a.store.CreateLink(ctx, from, s.To)
	if !errors.Is(err, fault.NotOffered) {
		return outcome(0, existed, err)
	}
	toExisted, errTo := a.mention(ctx, s.To, from)
	fromExisted, errFrom := a.mention(ctx, from, s.To)
	added := errTo == nil && !toExisted || errFrom == nil && !fromExisted
	if err := errors.Join(errTo, errFrom); err != nil {
		return Result{Err: err, Outcome: outcomeOf(added, err)}
	}
	_, changed, err := a.store.ReconcileIssue(ctx, from, s.Reconciler)
	return Result{Err: err, Outcome: outcomeOf(added || changed, err)}
}

// mention adds a comment with a reference to another issue, once for each pair.
func (a *applier) mention(ctx context.Context, on, other issue.Ref) (existed bool, err error) {
	e := eventlog.Event{Kind: "link", Verb: "relate", At: eventlog.Undated, Fields: map[string]string{"related": other.String()}}
	_, existed, err = a.store.CreateNote(ctx, on, issue.NoteDraft{Body: eventlog.Body(e, "Related to "+other.String())},
		issue.IdempotencyKey{Kind: "link", Name: strings.ToLower(other.String())})
	return existed, err
}

// assignIssue looks up the users and assigns those that exist.
func (a *applier) assignIssue(ctx context.Context, ref issue.Ref, s AssignIssue) Result {
	var ids []int64
	var unknown []error
	for _, name := range s.Users {
		u, err := a.user(ctx, target.ProjectAt(ref.Project), name, s.Duty)
		if s.Duty && errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			unknown = append(unknown, err)
			continue
		}
		ids = append(ids, u.ID)
	}
	if len(ids) == 0 {
		err := errors.Join(unknown...)
		return Result{Err: err, Outcome: outcomeOf(false, err)}
	}
	assigned, err := a.store.UpdateIssue(ctx, ref, issue.Change{AssigneeIDs: ids})
	if s.Duty && errors.Is(err, fault.Dropped) {
		return Result{Outcome: Unchanged}
	}
	r := Result{Err: errors.Join(append(unknown, err)...), Issue: assigned}
	if err == nil {
		r.Outcome = Done // even if some users were not found: the others are assigned
	}
	return r
}

// user looks up a user, one at a time: a hand-off assigns many issues to one person, whom the store remembers. Who is on duty is not
// assigned without being a member.
func (a *applier) user(ctx context.Context, in target.Target, name string, member bool) (instance.User, error) {
	a.lookup.Lock()
	defer a.lookup.Unlock()
	if member {
		return a.store.MemberByName(ctx, in, name)
	}
	return a.store.UserByName(ctx, in, name)
}

func (a *applier) withID(own int64, created string, do func(id int64) Result) Result {
	id, err := a.id(own, created)
	if err != nil {
		return Result{Err: err}
	}
	return do(id)
}

// onBoard runs do with a board and one of its labels or columns. An earlier step may have created any of them.
func (a *applier) onBoard(b BoardRef, own int64, created string, do func(board, id int64) Result) Result {
	return a.withID(b.ID, b.Created, func(board int64) Result {
		return a.withID(own, created, func(id int64) Result { return do(board, id) })
	})
}

// createMilestone creates a milestone and detects whether others do the same work: the milestone already exists, or its iid is higher
// than the next one. In both cases there may be a duplicate, which only planning again can show.
func (a *applier) createMilestone(ctx context.Context, s CreateMilestone) Result {
	m, existed, err := a.store.CreateMilestone(ctx, s.In, s.Draft)
	if err != nil {
		return Result{Err: err}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	before := max(s.ObservedIID, a.lastIID)
	if existed || before > 0 && m.IID > before+1 {
		a.contended = true
	}
	a.lastIID = max(a.lastIID, m.IID)
	return outcome(m.ID, existed, nil)
}

func (a *applier) updateIssue(ctx context.Context, s UpdateIssue) Result {
	if to := s.Milestone; to != nil {
		s.Milestone = nil
		return a.withID(to.ID, to.Created, func(id int64) Result {
			s.Change.MilestoneID = &id
			return a.updateIssue(ctx, s)
		})
	}
	return a.onIssue(IssueRef{s.Ref, s.Created}, func(ref issue.Ref) Result {
		if s.Still != nil {
			holds, err := a.still(ctx, s)
			if err != nil || !holds {
				return Result{Err: err, Outcome: outcomeOf(false, err), Reason: s.Still.reason()}
			}
		}
		updated, err := a.store.UpdateIssue(ctx, ref, s.Change)
		switch {
		case s.Still != nil && errors.Is(err, fault.NotFound):
			return Result{Outcome: Unchanged, Reason: "deleted in the meantime"}
		case err == nil && s.Still != nil && s.Still.Open && !updated.Open():
			return Result{Issue: updated, Err: tooLate(updated), Outcome: Done}
		}
		return Result{Issue: updated, Err: err}
	})
}
