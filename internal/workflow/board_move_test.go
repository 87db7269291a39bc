package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
)

func (tm *team) move(iid int64, column string) workflow.BoardMove {
	return workflow.BoardMove{
		Read: tm.client, Layout: board.Builtin(), Meta: "meta", Host: tm.client.Host(),
		Inputs: workflow.MoveInputs{Project: tm.in.Path, IID: iid, Column: column},
	}
}

func movable() fakegitlab.SeedProject {
	two := 2
	return fakegitlab.SeedProject{Issues: []fakegitlab.SeedIssue{
		{Title: "ready", Labels: []string{"Planning", "toil", "weight::2"}, Description: "Done when the old host is gone.\n", Weight: &two},
		{Title: "vague", Labels: []string{"Planning"}},
		{Title: "closed", Labels: []string{"Ready", "toil"}, Closed: true},
	}}
}

func TestBoardMove(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		iid    int64
		column string
		writes int
		state  string
		labels []string
	}{
		{"to Ready", 1, "ready", 1, "opened", []string{"Ready", "toil", "weight::2"}},
		{"to In Progress", 2, "in-progress", 1, "opened", []string{"In Progress"}},
		{"to Completed", 1, "Completed", 1, "closed", []string{"toil", "weight::2"}},
		{"out of Completed", 3, "Waiting", 1, "opened", []string{"Waiting", "toil"}},
		{"already there", 2, "Planning", 0, "opened", []string{"Planning"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tm := newTeam(t, movable(), fakegitlab.SeedGroup{})
			move := tm.move(tt.iid, tt.column)
			tm.run(t, move)
			if reads, writes := tm.requests(); reads != 1 || writes != tt.writes {
				t.Errorf("%d reads and %d writes, want 1 and %d", reads, writes, tt.writes)
			}
			got := tm.server.Snapshot().Project(tm.in.Path).Issues[tt.iid-1]
			if got.State != tt.state || !slices.Equal(got.Labels, tt.labels) {
				t.Errorf("it is %s with %q, want %s with %q", got.State, got.Labels, tt.state, tt.labels)
			}
			nothingLeft(t, move)
		})
	}
}

func TestBoardMoveRefuses(t *testing.T) {
	t.Parallel()
	tm := newTeam(t, movable(), fakegitlab.SeedGroup{})
	tests := []struct {
		name string
		move workflow.BoardMove
		kind fault.Kind
		said string
	}{
		{"not ready", tm.move(2, "Ready"), fault.Refused, "it has no weight"},
		{"no such column", tm.move(2, "Doing"), fault.Usage, `no column "Doing"`},
		{"no such issue", tm.move(99, "Ready"), fault.Failed, "99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.move.Plan(t.Context())
			if fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.said) || fault.HintOf(err) == "" {
				t.Errorf("got %v (kind %d, hint %q)", err, fault.KindOf(err), fault.HintOf(err))
			}
		})
	}
	forced := tm.move(2, "Ready")
	forced.Inputs.Force = true
	p := planned(t, forced)
	if !anyHas(p.Notes, "is not ready") {
		t.Errorf("notes are %q", p.Notes)
	}
	tm.run(t, forced)
	nothingLeft(t, forced)
}

// What a person does between the plan and a retry is kept: only columns' labels are named.
func TestBoardMoveKeepsOthersLabels(t *testing.T) {
	t.Parallel()
	tm := newTeam(t, movable(), fakegitlab.SeedGroup{})
	move := tm.move(1, "Waiting")
	p := planned(t, move)
	tm.server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/1", `{"add_labels":"outage"}`)
	if _, err := workflow.Run(t.Context(), move, p, tm.client, plan.Settings{}, nil); err != nil {
		t.Fatal(err)
	}
	got := tm.server.Snapshot().Project(tm.in.Path).Issues[0].Labels
	if diff := cmp.Diff([]string{"Waiting", "outage", "toil", "weight::2"}, got); diff != "" {
		t.Error(diff)
	}
}
