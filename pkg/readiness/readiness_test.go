package readiness_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/metric"
	"gitlab.com/prodctl/prodctl/pkg/readiness"
)

var (
	now   = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	whole = readiness.Period{From: now.AddDate(0, 0, -28), To: now, Running: true}
	rules = readiness.Rules{SpeedBelow: big.NewRat(2, 1), UptimeAbove: big.NewRat(9995, 100), DeploysPerWeek: big.NewRat(1, 1),
		LeadTime: 7 * 24 * time.Hour, FailureShare: big.NewRat(15, 1)}
)

func ago(d time.Duration) time.Time { return now.Add(-d) }

const day = 24 * time.Hour

func show(m readiness.Measure) string {
	value := "-"
	if m.Value != nil {
		value = m.Value.RatString()
	}
	text := fmt.Sprintf("%s %s %d", value, m.State, m.Sample)
	if m.Why != "" {
		text += ": " + m.Why
	}
	return text
}

// of builds the targets and returns the measures of one.
func of(f readiness.Facts, name string) string {
	for _, t := range readiness.Build(f, rules, whole, nil) {
		if t.Name == name {
			var list []string
			for _, m := range t.Measures {
				list = append(list, show(m))
			}
			return string(t.State()) + " | " + strings.Join(list, " | ")
		}
	}
	return ""
}

func check(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// Without facts every target is unknown; none is met.
func TestNothingIsMetWithoutEvidence(t *testing.T) {
	t.Parallel()
	for _, target := range readiness.Build(readiness.Facts{}, rules, whole, readiness.Months(whole, 3, time.UTC)) {
		if target.State() != readiness.Unknown || len(target.Months) != 3 {
			t.Errorf("%s is %s", target.Name, target.State())
		}
		for _, m := range target.Months {
			if m.State() != readiness.Unknown {
				t.Errorf("%s in %s is %s", target.Name, m.Name, m.State())
			}
		}
	}
	missing := readiness.Facts{Missing: map[string]string{readiness.Uptime: "403 Forbidden"}, Downtime: func(readiness.Period) readiness.Downtime {
		return readiness.Downtime{Minutes: new(big.Rat)}
	}}
	check(t, "what could not be read", of(missing, readiness.Uptime), "unknown | - unknown 0: 403 Forbidden")
}

func TestSpeed(t *testing.T) {
	t.Parallel()
	points := func(list ...*big.Rat) (out []metric.Point) {
		for n, v := range list {
			out = append(out, metric.Point{At: ago(time.Duration(n+1) * day), Value: v})
		}
		return append(out, metric.Point{At: ago(99 * day), Value: big.NewRat(50, 1)}) // before the period
	}
	for name, c := range map[string]struct {
		points []metric.Point
		want   string
	}{
		"odd":    {points(big.NewRat(1, 1), big.NewRat(9, 1), big.NewRat(3, 2)), "met | 3/2 met 3"},
		"even":   {points(big.NewRat(1, 1), big.NewRat(2, 1)), "met | 3/2 met 2"},
		"at aim": {points(big.NewRat(2, 1)), "missed | 2 missed 1"},
		"none":   {points(), "unknown | - unknown 0: no measurement"},
	} {
		check(t, name, of(readiness.Facts{SpeedIndex: c.points}, readiness.Speed), c.want)
	}
}

func TestUptime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		down    int64
		unknown []string
		want    string
	}{
		"none":                {0, nil, "met | 100 met 2"},
		"some":                {20, nil, "met | 50375/504 met 2"},
		"all of it":           {21, nil, "missed | DOWN21 missed 2"},
		"unknown":             {0, []string{"p#1"}, "unknown | - unknown 0: 1 incident of unknown duration: p#1"},
		"missed in any event": {21, []string{"p#1", "p#2", "p#3", "p#4", "p#5"}, "missed | DOWN21 missed 2: 5 incidents of unknown duration: p#1, p#2, p#3 and 2 others"},
	} {
		facts := readiness.Facts{Downtime: func(readiness.Period) readiness.Downtime {
			return readiness.Downtime{Minutes: big.NewRat(c.down, 1), Unknown: c.unknown, Sample: 2}
		}}
		spent := new(big.Rat).Sub(big.NewRat(100, 1), big.NewRat(2100, 28*24*60)).RatString()
		check(t, name, of(facts, readiness.Uptime), strings.Replace(c.want, "DOWN21", spent, 1))
	}
}

