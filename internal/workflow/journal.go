package workflow

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
)

// Reconcile are the steps after which an issue agrees with what was told already: a twin of the comment, which a run that was killed has left, is
// taken away, and the issue settled.
func Reconcile(i issue.Issue, notes []issue.Note, entry journal.Entry, settle plan.SettleIssue) []plan.Step {
	var steps []plan.Step
	kind, name, _ := strings.Cut(entry.Key, "/")
	if slices.ContainsFunc(journal.Twins(notes, entry.Kind), func(e journal.Entry) bool { return e.Key == entry.Key }) {
		at := slices.IndexFunc(notes, func(n issue.Note) bool { return n.ID == entry.NoteID })
		steps = append(steps, plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title, Note: issue.NoteDraft{Body: notes[at].Body},
			Once: issue.Once{Kind: kind, Name: name, Since: entry.Posted.Add(-time.Second)}})
		settle.After = []string{"tell"}
	}
	if change, err := settle.Ledger.Settle(i, notes); err != nil || !change.Empty() {
		steps = append(steps, settle)
	}
	return steps
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
