package board

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader is what `board show` reads.
type Reader interface {
	Issues(context.Context, target.Target, issue.Query) iter.Seq2[issue.Issue, error]
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// Ages selects the cards for which `board show` finds out how long they have been in their column.
// This costs one request per card, except for closed issues, which carry the time.
type Ages string

// The values of [Ages]. Active leaves out the first column, where many issues wait to be planned.
const (
	AgesActive Ages = "active"
	AgesAll    Ages = "all"
	AgesNone   Ages = "none"
)

// Show is `board show`: the columns and their issues.
type Show struct {
	Read      Reader
	In        target.Target
	Layout    board.Layout
	Set       label.Set // whose priorities order the cards
	Handoff   string    // the label that marks an issue for the next shift
	Milestone string    // exact title: only its issues, including closed ones; empty: all open issues
	Ages      Ages
	Now       time.Time
}

// Document reads the issues, 100 per request, and then the ages.
func (b Show) Document(ctx context.Context) (jsonv1.Board, error) {
	if err := b.findMilestone(ctx); err != nil {
		return jsonv1.Board{}, err
	}
	issues, off, err := b.onBoard(ctx)
	if err != nil {
		return jsonv1.Board{}, err
	}
	if b.Milestone != "" && len(issues)+off == 0 {
		if err := b.checkMilestone(ctx); err != nil {
			return jsonv1.Board{}, err
		}
	}
	lanes, _ := b.Layout.Deal(issues, b.rank)
	if b.Milestone == "" {
		lanes = lanes[:len(lanes)-1] // the last one holds every closed issue, and none was read
	}
	unknown, err := b.age(ctx, lanes)
	if err != nil {
		return jsonv1.Board{}, err
	}
	doc := jsonv1.NewBoard(b.In, b.Layout.Name)
	doc.Milestone = b.Milestone
	for _, lane := range lanes {
		doc.Columns = append(doc.Columns, jsonv1.ColumnOf(lane, b.Now, b.Handoff))
		for _, c := range lane.Cards {
			if len(c.OtherColumns) > 0 && lane.Name == b.Layout.Where(c.Issue)[0].Name {
				doc.Notes = append(doc.Notes, fmt.Sprintf("%s is in %d columns. To fix: %s",
					c.Issue.Ref, len(c.OtherColumns)+1, workflow.Command("board move %s COLUMN", c.Issue.Ref)))
			}
		}
	}
	if off > 0 {
		doc.Notes = append(doc.Notes, workflow.Count(off, "open issue is", "open issues are")+" in no column")
	}
	if unknown {
		doc.Notes = append(doc.Notes, "Ages are unknown: this GitLab has no label events")
	}
	return doc, nil
}

// findMilestone replaces the id of a milestone, or the path of its page, by its title. A title with anything but digits in it costs no
// request.
func (b *Show) findMilestone(ctx context.Context) error {
	page := strings.Contains(b.Milestone, "/-/milestones/")
	if !page && strings.Trim(b.Milestone, "0123456789") != "" || b.Milestone == "" {
		return nil
	}
	all, err := b.Read.Milestones(ctx, b.In, milestone.Query{Ancestors: b.In.Kind == target.Project})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(m milestone.Milestone) bool { return m.Named(b.Milestone) })
	if at < 0 {
		return fault.New(fault.Failed, "To see all milestones: prodctl milestone list --all", "milestone %q not found in %s", b.Milestone, b.In)
	}
	b.Milestone = all[at].Title
	return nil
}

// checkMilestone returns an error if the milestone does not exist, because GitLab answers with no issues then. Only an empty board costs
// this request.
func (b Show) checkMilestone(ctx context.Context) error {
	found, err := b.Read.Milestones(ctx, b.In, milestone.Query{Title: b.Milestone, Ancestors: b.In.Kind == target.Project})
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Failed, "To see all milestones: prodctl milestone list --all", "milestone %q not found in %s", b.Milestone, b.In)
	}
	return err
}

// onBoard returns the issues that are in a column and counts the others, so that memory does not grow with the tracker.
func (b Show) onBoard(ctx context.Context) (list []issue.Issue, off int, err error) {
	query := issue.Query{State: issue.Opened}
	if b.Milestone != "" {
		query = issue.Query{Milestone: b.Milestone}
	}
	for i, err := range b.Read.Issues(ctx, b.In, query) {
		if err != nil {
			return nil, 0, err
		}
		if len(b.Layout.Where(i)) == 0 {
			off++
			continue
		}
		list = append(list, i)
	}
	return list, off, nil
}

// rank returns the highest priority among an issue's labels. An issue without one comes last.
func (b Show) rank(i issue.Issue) int {
	const last = 1 << 30
	rank := last
	for _, name := range i.Labels {
		if d, ok := b.Set.Find(name); ok && d.Priority != nil {
			rank = min(rank, *d.Priority)
		}
	}
	return rank
}

// age sets since when the cards have been in their columns. unknown is true if GitLab has no label events.
func (b Show) age(ctx context.Context, lanes []board.Lane) (unknown bool, err error) {
	var missing atomic.Bool
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32) // the client sends fewer in parallel; this bounds the queue
	for n, lane := range lanes {
		for c := range lane.Cards {
			card := &lane.Cards[c]
			if lane.Closed() {
				card.Since = card.Issue.ClosedAt
				continue
			}
			if b.Ages == AgesNone || b.Ages == AgesActive && n == 0 {
				continue
			}
			group.Go(func() error {
				events, err := b.Read.LabelEvents(ctx, card.Issue.Ref)
				if errors.Is(err, fault.NotFound) {
					missing.Store(true)
					return nil
				}
				card.Since = board.Since(events, lane.Label)
				return err
			})
		}
	}
	err = group.Wait()
	return missing.Load(), err
}
