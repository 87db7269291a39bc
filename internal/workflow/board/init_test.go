package board_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/testkit/team"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func initPlanner(tm *team.Team) flow.Init {
	return flow.Init{Read: tm.Client, In: tm.In, Layout: board.Builtin(), Set: label.Builtin(), Origin: plan.Origin{Host: tm.Client.Host()}}
}

func boards(tm *team.Team) []fakegitlab.BoardState {
	return tm.Server.Snapshot().Project(tm.In.Path).Boards
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
			tm := team.NewTeam(t, tt.seed, tt.group)
			p := team.Planned(t, initPlanner(tm))
			if reads, _ := tm.Requests(); reads != 2 || len(p.Steps) != tt.writes {
				t.Errorf("%d reads, and steps %q, want 2 and %d steps", reads, team.StepKeys(p), tt.writes)
			}
			tm.Run(t, initPlanner(tm))
			if _, writes := tm.Requests(); writes != tt.writes {
				t.Errorf("%d writes, want %d", writes, tt.writes)
			}
			boards := boards(tm)
			got := boards[len(boards)-1]
			if diff := cmp.Diff(fakegitlab.BoardState{ID: got.ID, Name: "Team board", Lists: tt.lists}, got); diff != "" {
				t.Error(diff)
			}
			team.NothingLeft(t, initPlanner(tm))
		})
	}
}

// Of several boards with the same name, the oldest is used. An empty duplicate is deleted; one with columns stays, with a note.
func TestBoardInitDuplicates(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "x"}},
		Boards: []fakegitlab.SeedBoard{{Name: "Team board"}, {Name: "Team board"}, {Name: "Team board", Lists: []string{"x"}}, {Name: "Empty"}},
	}, fakegitlab.SeedGroup{})
	if p := team.Planned(t, initPlanner(tm)); len(p.Notes) != 1 || !team.AnyHas(p.Notes, "Team board") {
		t.Errorf("notes are %q, want one about the duplicate with columns", p.Notes)
	}
	tm.Run(t, initPlanner(tm))
	got := boards(tm)
	if len(got) != 3 || !cmp.Equal(got[0].Lists, columns) || !cmp.Equal(got[1].Lists, []string{"x"}) || got[2].Name != "Empty" {
		t.Errorf("the boards are %+v", got)
	}
	team.NothingLeft(t, initPlanner(tm))
}

// A duplicate that gets a column between the plan and its deletion stays.
func TestBoardInitKeepsADuplicateInUse(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, fakegitlab.SeedProject{
		Labels: []fakegitlab.SeedLabel{{Name: "x"}}, Boards: []fakegitlab.SeedBoard{{Name: "Team board", Lists: []string{"x"}}, {Name: "Team board"}},
	}, fakegitlab.SeedGroup{})
	p := team.Planned(t, initPlanner(tm))
	duplicate := boards(tm)[1].ID
	labels, err := tm.Client.Labels(t.Context(), tm.In, false)
	if err != nil {
		t.Fatal(err)
	}
	tm.Server.MustDo("dev", "POST", fmt.Sprintf("/projects/acme%%2Finfrastructure/boards/%d/lists", duplicate), fmt.Sprintf(`{"label_id":%d}`, labels[0].ID))
	if _, err := workflow.Run(t.Context(), initPlanner(tm), p, tm.Client, plan.Settings{Parallel: 4}, nil); err == nil {
		t.Error("a board with columns was planned to be deleted, without an error")
	}
	if got := boards(tm); len(got) != 2 || !cmp.Equal(got[1].Lists, []string{"x"}) {
		t.Errorf("the boards are %+v", got)
	}
}

// A run that fails at any request in any way and is run again ends with one board and its columns in order.
func TestBoardInitResumes(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"drop-before", "drop-after", "error-after=502", "status=503", "truncate"} {
		for nth := 1; nth <= 11; nth++ {
			tm := team.NewTeam(t, fakegitlab.SeedProject{}, fakegitlab.SeedGroup{})
			f, err := fakegitlab.ParseFault(fmt.Sprintf("ANY ** nth=%d %s", nth, kind))
			if err != nil {
				t.Fatal(err)
			}
			tm.Server.AddFault(f)
			init := initPlanner(tm)
			p, err := init.Plan(t.Context())
			if err == nil {
				_, _ = workflow.Run(t.Context(), init, p, tm.Client, plan.Settings{Parallel: 4}, nil) // it may fail; the next run finishes
			}
			tm.Server.ClearFaults()
			tm.Run(t, initPlanner(tm))
			if got := boards(tm); len(got) != 1 || !cmp.Equal(got[0].Lists, columns) {
				t.Errorf("%s at request %d: %+v", kind, nth, got)
			}
			team.NothingLeft(t, initPlanner(tm))
		}
	}
}
