package change

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Shown is a change with its links, conflicts and locks.
type Shown struct {
	Status
	Links     []issue.Link
	Conflicts []change.Change
	Others    []issue.Issue // open changes, also this one
	Held      []lock.Held   // locks during its window
	Gaps      []string      // what could not be read
}

// Show reads a change, its links, and the changes that may conflict with its window.
func (c Changes) Show(ctx context.Context, ref issue.Ref) (Shown, error) {
	c.Moves = c.Moves.ForReaders()
	var out Shown
	var others []change.Change
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { out.Status, err = c.Status(gctx, ref); return err })
	g.Go(func() (err error) {
		others, err = workflow.Changes(gctx, c.Read, c.Project, c.Labels, workflow.ChangeFilter{})
		return err
	})
	g.Go(func() error {
		out.Links, out.Gaps, linkErr = workflow.ReadLinks(gctx, c.Read, ref)
		return nil // the error of the change itself comes first
	})
	if err := cmp.Or(g.Wait(), linkErr); err != nil {
		return out, err
	}
	for _, o := range others {
		out.Others = append(out.Others, o.Issue)
	}
	if !out.State.Over() {
		out.Conflicts = change.Conflicts(out.Change, others)
	}
	if w := out.Window(); w.From.Before(w.To) {
		out.Held, _ = out.Pipeline().Locked(c.Locks, w)
	}
	return out, nil
}
