package flow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/flow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var rules = flow.Board{Layout: board.Builtin(), Blocked: "blocked", Handoff: "Ready_to_Handoff"}

// day is noon of a day in August 2018, and hours later.
func day(d, hours int) time.Time { return time.Date(2018, 8, d, 12+hours, 0, 0, 0, time.UTC) }

func event(at time.Time, action, name string) issue.Event {
	return issue.Event{At: at, Action: action, Name: name}
}

func TestPathOf(t *testing.T) {
	t.Parallel()
	open := issue.Issue{Ref: issue.Ref{Project: "acme/infra", IID: 1}, State: issue.Opened, CreatedAt: day(1, 0)}
	closed := open
	closed.State, closed.ClosedAt = issue.Closed, day(20, 0)
	end := []issue.Event{{At: day(20, 0), Action: "closed"}}
	for name, c := range map[string]struct {
		issue          issue.Issue
		labels, states []issue.Event
		stays          []flow.Stay
		started        time.Time
		unknown        bool
	}{
		"never on the board": {issue: open},
		"from column to column": {open, []issue.Event{event(day(1, 0), "add", "Ready"), event(day(3, 0), "remove", "Ready"), event(day(3, 0), "add", "In Progress")}, nil,
			[]flow.Stay{{"Ready", day(1, 0), day(3, 0)}, {"In Progress", day(3, 0), time.Time{}}}, day(3, 0), false},
		"closed without removing the label": {closed, []issue.Event{event(day(3, 0), "add", "In Progress")}, end,
			[]flow.Stay{{"In Progress", day(3, 0), day(20, 0)}}, day(3, 0), false},
		"closed without an event": {closed, []issue.Event{event(day(3, 0), "add", "In Progress")}, nil,
			[]flow.Stay{{"In Progress", day(3, 0), day(20, 0)}}, day(3, 0), false},
		"reopened": {closed, []issue.Event{event(day(3, 0), "add", "In Progress")},
			[]issue.Event{{At: day(5, 0), Action: "closed"}, {At: day(7, 0), Action: "reopened"}, {At: day(20, 0), Action: "closed"}},
			[]flow.Stay{{"In Progress", day(3, 0), day(5, 0)}, {"In Progress", day(7, 0), day(20, 0)}}, day(3, 0), false},
		"moved to another project": {open, []issue.Event{event(day(3, 0), "add", "In Progress"), event(day(3, 0), "add", "toil"),
			event(day(8, 0), "remove", "In Progress"), event(day(8, 0), "remove", "toil"), event(day(8, 0), "add", "toil"), event(day(8, 0), "add", "In Progress")}, nil,
			[]flow.Stay{{"In Progress", day(3, 0), time.Time{}}}, day(3, 0), false},
		"two columns at once": {open, []issue.Event{event(day(3, 0), "add", "In Progress"), event(day(4, 0), "add", "Waiting"), event(day(6, 0), "remove", "Waiting")}, nil,
			[]flow.Stay{{"In Progress", day(3, 0), day(4, 0)}, {"Waiting", day(4, 0), day(6, 0)}, {"In Progress", day(6, 0), time.Time{}}}, day(3, 0), false},
		"started again": {open, []issue.Event{event(day(3, 0), "add", "In Progress"), event(day(4, 0), "remove", "In Progress"), event(day(9, 0), "add", "In Progress")}, nil,
			[]flow.Stay{{"In Progress", day(3, 0), day(4, 0)}, {"In Progress", day(9, 0), time.Time{}}}, day(3, 0), false},
		"a deleted label": {open, []issue.Event{event(day(2, 0), "add", ""), event(day(3, 0), "add", "In Progress")}, nil,
			[]flow.Stay{{"In Progress", day(3, 0), time.Time{}}}, day(3, 0), true},
		"in and out at once": {open, []issue.Event{event(day(3, 0), "add", "Ready"), event(day(3, 0), "remove", "Ready")}, nil, nil, time.Time{}, false},
	} {
		got := flow.PathOf(c.issue, c.labels, c.states, rules)
		if diff := cmp.Diff(c.stays, got.Stays); diff != "" || !got.Started.Equal(c.started) || got.Unknown != c.unknown || got.Finished.IsZero() == (c.issue.State == issue.Closed) {
			t.Errorf("%s: started %v, finished %v, unknown %v\n%s", name, got.Started, got.Finished, got.Unknown, diff)
		}
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	of := func(iid int64, started, finished time.Time, stays ...flow.Stay) flow.Path {
		return flow.Path{Ref: issue.Ref{Project: "acme/infra", IID: iid}, Started: started, Finished: finished, Stays: stays}
	}
	paths := []flow.Path{
		of(1, day(3, 0), day(5, 0), flow.Stay{"In Progress", day(3, 0), day(4, 0)}, flow.Stay{"Waiting", day(4, 0), day(5, 0)}),
		of(2, day(1, 0), day(9, 0), flow.Stay{"Ready", day(1, -9), day(1, 0)}, flow.Stay{"In Progress", day(1, 0), day(9, 0)}),
		of(3, time.Time{}, day(6, 0)),
		of(4, day(2, 0), time.Time{}, flow.Stay{"In Progress", day(2, 0), time.Time{}}),
		of(5, day(14, 0), time.Time{}, flow.Stay{"In Progress", day(14, 0), time.Time{}}),
		of(6, day(1, 0), day(20, 0), flow.Stay{"In Progress", day(1, 0), day(20, 0)}), // finished later
		of(7, day(1, -10), day(1, -5)), // finished before
	}
	m := flow.Measure(paths, rules, flow.Period{From: day(1, 0), To: day(15, 0)})
	numbers := func(list []flow.Aged) (out []string) {
		for _, a := range list {
			out = append(out, fmt.Sprintf("%d %s %v old %v", a.Ref.IID, a.Column, a.Age, a.Old))
		}
		return out
	}
	want := []string{"6 In Progress 336h0m0s old true", "4 In Progress 312h0m0s old true", "5 In Progress 24h0m0s old false"}
	if got := numbers(m.InProgress); !slices.Equal(got, want) {
		t.Errorf("in progress: %q", got)
	}
	if len(m.Finished) != 2 || m.Finished[0].Ref.IID != 1 || m.Unstarted != 1 || m.Throughput() != 150 {
		t.Errorf("finished %d, not started %d, %d hundredths a week", len(m.Finished), m.Unstarted, m.Throughput())
	}
	if m.Cycle[50] != 48*time.Hour || m.Cycle[85] != 192*time.Hour {
		t.Errorf("cycle times %v", m.Cycle)
	}
	const hour = flow.Sum(time.Hour / time.Millisecond)
	if m.Waiting != 24*hour || m.Total != 240*hour || !slices.Equal(m.Columns, []flow.ColumnTime{{"Planning", 0}, {"Ready", 0}, {"Waiting", 24 * hour}, {"In Progress", 216 * hour}}) {
		t.Errorf("waiting %v of %v, %v", m.Waiting, m.Total, m.Columns)
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var ten []time.Duration
	for n := range 10 {
		ten = append(ten, time.Duration(n+1))
	}
	for percent, want := range map[int]time.Duration{1: 1, 10: 1, 11: 2, 50: 5, 85: 9, 95: 10, 100: 10} {
		if got := flow.Percentile(ten, percent); got != want {
			t.Errorf("%d %%: %d, want %d", percent, got, want)
		}
	}
	if got := flow.Percentile(ten[:1], 50); got != 1 {
		t.Errorf("of one: %d", got)
	}
}

// history is any issue with any events.
func history(t *rapid.T, iid int64) (issue.Issue, []issue.Event, []issue.Event) {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/infra", IID: iid}, State: issue.Opened, CreatedAt: day(1, rapid.IntRange(0, 100).Draw(t, "created"))}
	at := i.CreatedAt
	var labels, states []issue.Event
	for range rapid.IntRange(0, 8).Draw(t, "events") {
		at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
		switch {
		case rapid.IntRange(0, 4).Draw(t, "kind") > 0:
			labels = append(labels, event(at, rapid.SampledFrom([]string{"add", "remove"}).Draw(t, "action"),
				rapid.SampledFrom([]string{"Planning", "Ready", "Waiting", "In Progress", "blocked", "toil", "Ready_to_Handoff"}).Draw(t, "label")))
		case i.Open():
			i.State, i.ClosedAt = issue.Closed, at
			states = append(states, issue.Event{At: at, Action: "closed"})
		default:
			i.State, i.ClosedAt = issue.Opened, time.Time{}
			states = append(states, issue.Event{At: at, Action: "reopened"})
		}
	}
	return i, labels, states
}

// Stays are in order, do not overlap, lie in the issue's life, and no time with the issue closed is in one. Moving the issue to another
// project changes nothing.
func TestPathProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i, labels, states := history(t, 1)
		p := flow.PathOf(i, labels, states, rules)
		before := i.CreatedAt
		for n, s := range p.Stays {
			if s.From.Before(before) || s.To.IsZero() && (n < len(p.Stays)-1 || !i.Open()) || !s.To.IsZero() && !s.To.After(s.From) {
				t.Fatalf("%+v", p.Stays)
			}
			before = s.To
		}
		at := day(1, rapid.IntRange(0, 500).Draw(t, "moved"))
		set := map[string]bool{}
		var order []string
		for _, e := range labels {
			if e.At.After(at) {
				break
			}
			order = slices.DeleteFunc(order, func(n string) bool { return n == e.Name })
			if set[e.Name] = e.Action == "add"; set[e.Name] {
				order = append(order, e.Name)
			}
		}
		var moved []issue.Event
		for _, action := range []string{"remove", "add"} {
			for _, name := range order {
				moved = append(moved, event(at, action, name))
			}
		}
		cut := slices.IndexFunc(labels, func(e issue.Event) bool { return e.At.After(at) })
		if cut < 0 {
			cut = len(labels)
		}
		if diff := cmp.Diff(p, flow.PathOf(i, slices.Insert(slices.Clone(labels), cut, moved...), states, rules)); diff != "" {
			t.Fatalf("moved at %v:\n%s", at, diff)
		}
	})
}

