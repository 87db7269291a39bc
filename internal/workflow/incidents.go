package workflow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// IncidentFilter selects incidents.
type IncidentFilter = Filter[incident.State, incident.Severity]

// IncidentQueries returns the queries that find incidents by the label or by GitLab's own type. GitLab cannot filter by one or the other,
// so a query without labels becomes two. One for the label of a state stays one, because that label is enough: what is not an incident is
// left out with [incident.Labels.Is].
func IncidentQueries(labels incident.Labels, queries ...issue.Query) (all []issue.Query) {
	for _, q := range queries {
		if len(q.Labels) == 0 {
			byType := q
			byType.Incidents = true
			q.Labels, all = []string{labels.Incident}, append(all, byType)
		}
		all = append(all, q)
	}
	return all
}

// ReadIncidents returns the incidents of a project that any of the queries selects, each once. It takes the requests of [IncidentQueries],
// in parallel, and one more per 100 issues.
func ReadIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, queries ...issue.Query) (
	list []incident.Incident, err error) {
	issues, err := readIssues(ctx, read, project, IncidentQueries(labels, queries...))
	for _, i := range issues {
		if labels.Is(i) {
			list = append(list, incident.Of(i, labels))
		}
	}
	return list, err
}

// OpenIncidents lists the open issues of a project that are incidents, in the order in which they were opened: two requests.
func OpenIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels) ([]issue.Issue, error) {
	issues, err := readIssues(ctx, read, project, IncidentQueries(labels, issue.Query{State: issue.Opened}))
	stable.Sort(issues, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	return issues, err
}

// RecentIncidents returns the incidents of a project that are ongoing, whose issue is open or waits for its review, or whose issue was
// closed since a time. It takes seven requests, and one more per 100 issues.
func RecentIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, since time.Time) ([]incident.Incident,
	error) {
	queries := append(IncidentFilter{}.queries("", labels.State, incident.Active, incident.Mitigated),
		issue.Query{State: issue.Closed, UpdatedAfter: since.Add(-issue.UpdateSlack).Truncate(time.Second)},
		issue.Query{State: issue.Closed, Labels: []string{labels.ReviewDue}})
	list, err := ReadIncidents(ctx, read, project, labels, queries...)
	return slices.DeleteFunc(list, func(inc incident.Incident) bool {
		i := inc.Issue
		return i.MovedToID != 0 || !i.Open() && i.ClosedAt.Before(since) && inc.State.Over() && !i.Has(labels.ReviewDue)
	}), err
}

// Incidents returns the incidents of a project that the filter selects, worst first. Label and record decide whether an incident is over:
// its issue may still be open, or be closed too early.
func Incidents(ctx context.Context, read IssueLister, project string, labels incident.Labels,
	f IncidentFilter) ([]incident.Incident, error) {
	queries := f.queries("", labels.State, incident.Active, incident.Mitigated)
	if byLabel := !f.All && !slices.Contains(f.States, incident.UnknownState); byLabel &&
		(slices.Contains(f.States, incident.Mitigated) || slices.Contains(f.States, incident.Resolved)) {
		queries = append(queries, labels.Stateless(f.Since)) // these states can follow from the record, or from GitLab
	}
	all, err := ReadIncidents(ctx, read, project, labels, queries...)
	if err != nil {
		return nil, err
	}
	var list []incident.Incident
	for _, inc := range all {
		if (inc.Issue.MovedToID == 0 || f.Moved) && f.selects(inc.State, inc.Severity, inc.Services) {
			list = append(list, inc)
		}
	}
	stable.Sort(list, worstFirst)
	return list, nil
}

func worstFirst(a, b incident.Incident) int {
	return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
		a.Issue.CreatedAt.Compare(b.Issue.CreatedAt), cmp.Compare(a.Issue.ID, b.Issue.ID))
}

// UnreviewedIncidents returns the incidents of a project that are over and whose review is, or may be, due: those that are open, and those
// that were closed with the label for it. It takes three requests, and one more per 100 issues.
func UnreviewedIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, now time.Time,
	after time.Duration) (list []incident.Incident, err error) {
	list, err = ReadIncidents(ctx, read, project, labels, issue.Query{State: issue.Opened},
		issue.Query{State: issue.Closed, Labels: []string{labels.ReviewDue}})
	stable.Sort(list, worstFirst)
	return slices.DeleteFunc(list, func(inc incident.Incident) bool {
		return inc.Issue.MovedToID != 0 || inc.State != incident.Resolved ||
			inc.ReviewDue(now, after).Answer == incident.No && !inc.Issue.Has(labels.ReviewDue)
	}), err
}

// BurningIncidents returns the incidents of a project that affect users now, as far as anybody knows. It takes three requests, and one more
// per 100 issues.
func BurningIncidents(ctx context.Context, read IssueLister, project string, labels incident.Labels) (list []incident.Incident, err error) {
	queries := append(IncidentFilter{States: []incident.State{incident.Active}}.queries("", labels.State), issue.Query{State: issue.Opened})
	list, err = ReadIncidents(ctx, read, project, labels, queries...)
	return slices.DeleteFunc(list, func(inc incident.Incident) bool { return inc.Issue.MovedToID != 0 || !inc.Burning() }), err
}
