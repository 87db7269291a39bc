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
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
)

// Reconcile are the steps after which an issue agrees with what was told already: a twin of the comment, which a run that was killed has
// left, is taken away, and the issue settled.
func Reconcile(i issue.Issue, notes []issue.Note, entry journal.Entry, settle plan.SettleIssue) []plan.Step {
	var steps []plan.Step
	kind, name, _ := strings.Cut(entry.Key, "/")
	if slices.ContainsFunc(journal.Twins(notes, entry.Kind), func(e journal.Entry) bool { return e.Key == entry.Key }) {
		at := slices.IndexFunc(notes, func(n issue.Note) bool { return n.ID == entry.NoteID })
		steps = append(steps, plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title,
			Note: issue.NoteDraft{Body: notes[at].Body},
			Once: issue.Once{Kind: kind, Name: name, Since: entry.Posted.Add(-time.Second)}})
		settle.After = []string{"tell"}
	}
	if change, err := settle.Ledger.Settle(i, notes); err != nil || !change.Empty() {
		steps = append(steps, settle)
	}
	return steps
}

// ReconcileStep is the step that brings an issue's record and labels in line with its comments.
func ReconcileStep(i issue.Issue, kind string, ledger journal.Ledger) plan.SettleIssue {
	return plan.SettleIssue{Base: plan.Base{ID: "settle"}, On: plan.IssueRef{Ref: i.Ref}, Title: ShownTitle(i), Kind: kind, Ledger: ledger}
}

// RecordSteps write an entry as a comment, and then reconcile its issue.
func RecordSteps(entry journal.Entry, heading string, once issue.Once, reconcile plan.SettleIssue) []plan.Step {
	once.Looked = true
	reconcile.After = []string{"tell"}
	return []plan.Step{plan.CreateNote{Base: plan.Base{ID: "tell"}, On: reconcile.On, Title: reconcile.Title,
		Note: issue.NoteDraft{Body: journal.Body(entry, heading)}, Once: once}, reconcile}
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
