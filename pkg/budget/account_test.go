package budget_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var start = time.Date(2018, 7, 27, 0, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

// window is one that ends in the given minute, which is now.
func window(from, to int) budget.Window {
	return budget.Window{Period: budget.Month, From: at(from), To: at(to), Now: at(to)}
}

func slo(t interface{ Fatal(...any) }, s string) *big.Rat {
	r, err := budget.ParseSLO(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func outage(iid int64, from, to int, services ...string) budget.Outage {
	return budget.Outage{Issue: issue.Issue{ID: iid, Ref: issue.Ref{Project: "p", IID: iid}}, Services: services,
		From: evidence.Moment{At: at(from), From: evidence.FromRecord}, To: evidence.Moment{At: at(to), From: evidence.FromRecord}}
}

func unknown(iid int64, last time.Time, services ...string) budget.Outage {
	o := outage(iid, 0, 0, services...)
	o.From, o.To, o.Why, o.Last = evidence.Moment{}, evidence.Moment{}, "start unknown", last
	return o
}

func overall(t interface{ Fatal(...any) }, objective string, w budget.Window, list ...budget.Outage) budget.Account {
	return budget.New(budget.Rules{SLO: slo(t, objective)}, w, list, nil).Overall
}

func TestParseSLO(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{"99.95": "1999/20", "99.95%": "1999/20", " 100 ": "100/1", "0.1": "1/10"} {
		if got, err := budget.ParseSLO(input); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", input, got, err, want)
		}
	}
	for _, input := range []string{"", "0", "100.1", "-1", "1/3", "1e2", "99,95", "NaN", "99.9999999999", "0x10"} {
		if got, err := budget.ParseSLO(input); err == nil {
			t.Errorf("%q is %v, want an error", input, got)
		}
	}
}

func TestSpent(t *testing.T) {
	t.Parallel()
	days28 := 28 * 24 * 60
	for name, c := range map[string]struct {
		outages              []budget.Outage
		spent, left, percent string
		charged, unknown     []string
	}{
		"nothing": {nil, "0", "20.16", "0", nil, nil},
		"one":     {[]budget.Outage{outage(1, 10, 15)}, "5", "15.16", "24.802", []string{"p#1"}, nil},
		"overlapping, counted once": {[]budget.Outage{outage(2, 12, 20), outage(1, 10, 15), outage(3, 13, 14)},
			"10", "10.16", "49.603", []string{"p#1", "p#2", "p#3"}, nil},
		"clipped":       {[]budget.Outage{outage(1, -60, 3), outage(2, days28-2, days28+9)}, "5", "15.16", "24.802", []string{"p#1", "p#2"}, nil},
		"outside of it": {[]budget.Outage{outage(1, -60, 0), outage(2, days28, days28+9)}, "0", "20.16", "0", nil, nil},
		"unknown": {[]budget.Outage{unknown(3, time.Time{}), unknown(2, at(9)), outage(1, 0, 1), unknown(4, at(0))},
			"1", "19.16", "4.960", []string{"p#1"}, []string{"p#2", "p#3"}},
		"more than allowed": {[]budget.Outage{outage(1, 0, 30)}, "30", "-9.84", "148.810", []string{"p#1"}, nil},
	} {
		a := overall(t, "99.95", window(0, days28), c.outages...)
		percent, _ := a.Percent()
		if budget.Decimal(a.Allowed) != "20.16" || budget.Decimal(a.Spent) != c.spent || budget.Decimal(a.Left()) != c.left || budget.Decimal(percent) != c.percent {
			t.Errorf("%s: allowed %s, spent %s, left %s, %s %%", name, budget.Decimal(a.Allowed), budget.Decimal(a.Spent), budget.Decimal(a.Left()), budget.Decimal(percent))
		}
		if !slices.Equal(a.Charged(), c.charged) || !slices.Equal(a.Missing(), c.unknown) {
			t.Errorf("%s: charged %q, unknown %q", name, a.Charged(), a.Missing())
		}
	}
	if a := overall(t, "100", window(0, 10)); a.IsSpent() {
		t.Error("a budget of zero without an outage is spent")
	} else if _, known := a.Percent(); known {
		t.Error("a budget of zero has a share")
	}
	if a := overall(t, "100", window(0, 10), outage(1, 2, 3)); !a.IsSpent() {
		t.Error("a budget of zero survives an outage")
	} else if when, ok := a.Exhausted(); !ok || !when.Equal(at(2)) {
		t.Errorf("spent at %s", when)
	}
}

func TestBurnAndProjection(t *testing.T) {
	t.Parallel()
	w := budget.Window{Period: "10d", From: at(0), To: at(10_000), Now: at(1_000)} // 5 minutes at 99.95 %
	a := overall(t, "99.95", w, outage(1, 100, 101))
	if burn, _ := a.Burn(); budget.Decimal(burn) != "2" {
		t.Errorf("burn rate %s", budget.Decimal(burn))
	}
	if when, ok := a.Exhausted(); !ok || !when.Equal(at(5_000)) { // 4 minutes more at 1 minute in 1,000
		t.Errorf("spent at %s, %v", when, ok)
	}
	if !a.Charges[0].Large == (a.Charges[0].Minutes.Cmp(big.NewRat(1, 1)) > 0) {
		t.Error("1 of 5 minutes is exactly 20 %, not above")
	}
	w.Period, w.To = budget.Month, at(4_000) // 2 minutes
	if when, ok := overall(t, "99.95", w, outage(1, 100, 101)).Exhausted(); !ok || !when.Equal(at(2_000)) {
		t.Errorf("spent at %s, %v", when, ok)
	}
	w.Now = at(3_000)
	if when, ok := overall(t, "99.95", w, outage(1, 100, 101)).Exhausted(); ok {
		t.Errorf("spent at %s, after the end of the month", when)
	}
	if when, ok := overall(t, "99.95", w, outage(1, 100, 101), outage(2, 200, 300)).Exhausted(); !ok || !when.Equal(at(201)) {
		t.Errorf("spent at %s, %v", when, ok)
	}
	steps := overall(t, "99.95", w, outage(1, 100, 101), outage(2, 200, 300)).Steps()
	var got []string
	for _, s := range steps {
		got = append(got, budget.Decimal(big.NewRat(int64(s.At.Sub(start)), int64(time.Minute)))+":"+budget.Decimal(s.Left))
	}
	if want := "0:2 100:2 101:1 200:1 300:-99 3000:-99"; strings.Join(got, " ") != want {
		t.Errorf("steps %s", got)
	}
}

func TestImpactWeighsByTheLargestAtEachMoment(t *testing.T) {
	t.Parallel()
	quarter, half, full := outage(1, 0, 40), outage(2, 20, 60), outage(3, 50, 70)
	quarter.Impact, half.Impact = big.NewRat(1, 4), big.NewRat(1, 2)
	a := overall(t, "99.95", window(0, 1000), quarter, half, full) // 20 at 1/4, 30 at 1/2, 20 at an unknown impact
	if budget.Decimal(a.Weighted) != "40" || budget.Decimal(a.Spent) != "70" {
		t.Errorf("weighted %s, spent %s", budget.Decimal(a.Weighted), budget.Decimal(a.Spent))
	}
}

func TestServicesAndTeams(t *testing.T) {
	t.Parallel()
	rules := budget.Rules{SLO: slo(t, "99.95"), Services: []budget.Service{
		{Name: "registry", Team: "storage", SLO: slo(t, "99.9")}, {Name: "git", Team: "storage"}, {Name: "web", Team: "front"}}}
	hidden := outage(4, 300, 400, "registry")
	hidden.Issue.Confidential = true
	byText := outage(6, 800, 801)
	byText.Team = "Front"
	named := outage(7, 900, 903, "pager") // a service without a team, and one that has another
	named.Team = "front"
	other := outage(8, 900, 903, "git")
	other.Team = "front"
	list := []budget.Outage{named, other, outage(1, 0, 10, "Registry"), outage(2, 5, 20, "git", "api"), outage(3, 100, 101), hidden, unknown(5, time.Time{}, "web"), byText}
	show := func(r budget.Report) string {
		var out []string
		for _, a := range append(slices.Clone(r.Services), r.Teams...) {
			out = append(out, a.Name+" "+budget.Decimal(a.SLO)+" "+budget.Decimal(a.Spent)+strings.Repeat("?", len(a.Unknown)))
		}
		return strings.Join(out, ", ")
	}
	r := budget.New(rules, window(0, 10_000), list, nil)
	if got, want := show(r), "git 99.95 18, api 99.95 15, registry 99.9 10, pager 99.95 3, web 99.95 0?, confidential 99.95 100, unknown 99.95 2, storage 99.95 23, front 99.95 4?"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	rules.Reveal = true
	open := budget.New(rules, window(0, 10_000), list, nil)
	if got, want := show(open), "registry 99.9 110, git 99.95 18, api 99.95 15, pager 99.95 3, web 99.95 0?, unknown 99.95 2, storage 99.95 123, front 99.95 4?"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r.Overall.Spent.Cmp(open.Overall.Spent) != 0 {
		t.Error("hiding services changes the total")
	}
	if a := open.Of(rules, "REGISTRY"); budget.Decimal(a.Spent) != "110" {
		t.Errorf("registry: %s", budget.Decimal(a.Spent))
	}
	if a := open.Of(rules, "pages"); a.Spent.Sign() != 0 || budget.Decimal(a.Allowed) != "5" {
		t.Errorf("pages: %s of %s", budget.Decimal(a.Spent), budget.Decimal(a.Allowed))
	}
}

func TestApprovedDowntimeIsCountedApart(t *testing.T) {
	t.Parallel()
	rules := budget.Rules{SLO: slo(t, "99.9")}
	approved := []budget.Exclusion{{Change: "p#9", Services: []string{"registry"}, From: at(5), To: at(15)}}
	r := budget.New(rules, window(0, 10_000), []budget.Outage{outage(1, 0, 10, "registry"), outage(2, 8, 20, "registry", "git"), outage(3, 5, 15)}, approved)
	a := r.Of(rules, "registry")
	if budget.Decimal(a.Spent) != "10" || budget.Decimal(a.Excluded) != "10" {
		t.Errorf("registry: %s spent, %s excluded", budget.Decimal(a.Spent), budget.Decimal(a.Excluded))
	}
	if !slices.Equal(a.Charges[0].Changes, []string{"p#9"}) || budget.Decimal(a.Charges[0].Excluded) != "5" {
		t.Errorf("%+v", a.Charges[0])
	}
	if g := r.Of(rules, "git"); budget.Decimal(g.Spent) != "12" || g.Excluded.Sign() != 0 || g.Charges[0].Changes != nil {
		t.Errorf("git: %s spent, %s excluded", budget.Decimal(g.Spent), budget.Decimal(g.Excluded))
	}
	if o := r.Overall; budget.Decimal(o.Spent) != "20" || o.Excluded.Sign() != 0 { // the others are down all the time
		t.Errorf("overall: %s spent, %s excluded", budget.Decimal(o.Spent), budget.Decimal(o.Excluded))
	}
	if o := overall(t, "99.9", window(0, 10_000), outage(1, 0, 10, "registry")); budget.Decimal(o.Spent) != "10" {
		t.Errorf("without approval: %s", budget.Decimal(o.Spent))
	}
}
