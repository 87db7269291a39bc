package board_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestMove(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	opened, closed := issue.Opened, issue.Closed
	tests := []struct {
		name   string
		state  issue.State
		labels []string
		to     string
		want   issue.Change
	}{
		{"from nowhere", opened, []string{"toil"}, "Ready", issue.Change{AddLabels: []string{"Ready"}}},
		{"from another", opened, []string{"Planning", "toil"}, "Ready", issue.Change{AddLabels: []string{"Ready"}, RemoveLabels: []string{"Planning"}}},
		{"already there", opened, []string{"Ready"}, "Ready", issue.Change{}},
		{"there and elsewhere", opened, []string{"Planning", "Ready", "Waiting"}, "Ready", issue.Change{RemoveLabels: []string{"Planning", "Waiting"}}},
		{"to completed", opened, []string{"In Progress"}, "Completed", issue.Change{RemoveLabels: []string{"In Progress"}, State: &closed}},
		{"out of completed", closed, nil, "Waiting", issue.Change{AddLabels: []string{"Waiting"}, State: &opened}},
		{"closed with a column's label", closed, []string{"Ready"}, "Ready", issue.Change{State: &opened}},
		{"completed keeps its old label until asked", closed, []string{"Ready"}, "Completed", issue.Change{RemoveLabels: []string{"Ready"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			to, ok := l.Find(tt.to)
			if !ok {
				t.Fatal("no such column")
			}
			got, moved := l.Move(issue.Issue{State: tt.state, Labels: tt.labels}, to)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if moved != !cmp.Equal(got, issue.Change{}) {
				t.Errorf("moved is %v for %+v", moved, got)
			}
		})
	}
}

// A move leaves exactly one column and every foreign label, and a second one has nothing to do.
func TestMoveLeavesOneColumn(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	rapid.Check(t, func(t *rapid.T) {
		i := issue.Issue{
			State:  rapid.SampledFrom([]issue.State{issue.Opened, issue.Closed}).Draw(t, "state"),
			Labels: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"Planning", "Ready", "Waiting", "In Progress", "ready", "a::b", "2024"}), rapid.ID[string]).Draw(t, "labels"),
		}
		to := rapid.SampledFrom(l.All()).Draw(t, "to")
		change, _ := l.Move(i, to)
		after := carryOut(i, change)
		if in := l.Where(after); len(in) != 1 || in[0] != to {
			t.Fatalf("it is in %v after %+v, want %v", in, change, to)
		}
		for _, name := range append(change.AddLabels, change.RemoveLabels...) {
			if !slices.ContainsFunc(l.Columns, func(c board.Column) bool { return c.Label == name }) {
				t.Fatalf("%s is not the label of a column", name)
			}
		}
		if again, moved := l.Move(after, to); moved {
			t.Fatalf("a second move wants %+v", again)
		}
	})
}

func carryOut(i issue.Issue, c issue.Change) issue.Issue {
	i.Labels = slices.DeleteFunc(slices.Concat(i.Labels, c.AddLabels), func(name string) bool {
		return slices.Contains(c.RemoveLabels, name)
	})
	if c.State != nil {
		i.State = *c.State
	}
	return i
}

func TestWhere(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	both := issue.Issue{State: issue.Opened, Labels: []string{"In Progress", "Planning"}}
	if got := l.Where(both); len(got) != 2 || got[0].Name != "Planning" || got[1].Name != "In Progress" {
		t.Errorf("two labels: %v", got)
	}
	both.State = issue.Closed
	if got := l.Where(both); len(got) != 1 || got[0].Name != "Completed" || !got[0].Closed() {
		t.Errorf("closed: %v", got)
	}
	if got := l.Where(issue.Issue{State: issue.Opened, Labels: []string{"planning"}}); got != nil {
		t.Errorf("another spelling: %v", got)
	}
}
