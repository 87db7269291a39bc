package runner

import (
	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow/budget"
	"gitlab.com/prodctl/prodctl/internal/workflow/change"
)

// Changes returns the team's change rules and the client to read changes with.
func Changes(s *app.Session) (change.Changes, error) {
	cfg := s.Config
	return change.Changes{Read: s.Client, Moves: Moves(s), Project: cfg.Production().Path, Labels: cfg.ChangeLabels(),
		Incidents: cfg.IncidentLabels(), Rules: cfg.Changes.Approvals, Approvers: cfg.Changes.Approvers,
		Locks: cfg.Locks}, cfg.RequireTrackers("production")
}

// Budgets returns the team's error budgets. Unless the session reveals confidential issues, theirs are not charged to services.
func Budgets(s *app.Session) (budget.Budgets, error) {
	changes, err := Changes(s)
	if err != nil {
		return budget.Budgets{}, err
	}
	cfg := s.Config
	b := budget.Budgets{Client: s.Client, Project: cfg.Production().Path, Incidents: cfg.IncidentLabels(), Changes: cfg.ChangeLabels(),
		Zone: cfg.Timezone, Approved: changes.ApprovedDowntime}
	b.Rules, err = cfg.BudgetRules()
	b.Rules.Reveal = s.Reveals()
	return b, err
}
