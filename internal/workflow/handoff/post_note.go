package handoff

import (
	"context"
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// maxComments bounds how many comments one shift has.
const maxComments = 20

// findNotes finds the comments of the shift, each by its key.
func (h *Post) findNotes(ctx context.Context, log logState) (logState, error) {
	for len(log.notes) < maxComments {
		note, found, duplicates, err := h.Read.FindNote(ctx, log.issue.Ref, h.noteKey(len(log.notes)+1))
		if err != nil {
			return log, err
		}
		if !found {
			break
		}
		log.notes, log.duplicates = append(log.notes, note), duplicates
	}
	return log, nil
}

// mayEdit reports whether the token may edit a comment: its author may, and maintainers. If that cannot be read, GitLab decides. The role
// is needed for the comment anyway, and the user only without the role.
func (h *Post) mayEdit(ctx context.Context, project string, n issue.Note) bool {
	if role, err := h.Read.OwnAccess(ctx, project); err != nil || role >= instance.Maintainer {
		return true
	}
	self, err := h.Read.CurrentUser(ctx)
	return err != nil || self.ID == n.AuthorID
}

// newest is the newest comment of the shift; ID 0: none.
func (l logState) newest() issue.Note { return l.at(len(l.notes)) }

// at is the nth comment of the shift; ID 0: none.
func (l logState) at(n int) issue.Note {
	if n < 1 || n > len(l.notes) {
		return issue.Note{}
	}
	return l.notes[n-1]
}

// replaces is the sentence in the nth comment about the one before it; empty if it is the first.
func (l logState) replaces(n int) string {
	before := l.at(n - 1)
	if before.ID == 0 {
		return ""
	}
	return fmt.Sprintf("Replaces the report that %s posted at %s", account.Name(before.Author),
		before.CreatedAt.UTC().Truncate(time.Minute).Format("2006-01-02 15:04 UTC"))
}

// sealed is the text of a comment as prodctl wrote it, without the lines of its key.
func sealed(n issue.Note) safetext.Seal { return safetext.ReadSeal(idempotency.Unstamped(n.Body)) }

// noteKey returns the idempotency key of the shift's nth comment. In a log that is one permanent issue, only comments since the
// start of the shift are searched.
func (h *Post) noteKey(n int) issue.IdempotencyKey {
	o := issue.IdempotencyKey{Kind: handoff.NoteKind, Name: handoff.NameOfComment(h.Inputs.Shift, n)}
	if h.Log.Log == (handoff.Log{}) {
		o.Since = h.Report.Facts.Shift.From.Add(-workflow.Slack)
	}
	return o
}

// noteSteps returns the steps that create or update the comment; none if the newest one is up to date. why is the reason for posting beside
// it. render returns the text with the sentence about what it replaces.
func (h *Post) noteSteps(ctx context.Context, log logState, render func(replaces string) (string, error)) (steps []plan.Step, why string,
	err error) {
	n, newest := len(log.notes), log.newest()
	text, err := render(log.replaces(n))
	if err != nil {
		return nil, "", err
	}
	same, next := sealed(newest).Says(text), n < maxComments
	switch intact := sealed(newest).Intact(); {
	case n == 0:
		n = 1
	case !intact && next && same:
		return nil, "", nil
	case !intact && next:
		why = fmt.Sprintf("The comment by %s was edited since: it stays, and the report is in another comment", account.Name(newest.Author))
	case !same && next && !h.mayEdit(ctx, log.issue.Ref.Project, newest):
		why = fmt.Sprintf("You may not edit the comment by %s: it stays, and the report in another comment replaces it",
			account.Name(newest.Author))
	}
	if why != "" {
		n, newest, log.duplicates = n+1, issue.Note{}, false
		if text, err = render(log.replaces(n)); err != nil {
			return nil, "", err
		}
	}
	key := h.noteKey(n)
	name, err := idempotency.NewKey(key.Kind, key.Name)
	if err != nil {
		return nil, "", err
	}
	text = safetext.Sealed(text)
	if newest.ID != 0 && !log.duplicates && safetext.Same(idempotency.Stamp(text, name), newest.Body) {
		return nil, "", nil
	}
	return h.upsert(log.issue, newest, key, text), why, nil
}

// upsert returns the steps that write the comment, and create the log if it does not exist yet. before is the comment to update; ID 0:
// none.
func (h *Post) upsert(log issue.Issue, before issue.Note, key issue.IdempotencyKey, text string) []plan.Step {
	note := plan.UpsertNote{Base: plan.Base{ID: postStep}, Note: issue.NoteDraft{Body: text}, IdempotencyKey: key}
	if log.ID == 0 {
		draft := h.Log.Log.Draft(h.Log.Label, h.Log.Confidential)
		found := h.Log.Log.IdempotencyKey(h.Log.Label)
		found.Searched = true
		note.After, note.Title, note.IdempotencyKey.Searched = []string{logStep}, workflow.ShownTitle(issue.Issue{Title: draft.Title,
			Confidential: draft.Confidential}), true
		note.On = plan.IssueRef{Ref: issue.Ref{Project: h.Log.Project}, Created: logStep}
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: logStep}, In: target.ProjectAt(h.Log.Project), Draft: draft,
			IdempotencyKey: found}, note}
	}
	note.Before = idempotency.Unstamped(before.Body)
	note.On, note.Title, note.IdempotencyKey.Searched = plan.IssueRef{Ref: log.Ref}, workflow.ShownTitle(log), before.ID == 0
	return []plan.Step{note}
}
