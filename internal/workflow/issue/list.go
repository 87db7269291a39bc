package issue

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Filter selects open issues. An empty field selects all.
type Filter struct {
	Column     board.Column // without a name: any
	Labels     []string     // all of them
	Ready      bool         // ready to pull
	Goal       bool         // goals and meta goals
	Unweighted bool         // without a weight
	Idle       time.Time    // not updated at or after this time
	Carried    int          // carried over at least so often
}

// Words describes the filter, for readers of the list.
func (f Filter) Words() (words []string) {
	add := func(set bool, word string) {
		if set {
			words = append(words, word)
		}
	}
	add(f.Column.Name != "", "column "+f.Column.Name)
	for _, l := range f.Labels {
		words = append(words, "label "+l)
	}
	add(f.Ready, "ready")
	add(f.Goal, "goals")
	add(f.Unweighted, "without weight")
	add(!f.Idle.IsZero(), "not updated since "+f.Idle.Format(time.RFC3339))
	add(f.Carried > 0, "carried over "+workflow.Count(f.Carried, "time", "times")+" or more")
	return words
}

// CarryReader reads how often issues were carried over.
type CarryReader interface {
	MilestoneEvents(context.Context, issue.Ref) ([]issue.Event, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// Carries counts how often issues were carried over.
type Carries struct {
	Read  CarryReader
	In    target.Target // of the milestones
	Label string        // of issues that were carried over at least once
	Zone  *time.Location
}

// Count returns how often each issue was carried over, by id. Events are read only for issues with the label.
func (c Carries) Count(ctx context.Context, list []issue.Issue) (map[int64]int, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(i issue.Issue) bool { return !i.Has(c.Label) })
	if len(list) == 0 {
		return nil, nil
	}
	all, err := c.Read.Milestones(ctx, c.In, milestone.Query{})
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(list))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range list {
		g.Go(func() error {
			events, err := c.Read.MilestoneEvents(ctx, i.Ref)
			counts[n] = planning.CarriedOver(events, all, func(e issue.Event) calendar.Date { return calendar.DateOf(e.At.In(c.Zone)) })
			return err
		})
	}
	byID := map[int64]int{}
	err = g.Wait()
	for n, i := range list {
		byID[i.ID] = counts[n]
	}
	return byID, err
}

// List is `issue list`: the open issues of the team's tracker that a filter selects, in the order in which they are picked.
type List struct {
	Read    workflow.IssueLister
	Carries Carries
	In      target.Target
	Names   goal.Labels
	Order   issue.Priorities
	Filter
}

// Listed is an issue of the list.
type Listed struct {
	issue.Issue
	Carried int // 0: never, or not read
}

// Issues reads the list: one request per 100 issues that GitLab's own filters select. How often an issue was carried over costs a request
// for each with the label, and is read only if the filter asks for it.
func (l List) Issues(ctx context.Context) ([]Listed, error) {
	var found []issue.Issue
	for i, err := range l.Read.Issues(ctx, l.In, l.query()) {
		if err != nil {
			return nil, err
		}
		if l.selects(i) {
			found = append(found, i)
		}
	}
	carried := map[int64]int{}
	if l.Carried > 0 {
		var err error
		if carried, err = l.Carries.Count(ctx, found); err != nil {
			return nil, err
		}
	}
	stable.Sort(found, issue.ByPriority(l.Order))
	var list []Listed
	for _, i := range found {
		if carried[i.ID] >= l.Carried {
			list = append(list, Listed{i, carried[i.ID]})
		}
	}
	return list, nil
}

// query is what GitLab filters by.
func (l List) query() issue.Query {
	q := issue.Query{State: issue.Opened, Labels: slices.Clone(l.Labels)}
	if l.Column.Label != "" {
		q.Labels = append(q.Labels, l.Column.Label)
	}
	if l.Goal {
		q.Labels = append(q.Labels, l.Names.Goal)
	}
	if l.Carried > 0 {
		q.Labels = append(q.Labels, l.Carries.Label)
	}
	return q
}

// selects reports whether the rest of the filter selects an issue.
func (l List) selects(i issue.Issue) bool {
	switch {
	case l.Ready && len(board.Unready(i, l.Names.Meta)) > 0:
		return false
	case l.Unweighted && milestone.WeightOf(i) > 0:
		return false
	}
	return l.Idle.IsZero() || i.UpdatedAt.Before(l.Idle)
}
