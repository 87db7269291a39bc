package gitlab

import (
	"context"
	"strings"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// NoteCreator makes one comment through internal/once.
type NoteCreator struct {
	creator
	ref    issue.Ref
	draft  issue.NoteDraft
	once   issue.Once
	looked bool  // newest is known
	newest int64 // id of the last comment that was there before this run wrote one
}

// NoteCreator is for one comment on an issue. Comments from before o.Since are never taken for it.
func (c *Client) NoteCreator(ref issue.Ref, d issue.NoteDraft, o issue.Once) *NoteCreator {
	return &NoteCreator{creator: c.creator(ref.Project, of(ref, "notes")), ref: ref, draft: d, once: o}
}

// Create makes one attempt.
func (r *NoteCreator) Create(ctx context.Context, stamp func(string) string) (issue.Note, error) {
	d := r.draft
	d.Body = stamp(d.Body)
	made, err := r.client.postNote(ctx, r.ref, d)
	if made.ID != 0 && !r.looked {
		r.looked, r.newest = true, made.ID-1
	}
	return made, err
}

// Find lists the issue's comments, newest first, and stops where those begin that are too old.
func (r *NoteCreator) Find(ctx context.Context, marker string, mine, anybody bool) ([]issue.Note, error) {
	var found []issue.Note
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("desc")}
	for rows, err := range pages[wireNote](ctx, r.client, of(r.ref, "notes"), opt) {
		if err != nil {
			return nil, err
		}
		r.looked = r.looked || !mine
		for _, w := range rows {
			if !mine {
				r.newest = max(r.newest, w.ID)
			}
			if !w.System && !r.tooOld(w, mine, anybody) && strings.Contains(w.Body, marker) {
				found = append(found, w.value())
			}
		}
		if n := len(rows); n > 0 && r.tooOld(rows[n-1], mine, anybody) {
			break
		}
	}
	return found, nil
}

// tooOld reports whether a comment is none to look at. Those that came after the look before the create are new whatever the clocks say.
// Where there was no such look, as for a fresh key, the begin of the run has to do.
func (r *NoteCreator) tooOld(w wireNote, mine, anybody bool) bool {
	since := r.bound(r.once.Since)
	if !anybody || mine && !r.looked && r.since().Before(since) {
		since = r.since()
	}
	return w.CreatedAt.Before(since) && !(mine && r.looked && w.ID > r.newest)
}

// About is what internal/once needs to know of a comment. One that is retired is gone.
func (r *NoteCreator) About(n issue.Note) (id int64, text string, createdAt time.Time, retired bool) {
	return n.ID, n.Body, n.CreatedAt, false
}

// Own reports whether the token's user wrote the comment.
func (r *NoteCreator) Own(ctx context.Context, n issue.Note) (bool, error) {
	return r.own(ctx, n.AuthorID)
}

// Trusted reports whether the comment's author is a Developer of the project at least.
func (r *NoteCreator) Trusted(ctx context.Context, n issue.Note) (bool, error) {
	return r.trusted(ctx, n.AuthorID)
}

// Retire deletes a twin.
func (r *NoteCreator) Retire(ctx context.Context, loser, _ issue.Note) error {
	if r.client.wire.Options().LookOnly {
		return nil
	}
	return r.client.delete(ctx, of(r.ref, "notes", id(loser.ID)))
}
