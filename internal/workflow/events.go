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
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Reconcile are the steps after which an issue agrees with what was told already: a twin of the comment, which a run that was killed has
// left, is taken away, and the issue settled.
func Reconcile(i issue.Issue, notes []issue.Note, entry eventlog.Event, settle plan.ReconcileIssue) []plan.Step {
	var steps []plan.Step
	kind, name, _ := strings.Cut(entry.Key, "/")
	if slices.ContainsFunc(eventlog.Duplicates(notes, entry.Kind), func(e eventlog.Event) bool { return e.Key == entry.Key }) {
		at := slices.IndexFunc(notes, func(n issue.Note) bool { return n.ID == entry.NoteID })
		steps = append(steps, plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title,
			Note:           issue.NoteDraft{Body: notes[at].Body},
			IdempotencyKey: issue.IdempotencyKey{Kind: kind, Name: name, Since: entry.Posted.Add(-time.Second)}})
		settle.After = []string{"tell"}
	}
	if change, err := settle.Reconciler.Reconcile(i, notes); err != nil || !change.Empty() {
		steps = append(steps, settle)
	}
	return steps
}

// ReconcileStep is the step that brings an issue's record and labels in line with its comments.
func ReconcileStep(i issue.Issue, kind string, reconciler eventlog.Reconciler) plan.ReconcileIssue {
	return plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: ShownTitle(i), Kind: kind,
		Reconciler: reconciler}
}

// RecordSteps write an entry as a comment, and then reconcile its issue.
func RecordSteps(entry eventlog.Event, heading string, once issue.IdempotencyKey, reconcile plan.ReconcileIssue) []plan.Step {
	once.Searched = true
	reconcile.After = []string{"tell"}
	return []plan.Step{plan.CreateNote{Base: plan.Base{ID: "tell"}, On: reconcile.On, Title: reconcile.Title,
		Note: issue.NoteDraft{Body: eventlog.Body(entry, heading)}, IdempotencyKey: once}, reconcile}
}

// ReadLinks are the relations of an issue. A GitLab without them is a gap in what is known, and no error.
func ReadLinks(ctx context.Context, read LinkReader, ref issue.Ref) (links []issue.Link, gaps []string, err error) {
	links, err = read.IssueLinks(ctx, ref)
	if errors.Is(err, fault.NotOffered) {
		return nil, []string{"this GitLab has no links between issues"}, nil
	}
	return links, nil, err
}

// ReadJournal reads an issue and its comments at once.
func ReadJournal(ctx context.Context, read JournalReader, ref issue.Ref) (i issue.Issue, notes []issue.Note, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, err = read.Issue(ctx, ref); return err })
	g.Go(func() (err error) { notes, err = read.Journal(ctx, ref); return err })
	return i, notes, g.Wait()
}

// Clock is a time of day for a sentence.
func Clock(t time.Time) string { return t.UTC().Format("15:04") + " UTC" }
