package gitlab

import (
	"errors"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func TestLabelsInUse(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	same := label.Label{Name: "toil", Color: "#d9534f", Description: "by hand", Priority: new(2)}
	got, existed, err := c.CreateLabel(t.Context(), infra, same)
	if err != nil || !existed || got.Name != "toil" {
		t.Errorf("as declared: %+v, %v, %v", got, existed, err)
	}
	if got, existed, err := c.CreateLabel(t.Context(), infra, label.Label{Name: "group label", Color: "#aabbcc"}); err != nil || !existed || !got.FromGroup {
		t.Errorf("label of the group: %+v, %v, %v", got, existed, err)
	}
	for _, other := range []label.Label{
		{Name: "toil", Color: "#000000", Description: "by hand", Priority: new(2)}, {Name: "toil", Color: "#d9534f"}, {Name: "toil", Color: "#d9534f", Description: "by hand", Priority: new(0)},
	} {
		if _, _, err := c.CreateLabel(t.Context(), infra, other); !errors.Is(err, fault.Taken) || fault.HintOf(err) == "" {
			t.Errorf("%+v: %v", other, err)
		}
	}
	if l, existed, err := c.CreateLabel(t.Context(), acme, label.Label{Name: "prio", Color: "#000000", Priority: new(3)}); err != nil || existed || l.Priority != nil {
		t.Errorf("a priority is not sent for a group: %+v, %v", l, err)
	}
}

func TestUpdateLabel(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	number := l.create("/projects/acme%2Finfra/labels", "name=2024&color=red")
	got, err := c.UpdateLabel(t.Context(), infra, number, label.Change{Name: new("S::1 (x/y) ü"), Color: new("#00FF00"), Description: new("d"), SetPriority: true, Priority: new(0)})
	if err != nil || got.Name != "S::1 (x/y) ü" || got.Color != "#00ff00" || got.Description != "d" || got.Priority == nil || *got.Priority != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = c.UpdateLabel(t.Context(), infra, number, label.Change{SetPriority: true})
	if err != nil || got.Priority != nil || got.Description != "d" {
		t.Errorf("priority removed: %+v, %v", got, err)
	}
	for _, name := range []string{"toil", "group label"} {
		if _, err := c.UpdateLabel(t.Context(), infra, number, label.Change{Name: &name}); !errors.Is(err, fault.Taken) {
			t.Errorf("%s: %v, want taken", name, err)
		}
	}
	if _, err := c.UpdateLabel(t.Context(), infra, number, label.Change{Name: new(strings.Repeat("x", 256))}); err == nil || errors.Is(err, fault.Taken) {
		t.Errorf("too long: %v", err)
	}
	if same, err := c.UpdateLabel(t.Context(), infra, number, label.Change{}); err != nil || same.Name != got.Name {
		t.Errorf("no change: %+v, %v", same, err)
	}
	if _, err := c.UpdateLabel(t.Context(), acme, 1, label.Change{SetPriority: true}); fault.KindOf(err) != fault.Usage {
		t.Errorf("priority in a group: %v", err)
	}
}

// GitLab has different messages for a name that is used in the parent group and for one in the project.
func TestAnyOtherMessageAboutANewNameMeansTaken(t *testing.T) {
	t.Parallel()
	for message, taken := range map[string]bool{"is a label of the group": true, "is invalid": false, "is too long (maximum is 255 characters)": false, "can't be blank": false} {
		c, _ := serve(t, answering(400, `{"message":{"title":["`+message+`"]}}`), nil)
		if _, err := c.UpdateLabel(t.Context(), infra, 1, label.Change{Name: new("x")}); err == nil || errors.Is(err, fault.Taken) != taken {
			t.Errorf("%s: %v", message, err)
		}
		if _, err := c.UpdateLabel(t.Context(), infra, 1, label.Change{Color: new("x")}); err == nil || errors.Is(err, fault.Taken) {
			t.Errorf("%s without a new name: %v", message, err)
		}
	}
}

func TestBoardsAndLists(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			c := l.as(t, "developer", nil)
			b, existed, err := c.CreateBoard(t.Context(), infra, "Weekly")
			if err != nil || existed {
				t.Fatal(existed, err)
			}
			if second, existed, err := c.CreateBoard(t.Context(), infra, "Weekly"); err != nil || !existed || second.ID != b.ID {
				t.Errorf("second run: %+v, %v, %v", second, existed, err)
			}
			var lists []int64
			for _, name := range []string{"Planning", "Ready", "Waiting"} {
				labelID := l.create("/projects/acme%2Finfra/labels", "color=red&name="+name)
				created, existed, err := c.CreateBoardList(t.Context(), infra, b.ID, labelID)
				if err != nil || existed || created.Label != name || created.Position != len(lists) {
					t.Errorf("%+v, %v, %v", created, existed, err)
				}
				if second, existed, err := c.CreateBoardList(t.Context(), infra, b.ID, labelID); err != nil || !existed || second.ID != created.ID {
					t.Errorf("second run: %+v, %v, %v", second, existed, err)
				}
				lists = append(lists, created.ID)
			}
			if kind != "nothing" {
				l.fault(t, "PUT /projects/*/boards/*/lists/* nth=1 "+kind)
			}
			if moved, err := c.MoveBoardList(t.Context(), infra, b.ID, lists[2], 0); err != nil || moved.Position != 0 || moved.Label != "Waiting" {
				t.Errorf("moved: %+v, %v", moved, err)
			}
			l.ResetRequests()
			if moved, err := c.MoveBoardList(t.Context(), infra, b.ID, lists[2], 0); err != nil || moved.Position != 0 || l.sent("PUT") != 0 {
				t.Errorf("already there: %+v, %v, %d PUTs", moved, err, l.sent("PUT"))
			}
			if _, err := c.MoveBoardList(t.Context(), infra, b.ID, lists[2], 9); err == nil {
				t.Error("a position that does not exist was accepted")
			}
			if got := l.Snapshot().Project("acme/infra").Boards[0].Lists; strings.Join(got, " ") != "Waiting Planning Ready" {
				t.Errorf("lists %v", got)
			}
		})
	}
}

// A board that another run creates between the lookup and the create wins, and our own is deleted.
func TestDuplicateBoard(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	first := true
	c := l.as(t, "developer", func(o *Options) {
		o.Trace = func(e Exchange) {
			if e.Method == "GET" && first {
				first = false
				l.create("/projects/acme%2Finfra/boards", "name=Weekly")
			}
		}
	})
	b, existed, err := c.CreateBoard(t.Context(), infra, "Weekly")
	boards := l.Snapshot().Project("acme/infra").Boards
	if err != nil || !existed || len(boards) != 1 || int64(boards[0].ID) != b.ID {
		t.Errorf("%+v, %v, %v; boards %+v", b, existed, err, boards)
	}
}
