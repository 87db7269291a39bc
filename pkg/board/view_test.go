package board_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func dealt(iid int64, state issue.State, labels ...string) issue.Issue {
	return issue.Issue{Ref: issue.Ref{Project: "a/b", IID: iid}, State: state, Labels: labels}
}

func byOutage(i issue.Issue) int {
	if i.Has("outage") {
		return 0
	}
	return 1
}

func TestDeal(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	l.Columns[1].Limit = 2
	lanes, off := l.Deal([]issue.Issue{
		dealt(7, issue.Opened, "Ready"), dealt(3, issue.Opened, "Ready", "Waiting"), dealt(9, issue.Opened, "Ready", "outage"),
		dealt(4, issue.Opened, "toil"), dealt(5, issue.Closed, "Ready"),
	}, byOutage)
	got := map[string][]int64{}
	also := map[string][]string{}
	for _, lane := range lanes {
		for _, c := range lane.Cards {
			got[lane.Name] = append(got[lane.Name], c.Issue.Ref.IID)
			also[lane.Name] = append(also[lane.Name], c.OtherColumns...)
		}
	}
	if diff := cmp.Diff(map[string][]int64{"Ready": {9, 3, 7}, "Waiting": {3}, "Completed": {5}}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string][]string{"Ready": {"Waiting"}, "Waiting": {"Ready"}, "Completed": nil}, also); diff != "" {
		t.Error(diff)
	}
	if off != 1 || len(lanes) != 5 || !lanes[1].Over() || lanes[2].Over() {
		t.Errorf("off %d, %d lanes, over %v %v", off, len(lanes), lanes[1].Over(), lanes[2].Over())
	}
}

func TestDealInAnyOrder(t *testing.T) {
	t.Parallel()
	l := board.Builtin()
	rapid.Check(t, func(t *rapid.T) {
		var issues []issue.Issue
		for n := range rapid.IntRange(0, 12).Draw(t, "issues") {
			labels := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"Planning", "Ready", "Waiting", "outage"}), rapid.ID[string]).Draw(t, "labels")
			state := rapid.SampledFrom([]issue.State{issue.Opened, issue.Closed}).Draw(t, "state")
			issues = append(issues, dealt(int64(n), state, labels...))
		}
		a, offA := l.Deal(issues, byOutage)
		b, offB := l.Deal(rapid.Permutation(issues).Draw(t, "order"), byOutage)
		if diff := cmp.Diff(a, b, cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" || offA != offB {
			t.Fatal(diff, offA, offB)
		}
	})
}

func TestSince(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return time.Date(2018, 8, 20, h, 0, 0, 0, time.UTC) }
	event := func(h int, action, name string) issue.Event {
		return issue.Event{At: at(h), Action: action, Name: name}
	}
	tests := []struct {
		name   string
		events []issue.Event
		want   time.Time
	}{
		{"no events", nil, time.Time{}},
		{"added", []issue.Event{event(1, "add", "Ready")}, at(1)},
		{"added again after it was gone", []issue.Event{event(1, "add", "Ready"), event(2, "remove", "Ready"), event(3, "add", "Ready")}, at(3)},
		{"added while it was there", []issue.Event{event(1, "add", "Ready"), event(2, "add", "Ready")}, at(1)},
		{"gone by the events", []issue.Event{event(1, "add", "Ready"), event(2, "remove", "Ready")}, time.Time{}},
		{"others", []issue.Event{event(1, "add", "Waiting"), event(2, "add", "")}, time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := board.Since(tt.events, "Ready"); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
