package workflow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Reconcile returns the steps after which an issue agrees with an event that is already recorded: a duplicate of its comment, left by a
// run that was killed, is deleted, and the issue is reconciled; also when it has a label twice.
func Reconcile(i issue.Issue, notes []issue.Note, event eventlog.Event, reconcile plan.ReconcileIssue) []plan.Step {
	var steps []plan.Step
	if slices.ContainsFunc(eventlog.Duplicates(notes, event.Kind), func(e eventlog.Event) bool { return e.Key == event.Key }) {
		steps = append(steps, Again(i, notes, event))
		reconcile.After = []string{"comment"}
	}
	if change, err := reconcile.Reconciler.Reconcile(i, notes); err != nil || !change.Empty() || len(i.Doubled) > 0 {
		steps = append(steps, reconcile)
	}
	return steps
}

// Again returns the step that adds the comment of a recorded event again: it finds it, and deletes its duplicates.
func Again(i issue.Issue, notes []issue.Note, event eventlog.Event) plan.CreateNote {
	kind, name, _ := strings.Cut(event.Key, "/")
	at := slices.IndexFunc(notes, func(n issue.Note) bool { return n.ID == event.NoteID })
	return plan.CreateNote{Base: plan.Base{ID: "comment"}, On: plan.IssueRef{Ref: i.Ref}, Title: ShownTitle(i),
		Note:           issue.NoteDraft{Body: notes[at].Body, Internal: notes[at].Internal},
		IdempotencyKey: issue.IdempotencyKey{Kind: kind, Name: name, Since: event.Posted.Add(-time.Second)}}
}

// ReconcileStep returns the step that brings an issue's record and labels in line with its comments.
func ReconcileStep(i issue.Issue, kind string, reconciler eventlog.Reconciler) plan.ReconcileIssue {
	return plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: ShownTitle(i), Kind: kind,
		Reconciler: reconciler}
}

// RecordSteps returns the steps that add an event as a comment and then reconcile its issue.
func RecordSteps(event eventlog.Event, heading string, key issue.IdempotencyKey, reconcile plan.ReconcileIssue) []plan.Step {
	key.Searched = true
	reconcile.After = []string{"comment"}
	return []plan.Step{plan.CreateNote{Base: plan.Base{ID: "comment"}, On: reconcile.On, Title: reconcile.Title,
		Note: issue.NoteDraft{Body: eventlog.Body(event, heading)}, IdempotencyKey: key}, reconcile}
}

// ReadLinks reads the links of an issue. If this GitLab has no links, that is a gap and not an error.
func ReadLinks(ctx context.Context, read LinkReader, ref issue.Ref) (links []issue.Link, gaps []string, err error) {
	links, err = read.IssueLinks(ctx, ref)
	if errors.Is(err, fault.NotOffered) {
		return nil, []string{"This GitLab has no links between issues"}, nil
	}
	return links, nil, err
}

// ReadNotes reads an issue and its comments in parallel. If the issue's record contains a comment that was added after the comments were
// read, they are read again: otherwise the issue would look as if its state had come from nowhere.
func ReadNotes(ctx context.Context, read NotesReader, ref issue.Ref) (i issue.Issue, notes []issue.Note, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, err = read.Issue(gctx, ref); return err })
	g.Go(func() (err error) { notes, err = read.TrustedNotes(gctx, ref); return err })
	if err := g.Wait(); err != nil || lastApplied(i) <= newest(notes) {
		return i, notes, err
	}
	notes, err = read.TrustedNotes(ctx, ref)
	return i, notes, err
}

// lastApplied is the id of the newest comment in an issue's record; 0 if it names none.
func lastApplied(i issue.Issue) int64 {
	return max(incident.Read(i.Description, i.CreatedAt).AsOfNote, change.Read(i.Description, i.CreatedAt).AsOfNote)
}

func newest(notes []issue.Note) (id int64) {
	for _, n := range notes {
		id = max(id, n.ID)
	}
	return id
}

// Clock formats a time of day for a sentence: 19:57 UTC.
func Clock(t time.Time) string { return t.UTC().Format("15:04") + " UTC" }