func TestRestores(t *testing.T) {
	t.Parallel()
	targets := []drill.Target{{Name: "db"}, {Name: "nfs"}}
	result := func(name string, before time.Duration, verified bool) drill.Drill {
		return drill.Drill{Results: []drill.Result{{Target: name, Start: ago(before + time.Hour), End: ago(before), Verified: verified}}}
	}
	for name, c := range map[string]struct {
		targets []drill.Target
		drills  []drill.Drill
		want    string
	}{
		"all":        {targets, []drill.Drill{result("db", day, true), result("nfs", 30*day, true)}, "met | 100 met 2"},
		"half":       {targets, []drill.Drill{result("db", day, true), result("nfs", 40*day, true)}, "missed | 50 missed 2: not verified lately: nfs"},
		"failed":     {targets, []drill.Drill{result("db", day, false)}, "missed | 0 missed 2: not verified lately: db, nfs"},
		"no record":  {targets, nil, "unknown | - unknown 0: no restore was recorded"},
		"no targets": {nil, nil, "unknown | - unknown 0: no targets are configured"},
	} {
		check(t, name, of(readiness.Facts{Restores: readiness.RestoreFacts{Targets: c.targets, Drills: c.drills, Within: drill.Month}}, readiness.Restores), c.want)
	}
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	open := func(d time.Duration, security bool) readiness.Request {
		return readiness.Request{Opened: ago(d), Security: security}
	}
	closed := readiness.Request{Opened: ago(90 * day), Closed: ago(day), Security: true}
	for name, c := range map[string]struct {
		list []readiness.Request
		want string
	}{
		"first":         {[]readiness.Request{open(day, true), open(3*day, true), open(9*day, false), open(2*day, false), closed}, "met | 2 met 2"},
		"equal":         {[]readiness.Request{open(day, true), open(day, false)}, "met | 1 met 1"},
		"later":         {[]readiness.Request{open(5*day, true), open(day, false), open(2*day, false)}, "missed | 5 missed 1"},
		"none open":     {[]readiness.Request{closed, open(day, false)}, "met | - met 0: no request of the security team is open"},
		"no others":     {[]readiness.Request{open(day, true)}, "unknown | 1 unknown 1: no other request is open"},
		"never any":     {[]readiness.Request{open(day, false)}, "unknown | - unknown 0: no request of the security team"},
		"in the future": {[]readiness.Request{open(-day, true)}, "unknown | - unknown 0: no request of the security team"},
	} {
		check(t, name, of(readiness.Facts{Requests: c.list}, readiness.Security), c.want)
	}
}

