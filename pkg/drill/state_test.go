package drill_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/drill"
)

func restored(target, end string, minutes int, verified bool) drill.Result {
	return drill.Result{Target: target, Start: at(end).Add(-time.Duration(minutes) * time.Minute), End: at(end), Verified: verified, Attempt: 1}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	now := at("2018-08-24T16:00:00Z")
	sized := restored("db", "2018-08-02T11:00:00Z", 60, true)
	sized.Size = 12 << 30
	for name, tt := range map[string]struct {
		results []drill.Result
		want    string
		fresh   bool
	}{
		"never tested":         {nil, "never tested", false},
		"fresh":                {[]drill.Result{restored("db", "2018-08-02T11:00:00Z", 60, true)}, "", true},
		"never verified":       {[]drill.Result{restored("db", "2018-08-02T11:00:00Z", 60, false)}, "never verified", false},
		"too old":              {[]drill.Result{restored("db", "2018-07-02T11:00:00Z", 60, true)}, "not verified for 53 days (limit 35)", false},
		"last one failed":      {[]drill.Result{restored("db", "2018-08-02T11:00:00Z", 60, true), restored("db", "2018-08-03T11:00:00Z", 60, false)}, "last restore failed", true},
		"old and failed":       {[]drill.Result{restored("db", "2018-07-02T11:00:00Z", 60, true), restored("db", "2018-08-02T11:00:00Z", 60, false)}, "not verified for 53 days (limit 35), last restore failed", false},
		"too small":            {[]drill.Result{sized}, "restored less than half of the expected size", true},
		"later does not count": {[]drill.Result{restored("db", "2018-09-02T11:00:00Z", 60, true)}, "never tested", false},
	} {
		got := drill.States([]drill.Target{{Name: "db", Size: 412 << 30}}, []drill.Drill{{Results: tt.results}}, now, drill.Month)
		if diff := cmp.Diff(tt.want, strings.Join(got[0].Findings, ", ")); diff != "" || got[0].Fresh != tt.fresh {
			t.Errorf("%s: fresh %t %s", name, got[0].Fresh, diff)
		}
	}
}

func TestTrend(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minutes []int
		word    string
		change  time.Duration
	}{
		{[]int{60}, "", 0},
		{[]int{60, 64}, drill.Steady, 4 * time.Minute},
		{[]int{60, 90, 50, 92}, drill.Up, 32 * time.Minute},
		{[]int{60, 90, 70, 30}, drill.Down, -40 * time.Minute},
	} {
		var list []drill.Result
		for n, m := range tt.minutes {
			list = append(list, restored("db", at("2018-01-02T12:00:00Z").AddDate(0, n, 0).Format(time.RFC3339), m, true))
		}
		got := drill.States([]drill.Target{{Name: "db"}}, []drill.Drill{{Results: list}}, at("2018-08-24T16:00:00Z"), drill.Month)[0].Trend
		if got.Word != tt.word || got.Change != tt.change {
			t.Errorf("%v: %+v", tt.minutes, got)
		}
	}
}

func TestDurable(t *testing.T) {
	t.Parallel()
	now, targets := at("2018-08-24T16:00:00Z"), []drill.Target{{Name: "db"}, {Name: "nfs"}}
	half := []drill.Drill{{Results: []drill.Result{restored("db", "2018-08-02T11:00:00Z", 60, true)}}}
	both := append(half, drill.Drill{Results: []drill.Result{restored("nfs", "2018-08-03T11:00:00Z", 60, true)}})
	for name, tt := range map[string]struct {
		targets []drill.Target
		drills  []drill.Drill
		want    drill.Readiness
	}{
		"no targets":  {nil, both, drill.Readiness{}},
		"no evidence": {targets, nil, drill.Readiness{Targets: 2, Missing: []string{"db", "nfs"}}},
		"one of two":  {targets, half, drill.Readiness{Known: true, Fresh: 1, Targets: 2, Missing: []string{"nfs"}}},
		"all":         {targets, both, drill.Readiness{Known: true, Met: true, Fresh: 2, Targets: 2}},
	} {
		if diff := cmp.Diff(tt.want, drill.Durable(tt.targets, tt.drills, now, drill.Month)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := drill.Durable(targets, both, at("2018-07-24T16:00:00Z"), drill.Month); got.Known {
		t.Errorf("before the drills: %+v", got)
	}
}

// TestMoreTestsNeverHurt checks that a verified restore never makes production less durable, in whatever order the drills come.
func TestMoreTestsNeverHurt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		targets := []drill.Target{{Name: "db"}, {Name: "nfs_1"}, {Name: "a.b"}}
		var list []drill.Drill
		for range rapid.IntRange(0, 4).Draw(t, "drills") {
			list = append(list, drill.Drill{Results: rapid.SliceOfN(results(), 0, 4).Draw(t, "results")})
		}
		now := at("2018-08-10T16:00:00Z")
		before := drill.Durable(targets, list, now, drill.Month)
		if diff := cmp.Diff(before, drill.Durable(targets, rapid.Permutation(list).Draw(t, "order"), now, drill.Month)); diff != "" {
			t.Fatal(diff)
		}
		one := results().Draw(t, "one")
		one.Verified = true
		after := drill.Durable(targets, append(list, drill.Drill{Results: []drill.Result{one}}), now, drill.Month)
		if after.Fresh < before.Fresh || before.Met && !after.Met {
			t.Fatalf("%+v became %+v", before, after)
		}
	})
}
