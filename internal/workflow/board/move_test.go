package board_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/testkit/team"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	"gitlab.com/prodctl/prodctl/pkg/board"
)

func move(tm *team.Team, iid int64, column string) *flow.Move {
	return &flow.Move{
		Read: tm.Client, Layout: board.Builtin(), Meta: "meta", Origin: plan.Origin{Host: tm.Client.Host()},
		Inputs: flow.MoveInputs{Project: tm.In.Path, IID: iid, Column: column},
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
			tm := team.NewTeam(t, movable(), fakegitlab.SeedGroup{})
			move := move(tm, tt.iid, tt.column)
			tm.Run(t, move)
			if reads, writes := tm.Requests(); reads != 2 || writes != tt.writes {
				t.Errorf("%d reads and %d writes, want a read before and after, and %d", reads, writes, tt.writes)
			}
			got := tm.Server.Snapshot().Project(tm.In.Path).Issues[tt.iid-1]
			if got.State != tt.state || !slices.Equal(got.Labels, tt.labels) {
				t.Errorf("it is %s with %q, want %s with %q", got.State, got.Labels, tt.state, tt.labels)
			}
			team.NothingLeft(t, move)
		})
	}
}

func TestBoardMoveRefuses(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, movable(), fakegitlab.SeedGroup{})
	tests := []struct {
		name string
		move *flow.Move
		kind fault.Kind
		text string
	}{
		{"not ready", move(tm, 2, "Ready"), fault.Refused, "no weight"},
		{"no such column", move(tm, 2, "Doing"), fault.Usage, `invalid column "Doing"`},
		{"no such issue", move(tm, 99, "Ready"), fault.Failed, "99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.move.Plan(t.Context())
			if fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.text) || fault.HintOf(err) == "" {
				t.Errorf("got %v (kind %d, hint %q)", err, fault.KindOf(err), fault.HintOf(err))
			}
		})
	}
	forced := move(tm, 2, "Ready")
	forced.Inputs.Force = true
	p := team.Planned(t, forced)
	if !team.AnyHas(p.Notes, "is not ready") {
		t.Errorf("notes are %q", p.Notes)
	}
	tm.Run(t, forced)
	team.NothingLeft(t, forced)
}

// What a person does between the plan and a retry is kept: only columns' labels are named.
func TestBoardMoveKeepsOthersLabels(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, movable(), fakegitlab.SeedGroup{})
	move := move(tm, 1, "Waiting")
	p := team.Planned(t, move)
	tm.Server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/1", `{"add_labels":"outage"}`)
	if _, err := workflow.Run(t.Context(), move, p, tm.Client, plan.Settings{}, nil); err != nil {
		t.Fatal(err)
	}
	got := tm.Server.Snapshot().Project(tm.In.Path).Issues[0].Labels
	if diff := cmp.Diff([]string{"Waiting", "outage", "toil", "weight::2"}, got); diff != "" {
		t.Error(diff)
	}
}
