package gitlab

import (
	"context"
	"net/http"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// creator is what the creators of issues and of comments share. They are what internal/idempotency works with.
type creator struct {
	client  *Client
	project string
	path    string // of what is made
	key    issue.IdempotencyKey
	started   time.Time
}

func (c *Client) creator(project, path string, o issue.IdempotencyKey) creator {
	return creator{client: c, project: project, path: path, key: o, started: c.wire.Options().Now()}
}

// since is when this run began, by the server's clock, less what that clock may be off by.
func (r creator) since() time.Time {
	margin := 24 * time.Hour // nothing is known of the server's clock yet
	began, known := r.client.wire.ServerTime(r.started)
	if known {
		margin = 5 * time.Minute
	}
	return began.Add(-margin)
}

// bound is the time before which nothing can carry the key. One that is yet to come, by the server's clock, is of a clock that goes wrong
// by days.
func (r creator) bound() time.Time {
	since := r.key.Since
	if now, known := r.client.wire.ServerTime(r.started); known && since.After(now) {
		return now.Add(-24 * time.Hour)
	}
	return since
}

// Own reports whether the token's user is the author.
func (r creator) Own(ctx context.Context, authorID int64) (bool, error) {
	self, err := r.client.selfID(ctx)
	return self == authorID, err
}

// Trusted reports whether the author is a Developer of the project at least.
func (r creator) Trusted(ctx context.Context, authorID int64) (bool, error) {
	roles, err := r.client.AccessOf(ctx, target.ProjectAt(r.project), []int64{authorID})
	return roles[authorID] >= instance.Developer, err
}

// Pause waits before looking for what a lost request may have made.
func (r creator) Pause(ctx context.Context, try int) error {
	return r.client.wire.Pause(ctx, try, &Error{Method: http.MethodPost, Path: r.path})
}

// keyOf is the key that the caller names; what says what is to be done with it.
func newKey(o issue.IdempotencyKey, what string) (idempotency.Key, error) {
	key, err := idempotency.NewKey(o.Kind, o.Name)
	if err != nil {
		return key, fault.Wrap(fault.Usage, err, "", "%s", what)
	}
	return key, nil
}

// findOrCreate saves the first look where the caller has looked.
func findOrCreate[T any](ctx context.Context, key idempotency.Key, o issue.IdempotencyKey,
	c idempotency.Creator[T]) (T, idempotency.Outcome, error) {
	if o.Searched {
		return idempotency.Create(ctx, key, o.Unique, c)
	}
	return idempotency.FindOrCreate(ctx, key, o.Unique, c)
}
