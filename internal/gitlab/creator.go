package gitlab

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// creator is the common part of issueCreator and noteCreator, which implement [idempotency.Creator].
type creator struct {
	client  *Client
	project string
	path    string // of the list that the object is added to
	key     issue.IdempotencyKey
	started time.Time
}

func (c *Client) creator(project, path string, o issue.IdempotencyKey) creator {
	return creator{client: c, project: project, path: path, key: o, started: c.started}
}

// since is when this run began, by the server's clock, minus a margin for differences between clocks.
func (r creator) since() time.Time {
	margin := 24 * time.Hour // the server's clock is not known yet
	started, known := r.client.wire.ServerTime(r.started)
	if known {
		margin = 5 * time.Minute
	}
	return started.Add(-margin)
}

// bound is the time before which nothing can carry the key. A bound that is in the future by the server's clock comes from a clock that is
// wrong by days, and is replaced.
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

// Trusted reports whether the author has at least the role Developer in the project.
func (r creator) Trusted(ctx context.Context, authorID int64) (bool, error) {
	roles, err := r.client.AccessOf(ctx, target.ProjectAt(r.project), []int64{authorID})
	return roles[authorID] >= instance.Developer, err
}

// Pause waits before a lookup of what a request with an unknown outcome may have created.
func (r creator) Pause(ctx context.Context, try int) error {
	return r.client.wire.Pause(ctx, try, &Error{Method: http.MethodPost, Path: r.path})
}

// issueKey is newKey for an issue in a project. It also returns o with the same name.
func (c *Client) issueKey(ctx context.Context, project string, o issue.IdempotencyKey,
	action string) (idempotency.Key, issue.IdempotencyKey, error) {
	key, err := newKey(o, action)
	if err != nil || !o.Derived {
		return key, o, err
	}
	place, err := c.placeOf(ctx, project)
	if err != nil {
		return key, o, &idempotency.Error{Key: key, Err: err}
	}
	if o.Derived = false; !strings.HasSuffix(o.Name, place) {
		o.Name += place
	}
	key, err = newKey(o, action)
	return key, o, err
}

// placeOf is the part of a key that names the project: its id. A token that may not read the project has the path instead.
func (c *Client) placeOf(ctx context.Context, project string) (string, error) {
	projectID, err := c.projectID(ctx, project)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusForbidden && !e.ReadOnly() {
		return "." + strings.ToLower(project), nil
	}
	return "." + id(projectID), err
}

// newKey is the caller's key; action is what is attempted with it, for the error.
func newKey(o issue.IdempotencyKey, action string) (idempotency.Key, error) {
	key, err := idempotency.NewKey(o.Kind, o.Name)
	if err != nil {
		return key, fault.Wrap(fault.Usage, err, "", "%s", action)
	}
	return key, nil
}

// findOrCreate omits the first lookup when the caller has already searched.
func findOrCreate[T any](ctx context.Context, key idempotency.Key, o issue.IdempotencyKey,
	c idempotency.Creator[T]) (T, idempotency.Outcome, error) {
	if o.Searched {
		return idempotency.Create(ctx, key, o.Unique, c)
	}
	return idempotency.FindOrCreate(ctx, key, o.Unique, c)
}
