package gitlab

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
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

// Own reports whether the token's user is the author. A token that may not read its user owns nothing, but what counts is the role too.
func (r creator) Own(ctx context.Context, authorID int64) (bool, error) {
	self, err := r.client.selfID(ctx)
	if errors.Is(err, fault.NotPermitted) {
		return false, nil
	}
	return self == authorID, err
}

// Trusted reports whether the author may edit issues of the project: with the role Planner, or Reporter and above.
func (r creator) Trusted(ctx context.Context, authorID int64) (bool, error) {
	roles, err := r.client.AccessOf(ctx, target.ProjectAt(r.project), []int64{authorID})
	return roles[authorID].MayPlan(), err
}

// Pause waits before a lookup.
func (r creator) Pause(ctx context.Context, d time.Duration, look int) error {
	if look == 0 {
		return r.client.wire.Sleep(ctx, d)
	}
	return r.client.wire.PauseFor(ctx, d, look, &Error{Method: http.MethodPost, Path: r.path})
}

// Busy waits while GitLab is busy with a simultaneous request, so that it created nothing; try counts from 1.
func (r creator) Busy(ctx context.Context, try int) error {
	return r.client.wire.Pause(ctx, try, &Error{Method: http.MethodPost, Path: r.path, Class: fault.Busy})
}

// Now is the time by the machine's clock.
func (r creator) Now() time.Time { return r.client.wire.Options().Now() }

// Age is how long ago a time of GitLab is.
func (r creator) Age(at time.Time) time.Duration {
	now, _ := r.client.wire.ServerTime(r.Now())
	return now.Sub(at)
}

// Kept remembers a duplicate that stays, see [Client.Kept].
func (r creator) Kept(err error) { r.client.late.keep(err) }

// Watch remembers a watch, see [Client.Watch].
func (r creator) Watch(w idempotency.Watch) {
	if !r.client.wire.Options().ReadOnly {
		r.client.late.watch(w)
	}
}

// late is what a run has to do and to report at its end about duplicates.
type late struct {
	mu      sync.Mutex
	watches []idempotency.Watch
	kept    []error
	notes   []string
}

func (l *late) watch(w idempotency.Watch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches = append(l.watches, w)
}

func (l *late) keep(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.ContainsFunc(l.kept, func(k error) bool { return k.Error() == err.Error() }) {
		l.kept = append(l.kept, err)
	}
}

func (l *late) note(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.notes, text) {
		l.notes = append(l.notes, text)
	}
}

// KeepDuplicate remembers something that exists twice and stays, so that the run reports it at its end. The error matches
// [fault.Duplicate].
func (c *Client) KeepDuplicate(err error) { c.late.keep(err) }

// Watching is how long a create whose answer was lost may still be carried out; 0 if there is none, or if nobody has to know.
func (c *Client) Watching() time.Duration {
	c.late.mu.Lock()
	defer c.late.mu.Unlock()
	var left time.Duration
	for _, w := range c.late.watches {
		left = max(left, w.Left())
	}
	return left
}

// Watch retires what is created late, until nothing can be. It has to run at the end of a run: the objects exist, and nobody should wait
// for it. It may be interrupted: the next run that sees a duplicate retires it.
func (c *Client) Watch(ctx context.Context) error {
	c.late.mu.Lock()
	watches := c.late.watches
	c.late.watches = nil
	c.late.mu.Unlock()
	for _, w := range watches {
		if err := w.Run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Duplicates returns the outcome for duplicates: notes about the issues that were retired, and the errors for those that stay, which match
// [fault.Duplicate]. Each is returned once.
func (c *Client) Duplicates() (notes []string, kept error) {
	c.late.mu.Lock()
	defer c.late.mu.Unlock()
	notes, kept = c.late.notes, errors.Join(c.late.kept...)
	c.late.notes, c.late.kept = nil, nil
	return notes, kept
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
	if !strings.HasSuffix(o.Name, place) {
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

// createTries is how often a create is sent while its outcome is unknown and nothing is found.
const createTries = 3

// createNamed creates an object that can be found by its title or name. post makes one attempt; find returns the object with that name,
// and fails with an error that matches [fault.Taken] when something else has it.
//
// When the outcome of post is unknown it waits and looks before it posts again, because the request may still be in flight.
// When the lookup fails it stops: a duplicate would be worse than nothing.
func createNamed[T any](
	ctx context.Context, c *Client, post func() (T, error), find func() (T, bool, error),
) (created T, existed bool, err error) {
	for try := 1; ; try++ {
		created, err = post()
		uncertain := errors.Is(err, fault.Unknown)
		if !uncertain && !errors.Is(err, fault.Taken) {
			return created, false, err
		}
		if uncertain {
			if waitErr := c.wire.Pause(ctx, try, err); waitErr != nil {
				return created, false, err
			}
		}
		found, ok, findErr := find()
		switch {
		case errors.Is(findErr, fault.Taken):
			return created, false, findErr
		case findErr != nil:
			return created, false, &unverified{create: err, find: findErr}
		case ok:
			return found, true, nil
		case !uncertain || try == createTries:
			return created, false, err
		}
	}
}

// unverified is a create that failed, or whose outcome is unknown, when the lookup of its result failed too.
type unverified struct{ create, find error }

// Error leaves out the lookup when GitLab was not reached: that is already the cause of the create's failure.
func (e *unverified) Error() string {
	if fault.KindOf(e.find) == fault.Unreachable {
		return e.create.Error()
	}
	return e.create.Error() + "; the lookup failed too: " + e.find.Error()
}

// Unwrap is both errors.
func (e *unverified) Unwrap() []error { return []error{e.create, e.find} }

// taken is the error for a title or name that something else has.
func taken(hint, format string, args ...any) error {
	return fault.Wrap(fault.Failed, fault.Taken, hint, format, args...)
}
