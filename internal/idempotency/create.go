package idempotency

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Creator creates and finds one kind of object, T, in one place.
type Creator[T any] interface {
	// Create makes one attempt, never two, with the key in the object's text. An error matches [fault.Unknown] when the
	// object may have been created, [fault.Busy] when it was not because of a simultaneous request, and [fault.Dropped] when it
	// was created with a part missing; then the object is returned too.
	Create(ctx context.Context, key Key) (T, error)
	// Find returns objects whose text may contain the key: with mine all that the token's user has created since the run
	// began; with anybody those of earlier runs and other people.
	Find(ctx context.Context, key Key, mine, anybody bool) ([]T, error)
	// About returns what the procedure needs to know about an object.
	About(T) Object
	// Own reports whether the token's user is the author.
	Own(ctx context.Context, authorID int64) (bool, error)
	// Trusted reports whether the author may edit the object anyway: whoever may use prodctl finds what the others created. It is called
	// for other people's objects only.
	Trusted(ctx context.Context, authorID int64) (bool, error)
	// Same reports whether the object has the content of the one to create. It is called for objects with the key only.
	Same(ctx context.Context, object T) (bool, error)
	// Original reports whether an object had that content when it was created, as far as that is known. It is called if there are several
	// objects with the key, for all but the newest.
	Original(ctx context.Context, object T) (bool, error)
	// Several is called with an object that is used, and another one with the key that is neither a duplicate nor finished.
	Several(used, other T)
	// Retire takes a duplicate out of sight: it closes an issue with a comment that names the original, and deletes a comment. What people
	// did with the duplicate is carried over first. If that is not possible both stay, and the error matches [fault.Duplicate].
	Retire(ctx context.Context, duplicate, original T) error
	// Kept is called with the error of each duplicate that stays. The run continues; it has to report the error at its end.
	Kept(err error)
	// Watch is called when the object exists, but a duplicate may be left. The run has to call [Watch.Run] at its end.
	Watch(Watch)
	// Busy waits while GitLab is busy with a simultaneous request, so that it created nothing; try counts from 1.
	Busy(ctx context.Context, try int) error
	// Pause waits before a lookup; look counts from 1 after a lost answer, and is 0 at other times.
	Pause(ctx context.Context, d time.Duration, look int) error
	// Now is the time by the machine's clock, for the length of waits.
	Now() time.Time
	// Age is how long ago a time of GitLab is, by GitLab's clock.
	Age(at time.Time) time.Duration
}

// Object is what the procedure knows about an object. IDs are unique in a place, and later objects have higher ones.
type Object struct {
	ID, AuthorID int64
	Text         string
	CreatedAt    time.Time
	Retired      bool // it was already taken out of sight, or is finished
	Closed       bool
}

// Outcome is how the object came to exist.
type Outcome int

// The outcomes.
const (
	Created   Outcome = iota // this run created it
	Existed                  // an earlier or a simultaneous run with the same key created it
	Recovered                // this run created it and lost the answer; the object was found afterwards
)

// maxTries bounds how often a create is sent while its outcome is unknown and no object is found.
const maxTries = 3

// Error means that the lookup of the object failed. It matches [fault.Unknown] when a create was sent, unless the object was certainly
// created.
type Error struct {
	Key     Key
	Sent    bool // a create was sent in this run
	Created bool // this run created the object; whether a simultaneous run created a duplicate is unknown
	Err     error
}

// Error is the cause and what it means for the object. The key is in the hint only.
func (e *Error) Error() string {
	switch {
	case e.Created:
		return "created, but the check for duplicates failed: " + e.Err.Error()
	case errors.Is(e.Err, fault.Unknown):
		return e.Err.Error()
	case e.Sent:
		return e.Err.Error() + "; it may have been created"
	}
	return e.Err.Error() + "; nothing was sent"
}

// Unwrap is the error of the lookup, or of the create if nothing was looked up.
func (e *Error) Unwrap() error { return e.Err }

// Is matches [fault.Unknown].
func (e *Error) Is(target error) bool { return target == fault.Unknown && e.Sent && !e.Created }

// FaultHint says how to retry without a duplicate, on one line. When the token is refused, the hint for that comes first.
func (e *Error) FaultHint() string {
	hint, derived := "Run the same command again with --key "+fault.Quote(e.Key.Name())+" (safe to repeat)", e.Key.derived()
	if derived {
		hint = "Run the same command again (safe to repeat)"
	}
	own := ""
	if fault.KindOf(e.Err) == fault.Auth {
		own = fault.HintOf(e.Err)
	}
	switch {
	case own != "" && e.Sent:
		return own + ", then " + strings.ToLower(hint[:1]) + hint[1:]
	case own != "":
		return own
	case !e.Sent && !derived:
		return hint + ", or with --new to create it without a lookup"
	}
	return hint
}

// derived reports whether the key follows from what the command is about, so that the command takes no --key.
func (k Key) derived() bool {
	kind, _, _ := strings.Cut(k.kind, "-")
	return slices.Contains([]string{"piece", "report", "oncall", "drill", "merged", "reminder", "alert"}, kind) ||
		slices.Contains([]string{"handoff", "handoff-accept", "handoff-take"}, k.kind)
}

// FaultKind is the kind of the underlying error.
func (e *Error) FaultKind() fault.Kind { return fault.KindOf(e.Err) }

