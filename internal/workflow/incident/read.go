package incident

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Shown is one incident with its comments and links.
type Shown struct {
	incident.Incident
	Notes  []issue.Note
	Links  []issue.Link
	Others []issue.Issue // open incidents, also this one
	Gaps   []string      // what could not be read
}

// Show reads one incident, and the open ones, which may be duplicates of it.
func Show(ctx context.Context, read interface {
	workflow.NotesReader
	workflow.LinkReader
	workflow.IssueLister
}, ref issue.Ref, labels incident.Labels) (Shown, error) {
	var out Shown
	var i issue.Issue
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, out.Notes, err = workflow.ReadNotes(gctx, read, ref); return err })
	g.Go(func() (err error) {
		out.Others, err = workflow.OpenIssues(gctx, read, ref.Project, labels.Incident)
		return err
	})
	g.Go(func() error {
		out.Links, out.Gaps, linkErr = workflow.ReadLinks(gctx, read, ref)
		return nil // an error of the incident itself comes first
	})
	if err := cmp.Or(g.Wait(), linkErr); err != nil {
		return out, err
	}
	out.Incident = incident.Of(i, labels)
	return out, workflow.RequireIncident(i, labels)
}

// Timeline reads one incident and returns what happened in it, in order.
func Timeline(ctx context.Context, read workflow.HistoryReader, ref issue.Ref, labels incident.Labels) (incident.Incident,
	[]incident.Line, error) {
	var i issue.Issue
	var notes []issue.Note
	var labelled, states []issue.Event
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, notes, err = workflow.ReadNotes(ctx, read, ref); return err })
	g.Go(func() (err error) { labelled, err = read.LabelEvents(ctx, ref); return err })
	g.Go(func() (err error) { states, err = read.StateEvents(ctx, ref); return err })
	if err := g.Wait(); err != nil {
		return incident.Incident{}, nil, err
	}
	if err := workflow.RequireIncident(i, labels); err != nil {
		return incident.Incident{}, nil, err
	}
	inc := incident.Of(i, labels)
	return inc, incident.Timeline(inc, labels, eventlog.Events(notes, incident.Kind), notes, labelled, states), nil
}
