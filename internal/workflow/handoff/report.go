package handoff

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ShiftReader reads the issues of a shift's report.
type ShiftReader interface {
	workflow.IssueLister
	workflow.HistoryReader
}

// Report is the report of a shift: what GitLab is asked, and what is kept of its answers. Lists are asked for by label, so that neither
// the number of requests nor memory grows with the trackers; comments are read of the issues in the report alone, and of those only that
// have any.
type Report struct {
	Read           ShiftReader
	Production     string
	Infrastructure string        // empty, or the same, where the team has one tracker
	Facts          handoff.Facts // without items
}

// Build reads what stands now, or what stood at the moment of the facts, and makes the report. unknown are sentences about what could not
// be rebuilt.
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
		unknown = append(unknown, "locks, rotations and the objective of the budget are those of today's configuration",
			"issues and comments that were deleted since are not known")
	}
	if err := h.readLabelEvents(ctx, facts); err != nil {
		return handoff.Report{}, nil, err
	}
	if err := h.readComments(ctx, facts, handoff.Build(facts).Refs()); err != nil {
		return handoff.Report{}, nil, err
	}
	return handoff.Build(facts), unknown, nil
}

// askedList is one list of a project.
type listQuery struct {
	project string
	query   issue.Query
}

// lists are those that hold all that the report may tell of. Incidents go back as far as the budget's window; what is closed goes back to
// the begin of the shift. Of a moment of the past everything counts that was changed since, whatever its labels are now.
func (h Report) lists() []listQuery {
	l, since := h.Facts.Labels, h.Facts.Shift.From.Add(-issue.UpdateSlack)
	begin := since
	if h.Facts.SLO != nil {
		if window := h.Facts.At.Add(-h.Facts.Window - issue.UpdateSlack); window.Before(begin) {
			begin = window
		}
	}
	var all []listQuery
	add := func(project string, state issue.State, after time.Time, labels ...string) {
		all = append(all, listQuery{project, issue.Query{State: state, UpdatedAfter: after, Labels: labels}})
	}
	never := time.Time{}
	add(h.Production, issue.Opened, never, l.Incidents.Incident)
	add(h.Production, issue.Closed, begin, l.Incidents.Incident)
	for _, s := range []incident.State{incident.Active, incident.Mitigated} { // closed by mistake
		add(h.Production, issue.Closed, never, l.Incidents.Incident, l.Incidents.State(s))
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

// holds reports whether the list has an issue.
func (a listQuery) matches(i issue.Issue) bool {
	lacks := func(name string) bool { return !i.Has(name) }
	return strings.EqualFold(i.Ref.Project, a.project) && (a.query.State == "" || a.query.State == i.State) &&
		!i.UpdatedAt.Before(a.query.UpdatedAfter) && !slices.ContainsFunc(a.query.Labels, lacks)
}

// listed reports whether an issue as it was stood in one of the lists of a report that was made then.
func (h Report) wouldList(was issue.Issue) bool {
	h.Facts.Historical = false
	return slices.ContainsFunc(h.lists(), func(a listQuery) bool { return a.matches(was) })
}

func (h Report) trackers() []string {
	list := []string{h.Production}
	if h.Infrastructure != "" && h.Infrastructure != h.Production {
		list = append(list, h.Infrastructure)
	}
	return list
}

// list are the issues of all lists, each once. What was opened after the moment of the report is no part of it.
func (h Report) list(ctx context.Context) ([]issue.Issue, error) {
	var mu sync.Mutex
	found := map[int64]issue.Issue{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for _, ask := range h.lists() {
		g.Go(func() error {
			for i, err := range h.Read.Issues(ctx, target.ProjectAt(ask.project), ask.query) {
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
	slices.SortFunc(list, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// dated reads the events of labels that tell when an incident was resolved, where its record does not.
func (h Report) readLabelEvents(ctx context.Context, facts handoff.Facts) error {
	return h.each(ctx, facts, facts.Undated(), func(ctx context.Context, item *handoff.Item) (err error) {
		if item.Labelled == nil {
			item.Labelled, err = h.Read.LabelEvents(ctx, item.Issue.Ref)
		}
		return err
	})
}

// commented reads the comments of issues that have any.
func (h Report) readComments(ctx context.Context, facts handoff.Facts, refs []issue.Ref) error {
	return h.each(ctx, facts, refs, func(ctx context.Context, item *handoff.Item) (err error) {
		if item.Notes == nil && item.Issue.Notes > 0 {
			item.Notes, err = h.Read.Journal(ctx, item.Issue.Ref)
		}
		return err
	})
}

// each does something for the items of some issues, several at once.
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

// rebuilt are the items as they were at the moment of the report. What was not changed since is as it is. Of the others the events of
// labels are read first: most carried no label that the report goes by, and nothing more is asked of them.
func (h Report) rebuildAll(ctx context.Context, items []handoff.Item) ([]handoff.Item, []string, error) {
	was := make([]*handoff.Item, len(items))
	unknown := make([][]string, len(items))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, item := range items {
		if item.Issue.UpdatedAt.Before(h.Facts.At.Add(-issue.UpdateSlack)) {
			was[n] = &item
			continue
		}
		g.Go(func() (err error) {
			was[n], unknown[n], err = h.rebuild(ctx, item.Issue)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var list []handoff.Item
	for _, item := range was {
		if item != nil {
			list = append(list, *item)
		}
	}
	said := slices.Concat(unknown...)
	slices.Sort(said)
	return list, slices.Compact(said), nil
}

// then is one issue as it was; nil where it was none that the report tells of.
func (h Report) rebuild(ctx context.Context, now issue.Issue) (*handoff.Item, []string, error) {
	past := history.History{Incident: h.Facts.Labels.Incidents, Change: h.Facts.Labels.Changes}
	var err error
	if past.Labels, err = h.Read.LabelEvents(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	byLabels, existed, lost := history.Issue(now, past, h.Facts.At) // lost: it may have carried a label that is deleted
	if !existed || !h.Facts.Labels.Match(byLabels) {
		return nil, lost, nil
	}
	if past.Notes, err = h.Read.Journal(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	if past.States, err = h.Read.StateEvents(ctx, now.Ref); err != nil {
		return nil, nil, err
	}
	was, _, unknown := history.Issue(now, past, h.Facts.At)
	if !h.wouldList(was) {
		return nil, lost, nil
	}
	notes, _ := history.Notes(past.Notes, h.Facts.At)
	if notes == nil {
		notes = []issue.Note{} // they were read
	}
	events := past.Labels
	if events == nil {
		events = []issue.Event{}
	}
	return &handoff.Item{Issue: was, Notes: notes, Labelled: events}, unknown, nil
}
