package idempotency

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
	// Create makes one attempt with the key in its text and never a second one. An error matches [fault.Unknown] when the
	// object may have been made, and [fault.Dropped] when it was made with a part left out; it is then returned too.
	Create(ctx context.Context, key Key) (T, error)
	// Find returns objects whose text may hold the key: with mine those that the token's user has made since the
	// Creator was, none left out; with anybody those that earlier runs and other people made.
	Find(ctx context.Context, key Key, mine, anybody bool) ([]T, error)
	// About is what the procedure needs to know of an object.
	About(T) Object
	// Own reports whether the token's user is the author.
	Own(ctx context.Context, authorID int64) (bool, error)
	// Trusted reports whether the author has at least the role Developer. It is asked for other people's objects only.
	Trusted(ctx context.Context, authorID int64) (bool, error)
	// Retire takes a duplicate out of sight: an issue is closed with a word about the original, a comment is deleted.
	Retire(ctx context.Context, duplicate, original T) error
	// Pause waits before looking for what a lost request may have made; try counts from 1.
	Pause(ctx context.Context, try int) error
}

// Object is what is known of an object. No two of a place share an ID, and later ones have higher IDs.
type Object struct {
	ID, AuthorID int64
	Text         string
	CreatedAt    time.Time
	Retired      bool // it was taken out of sight before, as a duplicate is, or done with
}

// Outcome says how the object came to be.
type Outcome int

// The outcomes.
const (
	// Created: this run made it.
	Created Outcome = iota
	// Existed: it exists already, made by an earlier or a simultaneous run with the same key.
	Existed
	// Recovered: the answer to a create was lost and the object was found.
	Recovered
)

// maxTries bounds how often a create is sent whose outcome stayed unknown and whose object was not found.
const maxTries = 3

// duplicateAge is how far apart duplicates of one key were made at most. What is further apart is somebody's copy of an issue with its
// text, and left alone.
const duplicateAge = time.Hour

// Error says that looking for the object did not work. It matches [fault.Unknown] when a create was sent, unless the object was Created for
// certain.
type Error struct {
	Key     Key
	Sent    bool // a create was sent in this run
	Created bool // it was made by this run; what is not known is whether a simultaneous run made a duplicate
	Err     error
}

