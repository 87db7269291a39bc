package handoff

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ShiftReader reads the issues of a shift's report and their history.
type ShiftReader interface {
	workflow.IssueLister
	workflow.HistoryReader
}

// Report reads the data for the report of a shift. Issues are listed by label, so that neither the number of requests nor memory grows
// with the trackers. Comments are read only for issues in the report that have any.
type Report struct {
	Read           ShiftReader
	Production     string
	Infrastructure string        // empty or the same path if the team has one tracker
	Facts          handoff.Facts // without items
	// Exclusions returns the approved downtime that matters to outages; nil: none is read.
	Exclusions func(context.Context, budget.Window, []budget.Outage) (list []budget.Exclusion, refused []string, err error)
}

// Build reads the current state, or rebuilds the state at the time of the facts, and returns the report. unknown lists what could not be
// rebuilt.
func (h Report) Build(ctx context.Context) (report handoff.Report, unknown []string, err error) {
	issues, err := h.list(ctx)
	if err != nil {
		return handoff.Report{}, nil, err
	}
	facts := h.Facts
	for _, i := range issues {
		facts.Items = append(facts.Items, handoff.Item{Issue: i})
	}
	if facts.Historical {
		if facts.Items, unknown, err = h.rebuildAll(ctx, facts.Items); err != nil {
			return handoff.Report{}, nil, err
		}
		unknown = append(unknown, "Locks, rotations and the SLO are those of today's configuration",
			"Issues and comments that were deleted since then are missing")
	}
	unread, err := h.readLabelEvents(ctx, facts)
	if err != nil {
		return handoff.Report{}, nil, err
	}
	unknown = append(unknown, unread...)
	if facts.Budget != nil && h.Exclusions != nil {
		var refused []string
		if facts.Exclusions, refused, err = h.Exclusions(ctx, facts.Window, facts.Outages()); err != nil {
			return handoff.Report{}, nil, err
		}
		unknown = append(unknown, refused...)
	}
	if err := h.readComments(ctx, facts, handoff.Build(facts).Refs()); err != nil {
		return handoff.Report{}, nil, err
	}
	return handoff.Build(facts), unknown, nil
}

// listQuery is one list request for a project.
type listQuery struct {
	project string
	query   issue.Query
}

// lists returns the queries that cover everything in the report. Incidents go back to the start of the budget's window, other closed
// issues to the start of the shift. A historical report needs everything that changed since then, whatever its labels are now.
func (h Report) lists() []listQuery {
	l, since := h.Facts.Labels, h.Facts.Shift.From.Add(-issue.UpdateSlack)
	start := since
	if h.Facts.Budget != nil {
		if window := h.Facts.Window.From.Add(-issue.UpdateSlack); window.Before(start) {
			start = window
		}
	}
	var all []listQuery
	add := func(project string, state issue.State, after time.Time, labels ...string) {
		all = append(all, listQuery{project, issue.Query{State: state, UpdatedAfter: after, Labels: labels}})
	}
	never := time.Time{}
	incidents := []issue.Query{{State: issue.Opened}, {State: issue.Closed, UpdatedAfter: start}}
	for _, s := range []incident.State{incident.Active, incident.Mitigated} { // closed by mistake
		incidents = append(incidents, issue.Query{State: issue.Closed, Labels: []string{l.Incidents.State(s)}})
	}
	for _, q := range workflow.IncidentQueries(l.Incidents, incidents...) {
		all = append(all, listQuery{h.Production, q})
	}
	add(h.Production, issue.Opened, never, l.Changes.Change)
	add(h.Production, issue.Closed, never, l.Changes.Change, l.Changes.InProgress)
	for _, project := range h.trackers() {
		for _, name := range []string{l.Outage, l.DataLoss, l.Oncall} {
			add(project, issue.Opened, never, name)
			add(project, issue.Closed, since, name)
		}
		add(project, issue.Opened, never, l.Ready)
		if h.Facts.Historical {
			add(project, "", h.Facts.At.Add(-issue.UpdateSlack))
		}
	}
	return all
}

// matches reports whether the query returns an issue.
func (a listQuery) matches(i issue.Issue) bool {
	lacks := func(name string) bool { return !i.Has(name) }
	return strings.EqualFold(i.Ref.Project, a.project) && (a.query.State == "" || a.query.State == i.State) &&
		!i.UpdatedAt.Before(a.query.UpdatedAfter) && (i.Incident || !a.query.Incidents) && !slices.ContainsFunc(a.query.Labels, lacks)
}

// wouldList reports whether a report at that time would have listed the issue as it was.
func (h Report) wouldList(past issue.Issue) bool {
	h.Facts.Historical = false
	return slices.ContainsFunc(h.lists(), func(a listQuery) bool { return a.matches(past) })
}

