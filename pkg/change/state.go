package change

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what the journal entries and the record of a change are called.
const Kind = "change"

// State is where a change stands.
type State string

// The states, in the order of a change's life (SPEC 14).
const (
	Scheduled    State = "scheduled"   // planned for a window
	Approved     State = "approved"    // enough people of its class have approved
	InProgress   State = "in-progress" // being carried out
	Complete     State = "complete"    // carried out; its outcome tells whether it succeeded
	Aborted      State = "aborted"     // stopped or rolled back; another try is a new issue
	UnknownState State = "unknown"     // nobody has said
)

// States are the known ones, in the order of a change's life.
func States() []State { return []State{Scheduled, Approved, InProgress, Complete, Aborted} }

// ParseState reads the name of a state, in any letter case; in progress may be written with a blank.
func ParseState(s string) (State, error) {
	word := State(strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' }), "-"))
	if slices.Contains(States(), word) || word == UnknownState {
		return word, nil
	}
	return UnknownState, fmt.Errorf("%q is no state of a change: there are scheduled, approved, in-progress, complete, aborted and unknown", s)
}

// Over reports whether nothing more will be done about the change.
func (s State) Over() bool { return s == Complete || s == Aborted }

// Verb is what is told of a change: the name of a command, and of the entries it writes.
type Verb string

// The verbs. Override and Relate change no state; Recorded tells again of what automation has done.
const (
	Approve  Verb = "approve"
	Start    Verb = "start"
	Finish   Verb = "finish"
	Abort    Verb = "abort"
	Recorded Verb = "record"
	Override Verb = "override"
	Relate   Verb = "relate"
)

// lives are the verbs by which a person goes on, in the order of a change's life.
var lifeCycle = []Verb{Approve, Start, Finish, Abort}

// past is how a sentence tells the verbs of [lives]; empty for others.
func pastTense(v Verb) string {
	switch v {
	case Approve:
		return "approved"
	case Start:
		return "started"
	case Finish:
		return "finished"
	case Abort:
		return "aborted"
	}
	return ""
}

// Next is the state that a verb leads to, approving as soon as enough have done so. free says that the change needs no approval.
// The error of a verb that is not allowed names those that are. A change without a state counts as scheduled.
func Next(from State, v Verb, free bool) (State, error) {
	if v == Recorded || v == Override || v == Relate {
		return from, nil
	}
	if pastTense(v) == "" {
		return from, fmt.Errorf("%q is nothing that is told of a change", v)
	}
	if !slices.Contains(possible(from, free), string(v)) {
		return from, refusal(from, v, free)
	}
	return After(v), nil
}

func refusal(from State, v Verb, free bool) error {
	switch can := possible(from, free); {
	case from.Over() && v == Start:
		return fmt.Errorf("the change is %s and cannot be started: another try is a new change, which names this one", from)
	case len(can) == 0:
		return fmt.Errorf("the change is %s and cannot be %s: nothing is left to be done with it", from, pastTense(v))
	default:
		return fmt.Errorf("the change is %s and cannot be %s; possible now: %s", from, pastTense(v), strings.Join(can, ", "))
	}
}

// possible are the verbs that are allowed in a state.
func possible(from State, free bool) []string {
	var list []string
	for _, v := range lifeCycle {
		if allowed(from, v, free) {
			list = append(list, string(v))
		}
	}
	return list
}

func allowed(from State, v Verb, free bool) bool {
	waiting := from == Scheduled || from == UnknownState
	switch v {
	case Approve:
		return waiting || from == Approved
	case Start:
		return from == Approved || waiting && free
	case Finish:
		return from == InProgress
	}
	return !from.Over()
}

// After is the state that a verb leads to; unknown for one that leaves the state as it is.
func After(v Verb) State {
	switch v {
	case Approve:
		return Approved
	case Start:
		return InProgress
	case Finish:
		return Complete
	case Abort:
		return Aborted
	}
	return UnknownState
}
