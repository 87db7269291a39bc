package handoff

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// classified is an item with what the rules derive from it.
type classified struct {
	Item
	facts                *Facts
	isIncident, isChange bool
	inc                  incident.Incident // set for every issue: severity and services are read the same way
	chg                  change.Change
	resolvedAt           time.Time
}

func (f Facts) classify(item Item) classified {
	s := classified{Item: item, facts: &f, inc: incident.Of(item.Issue, f.Labels.Incidents)}
	s.isIncident = f.Labels.Incidents.Is(item.Issue)
	if s.isChange = item.Issue.Has(f.Labels.Changes.Change) && !s.isIncident; s.isChange {
		s.chg = change.Of(item.Issue, f.Labels.Changes)
	}
	s.resolvedAt = s.resolutionTime()
	return s
}

// resolutionTime returns when an incident was resolved, by its record, else by its label event, else, for GitLab's own type without a
// record, when it was closed; for other issues, when they were closed.
func (s classified) resolutionTime() time.Time {
	switch {
	case !s.isIncident && s.Issue.Open():
		return time.Time{}
	case !s.isIncident:
		return s.Issue.ClosedAt
	case !s.inc.State.Over():
		return time.Time{}
	case !s.inc.Record.ResolvedAt.IsZero():
		return s.inc.Record.ResolvedAt
	}
	var last time.Time
	for _, e := range s.Labelled {
		if e.Action == "add" && e.Name == s.facts.Labels.Incidents.Resolved && e.At.After(last) && !s.facts.later(e.At) {
			last = e.At
		}
	}
	if last.IsZero() && s.Issue.Incident && !s.inc.Record.Exists && !s.Issue.Open() {
		return s.Issue.ClosedAt
	}
	return last
}

// later reports whether t is after the time of a historical report.
func (f Facts) later(t time.Time) bool { return f.Historical && t.After(f.At) }

// belongsTo reports whether the issue qualifies for a section, regardless of other sections.
func (s classified) belongsTo(section string) bool {
	open, l := s.Issue.Open(), s.facts.Labels
	switch section {
	case jsonv1.SectionIncidents:
		return s.isBurning()
	case jsonv1.SectionDataLoss:
		return open && s.Issue.Has(l.DataLoss) || s.isIncident && s.inc.Record.DataLoss && s.isOngoing()
	case jsonv1.SectionMitigated:
		return s.isIncident && s.inc.State == incident.Mitigated
	case jsonv1.SectionInProgress:
		return s.isChange && s.chg.State == change.InProgress
	case jsonv1.SectionUpcoming:
		return s.isChange && open && s.isUpcoming()
	case jsonv1.SectionReady:
		return open && s.Issue.Has(l.Ready)
	case jsonv1.SectionOncall:
		return open && s.Issue.Has(l.Oncall)
	}
	return s.wasResolved()
}

// isBurning reports whether users are affected now: an active incident, an open incident with unknown state, or an open outage issue that
// is not an incident. The outage label of an incident does not count, because it stays on for the review.
func (s classified) isBurning() bool {
	if s.isIncident {
		return s.inc.Burning()
	}
	return s.Issue.Open() && s.Issue.Has(s.facts.Labels.Outage)
}

// isOngoing reports whether an incident is not over. If its state is unknown, its issue decides.
func (s classified) isOngoing() bool {
	return s.isBurning() || s.inc.State == incident.Mitigated
}

// isUpcoming reports whether a change is planned for the rest of the shift or the next shift. A change without a state counts as scheduled.
func (s classified) isUpcoming() bool {
	planned := s.chg.State == change.Scheduled || s.chg.State == change.Approved || s.chg.State == change.UnknownState
	w := s.chg.Window()
	if w.From.IsZero() || !w.From.Before(w.To) { // no end: use the start
		w = lock.Period{From: s.chg.Record.Start, To: s.chg.Record.Start.Add(time.Nanosecond)}
	}
	return planned && !w.From.IsZero() && w.Overlaps(s.facts.ahead())
}

// wasResolved reports whether the issue was resolved or closed since the shift started.
func (s classified) wasResolved() bool {
	l := s.facts.Labels
	at := s.resolvedAt
	switch {
	case s.isIncident && s.inc.State == incident.UnknownState && !s.Issue.Open():
		at = s.Issue.ClosedAt // closed without being marked as resolved
	case s.isIncident:
	case !s.Issue.Has(l.Oncall) && !s.Issue.Has(l.Outage) && !s.Issue.Has(l.DataLoss):
		return false
	}
	return !at.IsZero() && !at.Before(s.facts.Shift.From) && !s.facts.later(at)
}

// order returns the sort order of a section: worst first, then oldest.
func (f Facts) order(section string) func(a, b Entry) int {
	rank := func(Entry) []int { return nil }
	switch section {
	case jsonv1.SectionIncidents, jsonv1.SectionMitigated, jsonv1.SectionDataLoss:
		rank = func(e Entry) []int { return []int{stateRank(e), e.Severity.Rank()} }
	case jsonv1.SectionOncall, jsonv1.SectionReady:
		rank = func(e Entry) []int { return []int{f.priority(e.Priority)} }
	case jsonv1.SectionUpcoming:
		return func(a, b Entry) int { return cmp.Or(a.Window.From.Compare(b.Window.From), byRef(a, b)) }
	case jsonv1.SectionResolved:
		return func(a, b Entry) int { return cmp.Or(b.ResolvedAt.Compare(a.ResolvedAt), byRef(a, b)) }
	}
	return func(a, b Entry) int {
		return cmp.Or(slices.Compare(rank(a), rank(b)), a.Since.Compare(b.Since), byRef(a, b))
	}
}

// stateRank ranks an outage that is not an incident with the active incidents.
func stateRank(e Entry) int {
	if e.Kind != kindIncident {
		return incident.Active.Rank()
	}
	return incident.State(e.State).Rank()
}

func byRef(a, b Entry) int {
	return cmp.Or(strings.Compare(a.Issue.Ref.Project, b.Issue.Ref.Project), cmp.Compare(a.Issue.Ref.IID, b.Issue.Ref.IID))
}

// priority returns the rank of a prioritized label; lowest for none.
func (f Facts) priority(name string) int {
	if n := slices.Index(f.Labels.Priorities, name); n >= 0 {
		return n
	}
	return len(f.Labels.Priorities)
}

// priorityOf returns the highest prioritized label of an issue.
func (f Facts) priorityOf(i issue.Issue) string {
	for _, name := range f.Labels.Priorities {
		if i.Has(name) {
			return name
		}
	}
	return ""
}