// FindOrCreate finds the object with the key, or creates it.
//
// A unique key is not looked up before the first try, because nobody else can have it. Any other is, and again after the
// create: of several that simultaneous runs created the lowest ID wins and the others are retired. After an unknown outcome
// comes a lookup, and another try when nothing is found, a few times. When a lookup fails nothing more is sent and
// the error is an [*Error]; so no duplicate is ever left behind.
func FindOrCreate[T any](ctx context.Context, key Key, unique bool, c Creator[T]) (T, Outcome, error) {
	if !unique {
		if found, ok, err := Find(ctx, key, c); ok || err != nil {
			return found, Existed, err
		}
	}
	return Create(ctx, key, unique, c)
}

// Find looks up the object with the key. Of several the lowest ID counts, and the token user's own duplicates are retired.
func Find[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok bool, err error) {
	r := run[T]{key: key, creator: c}
	return r.find(ctx)
}

// Peek is [Find] without side effects: duplicates reports whether Find would retire any.
func Peek[T any](ctx context.Context, key Key, c Creator[T]) (found T, ok, duplicates bool, err error) {
	r := run[T]{key: key, creator: c}
	all, err := r.candidates(ctx)
	if err != nil || len(all) == 0 {
		return found, false, false, err
	}
	duplicates = slices.ContainsFunc(all[1:], func(other candidate[T]) bool { return r.isDuplicate(other, all[0]) })
	return all[0].value, true, duplicates, nil
}

// Create is [FindOrCreate] without the first lookup, for a caller who has just looked and found nothing.
func Create[T any](ctx context.Context, key Key, unique bool, c Creator[T]) (T, Outcome, error) {
	r := run[T]{key: key, unique: unique, creator: c}
	created, outcome, err := r.create(ctx)
	if err != nil && !errors.Is(err, fault.Dropped) {
		return created, outcome, err
	}
	r.watch()
	if outcome == Recovered || unique && !r.uncertain {
		return created, outcome, err // the lookup that recovered it has already retired duplicates; a unique key has none
	}
	winner, lost, findErr := r.lostRace(ctx, created)
	if lost {
		return winner, Existed, findErr
	}
	return created, outcome, errors.Join(err, findErr)
}

// run is one call of FindOrCreate.
type run[T any] struct {
	key       Key
	unique    bool
	creator   Creator[T]
	sent      bool  // a create was sent
	uncertain bool  // the outcome of a create was unknown
	createdID int64 // id of the object that this run created, when an answer shows it
	clock     stopwatch
	creates   int            // that were, or may have been, carried out
	known     map[int64]bool // ids of what they created, as far as it is known
	patient   bool           // this run looks again at its end, so that other runs can retire their own duplicates
	finishing bool           // it does so
}

// create sends creates until the outcome of one is known.
func (r *run[T]) create(ctx context.Context) (T, Outcome, error) {
	for try := 1; ; try++ {
		created, existed, err := r.send(ctx)
		if existed {
			return created, Existed, nil
		}
		r.sent = true
		if !errors.Is(err, fault.Unknown) {
			if r.uncertain && err != nil && !errors.Is(err, fault.Dropped) { // an earlier try may have been carried out
				err = &Error{Key: r.key, Sent: true, Err: err}
			}
			if err == nil || errors.Is(err, fault.Dropped) {
				r.createdID = r.creator.About(created).ID
				r.expect(r.createdID)
			}
			return created, Created, err
		}
		r.uncertain = true
		r.lost()
		found, ok, findErr := r.look(ctx, err, try == maxTries)
		switch {
		case findErr != nil:
			return created, Created, findErr
		case ok:
			return found, Recovered, nil
		case try == maxTries:
			return created, Created, &Error{Key: r.key, Sent: true, Err: err}
		}
	}
}

// maxBusy bounds how often a create is sent while GitLab is busy with a simultaneous request.
const maxBusy = 6

// send sends one create that GitLab answers, or whose answer is lost. While GitLab is busy nothing is created: then it waits, looks whether
// a simultaneous run has created the object meanwhile, and sends the create again.
func (r *run[T]) send(ctx context.Context) (created T, existed bool, err error) {
	for try := 1; ; try++ {
		r.clock.send(r.creator.Now())
		created, err = r.creator.Create(ctx, r.key)
		if !errors.Is(err, fault.Busy) || try == maxBusy || r.creator.Busy(ctx, try) != nil {
			return created, false, err
		}
		if r.unique {
			continue
		}
		if found, ok, findErr := r.find(ctx); ok || findErr != nil {
			return found, findErr == nil, findErr
		}
	}
}

// lostRace looks for another object with the key and a lower ID than the one just created, which find then retires.
func (r *run[T]) lostRace(ctx context.Context, own T) (winner T, lost bool, err error) {
	winner, ok, err := r.find(ctx)
	if _, is := errors.AsType[*Error](err); is {
		return winner, false, created(err)
	}
	return winner, ok && r.creator.About(winner).ID != r.creator.About(own).ID, err
}

// find looks up the object with the key. Of several the lowest ID counts, and duplicates are retired.
func (r *run[T]) find(ctx context.Context) (found T, ok bool, err error) {
	all, err := r.candidates(ctx)
	if err != nil {
		return found, false, &Error{Key: r.key, Sent: r.sent, Err: err}
	}
	if len(all) == 0 {
		return found, false, nil
	}
	r.account(all)
	for _, c := range all[1:] {
		if !c.Retired && !r.isOurs(c) && !Simultaneous(c.CreatedAt, all[0].CreatedAt) {
			r.creator.Several(all[0].value, c.value)
		}
	}
	return all[0].value, true, r.retire(ctx, all)
}