func TestDeploys(t *testing.T) {
	t.Parallel()
	deploy := func(before time.Duration, failed *bool, lead *time.Duration) readiness.Deploy {
		return readiness.Deploy{At: ago(before), Failed: failed, Lead: lead}
	}
	ok, failed := new(bool), new(true)
	var weekly []readiness.Deploy
	for n := range 4 {
		weekly = append(weekly, deploy(time.Duration(n)*7*day+time.Hour, ok, new(time.Duration(n+1)*time.Hour)))
	}
	for name, c := range map[string]struct {
		list []readiness.Deploy
		want string
	}{
		"weekly":        {weekly, "met | 1 met 4 | 5/2 met 4 | 0 met 4"},
		"one failed":    {append(weekly[:3:3], deploy(day, failed, nil)), "missed | 1 met 4 | 2 met 3 | 25 missed 4"},
		"slow":          {append(weekly[:3:3], deploy(day, ok, new(40*day))), "met | 1 met 4 | 5/2 met 4 | 0 met 4"},
		"no requests":   {[]readiness.Deploy{deploy(day, ok, nil)}, "missed | 1/4 missed 1 | - unknown 0: no merge request is recorded | 0 met 1"},
		"no outcomes":   {append(weekly[:0:0], deploy(day, nil, nil), deploy(day, nil, nil), deploy(day, nil, nil), deploy(day, nil, nil)), "unknown | 1 met 4 | - unknown 0: no merge request is recorded | - unknown 0: no outcome is recorded"},
		"only earlier":  {[]readiness.Deploy{deploy(60*day, ok, nil)}, "missed | 0 missed 0 | - unknown 0: no merge request is recorded | - unknown 0: no outcome is recorded"},
		"right now":     {[]readiness.Deploy{deploy(0, ok, nil)}, "missed | 1/4 missed 1 | - unknown 0: no merge request is recorded | 0 met 1"},
		"nothing known": {nil, "unknown | - unknown 0: no deployment was recorded | - unknown 0: no merge request is recorded | - unknown 0: no outcome is recorded"},
	} {
		check(t, name, of(readiness.Facts{Deploys: c.list}, readiness.Deploys), c.want)
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range readiness.Months(readiness.Period{To: time.Date(2018, 3, 31, 22, 30, 0, 0, time.UTC)}, 3, berlin) {
		got = append(got, p.Name+" "+p.From.Format(time.RFC3339)+" "+p.To.Format(time.RFC3339))
	}
	check(t, "months", strings.Join(got, ", "), "2018-02 2018-01-31T23:00:00Z 2018-02-28T23:00:00Z, 2018-03 2018-02-28T23:00:00Z 2018-03-31T22:00:00Z, 2018-04 2018-03-31T22:00:00Z 2018-03-31T22:30:00Z")
	if p := readiness.Months(readiness.Period{To: time.Date(2018, 8, 1, 0, 0, 0, 0, time.UTC)}, 1, time.UTC); p[0].Name != "2018-07" {
		t.Errorf("a period up to the end of July ends with %s", p[0].Name)
	}
	if p := readiness.Months(readiness.Period{To: time.Date(2018, 1, 31, 0, 0, 0, 0, time.UTC)}, 2, time.UTC); p[0].Name != "2017-12" {
		t.Errorf("the month before January is %s", p[0].Name)
	}
}

func TestReached(t *testing.T) {
	t.Parallel()
	aim := func(op string, limit int64) *readiness.Aim {
		return &readiness.Aim{Op: op, Limit: big.NewRat(limit, 1)}
	}
	for _, c := range []struct {
		m    readiness.Measure
		want int
	}{
		{readiness.Measure{Value: big.NewRat(4, 1), Aim: aim("<", 2)}, 50},
		{readiness.Measure{Value: big.NewRat(1, 1), Aim: aim("<", 2)}, 100},
		{readiness.Measure{Value: new(big.Rat), Aim: aim("<=", 0)}, 100},
		{readiness.Measure{Value: big.NewRat(1, 3), Aim: aim(">=", 1)}, 33},
		{readiness.Measure{Name: readiness.Availability, Value: big.NewRat(9990, 100), Aim: &readiness.Aim{Op: ">", Limit: big.NewRat(9995, 100)}}, 50},
		{readiness.Measure{Name: readiness.Availability, Value: big.NewRat(100, 1), Aim: aim(">", 99)}, 100},
	} {
		if got, ok := c.m.Reached(); !ok || got != c.want {
			t.Errorf("%s beside %v reaches %d %%, want %d", show(c.m), c.m.Aim, got, c.want)
		}
	}
	if _, ok := (readiness.Measure{Aim: aim("<", 2)}).Reached(); ok {
		t.Error("an unknown measure reaches something")
	}
}

// A measure is met exactly if its value reaches the aim, and an unknown one has no value; facts of another period change nothing.
func TestStatesFollowValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f readiness.Facts
		at := func(what string) time.Time {
			return ago(time.Duration(rapid.IntRange(0, 60*24).Draw(t, what)) * time.Hour)
		}
		for range rapid.IntRange(0, 6).Draw(t, "points") {
			f.SpeedIndex = append(f.SpeedIndex, metric.Point{At: at("point"), Value: big.NewRat(rapid.Int64Range(0, 4000).Draw(t, "ms"), 1000)})
		}
		for range rapid.IntRange(0, 6).Draw(t, "deploys") {
			f.Deploys = append(f.Deploys, readiness.Deploy{At: at("deploy"), Failed: new(rapid.Bool().Draw(t, "failed"))})
		}
		for range rapid.IntRange(0, 6).Draw(t, "requests") {
			f.Requests = append(f.Requests, readiness.Request{Opened: at("request"), Security: rapid.Bool().Draw(t, "security")})
		}
		for _, target := range readiness.Build(f, rules, whole, nil) {
			for _, m := range target.Measures {
				switch {
				case m.Value != nil && m.Aim != nil && (m.State == readiness.Met) != m.Aim.Holds(m.Value):
					t.Fatalf("%s: %s beside %v", m.Name, show(m), m.Aim)
				case m.Value == nil && m.State == readiness.Missed, m.State == readiness.Unknown && m.Why == "":
					t.Fatalf("%s: %s", m.Name, show(m))
				}
			}
		}
		later := f
		later.Deploys = append(later.Deploys[:len(later.Deploys):len(later.Deploys)], readiness.Deploy{At: now.Add(day), Failed: new(true)})
		later.SpeedIndex = append(later.SpeedIndex[:len(later.SpeedIndex):len(later.SpeedIndex)], metric.Point{At: now.Add(day), Value: big.NewRat(99, 1)})
		for _, name := range []string{readiness.Speed, readiness.Deploys} {
			if a, b := of(f, name), of(later, name); a != b {
				t.Fatalf("%s differs by what came later: %s, %s", name, a, b)
			}
		}
	})
}
