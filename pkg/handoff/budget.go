package handoff

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Outages returns the downtime of the incidents, as far as their items have it.
func (f Facts) Outages() (list []budget.Outage) {
	if f.Budget == nil {
		return nil
	}
	for _, item := range f.Items {
		if s := f.classify(item); s.isIncident {
			known := item.Labelled
			if f.Historical && known != nil {
				known = slices.DeleteFunc(slices.Clone(known), func(e issue.Event) bool { return e.At.After(f.At) })
			}
			list = append(list, budget.OutageOf(s.inc, f.Labels.Incidents, known, f.Window.Now))
		}
	}
	return list
}

// Unproven returns the incidents in the budget's window whose label events may supply times that their descriptions lack.
func (f Facts) Unproven() (refs []issue.Ref) {
	for _, o := range f.Outages() {
		if o.MayNeedEvents(f.Window) {
			refs = append(refs, o.Issue.Ref)
		}
	}
	return refs
}

// budget returns the account of production as a whole.
func (f Facts) budget() *budget.Account {
	if f.Budget == nil {
		return nil
	}
	return new(budget.New(*f.Budget, f.Window, f.Outages(), f.Exclusions).Overall)
}
