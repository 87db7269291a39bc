package workflow

import (
	"context"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// OtherWords returns the step that adds a title as a comment to an issue that the caller's key found, and a note about it. There is none if
// the issue has or once had this title. A key that others may use as well must not suppress words.
func OtherWords(ctx context.Context, read NotesReader, i issue.Issue, key issue.IdempotencyKey, title string) ([]plan.Step, string, error) {
	if issue.SameTitle(i.Title, safetext.Title(title)) {
		return nil, "", nil
	}
	notes, err := read.TrustedNotes(ctx, i.Ref)
	former := history.FormerTitles(notes, i.Title)
	if err != nil || slices.ContainsFunc(former, func(t string) bool { return issue.SameTitle(t, safetext.Title(title)) }) {
		return nil, "", err
	}
	words := WordedKey(issue.IdempotencyKey{Kind: issue.WordsKind, Name: key.Name}, title)
	step := plan.CreateNote{Base: plan.Base{ID: "words"}, On: plan.IssueRef{Ref: i.Ref}, Title: ShownTitle(i),
		Note: issue.NoteDraft{Body: "Also: " + safetext.Line(title)}, IdempotencyKey: words}
	return []plan.Step{step}, fmt.Sprintf("The key was used before with another title: yours is in a comment of %s", i.Ref), nil
}
