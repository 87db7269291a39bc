package change

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/budget"
)

// Budgets are the error budgets that a gate checks.
type Budgets struct {
	Report budget.Report
	Rules  budget.Rules // with Reveal: confidential incidents count for their services
	Block  bool         // an incident of unknown duration closes the gate
}

// CheckBudget returns why C1 and C2 work has to wait: a budget of its services is spent, or an incident of theirs has an unknown duration
// and that blocks. Work without services affects all: production as a whole, and each service. Otherwise notes lists the unknown
// durations. Only unweighted minutes of known incidents count.
func CheckBudget(p Pipeline, b Budgets) (reasons []Reason, notes []string) {
	if !p.Criticality.Grave() {
		return nil, nil
	}
	accounts := []budget.Account{b.Report.Overall}
	for _, a := range b.Report.Services {
		if a.Name != budget.Unattributed && a.Name != budget.Confidential {
			accounts = append(accounts, a)
		}
	}
	if len(p.Services) > 0 {
		accounts = nil
		for _, s := range p.Services {
			accounts = append(accounts, b.Report.Of(b.Rules, s))
		}
	}
	var unknown []string
	seen := map[int64]bool{}
	for _, a := range accounts {
		if a.IsSpent() {
			reasons = append(reasons, Reason{Kind: ByBudget, Text: budgetText(a)})
		}
		for _, o := range a.Unknown {
			if seen[o.Issue.ID] {
				continue
			}
			seen[o.Issue.ID] = true
			if !o.Issue.Confidential {
				unknown = append(unknown, o.Ref())
			}
			if b.Block {
				reasons = append(reasons, Reason{Kind: ByBudget, Issue: o.Issue, Text: "duration unknown: add start and end to its record"})
			}
		}
	}
	for _, o := range b.Report.Overall.Unknown { // whatever the services, which are not to be known
		if o.Issue.Confidential {
			unknown = append(unknown, o.Ref())
		}
	}
	if len(unknown) > 0 && !b.Block {
		notes = append(notes, "Not counted in the error budget, duration unknown: "+strings.Join(unknown, ", "))
	}
	return sorted(reasons), notes
}

// budgetText describes a budget that is spent, with the minutes of incidents that are not confidential. If those alone do not spend it, it
// has no minutes; otherwise it is the same as without confidential incidents, whose services it must not show.
func budgetText(a budget.Account) string {
	name := a.Name
	if name == "" {
		name = "production"
	}
	public := a.PublicMinutes()
	if public.Cmp(a.Allowed) < 0 {
		return fmt.Sprintf("budget of %s is spent", name)
	}
	return fmt.Sprintf("budget of %s is spent: %s of %s min since %s", name, budget.Decimal(public), budget.Decimal(a.Allowed),
		clock(a.Window.From))
}

// CountsBudget reports whether the error budget matters to a change: whoever started it with an override has also overridden a budget
// that was spent, unless the plan was changed since.
func (c Course) CountsBudget(of Change) bool { return c.Began.Override == "" || !c.Began.Covers(of) }
