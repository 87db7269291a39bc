// Package handoff is the steps of the verbs of a hand-off: report, mark, take, list and check.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints nothing and
// knows no flag.
package handoff

import (
	"cmp"
	"context"
	"slices"
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
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader lists issues and reads their comments.
type Reader interface {
	workflow.IssueLister
	// Journal are the comments, oldest first, with Trusted set for those that hold an entry.
	Journal(context.Context, issue.Ref) ([]issue.Note, error)
}

// Marks is what the commands about hand-offs look at.
type Marks struct {
	Read     Reader
	Projects []string // full paths of the trackers
	Queue    string   // of the production queue, for its incidents; empty: there is none
	Label    string   // of what is ready for a hand-off
	Outage   string
	DataLoss string
	Incident incident.Labels
}

// Marked is an issue with what stands of its hand-off.
type Marked struct {
	Issue  issue.Issue
	Reason string       // "incident", "outage", "data loss" or "marked": the first of these that it is
	Marked bool         // it carries the label
	Mark   handoff.Mark // zero: nobody wrote any words, or they were taken since
	Notes  []issue.Note // oldest first; none where it is clear without them
}

// List are the open issues that carry the label, the oldest mark first, and at the end those that no words explain. It takes a list for
// each tracker, and a request for the comments of each issue that has any.
func (h Marks) List(ctx context.Context) ([]Marked, error) {
	list, err := h.list(ctx, []query{{reason: "marked", label: h.Label}})
	if err != nil {
		return nil, err
	}
	if err := h.readComments(ctx, list, time.Time{}); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Marked) int {
		return cmp.Or(compareBool(a.Mark.NoteID == 0, b.Mark.NoteID == 0), a.Mark.At.Compare(b.Mark.At), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list, nil
}

// Due are the issues that want a note in every shift: active incidents, ongoing outages, (perceived) data loss, and what is marked; in
// this order, the oldest of each first. Comments are read of those alone that somebody has touched since the shift began, and of marked
// ones.
func (h Marks) Due(ctx context.Context, since time.Time) ([]Marked, error) {
	list, err := h.list(ctx, []query{{reason: "outage", label: h.Outage}, {reason: "data loss", label: h.DataLoss}, {reason: "marked", label: h.Label}})
	if err != nil {
		return nil, err
	}
	if h.Queue != "" {
		active, err := workflow.Incidents(ctx, h.Read, h.Queue, h.Incident, workflow.IncidentFilter{States: []incident.State{incident.Active}})
		if err != nil {
			return nil, err
		}
		for _, inc := range active {
			list = append(list, Marked{Issue: inc.Issue, Reason: "incident", Marked: inc.Issue.Has(h.Label)})
		}
	}
	order := []string{"incident", "outage", "data loss", "marked"}
	slices.SortFunc(list, func(a, b Marked) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Reason), slices.Index(order, b.Reason)), a.Issue.CreatedAt.Compare(b.Issue.CreatedAt),
			cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	seen := map[int64]bool{}
	list = slices.DeleteFunc(list, func(d Marked) bool {
		again := seen[d.Issue.ID]
		seen[d.Issue.ID] = true
		return again
	})
	return list, h.readComments(ctx, list, since)
}

// CheckBegun refuses to look at a shift that is yet to come.
func CheckStarted(shift oncall.Shift, now time.Time) error {
	if shift.From.After(now) {
		return fault.New(fault.Usage, "say --shift current or --shift last", "--shift %s has not begun", shift.ID())
	}
	return nil
}

type query struct{ reason, label string }

// list are the open issues with one of the labels.
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

// comments reads those that can tell something: there are some, and the issue is marked or was touched since then.
func (h Marks) readComments(ctx context.Context, list []Marked, since time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range list {
		d := &list[n]
		if d.Issue.Notes == 0 || !d.Marked && d.Issue.UpdatedAt.Before(since.Add(-issue.UpdateSlack)) {
			continue
		}
		g.Go(func() (err error) {
			if d.Notes, err = h.Read.Journal(ctx, d.Issue.Ref); err != nil {
				return err
			}
			if mark, ok := handoff.CurrentMark(d.Notes); ok {
				d.Mark = mark
			}
			return nil
		})
	}
	return g.Wait()
}

// Said is the last comment in which a person said something about the issue, from then on up to an instant: neither GitLab's own remarks,
// nor a take without words, nor what prodctl posts as the report of a shift.
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
