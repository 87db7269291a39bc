package handoff_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestFirst(t *testing.T) {
	t.Parallel()
	due := func(day int) func(*handoff.Item) {
		return func(i *handoff.Item) { i.Issue.Due = calendar.NewDate(2018, 8, day) }
	}
	active := func(id int64, labels string, of ...func(*handoff.Item)) handoff.Item {
		return made(id, "incident,Incident::Active,"+labels, of...)
	}
	planned := commented(marked(clock(11, 0), "bo", "a", "b"))
	tokyo := time.FixedZone("Tokyo", 9*3600)
	for _, c := range []struct {
		name  string
		items []handoff.Item
		rule  jsonv1.FirstRule
		iid   int64
		late  time.Duration
	}{
		{name: "nothing", rule: jsonv1.FirstQuiet},
		{name: "what can wait", items: []handoff.Item{made(1, "oncall"), made(2, "oncall", due(24))}, rule: jsonv1.FirstQuiet},
		{"the worst severity", []handoff.Item{active(1, "S3"), active(2, "S2"), made(3, "oncall", due(1))}, jsonv1.FirstBurning, 2, 0},
		{"data loss counts as S1", []handoff.Item{active(1, "S2"), made(2, "(perceived) data loss")}, jsonv1.FirstBurning, 2, 0},
		{"without next steps", []handoff.Item{active(1, "S2", planned), active(2, "S2")}, jsonv1.FirstBurning, 2, 0},
		{"the oldest", []handoff.Item{active(2, "S2"), active(1, "S2")}, jsonv1.FirstBurning, 1, 0},
		{"overdue for longest", []handoff.Item{made(1, "oncall", due(23)), made(2, "Ready_to_Handoff", due(22)), made(3, "incident,Incident::Mitigated")}, jsonv1.FirstOverdue, 2, 39 * time.Hour},
		{"at risk", []handoff.Item{made(1, "oncall"), made(3, "incident,Incident::Mitigated,S1"), made(2, "incident,Incident::Mitigated,S2")}, jsonv1.FirstAtRisk, 3, 0},
	} {
		r := handoff.Build(facts(c.items...))
		got := r.First(nil)
		iid := int64(0)
		if got.Entry != nil {
			iid = got.Entry.Issue.Ref.IID
		}
		if got.Rule != c.rule || iid != c.iid || got.Late != c.late {
			t.Errorf("%s: %s, #%d, late by %s, want %s, #%d, %s (at %s)", c.name, got.Rule, iid, got.Late, c.rule, c.iid, c.late, r.At)
		}
	}
	// At 15:00 UTC the next day begins in Tokyo.
	f := facts(made(1, "oncall", due(24)))
	f.At = f.At.Add(time.Minute)
	r := handoff.Build(f)
	if got := r.First(tokyo); got.Rule != jsonv1.FirstOverdue || got.Late != time.Minute {
		t.Errorf("in Tokyo: %+v", got)
	}
	r = handoff.Build(facts(made(1, "change,change::in-progress", recorded("change", "start: 2018-08-24 10:00\nduration: 2h"))))
	if got := r.First(nil); got.Rule != jsonv1.FirstOverdue || got.Late != time.Hour {
		t.Errorf("a change past its window: %+v", got)
	}
}

// The first thing does not depend on the order of the issues, and is the worst of its kind.
func TestFirstDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var items []handoff.Item
		for n := range rapid.IntRange(0, 6).Draw(t, "issues") {
			item := made(int64(n+1), rapid.SampledFrom([]string{"incident,Incident::Active,S1", "incident,Incident::Active", "outage,S2", "oncall", "incident,Incident::Mitigated", "(perceived) data loss"}).Draw(t, "labels"))
			item.Issue.CreatedAt = clock(rapid.IntRange(1, 3).Draw(t, "hour"), 0)
			if rapid.Bool().Draw(t, "due") {
				item.Issue.Due = calendar.NewDate(2018, 8, rapid.IntRange(20, 26).Draw(t, "day"))
			}
			items = append(items, item)
		}
		r := handoff.Build(facts(items...))
		a, b := r.First(nil), handoff.Build(facts(rapid.Permutation(items).Draw(t, "order")...)).First(nil)
		if a.Rule != b.Rule || a.Late != b.Late || (a.Entry == nil) != (b.Entry == nil) || a.Entry != nil && a.Entry.Issue.Ref != b.Entry.Issue.Ref {
			t.Fatalf("%+v, then %+v", a, b)
		}
		if burning := len(r.Section("incidents").Entries) + len(r.Section("data_loss").Entries); (burning > 0) != (a.Rule == jsonv1.FirstBurning) {
			t.Fatalf("%d burning, %+v", burning, a)
		}
	})
}
