// Package fault classifies errors and says what to do next.
//
// A [Kind] decides the exit code, and nothing else does. A hint is one imperative sentence, with one command where that helps.
// Workflows test for the classes ([NotFound], [Taken], [Unknown], [Busy], [Dropped], [NotOffered], [Overwritten], [Conflict],
// [Duplicate], [Outdated], [Moved]) with errors.Is.
// Messages follow one pattern: what was attempted, then the cause, in lower case and without a full stop.
// Printing, and the text of GitLab's answers, are not here.
package fault

import (
	"context"
	"errors"
	"fmt"
)

// Kind is the reason why a command failed. Its number is the exit code, which is part of the public contract.
type Kind int

// The kinds, with the exit codes from docs/exit-codes.md.
const (
	Failed      Kind = 1   // none of the other kinds
	Partial     Kind = 3   // some steps of a plan were applied
	Auth        Kind = 4   // authentication or permission
	Refused     Kind = 5   // stale plan, rule broken, no confirmation
	Usage       Kind = 6   // wrong usage or an invalid file
	Unreachable Kind = 7   // GitLab did not answer, or a rate limit outlasted --timeout
	Pending     Kind = 8   // changes or findings, only with --exit-code
	Interrupted Kind = 130 // ^C
)

// Classes of failed requests, matched with errors.Is.
var (
	// NotFound means that the object does not exist, or that this token cannot see it.
	NotFound = errors.New("not found")
	// Taken means that the title or name is already in use.
	Taken = errors.New("already in use")
	// Unknown means that the request may or may not have been carried out.
	Unknown = errors.New("outcome unknown")
	// Busy means that GitLab did nothing because of a simultaneous request. The same request works a moment later.
	Busy = errors.New("busy")
	// Dropped means that GitLab answered success but ignored a part of the request.
	Dropped = errors.New("ignored by GitLab")
	// NotOffered means that this GitLab lacks the feature, or that the token may not use it. A fallback may do.
	NotOffered = errors.New("not available on this GitLab")
	// NotPermitted means that GitLab refused a request only because a fine-grained token lacks a permission, or because no such token may
	// send it. The token works otherwise, and what the user may do is unknown.
	NotPermitted = errors.New("not permitted to the token")
	// Overwritten means that somebody else wrote between our read and our write, so their edit may be lost.
	Overwritten = errors.New("somebody's edit may be lost")
	// Duplicate means that an object exists twice, and that people changed the copy, so it was not removed.
	Duplicate = errors.New("exists twice")
	// Conflict means that somebody else was first to take what only one can have. Our own claim was deleted.
	Conflict = errors.New("lost the race")
	// Outdated means that somebody else changed the object after the change was decided, so that it has to be decided again.
	Outdated = errors.New("changed by somebody else")
	// Moved means that the issue was moved to another project, where it has to be changed instead.
	Moved = errors.New("moved to another project")
)

// Error is a failure with its kind and a hint.
type Error struct {
	Kind Kind
	What string // what was attempted or is wrong; may be empty when Err is enough
	Hint string // what to do next; may be empty
	Err  error  // the cause; may be nil
}

// Error is what was attempted, then the cause.
func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.What
	case e.What == "":
		return e.Err.Error()
	}
	return e.What + ": " + e.Err.Error()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// FaultKind is the kind. Other error types that have the method take part in [KindOf].
func (e *Error) FaultKind() Kind { return e.Kind }

// FaultHint is the hint, which may be empty. Other error types that have the method take part in [HintOf].
func (e *Error) FaultHint() string { return e.Hint }

// New is an error of a kind with a hint.
func New(kind Kind, hint, format string, args ...any) *Error {
	return &Error{Kind: kind, What: fmt.Sprintf(format, args...), Hint: hint}
}

// Wrap is err with a kind, a hint and what was attempted.
func Wrap(kind Kind, err error, hint, format string, args ...any) *Error {
	return &Error{Kind: kind, What: fmt.Sprintf(format, args...), Hint: hint, Err: err}
}

// KindOf is the kind of the outermost error in err's tree that has one; Failed otherwise.
func KindOf(err error) Kind {
	var k interface{ FaultKind() Kind }
	if errors.As(err, &k) {
		return k.FaultKind()
	}
	return Failed
}

// AfterWrites is the kind of a run's error. It is Partial if the run has, or may have, changed anything, so that the caller knows about the
// change, whatever stopped the run; unless the run was interrupted, or its own part was undone because somebody else was first.
func AfterWrites(err error, written bool) Kind {
	kind := KindOf(err)
	if errors.Is(err, context.Canceled) {
		kind = Interrupted
	}
	undone := kind == Refused && errors.Is(err, Conflict)
	if !written || undone || kind == Interrupted {
		return kind
	}
	return Partial
}

// HintOf is the outermost hint in err's tree, empty when it has none.
func HintOf(err error) string {
	for err != nil {
		var h interface {
			error
			FaultHint() string
		}
		if !errors.As(err, &h) {
			return ""
		}
		if hint := h.FaultHint(); hint != "" {
			return hint
		}
		err = errors.Unwrap(h)
	}
	return ""
}

// NewConflict is an error of kind [Refused] that matches [Conflict]. The message names the winner.
func NewConflict(hint, format string, args ...any) *Error {
	return &Error{Kind: Refused, Hint: hint, Err: conflict(fmt.Sprintf(format, args...))}
}

// conflict is the message of an error that matches [Conflict].
type conflict string

// Error is the message.
func (e conflict) Error() string { return string(e) }

// Is matches [Conflict].
func (e conflict) Is(target error) bool { return target == Conflict }

// NewDuplicate is an error of kind [Partial] that matches [Duplicate].
func NewDuplicate(hint, format string, args ...any) *Error {
	return &Error{Kind: Partial, Hint: hint, Err: duplicate(fmt.Sprintf(format, args...))}
}

// duplicate is the message of an error that matches [Duplicate].
type duplicate string

// Error is the message.
func (e duplicate) Error() string { return string(e) }

// Is matches [Duplicate].
func (e duplicate) Is(target error) bool { return target == Duplicate }
