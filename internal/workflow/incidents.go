package workflow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// IncidentFilter says which incidents are wanted. Empty fields do not select; without states those that are not over.
type IncidentFilter struct {
	All        bool // also those that are over
	States     []incident.State
	Severities []incident.Severity
	Services   []string
	Since      time.Time // opened since then
}

// Words are the filter in words, for whoever reads what it selected.
func (f IncidentFilter) Words() (words []string) {
	if len(f.States) == 0 && !f.All {
		words = append(words, "not over")
	}
	for _, state := range f.States {
		words = append(words, string(state))
	}
	for _, severity := range f.Severities {
		words = append(words, "severity "+severity.String())
	}
	for _, service := range f.Services {
		words = append(words, "service "+service)
	}
	if !f.Since.IsZero() {
		words = append(words, "since "+f.Since.Format(time.RFC3339))
	}
	return words
}

// Incidents are those of a project that the filter selects, the worst first. Whether one is over is told by its label and record: an open
// issue may be, and a closed one may not be. GitLab is asked for those labels, so that the tracker's size does not matter.
func Incidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, f IncidentFilter) ([]incident.Incident, error) {
	found := make([][]incident.Incident, len(f.queries(labels)))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range f.queries(labels) {
		g.Go(func() error {
			for i, err := range read.Issues(ctx, target.ProjectAt(project), q) {
				if err != nil {
					return err
				}
				if inc := incident.Of(i, labels); f.selects(inc) {
					found[n] = append(found[n], inc)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	list := slices.Concat(found...)
	slices.SortFunc(list, func(a, b incident.Incident) int {
		return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), a.Issue.CreatedAt.Compare(b.Issue.CreatedAt), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return slices.CompactFunc(list, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID }), nil
}

// Queries are lists that hold all that the filter may select.
func (f IncidentFilter) queries(labels incident.Labels) []issue.Query {
	q := issue.Query{Labels: []string{labels.Incident}, CreatedAfter: f.Since}
	if f.All {
		return []issue.Query{q}
	}
	if len(f.States) > 0 && !slices.Contains(f.States, incident.UnknownState) {
		var list []issue.Query
		for _, s := range f.States {
			own := q
			own.Labels = append(slices.Clone(q.Labels), labels.State(s))
			list = append(list, own)
		}
		return list
	}
	if len(f.States) > 0 {
		return []issue.Query{q}
	}
	open := q
	open.State = issue.Opened
	list := []issue.Query{open}
	for _, s := range []incident.State{incident.Active, incident.Mitigated} {
		closed := q
		closed.State, closed.Labels = issue.Closed, append(slices.Clone(q.Labels), labels.State(s))
		list = append(list, closed)
	}
	return list
}

func (f IncidentFilter) selects(i incident.Incident) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, i.State):
		return false
	case len(f.States) == 0 && !f.All && i.State.Over():
		return false
	case len(f.Severities) > 0 && !slices.Contains(f.Severities, i.Severity):
		return false
	}
	return len(f.Services) == 0 || slices.ContainsFunc(f.Services, func(s string) bool { return slices.Contains(i.Services, s) })
}
