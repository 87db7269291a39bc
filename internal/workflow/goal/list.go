// Package goal holds the workflows of `prodctl goal`, one file for each verb. Start with [List] and [Slice].
//
// A workflow reads through the small interfaces it declares, applies the rules of pkg/goal, and returns a plan or a value. It prints
// nothing and has no flags.
package goal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PieceReader reads the pieces of goals.
type PieceReader interface {
	workflow.IssueLister
	workflow.LinkReader
	// TrustedNotes lists the comments, oldest first, with Trusted set for those that hold an event.
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// ListReader is what `goal list` reads.
type ListReader interface {
	PieceReader
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// List is `goal list` and `goal check`: the open goals and meta issues of the team's tracker, with their pieces.
type List struct {
	Read       ListReader
	In         target.Target
	Milestones target.Target // where the timeboxes are
	Rules      goal.Rules
}

// Goals reads the goals and the timeboxes, then the pieces of meta goals and meta issues, with a request for each.
func (l List) Goals(ctx context.Context) ([]goal.Goal, error) {
	var goals, metas []issue.Issue
	ends := map[int64]calendar.Date{}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		goals, err = workflow.OpenIssues(gctx, l.Read, l.In.Path, l.Rules.Labels.Goal)
		return err
	})
	g.Go(func() (err error) {
		metas, err = workflow.OpenIssues(gctx, l.Read, l.In.Path, l.Rules.Labels.Meta)
		return err
	})
	g.Go(func() error {
		open, err := l.Read.Milestones(gctx, l.Milestones, milestone.Query{State: milestone.Active})
		for _, m := range open {
			ends[m.ID] = m.Due
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(goals, slices.DeleteFunc(metas, func(i issue.Issue) bool { return i.Has(l.Rules.Labels.Goal) }))
	list := make([]goal.Goal, len(all))
	g, gctx = errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range all {
		g.Go(func() error {
			pieces, _, err := Pieces(gctx, l.Read, i, l.Rules.Labels)
			list[n] = l.Rules.Of(i, pieces, ends)
			return err
		})
	}
	err := g.Wait()
	stable.Sort(list, goal.ByKind)
	return list, err
}

// Pieces reads the linked pieces of a meta goal or a meta issue. Without links, those that its comments name count.
func Pieces(ctx context.Context, read PieceReader, i issue.Issue, labels goal.Labels) (pieces []issue.Issue, hasLinks bool, err error) {
	kind := labels.Of(i)
	if kind != goal.Quarter && kind != goal.Unsliced {
		return nil, true, nil
	}
	var linked []issue.Issue
	links, err := read.IssueLinks(ctx, i.Ref)
	for _, l := range links {
		linked = append(linked, l.Issue)
	}
	hasLinks = !errors.Is(err, fault.NotOffered)
	if !hasLinks {
		linked, err = mentioned(ctx, read, i)
	}
	return slices.DeleteFunc(linked, func(p issue.Issue) bool {
		elsewhere := p.Ref.Project != i.Ref.Project && !strings.Contains(p.Description, issue.LeadPiece)
		return elsewhere || p.MovedToID != 0 || !goal.PieceOf(kind, labels.Of(p))
	}), hasLinks, err
}

// mentioned reads the issues that replace links: those that comments of prodctl name.
func mentioned(ctx context.Context, read PieceReader, i issue.Issue) (list []issue.Issue, err error) {
	notes, err := read.TrustedNotes(ctx, i.Ref)
	if err != nil {
		return nil, err
	}
	var iids []int64
	for _, e := range eventlog.Events(notes, "link") {
		if ref, err := issue.ParseRef(e.Fields["related"], "", nil); err == nil && e.Trusted && ref.Project == i.Ref.Project {
			iids = append(iids, ref.IID)
		}
	}
	for some := range slices.Chunk(iids, 100) {
		for p, err := range read.Issues(ctx, target.ProjectAt(i.Ref.Project), issue.Query{IIDs: some}) {
			if err != nil {
				return nil, err
			}
			list = append(list, p)
		}
	}
	return list, nil
}
