package once

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Creator makes and finds one kind of object, T, in one place.
type Creator[T any] interface {
	// Create makes one attempt with the stamped text and never a second one. An error matches [fault.Unknown] when the
	// object may have been made, and [fault.Dropped] when it was made with a part left out; it is then returned too.
	Create(ctx context.Context, stamp func(text string) string) (T, error)
	// Find returns objects whose text may hold the marker: with mine those that the token's user has made since the
	// Creator was, none left out; with anybody those that earlier runs and other people made.
	Find(ctx context.Context, marker string, mine, anybody bool) ([]T, error)
	// About is what the procedure needs to know of an object. No two objects of a place share an id, and later ones have
	// higher ids. retired says that it was taken out of sight before, as a twin is, or done with.
	About(T) (id int64, text string, createdAt time.Time, retired bool)
	// Own reports whether the token's user is the author.
	Own(ctx context.Context, t T) (bool, error)
	// Trusted reports whether the author has at least the role Developer. It is asked for other people's objects only.
	Trusted(ctx context.Context, t T) (bool, error)
	// Retire takes a twin out of sight: an issue is closed with a word about the one that stays, a comment is deleted.
	Retire(ctx context.Context, loser, winner T) error
	// Pause waits before looking for what a lost request may have made; try counts from 1.
	Pause(ctx context.Context, try int) error
}

// Outcome says how the object came to be.
type Outcome int

// The outcomes.
const (
	// Created: this run made it.
	Created Outcome = iota
	// Adopted: it was there, made by an earlier or a simultaneous run with the same key.
	Adopted
	// Recovered: the answer to a create was lost and the object was found.
	Recovered
)

// maxTries bounds how often a create is sent whose outcome stayed unknown and whose object was not found.
const maxTries = 3

// twinAge is how far apart twins of one key were made at most. What is further apart is somebody's copy of an issue with its
// text, and left alone.
const twinAge = time.Hour

// Error says that looking for the object did not work. It matches [fault.Unknown] when a create was sent, unless the object was Made for
// certain.
type Error struct {
	Key  Key
	Sent bool // a create was sent in this run
	Made bool // it was made by this run; what is not known is whether a simultaneous run made a twin
	Err  error
}

