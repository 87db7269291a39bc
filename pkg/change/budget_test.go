package change_test

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestCheckBudget(t *testing.T) {
	t.Parallel()
	from := time.Date(2018, 8, 1, 0, 0, 0, 0, time.UTC)
	down := func(iid int64, minutes int, confidential bool, services ...string) budget.Outage {
		return budget.Outage{Issue: issue.Issue{ID: iid, Ref: issue.Ref{Project: "p", IID: iid}, Confidential: confidential}, Services: services,
			From: evidence.Moment{At: from, From: evidence.FromRecord}, To: evidence.Moment{At: from.Add(time.Duration(minutes) * time.Minute), From: evidence.FromRecord}}
	}
	lost := down(9, 0, false, "git")
	lost.Why = "end unknown"
	secret := down(8, 0, true, "registry")
	secret.Why = "end unknown"
	rules := budget.Rules{SLO: big.NewRat(9995, 100), Reveal: true}
	window := budget.Window{Period: budget.Month, From: from, To: from.AddDate(0, 1, 0), Now: from.AddDate(0, 0, 20)} // 22.32 minutes
	for name, c := range map[string]struct {
		outages       []budget.Outage
		of            change.Pipeline
		block         bool
		reasons, note string
	}{
		"spent":                 {[]budget.Outage{down(1, 30, false, "registry")}, change.Pipeline{Criticality: change.C2, Services: []string{"Registry"}}, false, "budget of registry is spent: 30 of 22.32 min since 2018-08-01 00:00 UTC", ""},
		"another service":       {[]budget.Outage{down(1, 30, false, "registry")}, change.Pipeline{Criticality: change.C2, Services: []string{"git"}}, false, "", ""},
		"left":                  {[]budget.Outage{down(1, 20, false, "registry")}, change.Pipeline{Criticality: change.C1, Services: []string{"registry"}}, false, "", ""},
		"low risk":              {[]budget.Outage{down(1, 30, false, "registry")}, change.Pipeline{Criticality: change.C3, Services: []string{"registry"}}, true, "", ""},
		"all services":          {[]budget.Outage{down(1, 30, false, "registry")}, change.Pipeline{}, false, "budget of production is spent: 30 of 22.32 min since 2018-08-01 00:00 UTC|budget of registry is spent: 30 of 22.32 min since 2018-08-01 00:00 UTC", ""},
		"confidential":          {[]budget.Outage{down(1, 30, true, "registry")}, change.Pipeline{Criticality: change.C2, Services: []string{"registry"}}, false, "budget of registry is spent", ""},
		"confidential, more":    {[]budget.Outage{down(1, 30, false, "registry"), down(2, 90, true, "registry")}, change.Pipeline{Criticality: change.C2, Services: []string{"registry"}}, false, "budget of registry is spent: 30 of 22.32 min since 2018-08-01 00:00 UTC", ""},
		"confidential, both":    {[]budget.Outage{down(1, 20, false, "registry"), down(2, 90, true, "registry")}, change.Pipeline{Criticality: change.C2, Services: []string{"registry"}}, false, "budget of registry is spent", ""},
		"unknown":               {[]budget.Outage{lost}, change.Pipeline{Criticality: change.C2, Services: []string{"git"}}, false, "", "Not counted in the error budget, duration unknown: p#9"},
		"unknown, confidential": {[]budget.Outage{secret}, change.Pipeline{Criticality: change.C2, Services: []string{"registry"}}, false, "", "Not counted in the error budget, duration unknown: p#8"},
		"of another service":    {[]budget.Outage{secret}, change.Pipeline{Criticality: change.C2, Services: []string{"git"}}, false, "", "Not counted in the error budget, duration unknown: p#8"},
		"unknown, which block":  {[]budget.Outage{lost}, change.Pipeline{Criticality: change.C2, Services: []string{"git"}}, true, "duration unknown: add start and end to its record", ""},
	} {
		reasons, notes := change.CheckBudget(c.of, change.Budgets{Report: budget.New(rules, window, c.outages, nil), Rules: rules, Block: c.block})
		var texts []string
		for _, r := range reasons {
			if r.Kind != change.ByBudget {
				t.Errorf("%s: kind %s", name, r.Kind)
			}
			texts = append(texts, r.Text)
		}
		if got := strings.Join(texts, "|"); got != c.reasons || strings.Join(notes, "|") != c.note {
			t.Errorf("%s: %q, notes %q", name, got, notes)
		}
	}
}