func (h Report) trackers() []string {
	list := []string{h.Production}
	if h.Infrastructure != "" && h.Infrastructure != h.Production {
		list = append(list, h.Infrastructure)
	}
	return list
}

// list returns the issues of all queries, each once, without those that were opened after the time of the report.
func (h Report) list(ctx context.Context) ([]issue.Issue, error) {
	var mu sync.Mutex
	found := map[int64]issue.Issue{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for _, q := range h.lists() {
		g.Go(func() error {
			for i, err := range h.Read.Issues(ctx, target.ProjectAt(q.project), q.query) {
				if err != nil {
					return err
				}
				if h.Facts.Historical && i.CreatedAt.After(h.Facts.At) {
					continue
				}
				mu.Lock()
				found[i.ID] = i
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var list []issue.Issue
	for _, i := range found {
		list = append(list, i)
	}
	stable.Sort(list, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// readLabelEvents reads label events of incidents whose descriptions lack a time. Those that only the budget needs may be unreadable:
// then the duration of the incident stays unknown, and the sentences that are returned are about that.
func (h Report) readLabelEvents(ctx context.Context, facts handoff.Facts) (unknown []string, err error) {
	var mu sync.Mutex
	undated := facts.Undated()
	err = h.each(ctx, facts, append(undated, facts.Unproven()...), func(ctx context.Context, item *handoff.Item) error {
		if item.Labelled != nil {
			return nil
		}
		events, err := h.Read.LabelEvents(ctx, item.Issue.Ref)
		if workflow.Unreadable(err) && !slices.Contains(undated, item.Issue.Ref) {
			mu.Lock()
			unknown = append(unknown, fmt.Sprintf("The label events of %s could not be read", item.Issue.Ref))
			mu.Unlock()
			err = nil
		}
		item.Labelled = append([]issue.Event{}, events...) // not nil: they were read
		return err
	})
	slices.Sort(unknown)
	return unknown, err
}

// readComments reads the comments of issues that have any.
func (h Report) readComments(ctx context.Context, facts handoff.Facts, refs []issue.Ref) error {
	return h.each(ctx, facts, refs, func(ctx context.Context, item *handoff.Item) (err error) {
		if item.Notes == nil && item.Issue.Notes > 0 {
			item.Notes, err = h.Read.TrustedNotes(ctx, item.Issue.Ref)
		}
		return err
	})
}

// each calls do for the items of the given issues, in parallel.
func (h Report) each(ctx context.Context, facts handoff.Facts, refs []issue.Ref, do func(context.Context, *handoff.Item) error) error {
	wanted := map[issue.Ref]bool{}
	for _, ref := range refs {
		wanted[ref] = true
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n := range facts.Items {
		if item := &facts.Items[n]; wanted[item.Issue.Ref] {
			g.Go(func() error { return do(ctx, item) })
		}
	}
	return g.Wait()
}

// rebuildAll returns the items as they were at the time of the report. Issues that did not change since are used as they are. For the
// others the label events are read first: most never had a label that matters to the report, and need no further requests.
func (h Report) rebuildAll(ctx context.Context, items []handoff.Item) ([]handoff.Item, []string, error) {
	past := make([]*handoff.Item, len(items))
	unknown := make([][]string, len(items))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, item := range items {
		if item.Issue.UpdatedAt.Before(h.Facts.At.Add(-issue.UpdateSlack)) {
			past[n] = &item
			continue
		}
		g.Go(func() (err error) {
			past[n], unknown[n], err = h.rebuild(ctx, item.Issue)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var list []handoff.Item
	for _, item := range past {
		if item != nil {
			list = append(list, *item)
		}
	}
	sentences := slices.Concat(unknown...)
	slices.Sort(sentences)
	return list, slices.Compact(sentences), nil
}

// rebuild returns one issue as it was; nil if it does not belong in the report.
func (h Report) rebuild(ctx context.Context, now issue.Issue) (*handoff.Item, []string, error) {
	known := history.History{Incident: h.Facts.Labels.Incidents, Change: h.Facts.Labels.Changes}
	var err error
	if known.Labels, err = h.Read.LabelEvents(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	byLabels, existed, lost := history.Issue(now, known, h.Facts.At) // lost: it may have had a label that was deleted
	if !existed || !h.Facts.Labels.Match(byLabels) {
		return nil, lost, nil
	}
	if known.Notes, err = h.Read.TrustedNotes(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	if known.States, err = h.Read.StateEvents(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	past, _, unknown := history.Issue(now, known, h.Facts.At)
	if !h.wouldList(past) {
		return nil, lost, nil
	}
	notes, _ := history.Notes(known.Notes, h.Facts.At)
	if notes == nil {
		notes = []issue.Note{} // not nil: they were read
	}
	events := known.Labels
	if events == nil {
		events = []issue.Event{}
	}
	return &handoff.Item{Issue: past, Notes: notes, Labelled: events}, unknown, nil
}
