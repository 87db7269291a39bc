package incident

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
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

// ShowReader reads one incident, and the open ones.
type ShowReader interface {
	workflow.NotesReader
	workflow.LinkReader
	workflow.IssueLister
}

// Show reads one incident, where it is now if that can be read, and the open ones there, which may be duplicates of it.
func Show(ctx context.Context, read ShowReader, moves workflow.Moves, ref issue.Ref, labels incident.Labels) (Shown, error) {
	out, err := readShown(ctx, read, ref, labels)
	if err != nil {
		return out, err
	}
	f, err := moves.ForReaders().Follow(ctx, out.Issue)
	switch {
	case fault.KindOf(err) == fault.Auth:
		f = workflow.Followed{Issue: out.Issue}
		out.Gaps = append(out.Gaps, err.Error())
	case err != nil:
		return out, err
	case f.From.ID != 0:
		if out, err = readShown(ctx, read, f.Ref, labels); err != nil {
			return out, err
		}
		out.Gaps = append(f.Notes(), out.Gaps...)
	}
	return out, workflow.RequireIncident(f, labels)
}

func readShown(ctx context.Context, read ShowReader, ref issue.Ref, labels incident.Labels) (out Shown, err error) {
	var i issue.Issue
	var linkErr error
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, out.Notes, err = workflow.ReadNotes(gctx, read, ref); return err })
	g.Go(func() (err error) {
		out.Others, err = workflow.OpenIncidents(gctx, read, ref.Project, labels)
		return err
	})
	g.Go(func() error {
		out.Links, out.Gaps, linkErr = workflow.ReadLinks(gctx, read, ref)
		return nil // an error of the incident itself comes first
	})
	err = cmp.Or(g.Wait(), linkErr)
	out.Incident = incident.Of(i, labels)
	return out, err
}

// read reads the issue and its comments. Only to reopen it, it may have been closed as a duplicate.
func (e *Event) read(ctx context.Context) (workflow.Followed, []issue.Note, error) {
	moves := e.Moves
	moves.Replaced = e.Inputs.Verb == incident.Reopen
	f, notes, err := moves.ReadNotes(ctx, e.Read, e.Inputs.ref())
	if err == nil && incident.Of(f.Issue, e.Labels).State == incident.Active { // then it stays closed
		err = e.Moves.RequireOwn(f.Issue, notes)
	}
	return f, notes, err
}

// Timeline reads one incident, where it is now, and returns what happened in it, in order.
func Timeline(ctx context.Context, read workflow.HistoryReader, moves workflow.Moves, ref issue.Ref, labels incident.Labels,
) (incident.Incident, []incident.Line, error) {
	f, h, err := readHistory(ctx, read, moves.ForReaders(), ref)
	if err == nil {
		err = workflow.RequireIncident(f, labels)
	}
	if err != nil {
		return incident.Incident{}, nil, err
	}
	return incident.Of(h.issue, labels), h.lines(labels), nil
}

// recorded is an issue with everything that GitLab knows about its past.
type recorded struct {
	issue            issue.Issue
	notes            []issue.Note
	labelled, states []issue.Event
}

// readHistory reads an issue where it is now, and its history there.
func readHistory(ctx context.Context, read workflow.HistoryReader, moves workflow.Moves, ref issue.Ref) (f workflow.Followed, h recorded,
	err error) {
	if h, err = historyAt(ctx, read, ref); err != nil {
		return f, h, err
	}
	if f, err = moves.Follow(ctx, h.issue); err == nil && f.From.ID != 0 {
		h, err = historyAt(ctx, read, f.Ref)
	}
	if err == nil {
		err = moves.RequireOwn(h.issue, h.notes)
	}
	return f, h, err
}

func historyAt(ctx context.Context, read workflow.HistoryReader, ref issue.Ref) (h recorded, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { h.issue, h.notes, err = workflow.ReadNotes(ctx, read, ref); return err })
	g.Go(func() (err error) { h.labelled, err = read.LabelEvents(ctx, ref); return err })
	g.Go(func() (err error) { h.states, err = read.StateEvents(ctx, ref); return err })
	return h, g.Wait()
}

func (h recorded) lines(labels incident.Labels) []incident.Line {
	return incident.Timeline(incident.Of(h.issue, labels), labels, eventlog.Events(h.notes, incident.Kind), h.notes, h.labelled, h.states)
}
