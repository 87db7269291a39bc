package gitlab

import (
	"context"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
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
			if !w.System && !r.tooOld(w, mine, anybody) && strings.Contains(w.Body, key.Marker()) {
				found = append(found, w.value())
			}
		}
		if n := len(rows); n > 0 && r.tooOld(rows[n-1], mine, anybody) {
			break
		}
	}
	return found, nil
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

// Retire deletes a duplicate.
func (r *noteCreator) Retire(ctx context.Context, duplicate, _ issue.Note) error {
	if r.client.wire.Options().ReadOnly {
		return nil
	}
	return r.client.delete(ctx, issuePath(r.ref, "notes", id(duplicate.ID)))
}
