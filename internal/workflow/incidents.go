package workflow

import (
	"cmp"
	"context"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// IncidentFilter selects incidents.
type IncidentFilter = Filter[incident.State, incident.Severity]

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
