package workflow

import (
	"cmp"
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// IncidentFilter says which incidents are wanted.
type IncidentFilter = Filter[incident.State, incident.Severity]

// Incidents are those of a project that the filter selects, the worst first. Whether one is over is told by its label and record: an open
// issue may be, and a closed one may not be.
func Incidents(ctx context.Context, read IssueLister, project string, labels incident.Labels,
	f IncidentFilter) ([]incident.Incident, error) {
	issues, err := readIssues(ctx, read, project, f.queries(labels.Incident, labels.State, incident.Active, incident.Mitigated))
	if err != nil {
		return nil, err
	}
	var list []incident.Incident
	for _, i := range issues {
		if inc := incident.Of(i, labels); f.selects(inc.State, inc.Severity, inc.Services) {
			list = append(list, inc)
		}
	}
	slices.SortFunc(list, func(a, b incident.Incident) int {
		return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
			a.Issue.CreatedAt.Compare(b.Issue.CreatedAt), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list, nil
}
