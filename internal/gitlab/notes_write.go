package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// CreateNote adds a comment, or finds the one that carries the key; see [Client.CreateIssue].
func (c *Client) CreateNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (created issue.Note, existed bool,
	err error) {
	key, err := newKey(o, "add comment")
	if err != nil {
		return issue.Note{}, false, err
	}
	created, outcome, err := findOrCreate(ctx, key, o, c.noteCreator(on, d, o))
	return created, outcome == idempotency.Existed && created.ID != 0, err
}

// UpsertNote leaves exactly one comment with the key and this text: it adds the comment when it is missing, and edits it when its text
// differs. changed reports whether anything was written. Two simultaneous calls leave one comment, with the text of one of them.
// Somebody else's comment that the token may not edit is an error of kind Auth that names its author. It matches [fault.Outdated],
// because another plan may write beside that comment. Before each attempt the comment is read again; if a person has edited it, the
// error matches [fault.Outdated]. Of a comment with a part (NoteDraft.Part) only that is replaced, so what people write around it
// meanwhile stays, but for an edit between the last read and the write.
func (c *Client) UpsertNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (kept issue.Note, changed bool,
	err error) {
	key, err := newKey(o, "update comment")
	if err != nil {
		return issue.Note{}, false, err
	}
	const tries = 3 // the comment may be deleted in between, once by a person and once as a duplicate
	before := issue.Note{}
	for try := 1; ; try++ {
		note, outcome, err := findOrCreate(ctx, key, o, c.noteCreator(on, d, o))
		if failed, ok := errors.AsType[*idempotency.Error](err); ok && !failed.Sent {
			err = failed.Err // nothing was sent, and the key follows from the subject of the comment: nobody has to pass it
		}
		if err != nil || outcome == idempotency.Created {
			return note, err == nil, err
		}
		want, err := wanted(d, note, idempotency.Stamp(d.Body, key))
		if err != nil {
			return note, false, fault.Wrap(fault.Refused, err, "Run the same command again", "the comment on %s", on)
		}
		if safetext.Same(want, note.Body) {
			return note, outcome == idempotency.Recovered || before.ID != 0, nil
		}
		if d.Part == "" && (before.ID == note.ID && before.Body != note.Body || !safetext.ReadSeal(idempotency.Unstamped(note.Body)).Intact()) {
			return note, false, fault.Wrap(fault.Refused, outdated{errors.New("somebody edited it at the same time")},
				"Run the same command again", "the comment on %s", on)
		}
		before = note
		kept, err = c.UpdateNote(transport.WithoutRetry(ctx), on, note.ID, want)
		e, ok := err.(*Error)
		again := ok && e.Retryable && try < transport.MaxAttempts && (e.Class != fault.Unknown || c.wire.Pause(ctx, try, err) == nil)
		if again || missing(err) && try < tries {
			o.Searched = false
			continue
		}
		if ok && e.Status == http.StatusForbidden && !e.ReadOnly() {
			err = fault.Wrap(fault.Auth, outdated{err}, fmt.Sprintf("Run the same command again, or ask %s to update it",
				account.Name(note.Author)), "the comment on %s is %s's", on, account.Name(note.Author))
		}
		return kept, err == nil, err
	}
}

// wanted is the text that an existing comment should have: that of the draft, or its own with the part of the draft. Words of an internal
// comment never go into one that everybody reads.
func wanted(d issue.NoteDraft, now issue.Note, text string) (string, error) {
	switch {
	case d.Part == "":
		return text, nil
	case d.Internal && !now.Internal:
		return "", outdated{errors.New("it is not internal, as it was to be")}
	}
	part := safetext.Part{Name: d.Part, In: "comment"}
	own, err := part.Find(text)
	if err != nil {
		return "", err
	}
	return part.Replaced(now.Body, own.Content())
}

// UpdateNote replaces the text of a comment and compares the answer with the request. GitLab runs lines that are quick actions
// here too, and deletes a comment that consists of nothing else.
func (c *Client) UpdateNote(ctx context.Context, on issue.Ref, noteID int64, body string) (issue.Note, error) {
	opt := &client.UpdateIssueNoteOptions{Body: &body}
	return c.sendNote(ctx, http.MethodPut, issuePath(on, "notes", id(noteID)), opt, issue.NoteDraft{Body: body}, "the comment was deleted")
}

// FindNote finds the comment on an issue that carries the key, without changing anything. Of several the first one counts;
// duplicates reports whether others are the token user's own, which [Client.UpsertNote] would delete.
func (c *Client) FindNote(ctx context.Context, on issue.Ref, o issue.IdempotencyKey) (found issue.Note, ok, duplicates bool, err error) {
	key, err := newKey(o, "find comment")
	if err != nil {
		return issue.Note{}, false, false, err
	}
	return idempotency.Peek(ctx, key, c.noteCreator(on, issue.NoteDraft{}, o))
}

// postNote sends one request, never two; see [Client.postIssue] for its errors.
// A text that consists of quick actions creates no comment: the error matches [fault.Dropped], and the note is empty.
func (c *Client) postNote(ctx context.Context, ref issue.Ref, d issue.NoteDraft) (issue.Note, error) {
	opt := &client.CreateIssueNoteOptions{Body: &d.Body, Internal: optional(d.Internal)}
	created, err := c.sendNote(ctx, http.MethodPost, issuePath(ref, "notes"), opt, d, "no comment was added")
	c.rememberSelf(created.AuthorID)
	return created, err
}

// sendNote compares the answer with the request. When GitLab ran the whole text as quick actions, result is what then became of the
// comment.
func (c *Client) sendNote(ctx context.Context, method, path string, params any, d issue.NoteDraft, result string) (issue.Note, error) {
	w, err := send(ctx, c, method, path, params, func(w wireNote) wireNote { return w }, func(w wireNote) bool {
		return w.ranAsCommands() || carriesKey(d.Body, w.Body)
	})
	if err != nil {
		return issue.Note{}, err
	}
	var parts []string
	switch {
	case w.ranAsCommands():
		parts = append(parts, "the text consists of quick actions and "+result)
	case !safetext.SameButActions(d.Body, w.Body, d.Actions):
		parts = append(parts, "the text of the comment differs")
	}
	if d.Internal && !w.Internal && w.ID != 0 {
		parts = append(parts, "the comment is not internal")
	}
	return w.value(), dropped(method, path, parts)
}
