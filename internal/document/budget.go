package document

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	flow "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Budget converts budgets: all of them, or those of a service or a team.
func Budget(r flow.Result, zone *time.Location, service, team string) jsonv1.Budget {
	w := r.Window
	doc := jsonv1.NewBudget(string(w.Period))
	doc.From, doc.To, doc.At, doc.Zone = Instant(w.From), Instant(w.To), Instant(w.Now), zone.String()
	doc.FirstDay, doc.LastDay = calendar.DateOf(w.From.In(zone)).String(), calendar.DateOf(w.To.Add(-1).In(zone)).String()
	doc.Service, doc.Team, doc.Gaps, doc.Notes = service, team, r.Gaps, slices.Clone(r.Refused)
	accounts := budgetScopes(r, service, team)
	for _, a := range accounts {
		doc.Accounts = append(doc.Accounts, budgetAccount(a.scope, a.Account))
		if a.scope == jsonv1.BudgetService && a.Name == budget.Confidential {
			doc.Notes = append(doc.Notes, "Confidential incidents are not charged to services and teams; to charge them, add --include-confidential")
		}
	}
	doc.Outages = budgetOutages(accounts)
	for _, e := range r.Exclusions {
		doc.Excluded = append(doc.Excluded, jsonv1.BudgetExclusion{Ref: e.Change, From: Instant(e.From), To: Instant(e.To),
			Services: e.Services, ApprovedBy: e.ApprovedBy, Confidential: e.Confidential})
	}
	return doc
}

type scoped struct {
	scope string
	budget.Account
}

// budgetScopes returns the accounts that are shown. A service or a team is shown alone.
func budgetScopes(r flow.Result, service, team string) (list []scoped) {
	add := func(scope string, accounts ...budget.Account) {
		for _, a := range accounts {
			list = append(list, scoped{scope, a})
		}
	}
	switch {
	case service != "":
		add(jsonv1.BudgetService, r.Of(r.Rules, service))
	case team != "":
		add(jsonv1.BudgetTeam, r.OfTeam(team))
	default:
		add(jsonv1.BudgetOverall, r.Overall)
		add(jsonv1.BudgetService, r.Services...)
		add(jsonv1.BudgetTeam, r.Teams...)
	}
	return list
}

func budgetAccount(scope string, a budget.Account) jsonv1.BudgetAccount {
	doc := jsonv1.BudgetAccount{Scope: scope, Name: cmp.Or(a.Name, "production"), Team: a.Team, SLO: budget.Decimal(a.SLO),
		Allowed: budget.Decimal(a.Allowed), Spent: budget.Decimal(a.Spent), Remaining: budget.Decimal(a.Left()),
		Weighted: budget.Decimal(a.Weighted), Excluded: budget.Decimal(a.Excluded), IsSpent: a.IsSpent(), Charged: a.Charged(),
		Unknown: a.Missing()}
	if share, known := a.Percent(); known {
		doc.Percent = oneDigit(share)
	}
	if rate, known := a.Burn(); known {
		doc.BurnRate = strings.TrimSuffix(strings.TrimRight(rate.FloatString(2), "0"), ".")
	}
	if at, known := a.Exhausted(); known {
		doc.SpentAt, doc.Projected = Instant(at), !a.IsSpent()
	}
	for _, c := range a.Charges {
		if c.Large {
			doc.Large = append(doc.Large, c.Ref())
			if c.Issue.Confidential {
				doc.Secret = append(doc.Secret, c.Ref())
			}
		}
	}
	doc.Steps = budgetSteps(a.Steps())
	if public, some := a.PublicSteps(); some {
		doc.Public = budgetSteps(public)
	}
	return doc
}

// oneDigit formats a percentage with one digit, and none if it is whole.
// What is below 100 % is never rounded up to it.
func oneDigit(r *big.Rat) string {
	s := r.FloatString(1)
	if s == "100.0" && r.Cmp(big.NewRat(100, 1)) < 0 {
		return "99.9"
	}
	return strings.TrimSuffix(s, ".0")
}

func budgetSteps(list []budget.Step) (docs []jsonv1.BudgetStep) {
	for _, s := range list {
		docs = append(docs, jsonv1.BudgetStep{At: Instant(s.At), Remaining: budget.Decimal(s.Left)})
	}
	return docs
}

// budgetOutages returns the outages of accounts, each once and with what it spent of the first one.
func budgetOutages(accounts []scoped) []jsonv1.BudgetOutage {
	var known []budget.Charge
	var unknown []budget.Outage
	seen := map[int64]bool{}
	fresh := func(o budget.Outage) bool {
		before := seen[o.Issue.ID]
		seen[o.Issue.ID] = true
		return !before
	}
	for _, a := range accounts {
		for _, c := range a.Charges {
			if fresh(c.Outage) {
				known = append(known, c)
			}
		}
		for _, o := range a.Unknown {
			if fresh(o) {
				unknown = append(unknown, o)
			}
		}
	}
	stable.Sort(known, func(a, b budget.Charge) int {
		return cmp.Or(a.Begin.Compare(b.Begin), strings.Compare(a.Ref(), b.Ref()))
	})
	stable.Sort(unknown, func(a, b budget.Outage) int { return strings.Compare(a.Ref(), b.Ref()) })
	var docs []jsonv1.BudgetOutage
	for _, c := range known {
		doc := budgetOutage(c.Outage)
		doc.Minutes, doc.Changes = budget.Decimal(c.Minutes), c.Changes
		if c.Excluded.Sign() > 0 {
			doc.Excluded = budget.Decimal(c.Excluded)
		}
		docs = append(docs, doc)
	}
	for _, o := range unknown {
		docs = append(docs, budgetOutage(o))
	}
	return docs
}

func budgetOutage(o budget.Outage) jsonv1.BudgetOutage {
	doc := jsonv1.BudgetOutage{Ref: o.Ref(), Title: o.Issue.Title, State: jsonv1.IncidentState(o.State), Services: o.Services,
		Unknown: o.Why, Note: o.Note, Confidential: o.Issue.Confidential, WebURL: o.Issue.WebURL}
	if o.Severity != incident.UnknownSeverity {
		doc.Severity = string(o.Severity)
	}
	if o.Impact != nil {
		doc.Impact = budget.Decimal(o.Impact)
	}
	for _, end := range []struct {
		evidence.Moment
		at, from *string
	}{{o.From, &doc.From, &doc.FromEvidence}, {o.To, &doc.To, &doc.ToEvidence}} {
		if end.Known() {
			*end.at, *end.from = Instant(end.At), string(end.From)
		}
	}
	return doc
}
