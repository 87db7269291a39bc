package gitlab

import (
	"context"
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

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
