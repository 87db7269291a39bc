package workflow

import (
	"cmp"
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// ChangeFilter selects changes.
type ChangeFilter = Filter[change.State, change.Criticality]

// ChangeQueries returns the queries for issues that together contain all changes that a filter selects.
func ChangeQueries(f ChangeFilter, labels change.Labels) []issue.Query {
	return f.queries(labels.Change, labels.State, change.InProgress)
}

// Changes reads the changes of a project that a filter selects, ordered by window start; those without a window come last. Thousands of
// records by automation are not read unless the filter selects them.
func Changes(ctx context.Context, read IssueLister, project string, labels change.Labels, f ChangeFilter) ([]change.Change, error) {
	issues, err := readIssues(ctx, read, project, ChangeQueries(f, labels))
	if err != nil {
		return nil, err
	}
	var list []change.Change
	for _, i := range issues {
		if i.MovedToID != 0 && !f.Moved {
			continue
		}
		if c := change.Of(i, labels); f.selects(c.State, c.Criticality, c.Record.Services) {
			list = append(list, c)
		}
	}
	stable.Sort(list, func(a, b change.Change) int {
		from, to := a.Window().From, b.Window().From
		return cmp.Or(cmp.Compare(planned(from), planned(to)), from.Compare(to), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list, nil
}

// planned sorts changes with a window first.
func planned(from time.Time) int {
	if from.IsZero() {
		return 1
	}
	return 0
}
