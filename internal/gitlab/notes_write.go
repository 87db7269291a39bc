package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// CreateNote writes a comment, or finds the one that carries the key; see [Client.CreateIssue].
func (c *Client) CreateNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (made issue.Note, existed bool,
	err error) {
	key, err := newKey(o, "write a comment once")
	if err != nil {
		return issue.Note{}, false, err
	}
	made, outcome, err := findOrCreate(ctx, key, o, c.noteCreator(on, d, o))
	return made, outcome == idempotency.Existed && made.ID != 0, err
}

// UpsertNote leaves exactly one comment with the key, and that says this text: it is written where it is missing, and edited where it says
// something else. changed tells whether anything was written. Of two that do so at once one comment is left, which says what one of them
// sent. A comment of somebody else's that the token may not edit is an error that names them, of kind Auth.
func (c *Client) UpsertNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (kept issue.Note, changed bool,
	err error) {
	key, err := newKey(o, "keep a comment")
	if err != nil {
		return issue.Note{}, false, err
	}
	const tries = 3 // the comment may be deleted in between, once by somebody's hand and once as a duplicate
	for try := 1; ; try++ {
		note, outcome, err := findOrCreate(ctx, key, o, c.noteCreator(on, d, o))
		if looked, ok := errors.AsType[*idempotency.Error](err); ok && !looked.Sent {
			err = looked.Err // nothing is lost, and the key follows from what the comment is about: nobody has to give it
		}
		if err != nil || outcome == idempotency.Created {
			return note, err == nil, err
		}
		want := idempotency.Stamp(d.Body, key)
		if safetext.Same(want, note.Body) {
			return note, outcome == idempotency.Recovered, nil
		}
		kept, err = c.UpdateNote(ctx, on, note.ID, want)
		if missing(err) && try < tries {
			o.Searched = false
			continue
		}
		if e, ok := err.(*Error); ok && e.Status == http.StatusForbidden {
			err = fault.Wrap(fault.Auth, err, fmt.Sprintf("@%s can run the same command; or use a token with the role Maintainer", note.Author),
				"the comment on %s is @%s's, and this token may not edit it", on, note.Author)
		}
		return kept, err == nil, err
	}
}

// UpdateNote replaces the text of a comment and compares the answer with what was asked. GitLab carries out lines that are quick actions
// here too, and deletes a comment that is nothing else.
func (c *Client) UpdateNote(ctx context.Context, on issue.Ref, noteID int64, body string) (issue.Note, error) {
	opt := &client.UpdateIssueNoteOptions{Body: &body}
	return c.sendNote(ctx, http.MethodPut, issuePath(on, "notes", id(noteID)), opt, issue.NoteDraft{Body: body}, "the comment is gone")
}

// FindNote looks for the comment on an issue that carries the key, without changing anything. When there are several the first one counts;
// duplicates tells that others are the token user's own, which [Client.UpsertNote] would take away.
func (c *Client) FindNote(ctx context.Context, on issue.Ref, o issue.IdempotencyKey) (found issue.Note, ok, duplicates bool, err error) {
	key, err := newKey(o, "look for a comment")
	if err != nil {
		return issue.Note{}, false, false, err
	}
	return idempotency.Peek(ctx, key, c.noteCreator(on, issue.NoteDraft{}, o))
}

// postNote sends one request and no second one; see [Client.postIssue] for its errors.
// Text that GitLab took for commands as a whole makes no note: an error that matches [fault.Dropped], without a note.
func (c *Client) postNote(ctx context.Context, ref issue.Ref, d issue.NoteDraft) (issue.Note, error) {
	opt := &client.CreateIssueNoteOptions{Body: &d.Body, Internal: optional(d.Internal)}
	made, err := c.sendNote(ctx, http.MethodPost, issuePath(ref, "notes"), opt, d, "there is no comment")
	c.rememberSelf(made.AuthorID)
	return made, err
}

// sendNote compares the answer with what was asked. GitLab answers 202 when it took the whole text for quick actions.
func (c *Client) sendNote(ctx context.Context, method, path string, params any, d issue.NoteDraft, emptied string) (issue.Note, error) {
	resp, err := c.call(ctx, method, path, params, 0)
	if err != nil {
		return issue.Note{}, err
	}
	if resp.StatusCode == http.StatusAccepted {
		return issue.Note{}, dropped(method, path, []string{"the whole text was taken for quick actions and " + emptied})
	}
	var w wireNote
	if err := c.decode(resp, &w); err != nil {
		return issue.Note{}, err
	}
	var parts []string
	if !safetext.Same(d.Body, w.Body) {
		parts = append(parts, "the comment was stored differently")
	}
	if d.Internal && !w.Internal {
		parts = append(parts, "the comment is not internal")
	}
	return w.value(), dropped(method, path, parts)
}
