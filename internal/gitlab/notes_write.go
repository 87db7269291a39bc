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
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
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

// noteCreator creates one comment through internal/idempotency.
type noteCreator struct {
	creator
	ref      issue.Ref
	draft    issue.NoteDraft
	searched bool  // newest is set
	newest   int64 // id of the last comment before this run added one
}

// noteCreator is for one comment on an issue. Comments from before o.Since never match.
func (c *Client) noteCreator(ref issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) *noteCreator {
	return &noteCreator{creator: c.creator(ref.Project, issuePath(ref, "notes"), o), ref: ref, draft: d}
}

// Create makes one attempt.
func (r *noteCreator) Create(ctx context.Context, key idempotency.Key) (issue.Note, error) {
	d := r.draft
	d.Body = idempotency.Stamp(d.Body, key)
	created, err := r.client.postNote(ctx, r.ref, d)
	if created.ID != 0 && !r.searched {
		r.searched, r.newest = true, created.ID-1
	}
	return created, err
}

// Find lists the issue's comments, newest first, and stops at the first one that is too old.
func (r *noteCreator) Find(ctx context.Context, key idempotency.Key, mine, anybody bool) ([]issue.Note, error) {
	var found []issue.Note
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("desc")}
	for rows, err := range pages[wireNote](ctx, r.client, issuePath(r.ref, "notes"), opt) {
		if err != nil {
			return nil, err
		}
		r.searched = r.searched || !mine
		for _, w := range rows {
			if !mine {
				r.newest = max(r.newest, w.ID)
			}
			if !w.System && !r.tooOld(w, mine, anybody) && carries(w.Body, key) {
				found = append(found, w.value())
			}
		}
		if n := len(rows); n > 0 && r.tooOld(rows[n-1], mine, anybody) {
			break
		}
	}
	return found, nil
}

// carries reports whether a comment has the key, or that of the day before or after.
func carries(text string, key idempotency.Key) bool {
	k, ok := idempotency.Read(text)
	return ok && (k == key || k.Near(key))
}

// Same compares words: an event with the key and other words is not ours, unless the token's user wrote it and it was edited since. Forms
// that people fill in, and the comments of a hand-off log, keep their keys when their text changes.
func (r *noteCreator) Same(ctx context.Context, n issue.Note) (bool, error) {
	switch {
	case r.sameWords(n):
		return true, nil
	case n.UpdatedAt.Equal(n.CreatedAt):
		return false, nil
	}
	return r.Own(ctx, n.AuthorID)
}

func (r *noteCreator) sameWords(n issue.Note) bool {
	own, isEvent := eventlog.Read(issue.Note{Body: r.draft.Body})
	if !isEvent {
		return r.key.Kind != issue.WordsKind || r.isWritten(n.Body)
	}
	e, ok := eventlog.Read(n)
	return ok && eventlog.SameContent(own, e)
}

// tooOld reports whether a comment is too old to match. Comments that are newer than the lookup before the create are new whatever the
// clocks show. Without such a lookup, as for a unique key, the start of the run is the bound.
func (r *noteCreator) tooOld(w wireNote, mine, anybody bool) bool {
	since := r.bound()
	if !anybody || mine && !r.searched && r.since().Before(since) {
		since = r.since()
	}
	return w.CreatedAt.Before(since) && !(mine && r.searched && w.ID > r.newest)
}

// About is what internal/idempotency needs to know about a comment. A retired one is deleted.
func (r *noteCreator) About(n issue.Note) idempotency.Object {
	return idempotency.Object{ID: n.ID, AuthorID: n.AuthorID, Text: n.Body, CreatedAt: n.CreatedAt}
}

// Original returns true: [noteCreator.Same] compares the words, which a comment with the key has.
func (r *noteCreator) Original(context.Context, issue.Note) (bool, error) { return true, nil }

// Several does nothing: a comment that was copied is seen below the first one.
func (r *noteCreator) Several(issue.Note, issue.Note) {}

// Retire deletes a duplicate of the token's user, unless somebody edited it, replied to it or reacted to it.
func (r *noteCreator) Retire(ctx context.Context, duplicate, original issue.Note) error {
	if own, err := r.Own(ctx, duplicate.AuthorID); err != nil || !own || r.client.wire.Options().ReadOnly {
		return err
	}
	reason, err := r.changed(ctx, duplicate, original)
	switch {
	case err != nil:
		return err
	case reason != "":
		name := func(n issue.Note) string { return fmt.Sprintf("comment %d on %s", n.ID, r.ref) }
		return kept("the "+name(duplicate), name(original), reason)
	}
	return r.client.delete(ctx, issuePath(r.ref, "notes", id(duplicate.ID)))
}

// changed is what people did with a duplicate; empty for nothing.
func (r *noteCreator) changed(ctx context.Context, duplicate, original issue.Note) (string, error) {
	switch {
	case duplicate.Threaded:
		return "somebody replied to it", nil
	case !duplicate.UpdatedAt.Equal(duplicate.CreatedAt) && !r.isWritten(duplicate.Body) && !safetext.Same(duplicate.Body, original.Body):
		return "somebody edited it", nil
	}
	path := issuePath(r.ref, "notes", id(duplicate.ID), "award_emoji")
	awards, err := list(ctx, r.client, path, nil, func(w wireAward) int64 { return w.ID })
	if missing(err) { // it was deleted meanwhile
		return "", nil
	}
	if len(awards) > 0 {
		return "somebody reacted to it", err
	}
	return "", err
}

// isWritten reports whether a text is the one that this run wrote.
func (r *noteCreator) isWritten(text string) bool {
	return r.draft.Body != "" && safetext.Same(idempotency.Unstamped(text), r.draft.Body)
}

// wireAward is a reaction to a comment.
type wireAward struct {
	ID int64 `json:"id"`
}

func (w wireAward) identity() identity { return identity{id: w.ID} }
