package workflow

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// ChangeFilter says which changes are wanted. Empty fields do not select; without states those that are not over.
type ChangeFilter struct {
	All           bool // also those that are over
	States        []change.State
	Criticalities []change.Criticality
	Services      []string
	Since         time.Time // opened since then
}

// ListChanges are those that the filter selects, by the start of their windows; those without one come last. GitLab is asked for state labels, so that
// thousands of records of automation do not matter.
func (c Changes) ListChanges(ctx context.Context, f ChangeFilter) ([]change.Change, error) {
	queries := f.queries(c.Labels)
	found := make([][]change.Change, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			list, err := c.List(ctx, q)
			found[n] = slices.DeleteFunc(list, func(one change.Change) bool { return !f.selects(one) })
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	list := slices.Concat(found...)
	slices.SortFunc(list, func(a, b change.Change) int {
		from, to := a.Window().From, b.Window().From
		return cmp.Or(cmp.Compare(planned(from), planned(to)), from.Compare(to), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return slices.CompactFunc(list, func(a, b change.Change) bool { return a.Issue.ID == b.Issue.ID }), nil
}

// planned puts changes that have a window first.
func planned(from time.Time) int {
	if from.IsZero() {
		return 1
	}
	return 0
}

func (f ChangeFilter) queries(labels change.Labels) []issue.Query {
	all := issue.Query{Labels: []string{labels.Change}, CreatedAfter: f.Since}
	if f.All || slices.Contains(f.States, change.UnknownState) {
		return []issue.Query{all}
	}
	if len(f.States) > 0 {
		var list []issue.Query
		for _, s := range f.States {
			own := all
			own.Labels = []string{labels.Change, labels.State(s)}
			list = append(list, own)
		}
		return list
	}
	open, closed := all, all
	open.State = issue.Opened
	closed.State, closed.Labels = issue.Closed, []string{labels.Change, labels.InProgress}
	return []issue.Query{open, closed}
}

func (f ChangeFilter) selects(c change.Change) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, c.State):
		return false
	case len(f.States) == 0 && !f.All && c.State.Over():
		return false
	case len(f.Criticalities) > 0 && !slices.Contains(f.Criticalities, c.Criticality):
		return false
	}
	return len(f.Services) == 0 || slices.ContainsFunc(f.Services, func(s string) bool { return slices.Contains(c.Record.Services, s) })
}

// ShownChange is one change with what belongs to it.
type ShownChange struct {
	Standing
	Links   []issue.Link
	Clashes []change.Change
	Held    []lock.Held // locks that its window falls into
	Gaps    []string    // what could not be read
}

// ShowChange reads one change, its links, and the changes that its window may clash with.
func (c Changes) ShowChange(ctx context.Context, links LinkReader, ref issue.Ref) (ShownChange, error) {
	var out ShownChange
	var others []change.Change
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { out.Standing, err = c.Standing(gctx, ref); return err })
	g.Go(func() (err error) { others, err = c.ListChanges(gctx, ChangeFilter{}); return err })
	g.Go(func() error {
		out.Links, linkErr = links.IssueLinks(gctx, ref)
		return nil
	})
	if err := g.Wait(); err != nil {
		return out, err
	}
	if linkErr != nil {
		if !errors.Is(linkErr, fault.NotOffered) {
			return out, linkErr
		}
		out.Gaps = append(out.Gaps, "this GitLab has no links between issues")
	}
	if !out.State.Over() {
		out.Clashes = change.Clashes(out.Change, others)
	}
	if w := out.Window(); w.From.Before(w.To) {
		for _, h := range lock.Overlap(c.Locks, w.From, w.To) {
			if out.Criticality.HeldBy(h.Lock.Kind) && !h.Lock.Exempts(out.Record.Services, out.Record.Environment) {
				out.Held = append(out.Held, h)
			}
		}
	}
	return out, nil
}
