package workflow

import (
	"cmp"
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// IncidentFilter selects incidents.
type IncidentFilter = Filter[incident.State, incident.Severity]

// RecentIncidents returns the incidents of a project that are ongoing, whose issue is open, or whose issue was closed since a time. It
// takes four requests, and one more per 100 issues.
func RecentIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, since time.Time) ([]incident.Incident,
	error) {
	queries := IncidentFilter{}.queries(labels.Incident, labels.State, incident.Active, incident.Mitigated)
	queries = append(queries, issue.Query{State: issue.Closed, Labels: []string{labels.Incident},
		UpdatedAfter: since.Add(-issue.UpdateSlack).Truncate(time.Second)})
	issues, err := readIssues(ctx, read, project, queries)
	var list []incident.Incident
	for _, i := range issues {
		inc := incident.Of(i, labels)
		if i.MovedToID == 0 && (i.Open() || !i.ClosedAt.Before(since) || !inc.State.Over()) {
			list = append(list, inc)
		}
	}
	return list, err
}

// Incidents returns the incidents of a project that the filter selects, worst first. Label and record decide whether an incident is over:
// its issue may still be open, or be closed too early.
func Incidents(ctx context.Context, read IssueLister, project string, labels incident.Labels,
	f IncidentFilter) ([]incident.Incident, error) {
	issues, err := readIssues(ctx, read, project, f.queries(labels.Incident, labels.State, incident.Active, incident.Mitigated))
	if err != nil {
		return nil, err
	}
	var list []incident.Incident
	for _, i := range issues {
		if i.MovedToID != 0 && !f.Moved {
			continue
		}
		if inc := incident.Of(i, labels); f.selects(inc.State, inc.Severity, inc.Services) {
			list = append(list, inc)
		}
	}
	stable.Sort(list, func(a, b incident.Incident) int {
		return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
			a.Issue.CreatedAt.Compare(b.Issue.CreatedAt), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list, nil
}

// BurningIncidents returns the incidents of a project that affect users now, as far as anybody knows. It takes two requests, and one more
// per 100 issues.
func BurningIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels) (list []incident.Incident, err error) {
	queries := append(IncidentFilter{States: []incident.State{incident.Active}}.queries(labels.Incident, labels.State),
		issue.Query{State: issue.Opened, Labels: []string{labels.Incident}})
	issues, err := readIssues(ctx, read, project, queries)
	for _, i := range issues {
		if inc := incident.Of(i, labels); i.MovedToID == 0 && inc.Burning() {
			list = append(list, inc)
		}
	}
	return list, err
}
