// Package handoff holds the steps of the hand-off commands: report, mark, take, list and check.
//
// Start with [Report], [Post], [Mark], [Take] and [Marks]. Each reads through a small interface declared here, applies the rules of
// pkg/handoff and returns a plan or a value. Printing and flags do not belong here.
package handoff

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader lists issues and reads their comments.
type Reader interface {
	workflow.IssueLister
	// TrustedNotes returns the comments, oldest first, with Trusted set on those that hold an event.
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// Marks finds issues that are marked, or that should be handed over, in all trackers of a team.
type Marks struct {
	Read     Reader
	Projects []string // full paths of the trackers
	Queue    string   // full path of the production queue, for its incidents; empty: none
	Label    string   // marks an issue as ready to hand off
	Outage   string
	DataLoss string
	Incident incident.Labels
}

// Marked is an issue with the state of its hand-off.
type Marked struct {
	Issue  issue.Issue
	Reason string       // "incident", "outage", "data loss" or "marked": the first that applies
	Marked bool         // the issue has the label
	Mark   handoff.Mark // zero: no hand-off note, or the issue was taken since
	Ahead  incident.Ahead
	Notes  []issue.Note // oldest first; not read where they cannot matter
}

// Burning reports whether the issue is an active incident, an ongoing outage or a (perceived) data loss.
func (d Marked) Burning() bool { return d.Reason != "marked" }

// AheadAt returns what was planned at a time. What happened later, such as somebody who took the issue, does not count.
func (d Marked) AheadAt(t time.Time) incident.Ahead {
	return handoff.AheadOf(slices.DeleteFunc(slices.Clone(d.Notes), func(n issue.Note) bool { return !n.CreatedAt.Before(t) }))
}

// NeedsReceipt reports whether the issue was burning at the last hand-off, and nobody accepted that.
func (d Marked) NeedsReceipt(r handoff.Receipt) bool {
	return d.Burning() && r.Needed(d.Issue.CreatedAt)
}

// List returns the open issues with the label, oldest mark first, then those without a hand-off note. It takes one list request for each
// tracker, and one request for the comments of each issue that has any.
func (h Marks) List(ctx context.Context) ([]Marked, error) {
	list, err := h.list(ctx, []query{{"marked", h.Label}})
	if err != nil {
		return nil, err
	}
	if err := h.readComments(ctx, list); err != nil {
		return nil, err
	}
	stable.Sort(list, func(a, b Marked) int {
		return cmp.Or(compareBool(a.Mark.NoteID == 0, b.Mark.NoteID == 0), a.Mark.At.Compare(b.Mark.At), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list, nil
}

// Due returns the issues that need an update in every shift: burning incidents, ongoing outages, (perceived) data loss and marked issues,
// in this order, oldest first. Their comments are read: what is planned may be older than the shift.
func (h Marks) Due(ctx context.Context) ([]Marked, error) {
	list, err := h.list(ctx, []query{{"outage", h.Outage}, {"data loss", h.DataLoss}, {"marked", h.Label}})
	if err != nil {
		return nil, err
	}
	if h.Queue != "" {
		burning, err := workflow.BurningIncidents(ctx, h.Read, h.Queue, h.Incident)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(d Marked) bool { // the label of an incident stays on for the review
			return d.Reason == "outage" && strings.EqualFold(d.Issue.Ref.Project, h.Queue) && h.Incident.Is(d.Issue)
		})
		for _, inc := range burning {
			list = append(list, Marked{Issue: inc.Issue, Reason: "incident", Marked: inc.Issue.Has(h.Label)})
		}
	}
	order := []string{"incident", "outage", "data loss", "marked"}
	stable.Sort(list, func(a, b Marked) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Reason), slices.Index(order, b.Reason)), a.Issue.CreatedAt.Compare(b.Issue.CreatedAt),
			cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	seen := map[int64]bool{}
	list = slices.DeleteFunc(list, func(d Marked) bool {
		duplicate := seen[d.Issue.ID]
		seen[d.Issue.ID] = true
		return duplicate
	})
	return list, h.readComments(ctx, list)
}

// CheckStarted rejects a shift that has not started yet.
func CheckStarted(shift oncall.Shift, now time.Time) error {
	if shift.From.After(now) {
		return fault.New(fault.Usage, "Use --shift current or --shift last", "--shift %s has not started yet", shift.ID())
	}
	return nil
}

type query struct{ reason, label string }

// list returns the open issues with one of the labels.
func (h Marks) list(ctx context.Context, queries []query) ([]Marked, error) {
	var mu sync.Mutex
	var list []Marked
	g, ctx := errgroup.WithContext(ctx)
	for _, project := range h.Projects {
		for _, q := range queries {
			g.Go(func() error {
				for i, err := range h.Read.Issues(ctx, target.ProjectAt(project), issue.Query{State: issue.Opened, Labels: []string{q.label}}) {
					if err != nil {
						return err
					}
					mu.Lock()
					list = append(list, Marked{Issue: i, Reason: q.reason, Marked: i.Has(h.Label)})
					mu.Unlock()
				}
				return nil
			})
		}
	}
	return list, g.Wait()
}

// readComments reads the comments of issues that have any.
func (h Marks) readComments(ctx context.Context, list []Marked) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range list {
		d := &list[n]
		if d.Issue.Notes == 0 {
			continue
		}
		g.Go(func() (err error) {
			if d.Notes, err = h.Read.TrustedNotes(ctx, d.Issue.Ref); err != nil {
				return err
			}
			if mark, ok := handoff.CurrentMark(d.Notes); ok {
				d.Mark = mark
			}
			d.Ahead = handoff.AheadOf(d.Notes)
			return nil
		})
	}
	return g.Wait()
}

// LastUpdate returns the last comment with an update by a person in the half-open interval. GitLab's system notes, a take without a message
// and the posted report of a shift do not count.
func (d Marked) LastUpdate(from, to time.Time) (issue.Note, bool) {
	for _, n := range slices.Backward(d.Notes) {
		if n.System || n.CreatedAt.Before(from) || !n.CreatedAt.Before(to) {
			continue
		}
		if key, ok := idempotency.Read(n.Body); ok && key.Kind() == handoff.NoteKind {
			continue
		}
		if e, ok := eventlog.Read(n); ok && e.Kind == handoff.Kind && e.Verb == handoff.VerbTake && e.Text == "" {
			continue
		}
		return n, true
	}
	return issue.Note{}, false
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
