package gitlab

import (
	"context"
	"errors"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// createTries is how often a create is sent whose outcome stayed unknown and which was not found when looked for.
const createTries = 3

// createOnce makes an object that is found by its title or name. post makes one attempt; look finds what has the name,
// and fails with an error that matches [fault.Taken] when that is something else.
//
// When post's outcome is unknown it looks before it posts again, after some time, because the request may still be
// under way. When looking fails it stops: two objects would be worse than none.
func createNamed[T any](
	ctx context.Context, c *Client, post func() (T, error), look func() (T, bool, error),
) (made T, existed bool, err error) {
	for try := 1; ; try++ {
		made, err = post()
		unsure := errors.Is(err, fault.Unknown)
		if !unsure && !errors.Is(err, fault.Taken) {
			return made, false, err
		}
		if unsure {
			if waitErr := c.wire.Pause(ctx, try, err); waitErr != nil {
				return made, false, err
			}
		}
		found, ok, lookErr := look()
		switch {
		case errors.Is(lookErr, fault.Taken):
			return made, false, lookErr
		case lookErr != nil:
			return made, false, fmt.Errorf("%w; looking for it did not work either: %w", err, lookErr)
		case ok:
			return found, true, nil
		case !unsure || try == createTries:
			return made, false, err
		}
	}
}

// taken is the error for a title or name that something else has.
func taken(hint, format string, args ...any) error {
	return fault.Wrap(fault.Failed, fault.Taken, hint, format, args...)
}