func (e *Error) Error() string {
	what := "nothing was sent, because whether it is there already is not known"
	switch {
	case e.Made:
		what = "it was made, but whether another run made it at the same time is not known"
	case e.Sent:
		what = "it was sent, but whether it was made is not known"
	}
	return fmt.Sprintf("%s (key %s): %v", what, e.Key, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches [fault.Unknown].
func (e *Error) Is(target error) bool { return target == fault.Unknown && e.Sent && !e.Made }

// FaultHint says how to go on without a double; where the token is not taken, what to do about that comes first.
func (e *Error) FaultHint() string {
	hint := "run the same command again with --key " + e.Key.Name() + ": it finds what was made, and makes it only if there is nothing"
	own := ""
	if fault.KindOf(e.Err) == fault.Auth {
		own = fault.HintOf(e.Err)
	}
	switch {
	case own != "" && e.Sent:
		return own + "\n" + hint
	case own != "":
		return own
	case !e.Sent:
		return hint + "; with --new instead it makes one without looking"
	}
	return hint
}

// FaultKind is that of what went wrong.
func (e *Error) FaultKind() fault.Kind { return fault.KindOf(e.Err) }

// Do makes the object of the key, or finds it.
//
// A fresh key is not looked for before the first try, because nobody else can have it. Any other is, and after the create
// once more: of two that simultaneous runs made the lowest ID wins and the others are retired. An unknown outcome is
// followed by a look, and by another try when there is nothing, a few times. When a look fails nothing more is sent and
// the error is an [*Error]; so nothing is ever made twice for good.
func Do[T any](ctx context.Context, key Key, fresh bool, c Creator[T]) (T, Outcome, error) {
	if !fresh {
		if found, ok, err := Find(ctx, key, c); ok || err != nil {
			return found, Adopted, err
		}
	}
	return Make(ctx, key, fresh, c)
}

// Find looks for the object of the key. Of several the lowest ID counts, and twins that are the token user's own are retired.
func Find[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok bool, err error) {
	r := run[T]{key: key, creator: c}
	return r.look(ctx)
}

// Look is Find that takes nothing away: twins tells that it would.
func Look[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok, twins bool, err error) {
	r := run[T]{key: key, creator: c}
	all, err := r.candidates(ctx)
	if err != nil || len(all) == 0 {
		return found, false, false, err
	}
	for _, other := range all[1:] {
		twins = twins || r.retires(other, all[0])
	}
	return all[0].object, true, twins, nil
}

// Make is Do for a caller who has just looked and found nothing: it saves the first look.
func Make[T any](ctx context.Context, key Key, fresh bool, c Creator[T]) (T, Outcome, error) {
	r := run[T]{key: key, fresh: fresh, creator: c}
	made, outcome, err := r.make(ctx)
	if err != nil && !errors.Is(err, fault.Dropped) {
		return made, outcome, err
	}
	if outcome == Recovered || fresh && !r.unsure {
		return made, outcome, err // the look that recovered it has settled twins already; a fresh key can have none
	}
	winner, twin, lookErr := r.twin(ctx, made)
	if twin {
		return winner, Adopted, lookErr
	}
	return made, outcome, errors.Join(err, lookErr)
}

// run is one call of Do.
type run[T any] struct {
	key     Key
	fresh   bool
	creator Creator[T]
	sent    bool  // a create was sent
	unsure  bool  // the outcome of one was unknown
	made    int64 // id of what this run has made, where an answer says so
}

// make sends creates until the outcome of one is known.
func (r *run[T]) make(ctx context.Context) (T, Outcome, error) {
	stamp := func(text string) string { return Stamp(text, r.key) }
	for try := 1; ; try++ {
		made, err := r.creator.Create(ctx, stamp)
		r.sent = true
		if !errors.Is(err, fault.Unknown) {
			if err == nil || errors.Is(err, fault.Dropped) {
				r.made, _, _, _ = r.creator.About(made)
			}
			return made, Created, err
		}
		r.unsure = true
		if waitErr := r.creator.Pause(ctx, try); waitErr != nil {
			return made, Created, &Error{Key: r.key, Sent: true, Err: err}
		}
		found, ok, lookErr := r.look(ctx)
		switch {
		case lookErr != nil:
			return made, Created, lookErr
		case ok:
			return found, Recovered, nil
		case try == maxTries:
			return made, Created, &Error{Key: r.key, Sent: true, Err: err}
		}
	}
}

// twin looks whether another object of the key has the lower ID than the one just made, which is then retired.
func (r *run[T]) twin(ctx context.Context, made T) (winner T, found bool, err error) {
	winner, ok, err := r.look(ctx)
	if failed, is := errors.AsType[*Error](err); is {
		failed.Made = true
		return winner, false, failed
	}
	first, _, _, _ := r.creator.About(winner)
	mine, _, _, _ := r.creator.About(made)
	return winner, ok && first != mine, err
}

// look finds the object of the key. Of several the lowest ID counts, and twins that are ours are retired.
func (r *run[T]) look(ctx context.Context) (found T, ok bool, err error) {
	all, err := r.candidates(ctx)
	if err != nil {
		return found, false, &Error{Key: r.key, Sent: r.sent, Err: err}
	}
	if len(all) == 0 {
		return found, false, nil
	}
	winner := all[0].object
	for _, c := range all[1:] {
		if err := r.settle(ctx, c, all[0]); err != nil {
			return winner, true, fmt.Errorf("two were made with the key %s, and the second could not be taken away: %w", r.key, err)
		}
	}
	return winner, true, nil
}

type candidate[T any] struct {
	object    T
	id        int64
	createdAt time.Time
	retired   bool
	own       bool
}

// candidates are the objects that carry the key and whose authors may, by ID.
func (r *run[T]) candidates(ctx context.Context) ([]candidate[T], error) {
	objects, err := r.creator.Find(ctx, r.key.Marker(), r.sent, !r.fresh)
	if err != nil {
		return nil, err
	}
	var all []candidate[T]
	for _, o := range objects {
		id, text, createdAt, retired := r.creator.About(o)
		if k, ok := Read(text); !ok || k != r.key {
			continue
		}
		own, counts, err := r.counts(ctx, o)
		if err != nil {
			return nil, err
		}
		if counts {
			all = append(all, candidate[T]{o, id, createdAt, retired, own})
		}
	}
	slices.SortFunc(all, func(a, b candidate[T]) int { return cmp.Compare(a.id, b.id) })
	return slices.CompactFunc(all, func(a, b candidate[T]) bool { return a.id == b.id }), nil
}

// counts reports whether the object's author is the token's user, and whether its marker counts: one that somebody without a
// role in the team pasted does not, or anybody could keep an incident from being opened.
func (r *run[T]) counts(ctx context.Context, o T) (own, counts bool, err error) {
	if own, err = r.creator.Own(ctx, o); own || err != nil {
		return own, own, err
	}
	counts, err = r.creator.Trusted(ctx, o)
	return false, counts, err
}

// settle retires a twin, unless it is somebody else's (whose run will do it), done with, or no twin but a copy. What this run has made is none.
func (r *run[T]) settle(ctx context.Context, loser, winner candidate[T]) error {
	if !r.retires(loser, winner) {
		return nil
	}
	return r.creator.Retire(ctx, loser.object, winner.object)
}

func (r *run[T]) retires(loser, winner candidate[T]) bool {
	copied := loser.id != r.made && loser.createdAt.Sub(winner.createdAt).Abs() > twinAge
	return loser.own && !loser.retired && !copied
}
