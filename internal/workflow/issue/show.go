package issue

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// ShowReader reads an issue and what GitLab knows about it.
type ShowReader interface {
	workflow.NotesReader
	workflow.LinkReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Show is `issue show`: an issue with what the tool knows about it.
type Show struct {
	Read    ShowReader
	Moves   workflow.Moves
	Carries Carries
	Layout  board.Layout
	Names   goal.Labels
	Handoff string // the label of issues that are ready to hand off
}

// Shown is an issue with what was found out about it.
type Shown struct {
	workflow.Followed
	Since   time.Time // when it entered its column; zero: unknown
	Carried int
	Mark    handoff.Mark  // zero: it is not marked, or the note is missing
	Goals   []issue.Issue // linked goals and meta issues
	Gaps    []string      // what this GitLab does not know
}

// Issue reads the issue, then its label events and links in parallel. Comments are read only if it is marked for hand-off, and milestone
// events only if it was carried over.
func (s Show) Issue(ctx context.Context, ref issue.Ref) (Shown, error) {
	i, err := s.Read.Issue(ctx, ref)
	if err != nil {
		return Shown{}, err
	}
	shown := Shown{}
	if shown.Followed, err = s.Moves.Follow(ctx, i); err != nil {
		return Shown{}, err
	}
	var since, links []string
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { since, err = s.since(ctx, &shown); return err })
	g.Go(func() (err error) { links, err = s.goals(ctx, &shown); return err })
	g.Go(func() error {
		counts, err := s.Carries.Count(ctx, []issue.Issue{shown.Issue})
		shown.Carried = counts[shown.ID]
		return err
	})
	if shown.Issue.Has(s.Handoff) {
		g.Go(func() error {
			notes, err := s.Read.TrustedNotes(ctx, shown.Ref)
			shown.Mark, _ = handoff.CurrentMark(notes)
			return err
		})
	}
	err = g.Wait()
	shown.Gaps = append(since, links...)
	return shown, err
}

// since finds out since when the issue has been in its column. It is unknown for an issue in several columns.
func (s Show) since(ctx context.Context, shown *Shown) (gaps []string, err error) {
	in := s.Layout.Where(shown.Issue)
	switch {
	case len(in) != 1:
		return nil, nil
	case in[0].Closed():
		shown.Since = shown.ClosedAt
		return nil, nil
	}
	events, err := s.Read.LabelEvents(ctx, shown.Ref)
	if errors.Is(err, fault.NotFound) {
		return []string{"This GitLab has no label events, so the time in the column is unknown"}, nil
	}
	shown.Since = board.Since(events, in[0].Label)
	return nil, err
}

// goals finds the goals and meta issues that the issue is linked with.
func (s Show) goals(ctx context.Context, shown *Shown) (gaps []string, err error) {
	links, gaps, err := workflow.ReadLinks(ctx, s.Read, shown.Ref)
	for _, l := range links {
		if s.Names.Of(l.Issue) != goal.None {
			shown.Goals = append(shown.Goals, l.Issue)
		}
	}
	return gaps, err
}
