package workflow_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func (tm *team) init() workflow.BoardInit {
	return workflow.BoardInit{Read: tm.client, In: tm.in, Layout: board.Builtin(), Set: label.Builtin(), Host: tm.client.Host()}
}

func (tm *team) boards() []fakegitlab.BoardState {
	return tm.server.Snapshot().Project(tm.in.Path).Boards
}

var columns = []string{"Planning", "Ready", "Waiting", "In Progress"}

func TestBoardInit(t *testing.T) {
	t.Parallel()
	four := []fakegitlab.SeedLabel{{Name: "Planning"}, {Name: "Ready"}, {Name: "Waiting"}, {Name: "In Progress"}, {Name: "x"}}
	tests := []struct {
		name   string
		seed   fakegitlab.SeedProject
		group  fakegitlab.SeedGroup
		writes int
		lists  []string
	}{
		{"a new project", fakegitlab.SeedProject{}, fakegitlab.SeedGroup{}, 4 + 1 + 4, columns},
		{"labels are there", fakegitlab.SeedProject{Labels: four}, fakegitlab.SeedGroup{}, 1 + 4, columns},
		{"labels are the group's", fakegitlab.SeedProject{}, fakegitlab.SeedGroup{Labels: four}, 1 + 4, columns},
		{"all is there", fakegitlab.SeedProject{Labels: four, Boards: []fakegitlab.SeedBoard{{Name: "Team board", Lists: columns}}}, fakegitlab.SeedGroup{}, 0, columns},
		{"one is missing in the middle", fakegitlab.SeedProject{Labels: four, Boards: []fakegitlab.SeedBoard{
			{Name: "Team board", Lists: []string{"Planning", "Ready", "In Progress"}}}}, fakegitlab.SeedGroup{}, 2, columns},
		{"in a wrong order", fakegitlab.SeedProject{Labels: four, Boards: []fakegitlab.SeedBoard{
			{Name: "Team board", Lists: []string{"In Progress", "x", "Waiting", "Ready", "Planning"}}}}, fakegitlab.SeedGroup{}, 3,
			[]string{"x", "Planning", "Ready", "Waiting", "In Progress"}},
		{"another board is left alone", fakegitlab.SeedProject{Labels: four, Boards: []fakegitlab.SeedBoard{
			{Name: "Development", Lists: []string{"x"}}, {Name: "Team board", Lists: columns}}}, fakegitlab.SeedGroup{}, 0, columns},
		{"a label with its old name", fakegitlab.SeedProject{
			Labels: []fakegitlab.SeedLabel{{Name: "Planning"}, {Name: "Ready"}, {Name: "Waiting"}, {Name: "In-Progress"}},
			Boards: []fakegitlab.SeedBoard{{Name: "Team board", Lists: []string{"Planning", "Ready", "Waiting", "In-Progress"}}}},
			fakegitlab.SeedGroup{}, 1, columns},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tm := newTeam(t, tt.seed, tt.group)
			p := planned(t, tm.init())
			if reads, _ := tm.requests(); reads != 2 || len(p.Steps) != tt.writes {
				t.Errorf("%d reads, and steps %q, want 2 and %d steps", reads, stepKeys(p), tt.writes)
			}
			tm.run(t, tm.init())
			if _, writes := tm.requests(); writes != tt.writes {
				t.Errorf("%d writes, want %d", writes, tt.writes)
			}
			boards := tm.boards()
			got := boards[len(boards)-1]
			if diff := cmp.Diff(fakegitlab.BoardState{ID: got.ID, Name: "Team board", Lists: tt.lists}, got); diff != "" {
				t.Error(diff)
			}
			nothingLeft(t, tm.init())
		})
	}
}

// Of boards of one name the oldest is used. An empty one beside it goes, one with columns is told of and left alone.
func TestBoardInitTwins(t *testing.T) {
	t.Parallel()
	tm := newTeam(t, fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "x"}},
		Boards: []fakegitlab.SeedBoard{{Name: "Team board"}, {Name: "Team board"}, {Name: "Team board", Lists: []string{"x"}}, {Name: "Empty"}},
	}, fakegitlab.SeedGroup{})
	if p := planned(t, tm.init()); len(p.Notes) != 1 || !anyHas(p.Notes, "Team board") {
		t.Errorf("notes are %q, want one of the twin with columns", p.Notes)
	}
	tm.run(t, tm.init())
	got := tm.boards()
	if len(got) != 3 || !cmp.Equal(got[0].Lists, columns) || !cmp.Equal(got[1].Lists, []string{"x"}) || got[2].Name != "Empty" {
		t.Errorf("the boards are %+v", got)
	}
	nothingLeft(t, tm.init())
}

// A twin that got a column between the plan and its deletion stays.
func TestBoardInitKeepsATwinInUse(t *testing.T) {
	t.Parallel()
	tm := newTeam(t, fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "x"}}, Boards: []fakegitlab.SeedBoard{{Name: "Team board", Lists: []string{"x"}}, {Name: "Team board"}},
	}, fakegitlab.SeedGroup{})
	p := planned(t, tm.init())
	twin := tm.boards()[1].ID
	labels, err := tm.client.Labels(t.Context(), tm.in, false)
	if err != nil {
		t.Fatal(err)
	}
	tm.server.MustDo("dev", "POST", fmt.Sprintf("/projects/acme%%2Finfrastructure/boards/%d/lists", twin), fmt.Sprintf(`{"label_id":%d}`, labels[0].ID))
	if _, err := workflow.Run(t.Context(), tm.init(), p, tm.client, plan.Settings{Parallel: 4}, nil); err == nil {
		t.Error("a board with columns was to be deleted, and nothing was said")
	}
	if got := tm.boards(); len(got) != 2 || !cmp.Equal(got[1].Lists, []string{"x"}) {
		t.Errorf("the boards are %+v", got)
	}
}

// Broken at any request in any way and run again, it ends with one board and its columns in order.
func TestBoardInitResumes(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"drop-before", "drop-after", "error-after=502", "status=503", "truncate"} {
		for nth := 1; nth <= 11; nth++ {
			tm := newTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{})
			f, err := fakegitlab.ParseFault(fmt.Sprintf("ANY ** nth=%d %s", nth, kind))
			if err != nil {
				t.Fatal(err)
			}
			tm.server.AddFault(f)
			init := tm.init()
			p, err := init.Plan(t.Context())
			if err == nil {
				_, _ = workflow.Run(t.Context(), init, p, tm.client, plan.Settings{Parallel: 4}, nil) // it may fail; the next run finishes
			}
			tm.server.ClearFaults()
			tm.run(t, tm.init())
			if got := tm.boards(); len(got) != 1 || !cmp.Equal(got[0].Lists, columns) {
				t.Errorf("%s at request %d: %+v", kind, nth, got)
			}
			nothingLeft(t, tm.init())
		}
	}
}