// Little's law: where everything that starts in a period also ends in it, the mean number of issues in progress is the number that is
// finished in a time, times the mean cycle time.
func TestLittlesLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := flow.Period{From: day(1, 0), To: day(29, 0)}
		var paths []flow.Path
		for n := range rapid.IntRange(1, 30).Draw(t, "issues") {
			from := rapid.IntRange(0, 600).Draw(t, "from")
			to := from + rapid.IntRange(1, 670-from).Draw(t, "hours")
			paths = append(paths, flow.Path{Ref: issue.Ref{IID: int64(n)}, Started: day(1, from), Finished: day(1, to)})
		}
		m := flow.Measure(paths, rules, in)
		if len(m.Finished) != len(paths) || m.Throughput() != len(paths)*100*7/28 {
			t.Fatalf("%d of %d finished, %d", len(m.Finished), len(paths), m.Throughput())
		}
		if got, want := flow.InProgress(paths, in), int(m.Total*100/flow.Sum(in.To.Sub(in.From)/time.Millisecond)); got != want {
			t.Fatalf("%d hundredths in progress, want %d", got, want)
		}
	})
}

// In a cumulative flow diagram nothing that is finished comes back, and every issue is somewhere once.
func TestCumulative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var paths []flow.Path
		for n := range rapid.IntRange(0, 8).Draw(t, "issues") {
			i, labels, states := history(t, int64(n))
			paths = append(paths, flow.PathOf(i, labels, states, rules))
		}
		in := flow.Period{From: day(1, 0), To: day(20, 0)}
		var days []time.Time
		for d := range 19 {
			days = append(days, day(d+2, 0))
		}
		levels, finished := flow.Cumulative(paths, in, days), 0
		for _, l := range levels {
			sum := l.Finished
			for _, n := range l.Columns {
				sum += n
			}
			if l.Finished < finished || sum > len(paths) {
				t.Fatalf("%+v of %d issues, %d finished before", l, len(paths), finished)
			}
			finished = l.Finished
		}
	})
}
