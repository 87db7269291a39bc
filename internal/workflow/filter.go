package workflow

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Filter selects incidents or changes: S is the type of their states, C that of their severity or criticality. An empty field selects all;
// without States and All, those that are not over.
type Filter[S state, C class] struct {
	All      bool // include those that are over
	States   []S
	Classes  []C
	Services []string
	Since    time.Time // opened at or after this time
	Moved    bool      // include those that were moved to another project and closed here
}

type state interface {
	~string
	Over() bool
}

type class interface {
	~string
	String() string
}

// unknown is the state if neither a label nor the record has one.
const unknown = "unknown"

// Words describes the filter, for readers of the list. noun is what a class is called, such as severity, and
// running what those that are not over are called, such as ongoing.
func (f Filter[S, C]) Words(noun, running string) (words []string) {
	if len(f.States) == 0 && !f.All {
		words = append(words, running)
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

// queries returns queries that together find everything the filter may select. They ask for state labels, so that the size of the tracker
// does not matter. kind is the label of all items; empty: none. ongoing are the states that count even if the issue is closed.
func (f Filter[S, C]) queries(kind string, labelOf func(S) string, ongoing ...S) []issue.Query {
	all := issue.Query{CreatedAfter: f.Since}
	if kind != "" {
		all.Labels = []string{kind}
	}
	if f.All || slices.Contains(f.States, unknown) {
		return []issue.Query{all}
	}
	var list []issue.Query
	add := func(in issue.State, labels ...string) {
		q := all
		q.State, q.Labels = in, slices.Concat(all.Labels, labels)
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

// selects reports whether the filter selects an item with this state, class and services.
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

// readIssues runs several queries at once. An issue that more than one finds is returned once.
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
		duplicate := seen[i.ID]
		seen[i.ID] = true
		return duplicate
	}), err
}
