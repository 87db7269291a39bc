package gitlab

import (
	"context"
	"fmt"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

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
