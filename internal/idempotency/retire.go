package idempotency

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// duplicateAge is the largest age difference between duplicates of one key. Anything further apart is somebody's copy of an issue with
// its text, and is left alone.
const duplicateAge = 10 * time.Minute

// Simultaneous reports whether objects with one key were created so close in time that one is a duplicate and not a copy.
func Simultaneous(a, b time.Time) bool { return a.Sub(b).Abs() <= duplicateAge }

// Whoever created a duplicate retires it: if everybody did, each duplicate would get a comment from each of many simultaneous runs. Others
// retire it only if it is still there after a while, because its author's run was killed: authorsTurn for the token user's own, abandoned
// for anybody's.
const (
	authorsTurn = 5 * time.Second
	abandoned   = 2 * time.Minute
)

// margin is how far GitLab's clock may be off, as far as it is known from its answers, which name whole seconds.
const margin = 2 * time.Second

// retire retires the duplicates of the first candidate, those of other runs at the end of this run only. A duplicate that has to stay is
// reported, without an error.
func (r *run[T]) retire(ctx context.Context, all []candidate[T]) error {
	for _, c := range all[1:] {
		switch {
		case !r.isDuplicate(c, all[0]):
			continue
		case !r.isOurs(c) && r.creator.Age(c.CreatedAt) < abandoned && r.leaveToAuthor():
			continue
		}
		err := r.creator.Retire(ctx, c.value, all[0].value)
		switch {
		case err == nil, !c.own && fault.KindOf(err) == fault.Auth: // somebody with more rights has to do it
		case errors.Is(err, fault.Duplicate):
			r.creator.Kept(err)
		default:
			return fmt.Errorf("created twice by simultaneous runs, and the duplicate could not be removed: %w", err)
		}
	}
	return nil
}

// leaveToAuthor reports whether other runs still have time to retire their own duplicates. Then this run looks again at its end.
func (r *run[T]) leaveToAuthor() bool {
	if r.patient {
		return !r.finishing
	}
	r.patient = true
	r.creator.Watch(Watch{left: func() time.Duration { return 0 }, run: func(ctx context.Context) error {
		if err := r.creator.Pause(ctx, authorsTurn, 0); err != nil {
			return err
		}
		r.finishing = true
		if all, err := r.candidates(ctx); err == nil && len(all) > 0 {
			return r.retire(ctx, all)
		}
		return nil // the run is complete all the same, and the next one looks again
	}})
	return true
}

// isDuplicate reports whether to retire a candidate: one of this run, one of another run of the token's user, or an abandoned one.
// One that is finished does not count, nor does a copy that somebody made later. An object that this run created is never a copy.
func (r *run[T]) isDuplicate(c, original candidate[T]) bool {
	switch {
	case c.Retired:
		return false
	case r.isOurs(c):
		return true
	case !Simultaneous(c.CreatedAt, original.CreatedAt):
		return false
	}
	return c.own || r.creator.Age(c.CreatedAt) >= abandoned
}

// isOurs reports whether this run created an object. After a lost answer nobody knows; then the token user's new ones count.
func (r *run[T]) isOurs(c candidate[T]) bool {
	if c.ID == r.createdID {
		return true
	}
	return r.uncertain && c.own && r.creator.Age(c.CreatedAt) <= r.clock.elapsed(r.creator.Now())+margin
}