func (e *Error) Error() string {
	what := "nothing was sent, because whether it is there already is not known"
	switch {
	case e.Created:
		what = "it was made, but whether another run made it at the same time is not known"
	case e.Sent:
		what = "it was sent, but whether it was made is not known"
	}
	return fmt.Sprintf("%s (key %s): %v", what, e.Key, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches [fault.Unknown].
func (e *Error) Is(target error) bool { return target == fault.Unknown && e.Sent && !e.Created }

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

// FindOrCreate finds the object of the key, or makes it.
//
// A fresh key is not looked for before the first try, because nobody else can have it. Any other is, and after the create
// once more: of two that simultaneous runs made the lowest ID wins and the others are retired. An unknown outcome is
// followed by a look, and by another try when there is nothing, a few times. When a look fails nothing more is sent and
// the error is an [*Error]; so nothing is ever made twice for good.
func FindOrCreate[T any](ctx context.Context, key Key, fresh bool, c Creator[T]) (T, Outcome, error) {
	if !fresh {
		if found, ok, err := Find(ctx, key, c); ok || err != nil {
			return found, Existed, err
		}
	}
	return Create(ctx, key, fresh, c)
}

// Find looks for the object of the key. Of several the lowest ID counts, and duplicates that are the token user's own are retired.
func Find[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok bool, err error) {
	r := run[T]{key: key, creator: c}
	return r.look(ctx)
}

// Peek is Find that retires nothing: duplicates tells that Find would.
func Peek[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok, duplicates bool, err error) {
	r := run[T]{key: key, creator: c}
	all, err := r.candidates(ctx)
	if err != nil || len(all) == 0 {
		return found, false, false, err
	}
	duplicates = slices.ContainsFunc(all[1:], func(other candidate[T]) bool { return r.retires(other, all[0]) })
	return all[0].value, true, duplicates, nil
}

// Create is FindOrCreate for a caller who has just looked and found nothing: it saves the first look.
func Create[T any](ctx context.Context, key Key, fresh bool, c Creator[T]) (T, Outcome, error) {
	r := run[T]{key: key, fresh: fresh, creator: c}
	made, outcome, err := r.make(ctx)
	if err != nil && !errors.Is(err, fault.Dropped) {
		return made, outcome, err
	}
	if outcome == Recovered || fresh && !r.unsure {
		return made, outcome, err // the look that recovered it has retired duplicates already; a fresh key can have none
	}
	winner, lost, lookErr := r.lost(ctx, made)
	if lost {
		return winner, Existed, lookErr
	}
	return made, outcome, errors.Join(err, lookErr)
}

// run is one call of FindOrCreate.
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
	for try := 1; ; try++ {
		made, err := r.creator.Create(ctx, r.key)
		r.sent = true
		if !errors.Is(err, fault.Unknown) {
			if err == nil || errors.Is(err, fault.Dropped) {
				r.made = r.creator.About(made).ID
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

// lost looks whether another object of the key has the lower ID than the one just made, which is then retired.
func (r *run[T]) lost(ctx context.Context, made T) (winner T, found bool, err error) {
	winner, ok, err := r.look(ctx)
	if failed, is := errors.AsType[*Error](err); is {
		failed.Created = true
		return winner, false, failed
	}
	return winner, ok && r.creator.About(winner).ID != r.creator.About(made).ID, err
}

// look finds the object of the key. Of several the lowest ID counts, and duplicates that are ours are retired.
func (r *run[T]) look(ctx context.Context) (found T, ok bool, err error) {
	all, err := r.candidates(ctx)
	if err != nil {
		return found, false, &Error{Key: r.key, Sent: r.sent, Err: err}
	}
	if len(all) == 0 {
		return found, false, nil
	}
	winner := all[0].value
	for _, c := range all[1:] {
		if !r.retires(c, all[0]) {
			continue
		}
		if err := r.creator.Retire(ctx, c.value, winner); err != nil {
			return winner, true, fmt.Errorf("two were made with the key %s, and the second could not be taken away: %w", r.key, err)
		}
	}
	return winner, true, nil
}

type candidate[T any] struct {
	Object
	value T
	own   bool
}

// candidates are the objects that carry the key and whose authors may, by ID.
func (r *run[T]) candidates(ctx context.Context) ([]candidate[T], error) {
	objects, err := r.creator.Find(ctx, r.key, r.sent, !r.fresh)
	if err != nil {
		return nil, err
	}
	var all []candidate[T]
	for _, o := range objects {
		about := r.creator.About(o)
		if k, ok := Read(about.Text); !ok || k != r.key {
			continue
		}
		own, counts, err := r.counts(ctx, about.AuthorID)
		if err != nil {
			return nil, err
		}
		if counts {
			all = append(all, candidate[T]{about, o, own})
		}
	}
	slices.SortFunc(all, func(a, b candidate[T]) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b candidate[T]) bool { return a.ID == b.ID }), nil
}

// counts reports whether the object's author is the token's user, and whether its marker counts: one that somebody without a
// role in the team pasted does not, or anybody could keep an incident from being opened.
func (r *run[T]) counts(ctx context.Context, authorID int64) (own, counts bool, err error) {
	if own, err = r.creator.Own(ctx, authorID); own || err != nil {
		return own, own, err
	}
	counts, err = r.creator.Trusted(ctx, authorID)
	return false, counts, err
}

// retires reports whether a duplicate is to go: not one that is somebody else's (whose run will do it), that is done with, or that is
// somebody's copy. What this run has made is no copy.
func (r *run[T]) retires(duplicate, original candidate[T]) bool {
	copied := duplicate.ID != r.made && duplicate.CreatedAt.Sub(original.CreatedAt).Abs() > duplicateAge
	return duplicate.own && !duplicate.Retired && !copied
}
