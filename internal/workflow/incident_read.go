package workflow

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// IssueLister lists issues of a project.
type IssueLister interface {
	Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
}

// IncidentFilter says which incidents are wanted. Empty fields do not select; without states those that are not over.
type IncidentFilter struct {
	All        bool // also those that are over
	States     []incident.State
	Severities []incident.Severity
	Services   []string
	Since      time.Time // opened since then
}

// Incidents are those of a project that the filter selects, the worst first. Whether one is over is told by its label and record: an open
// issue may be, and a closed one may not be. GitLab is asked for those labels, so that the tracker's size does not matter.
func Incidents(ctx context.Context, read IssueLister, project string, labels incident.Labels, f IncidentFilter) ([]incident.Incident, error) {
	found := make([][]incident.Incident, len(f.queries(labels)))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range f.queries(labels) {
		g.Go(func() error {
			for i, err := range read.Issues(ctx, target.ProjectAt(project), q) {
				if err != nil {
					return err
				}
				if inc := incident.Of(i, labels); f.selects(inc) {
					found[n] = append(found[n], inc)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	list := slices.Concat(found...)
	slices.SortFunc(list, func(a, b incident.Incident) int {
		return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), a.Issue.CreatedAt.Compare(b.Issue.CreatedAt), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return slices.CompactFunc(list, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID }), nil
}

// queries are lists that hold all that the filter may select.
func (f IncidentFilter) queries(labels incident.Labels) []issue.Query {
	q := issue.Query{Labels: []string{labels.Incident}, CreatedAfter: f.Since}
	if f.All {
		return []issue.Query{q}
	}
	if len(f.States) > 0 && !slices.Contains(f.States, incident.UnknownState) {
		var list []issue.Query
		for _, s := range f.States {
			own := q
			own.Labels = append(slices.Clone(q.Labels), labels.State(s))
			list = append(list, own)
		}
		return list
	}
	if len(f.States) > 0 {
		return []issue.Query{q}
	}
	open := q
	open.State = issue.Opened
	list := []issue.Query{open}
	for _, s := range []incident.State{incident.Active, incident.Mitigated} {
		closed := q
		closed.State, closed.Labels = issue.Closed, append(slices.Clone(q.Labels), labels.State(s))
		list = append(list, closed)
	}
	return list
}

func (f IncidentFilter) selects(i incident.Incident) bool {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, i.State):
		return false
	case len(f.States) == 0 && !f.All && i.State.Over():
		return false
	case len(f.Severities) > 0 && !slices.Contains(f.Severities, i.Severity):
		return false
	}
	return len(f.Services) == 0 || slices.ContainsFunc(f.Services, func(s string) bool { return slices.Contains(i.Services, s) })
}

// LinkReader reads an issue's relations.
type LinkReader interface {
	IssueLinks(context.Context, issue.Ref) ([]issue.Link, error)
}

// IncidentWithLinks is one incident with its comments and what is linked to it.
type IncidentWithLinks struct {
	incident.Incident
	Notes []issue.Note
	Links []issue.Link
	Gaps  []string // what could not be read
}

// ShowIncident reads one incident.
func ShowIncident(ctx context.Context, read interface {
	JournalReader
	LinkReader
}, ref issue.Ref, labels incident.Labels) (IncidentWithLinks, error) {
	var out IncidentWithLinks
	var i issue.Issue
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, out.Notes, err = readJournal(gctx, read, ref); return err })
	g.Go(func() error {
		out.Links, linkErr = read.IssueLinks(gctx, ref)
		if errors.Is(linkErr, fault.NotOffered) {
			out.Gaps = append(out.Gaps, "this GitLab has no links between issues")
			linkErr = nil
		}
		return nil
	})
	if err := errors.Join(g.Wait()); err != nil {
		return out, err
	}
	if linkErr != nil {
		return out, linkErr
	}
	out.Incident = incident.Of(i, labels)
	return out, isIncident(i, labels)
}

// HistoryReader reads what GitLab itself remembers of an issue.
type HistoryReader interface {
	JournalReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// IncidentTimeline is one incident and what happened in it, in order.
func IncidentTimeline(ctx context.Context, read HistoryReader, ref issue.Ref, labels incident.Labels) (incident.Incident, []incident.Line, error) {
	var i issue.Issue
	var notes []issue.Note
	var labelled, states []issue.Event
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, notes, err = readJournal(ctx, read, ref); return err })
	g.Go(func() (err error) { labelled, err = read.LabelEvents(ctx, ref); return err })
	g.Go(func() (err error) { states, err = read.StateEvents(ctx, ref); return err })
	if err := g.Wait(); err != nil {
		return incident.Incident{}, nil, err
	}
	if err := isIncident(i, labels); err != nil {
		return incident.Incident{}, nil, err
	}
	inc := incident.Of(i, labels)
	return inc, incident.Timeline(inc, labels, journal.Entries(notes, incident.Kind), notes, labelled, states), nil
}
