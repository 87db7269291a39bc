package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// mover is a queue whose issues can be moved.
type mover struct{ queue }

func (m mover) UpdateIssue(_ context.Context, ref issue.Ref, c issue.Change) (issue.Issue, error) {
	i, found := m.issues[ref.IID]
	if !found {
		return i, fault.NotFound
	}
	i.Labels = append(slices.Clone(i.Labels), c.AddLabels...)
	return i, m.note("label %d", ref.IID)
}

func (m mover) MoveIssue(_ context.Context, ref issue.Ref, to target.Target) (issue.Issue, bool, error) {
	moved := issue.Ref{Project: to.Path, IID: 100 + ref.IID}
	if ref.IID == 9 {
		moved.Project = "acme/elsewhere"
	}
	return issue.Issue{Ref: moved}, ref.IID >= 8, m.note("move %d", ref.IID)
}

// Issues are moved one after the other, in the plan's order, after the labels are set or a look at those that need none. What is no longer
// as planned stays.
func TestMoveIssue(t *testing.T) {
	t.Parallel()
	m := mover{queue{&fakeStore{fail: map[string]error{"move 6": fault.New(fault.Failed, "", "refused")}}, map[int64]issue.Issue{}}}
	var p Plan
	p.Serial = true
	for iid := int64(1); iid <= 10; iid++ {
		ref := issue.Ref{Project: "acme/db", IID: iid}
		i := issue.Issue{Ref: ref, ID: iid, State: issue.Opened, Labels: []string{"old"}}
		s := MoveIssue{Base: Base{ID: fmt.Sprint(iid)}, Ref: ref, To: target.ProjectAt("acme/infra"), Known: []string{"old", "new"}, Guarded: true}
		switch iid {
		case 2, 7:
			s.AddLabels = []string{"new"}
		case 3:
			i.State = issue.Closed
		case 4:
			i.Confidential = true
		case 5:
			i.Labels = []string{"old", "fresh"}
		case 10:
			i.MovedToID = 7
		}
		if iid != 7 {
			m.issues[iid] = i
		}
		p.Steps = append(p.Steps, s)
	}
	report := Apply(t.Context(), p, m, Settings{Parallel: 8})
	var got []string
	for _, r := range report.Results {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s", r.Outcome, r.Reason)))
	}
	want := []string{"done", "done", "unchanged closed in the meantime", "unchanged made confidential in the meantime", "unchanged labeled in the meantime",
		"failed", "unchanged deleted in the meantime", "unchanged moved in the meantime", "unchanged moved to acme/elsewhere#109 in the meantime",
		"unchanged moved in the meantime"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	calls := []string{"look at [1 3 4 5 6 8 9 10]", "move 1", "label 2", "move 2", "move 6", "move 8", "move 9"}
	if !slices.Equal(m.calls, calls) {
		t.Errorf("calls %q, want %q", m.calls, calls)
	}
}

// A look is at no more issues than are moved in half a minute.
func TestMoveIssueLooksAtAFew(t *testing.T) {
	t.Parallel()
	m := mover{queue{&fakeStore{fail: map[string]error{}}, map[int64]issue.Issue{}}}
	p := Plan{Serial: true}
	for iid := int64(1); iid <= 45; iid++ {
		ref := issue.Ref{Project: "acme/db", IID: iid}
		m.issues[iid] = issue.Issue{Ref: ref, State: issue.Opened}
		p.Steps = append(p.Steps, MoveIssue{Base: Base{ID: fmt.Sprint(iid)}, Ref: ref, To: target.ProjectAt("acme/infra")})
	}
	if report := Apply(t.Context(), p, m, Settings{Parallel: 8}); report.Err() != nil {
		t.Error(report.Err())
	}
	looks := slices.DeleteFunc(slices.Clone(m.calls), func(call string) bool { return !strings.HasPrefix(call, "look") })
	if len(looks) != 3 || len(m.calls) != 3+45 {
		t.Errorf("looks %q", looks)
	}
}
