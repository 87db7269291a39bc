package change

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// ListFiltered are those that the filter selects, by the start of their windows; those without one come last. GitLab is asked for state labels, so that
// thousands of records of automation do not matter.
func (c Changes) ListFiltered(ctx context.Context, f workflow.ChangeFilter) ([]change.Change, error) {
	queries := f.Queries(c.Labels)
	found := make([][]change.Change, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			list, err := c.List(ctx, q)
			found[n] = slices.DeleteFunc(list, func(one change.Change) bool { return !f.Selects(one) })
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

// Planned puts changes that have a window first.
func planned(from time.Time) int {
	if from.IsZero() {
		return 1
	}
	return 0
}

// Shown is one change with what belongs to it.
type Shown struct {
	Standing
	Links   []issue.Link
	Clashes []change.Change
	Held    []lock.Held // locks that its window falls into
	Gaps    []string    // what could not be read
}

// Show reads one change, its links, and the changes that its window may clash with.
func (c Changes) Show(ctx context.Context, links workflow.LinkReader, ref issue.Ref) (Shown, error) {
	var out Shown
	var others []change.Change
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { out.Standing, err = c.Standing(gctx, ref); return err })
	g.Go(func() (err error) { others, err = c.ListFiltered(gctx, workflow.ChangeFilter{}); return err })
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
