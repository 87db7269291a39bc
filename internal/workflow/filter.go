package workflow

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Filter says which incidents or changes are wanted: S is the type of their states, C that of their severity or criticality. Empty fields
// do not select; without states those that are not over.
type Filter[S state, C class] struct {
	All      bool // also those that are over
	States   []S
	Classes  []C
	Services []string
	Since    time.Time // opened since then
}

type state interface {
	~string
	Over() bool
}

type class interface {
	~string
	String() string
}

// unknown is the state of what has neither a label nor a record that tells one.
const unknown = "unknown"

// Words are the filter in words, for whoever reads what it selected; classes are called by their noun.
func (f Filter[S, C]) Words(noun string) (words []string) {
	if len(f.States) == 0 && !f.All {
		words = append(words, "not over")
	}
	for _, s := range f.States {
		words = append(words, string(s))
	}
	for _, c := range f.Classes {
		words = append(words, noun+" "+c.String())
	}
	for _, service := range f.Services {
		words = append(words, "service "+service)
	}
	if !f.Since.IsZero() {
		words = append(words, "since "+f.Since.Format(time.RFC3339))
	}
	return words
}

// queries are lists that together hold all that the filter may select. GitLab is asked for the labels of states, so that the tracker's size
// does not matter. ongoing are the states in which something goes on although its issue may be closed.
func (f Filter[S, C]) queries(kind string, labelOf func(S) string, ongoing ...S) []issue.Query {
	all := issue.Query{Labels: []string{kind}, CreatedAfter: f.Since}
	if f.All || slices.Contains(f.States, unknown) {
		return []issue.Query{all}
	}
	var list []issue.Query
	add := func(in issue.State, labels ...string) {
		q := all
		q.State, q.Labels = in, append([]string{kind}, labels...)
		list = append(list, q)
	}
	for _, s := range f.States {
		add("", labelOf(s))
	}
	if len(f.States) > 0 {
		return list
	}
	add(issue.Opened)
	for _, s := range ongoing {
		add(issue.Closed, labelOf(s))
	}
	return list
}

// selects reports whether something is wanted that is in this state, of this class and about these services.
func (f Filter[S, C]) selects(s S, c C, services []string) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, s):
		return false
	case len(f.States) == 0 && !f.All && s.Over():
		return false
	case len(f.Classes) > 0 && !slices.Contains(f.Classes, c):
		return false
	}
	return len(f.Services) == 0 || slices.ContainsFunc(f.Services, func(wanted string) bool { return slices.Contains(services, wanted) })
}

// readIssues reads several lists of a project at once. An issue that is in more than one is returned once.
func readIssues(ctx context.Context, read IssueLister, project string, queries []issue.Query) ([]issue.Issue, error) {
	found := make([][]issue.Issue, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range read.Issues(ctx, target.ProjectAt(project), q) {
				if err != nil {
					return err
				}
				found[n] = append(found[n], i)
			}
			return nil
		})
	}
	err := g.Wait()
	seen := map[int64]bool{}
	return slices.DeleteFunc(slices.Concat(found...), func(i issue.Issue) bool {
		again := seen[i.ID]
		seen[i.ID] = true
		return again
	}), err
}
