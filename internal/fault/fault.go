// Package fault says what kind of failure an error is and what to type next.
//
// A [Kind] decides the exit code and nothing else does; a hint is a sentence that ends in a command.
// The classes ([NotFound], [Taken], [Unknown], [Dropped], [NotOffered], [Overwritten], [Conflict]) are what workflows ask about
// with errors.Is. Printing, and the text of GitLab's answers, are not here.
package fault

import (
	"errors"
	"fmt"
)

// Kind is the reason a command did not end well. Its number is the exit code, part of the public contract.
type Kind int

// The kinds, with the exit codes of docs/exit-codes.md.
const (
	Failed      Kind = 1   // no better kind
	Partial     Kind = 3   // some of a plan was applied
	Auth        Kind = 4   // authentication or permission
	Refused     Kind = 5   // stale plan, rule broken, no confirmation
	Usage       Kind = 6   // wrong usage or an invalid file
	Unreachable Kind = 7   // GitLab not reached, or limited past the deadline
	Pending     Kind = 8   // changes or findings, only with --exit-code
	Interrupted Kind = 130 // ^C
)

// Classes of failed requests, matched with errors.Is.
var (
	// NotFound: the thing is not there, or hidden from this token.
	NotFound = errors.New("not found")
	// Taken: the title or name is already in use.
	Taken = errors.New("already in use")
	// Unknown: the request may or may not have been carried out.
	Unknown = errors.New("outcome unknown")
	// Dropped: GitLab answered success but left out a part of what was asked.
	Dropped = errors.New("silently not carried out")
	// NotOffered: this GitLab has no such thing, or the token may not use it; a stand-in may do.
	NotOffered = errors.New("not offered here")
	// Overwritten: somebody else wrote in the moment between reading and writing, and their words may be lost.
	Overwritten = errors.New("somebody's words may be overwritten")
	// Beaten: somebody else was first to have what one alone can have. What was written to have it is taken back.
	Conflict = errors.New("somebody else was first")
)

// Error is a failure with its kind and a hint.
type Error struct {
	Kind Kind
	What string // what was wrong, lower case, no full stop; may be empty when Err says all
	Hint string // what to type next; empty when there is nothing better than the message
	Err  error  // what was underneath; may be nil
}

func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.What
	case e.What == "":
		return e.Err.Error()
	}
	return e.What + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// FaultKind and FaultHint let other error types take part in [KindOf] and [HintOf].
func (e *Error) FaultKind() Kind { return e.Kind }

// FaultHint is the hint, perhaps empty.
func (e *Error) FaultHint() string { return e.Hint }

// New is a failure of a kind with a hint.
func New(kind Kind, hint, format string, args ...any) *Error {
	return &Error{Kind: kind, What: fmt.Sprintf(format, args...), Hint: hint}
}

// Wrap gives err a kind and a hint and says what was being done.
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

// HintOf is the first hint in err's tree, from the outside in; empty when there is none.
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

// First is an error of kind Refused that matches [Conflict]; it says who was first.
func NewConflict(hint, format string, args ...any) *Error {
	return &Error{Kind: Refused, Hint: hint, Err: conflict(fmt.Sprintf(format, args...))}
}

type conflict string

func (e conflict) Error() string { return string(e) }

func (e conflict) Is(target error) bool { return target == Conflict }
