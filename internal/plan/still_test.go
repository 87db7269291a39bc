package plan

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// queue is a store with issues 1 to 9, of which only open reads and changes are recorded.
type queue struct {
	*fakeStore
	issues map[int64]issue.Issue
}

func (q queue) Issues(_ context.Context, _ target.Target, query issue.Query) iter.Seq2[issue.Issue, error] {
	return func(yield func(issue.Issue, error) bool) {
		if err := q.note("look at %v", query.IIDs); err != nil {
			yield(issue.Issue{}, err)
			return
		}
		for _, iid := range query.IIDs {
			if i, ok := q.issues[iid]; ok && !yield(i, nil) {
				return
			}
		}
	}
}

func (q queue) UpdateIssue(_ context.Context, ref issue.Ref, _ issue.Change) (issue.Issue, error) {
	return q.issues[ref.IID], q.note("move %d", ref.IID)
}

// The condition of a move is checked right before it, for as many issues at once as move at the same time.
func TestStill(t *testing.T) {
	t.Parallel()
	in := target.ProjectAt("acme/infra")
	store := func() queue {
		q := queue{&fakeStore{fail: map[string]error{}}, map[int64]issue.Issue{}}
		for iid := int64(1); iid <= 6; iid++ {
			q.issues[iid] = issue.Issue{Ref: issue.Ref{Project: "acme/infra", IID: iid}, ID: 100 + iid, State: issue.Opened, MilestoneID: 7}
		}
		q.issues[2] = issue.Issue{Ref: q.issues[2].Ref, ID: 102, State: issue.Closed, MilestoneID: 7}
		q.issues[3] = issue.Issue{Ref: q.issues[3].Ref, ID: 103, State: issue.Opened, MilestoneID: 8}
		delete(q.issues, 4)
		return q
	}
	moves := func(open bool) (p Plan) {
		for iid := int64(1); iid <= 6; iid++ {
			p.Steps = append(p.Steps, UpdateIssue{Base: Base{ID: fmt.Sprint(iid)}, Ref: issue.Ref{Project: "acme/infra", IID: iid},
				Milestone: &MilestoneRef{ID: 9}, Still: &Still{In: in, Milestone: 7, Open: open}})
		}
		return p
	}
	for _, tc := range []struct {
		open  bool
		moved int
		calls string
	}{
		{true, 3, "[look at [1] move 1 look at [2] look at [3] look at [4] look at [5] move 5 look at [6] move 6]"},
		{false, 4, "[look at [1] move 1 look at [2] move 2 look at [3] look at [4] look at [5] move 5 look at [6] move 6]"},
	} {
		q := store()
		report := Apply(t.Context(), moves(tc.open), q, Settings{Parallel: 1})
		if got := fmt.Sprint(q.calls); got != tc.calls || report.Err() != nil || report.Count(Done) != tc.moved || report.Count(Unchanged) != 6-tc.moved {
			t.Errorf("%s, %v, %d moved, want %s", got, report.Err(), report.Count(Done), tc.calls)
		}
		if r := report.Results[2]; r.Reason == "" {
			t.Errorf("%+v does not say why", r)
		}
	}
	q := store()
	Apply(t.Context(), moves(true), q, Settings{Parallel: 3})
	looks := 0
	for _, call := range q.calls {
		if call[:4] == "look" {
			looks++
		}
	}
	if looks != 2 {
		t.Errorf("%d looks: %v", looks, q.calls)
	}
	q = store()
	q.fail["look at [1]"] = fault.New(fault.Unreachable, "", "down")
	if report := Apply(t.Context(), moves(true), q, Settings{Parallel: 1}); len(q.calls) != 1 || fault.KindOf(report.Err()) != fault.Unreachable {
		t.Errorf("%v, %v", q.calls, report.Err())
	}
	q = store()
	q.fail["move 1"] = fault.Wrap(fault.Failed, fault.NotFound, "", "gone")
	if report := Apply(t.Context(), moves(true), q, Settings{Parallel: 1}); report.Err() != nil || report.Results[0].Outcome != Unchanged {
		t.Errorf("deleted: %+v", report.Results[0])
	}
	q = store()
	if report := Apply(t.Context(), moves(true), closer{q}, Settings{Parallel: 1}); report.Results[0].Err == nil || fault.KindOf(report.Err()) != fault.Partial {
		t.Errorf("closed after the look: %+v", report.Results[0])
	}
}

// closer answers as if issue 1 was closed right before it is changed.
type closer struct{ queue }

func (c closer) UpdateIssue(ctx context.Context, ref issue.Ref, ch issue.Change) (issue.Issue, error) {
	i, err := c.queue.UpdateIssue(ctx, ref, ch)
	if ref.IID == 1 {
		i.State = issue.Closed
	}
	return i, err
}
