package idempotency

import (
	"context"
	"errors"
	"time"
)

// lateWindow is how long after it was sent a create may still be carried out: GitLab ends a request after 60 seconds, whether or not
// somebody waits for its answer.
const lateWindow = 65 * time.Second

// watchEvery is the longest pause between two lookups while a create may still be carried out.
const watchEvery = 15 * time.Second

// looks are the times of the lookups after a lost answer, since it was lost. After the last one the create is sent again.
func looks() []time.Duration { return []time.Duration{0, 2 * time.Second, 10 * time.Second} }

// stopwatch measures the time since the first create was sent. A clock that stands still does not stop it: the pauses count too.
type stopwatch struct {
	started  time.Time
	paused   time.Duration
	lastSent time.Duration // when the last create was sent
	until    time.Duration // when the last create whose answer was lost can no longer be carried out
}

func (s *stopwatch) send(now time.Time) {
	if s.started.IsZero() {
		s.started = now
	}
	s.lastSent = s.elapsed(now)
}

func (s *stopwatch) elapsed(now time.Time) time.Duration { return max(now.Sub(s.started), s.paused) }

// lost notes that the answer to the last create was lost.
func (r *run[T]) lost() {
	r.creates++
	r.clock.until = r.clock.lastSent + lateWindow
}

// expect notes that a create was carried out.
func (r *run[T]) expect(id int64) {
	r.creates++
	r.know(id)
}

func (r *run[T]) know(id int64) {
	if r.known == nil {
		r.known = map[int64]bool{}
	}
	r.known[id] = true
}

// account notes which objects this run created. Those of a simultaneous run of the same user look the same.
func (r *run[T]) account(all []candidate[T]) {
	for _, c := range all {
		if r.uncertain && r.isOurs(c) {
			r.know(c.ID)
		}
	}
}

// late is how long a create may still be carried out of which nothing is known; 0 if there is none.
func (r *run[T]) late() time.Duration {
	if len(r.known) >= r.creates {
		return 0
	}
	return max(0, r.clock.until-r.clock.elapsed(r.creator.Now()))
}

// pauseUntil waits until some time after the first create was sent.
func (r *run[T]) pauseUntil(ctx context.Context, at time.Duration, look int) error {
	elapsed := r.clock.elapsed(r.creator.Now())
	if err := r.creator.Pause(ctx, max(0, at-elapsed), look); err != nil {
		return err
	}
	r.clock.paused = max(r.clock.paused, at)
	return nil
}

// look looks several times for what a create with a lost answer created. After the last create it looks until that can no longer be
// carried out.
func (r *run[T]) look(ctx context.Context, lost error, last bool) (found T, ok bool, err error) {
	from, look := r.clock.elapsed(r.creator.Now()), 0
	next := func(at time.Duration) bool {
		look++
		if waitErr := r.pauseUntil(ctx, at, look); waitErr != nil {
			err = &Error{Key: r.key, Sent: true, Err: lost}
			return false
		}
		found, ok, err = r.find(ctx)
		return err == nil && !ok
	}
	for _, after := range looks() {
		if !next(from + after) {
			return found, ok, err
		}
	}
	for at := r.clock.elapsed(r.creator.Now()); last && at < r.clock.until; {
		at = min(at+watchEvery, r.clock.until)
		if !next(at) {
			break
		}
	}
	return found, ok, err
}

// Watch looks for duplicates after the object exists: a create whose answer was lost may still be carried out, because it was sent again,
// and other runs may be about to retire their own.
type Watch struct {
	left func() time.Duration
	run  func(context.Context) error
}

// Left is how long a create whose answer was lost may still be carried out.
func (w Watch) Left() time.Duration { return w.left() }

// Run retires the duplicates, until no more can come. It may be interrupted: the next run with the key retires it.
func (w Watch) Run(ctx context.Context) error { return w.run(ctx) }

// watch hands a watch to the creator, if one is needed.
func (r *run[T]) watch() {
	if r.late() == 0 {
		return
	}
	r.creator.Watch(Watch{left: r.late, run: func(ctx context.Context) error {
		for at := time.Duration(0); len(r.known) < r.creates && at < r.clock.until; { // the last look is after the last moment
			elapsed := r.clock.elapsed(r.creator.Now())
			at = max(elapsed, min(elapsed+watchEvery, r.clock.until))
			if err := r.pauseUntil(ctx, at, 0); err != nil {
				return err
			}
			if _, _, err := r.find(ctx); err != nil {
				return created(err)
			}
		}
		return nil
	}})
}

// created marks the error of a lookup after the object was created.
func created(err error) error {
	if failed, is := errors.AsType[*Error](err); is {
		failed.Created = true
	}
	return err
}
