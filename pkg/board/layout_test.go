package board_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func TestFind(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	l.Columns = append(l.Columns, board.Column{Name: "Review", Label: "wf::review"}, board.Column{Name: "waiting", Label: "later"})
	for typed, want := range map[string]string{
		"In Progress": "In Progress", "in-progress": "In Progress", "INPROGRESS": "In Progress", "wf::review": "Review",
		"completed": "Completed", "closed": "Completed", "Waiting": "Waiting", "waiting": "waiting", "WAITING": "Waiting",
		"": "", "nowhere": "", "-": "",
	} {
		if got, ok := l.Find(typed); got.Name != want || ok != (want != "") {
			t.Errorf("%q is column %q, %v; want %q", typed, got.Name, ok, want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if faults := board.Builtin().Validate(); len(faults) > 0 {
		t.Errorf("the built-in board: %v", faults)
	}
	bad := board.Layout{Name: " ", Done: "Done", Ready: "Steady", Columns: []board.Column{
		{Name: "A", Label: "a", Limit: -1}, {Name: "a", Label: "a"}, {Name: " ", Label: "x,y"}, {Name: "done", Label: "d"},
	}}
	var got []string
	for _, f := range bad.Validate() {
		got = append(got, fmt.Sprintf("%d %s", f.Index, f.Field))
		if f.Error() == "" {
			t.Error("a fault without a text")
		}
	}
	want := []string{"-1 name", "0 limit", "1 name", "1 label", "2 name", "2 label", "3 name", "-1 ready"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if faults := (board.Layout{}).Validate(); len(faults) != 3 {
		t.Errorf("an empty layout has %v", faults)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	l := board.Layout{Columns: []board.Column{{Name: "Ready", Label: "Ready"}, {Name: "Doing", Label: "doing"}}}
	set := label.Set{{Name: "Ready", Description: "ours"}}
	want := label.Set{{Name: "Ready", Description: "ours"}, {Name: "doing", Description: "Board: Doing"}}
	if diff := cmp.Diff(want, l.Labels(set)); diff != "" {
		t.Error(diff)
	}
	if len(set) != 1 {
		t.Error("the set itself was changed")
	}
	builtin := label.Builtin()
	if got := board.Builtin().Labels(builtin); len(got) != len(builtin) {
		t.Error("the built-in board has a column without a built-in label")
	}
}
