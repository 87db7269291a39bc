package board_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
)

func lists(names ...string) board.Board {
	var b board.Board
	for n, name := range names {
		b.Lists = append(b.Lists, board.List{ID: int64(n + 1), Label: name, Position: n})
	}
	return b
}

func TestArrange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		there []string
		add   []string
		moves []board.Step
	}{
		{"nothing there", nil, []string{"Planning", "Ready", "Waiting", "In Progress"}, nil},
		{"all there", []string{"Planning", "Ready", "Waiting", "In Progress"}, nil, nil},
		{"foreign lists stay", []string{"x", "Planning", "y", "Ready", "Waiting", "In Progress", "z"}, nil, nil},
		{"one missing in the middle", []string{"Planning", "Ready", "In Progress"}, []string{"Waiting"}, []board.Step{{Label: "In Progress", Position: 3}}},
		{"first is last", []string{"Ready", "Waiting", "In Progress", "Planning"}, nil, []board.Step{{Label: "Planning", Position: 0}}},
		{"last is first", []string{"In Progress", "Planning", "Ready", "Waiting"}, nil, []board.Step{{Label: "In Progress", Position: 3}}},
		{"first is last, behind a foreign one", []string{"x", "Ready", "Waiting", "In Progress", "Planning"}, nil, []board.Step{{Label: "Planning", Position: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			add, moves := board.Builtin().Arrange(lists(tt.there...))
			if diff := cmp.Diff(tt.add, add); diff != "" {
				t.Error("added: ", diff)
			}
			if diff := cmp.Diff(tt.moves, moves); diff != "" {
				t.Error("moved: ", diff)
			}
		})
	}
}

// After the additions and the moves the columns are in order, every move is needed,
// foreign lists keep their order, and arranging again changes nothing.
func TestArrangeEndsInOrder(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	rapid.Check(t, func(t *rapid.T) {
		there := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"Planning", "Ready", "Waiting", "In Progress", "x", "y", "z"}), rapid.ID[string]).Draw(t, "lists")
		before := lists(there...)
		before.Lists = rapid.Permutation(before.Lists).Draw(t, "as listed")
		add, moves := l.Arrange(before)
		order := slices.Concat(there, add)
		for _, m := range moves {
			from := slices.Index(order, m.Label)
			if from == m.Position || m.Position >= len(order) {
				t.Fatalf("GitLab refuses to move %s from %d to %d", m.Label, from, m.Position)
			}
			order = slices.Insert(slices.Delete(order, from, from+1), m.Position, m.Label)
		}
		foreign := func(s string) bool { return len(s) == 1 }
		ours := slices.DeleteFunc(slices.Clone(order), foreign)
		if want := []string{"Planning", "Ready", "Waiting", "In Progress"}; !slices.Equal(ours, want) {
			t.Fatalf("from %q with %v: %q", there, moves, order)
		}
		notForeign := func(s string) bool { return len(s) > 1 }
		if a, b := slices.DeleteFunc(slices.Clone(there), notForeign), slices.DeleteFunc(slices.Clone(order), notForeign); !slices.Equal(a, b) {
			t.Fatalf("foreign lists went from %q to %q", a, b)
		}
		if add, moves := l.Arrange(lists(order...)); len(add)+len(moves) > 0 {
			t.Fatalf("arranging again wants %q and %v", add, moves)
		}
	})
}

// Lists of people are left out of a board, but they take up positions.
func TestArrangeCountsListsLeftOut(t *testing.T) {
	t.Parallel()
	b := board.Board{Lists: []board.List{
		{Label: "Ready", Position: 2}, {Label: "Waiting", Position: 3}, {Label: "In Progress", Position: 5}, {Label: "Planning", Position: 6},
	}}
	add, moves := board.Builtin().Arrange(b)
	if diff := cmp.Diff([]board.Step{{Label: "Planning", Position: 2}}, moves); diff != "" || add != nil {
		t.Error(add, diff)
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	got, duplicates, ok := l.Pick([]board.Board{{ID: 9, Name: "Team board"}, {ID: 1, Name: "Development"}, {ID: 4, Name: "Team board"}, {ID: 12, Name: "Team board"}})
	if !ok || got.ID != 4 || len(duplicates) != 2 || duplicates[0].ID != 9 || duplicates[1].ID != 12 {
		t.Errorf("got %d, duplicates %v, %v", got.ID, duplicates, ok)
	}
	if _, _, ok := l.Pick([]board.Board{{ID: 1, Name: "team board"}}); ok {
		t.Error("another name was taken for the team's board")
	}
}
