package change

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is the kind of a change's events and of its record block.
const Kind = "change"

// State is the state of a change.
type State string

// The states, in the order of a change's life.
const (
	Scheduled    State = "scheduled"   // planned for a window
	Approved     State = "approved"    // has the approvals that its criticality requires
	InProgress   State = "in-progress" // being carried out
	Complete     State = "complete"    // carried out; whether it succeeded is its outcome
	Aborted      State = "aborted"     // stopped or rolled back; a retry is a new issue
	UnknownState State = "unknown"     // neither a label nor the record has it
)

// States returns the known states, in the order of a change's life.
func States() []State { return []State{Scheduled, Approved, InProgress, Complete, Aborted} }

// ParseState parses the name of a state in any letter case. It accepts "in progress" with a space.
func ParseState(s string) (State, error) {
	word := State(strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' }), "-"))
	if slices.Contains(States(), word) || word == UnknownState {
		return word, nil
	}
	return UnknownState, fmt.Errorf("invalid state %q (use scheduled, approved, in-progress, complete, aborted or unknown)", s)
}

// Over reports whether the state is final.
func (s State) Over() bool { return s == Complete || s == Aborted }

// Verb is what happens to a change: the name of a command and of the events that it writes.
type Verb string

// The verbs. Override and Relate do not change the state; Recorded is a further attempt by automation.
const (
	Approve  Verb = "approve"
	Start    Verb = "start"
	Finish   Verb = "finish"
	Abort    Verb = "abort"
	Recorded Verb = "record"
	Override Verb = "override"
	Relate   Verb = "relate"
)

// lifeCycle lists the verbs that people use to move a change on, in order.
var lifeCycle = []Verb{Approve, Start, Finish, Abort}

// pastTense returns the past tense of a verb of [lifeCycle]; empty for others.
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

// Next returns the state that a verb leads to; for Approve, once there are enough approvals. free means that the change needs no approval.
// A change without a state counts as scheduled. The error for a verb that is not allowed lists those that are.
func Next(from State, v Verb, free bool) (State, error) {
	if v == Recorded || v == Override || v == Relate {
		return from, nil
	}
	if pastTense(v) == "" {
		return from, fmt.Errorf("invalid verb %q", v)
	}
	if !slices.Contains(possible(from, free), string(v)) {
		return from, refusal(from, v, free)
	}
	if v == Approve && from == InProgress {
		return from, nil
	}
	return After(v), nil
}

// refusal explains why a verb is not allowed in a state, as the end of "cannot be started: ...".
func refusal(from State, v Verb, free bool) error {
	switch can := possible(from, free); {
	case len(can) == 0:
		return fmt.Errorf("already %s", from)
	case from == UnknownState:
		return fmt.Errorf("its state is unknown (use %s)", or(can))
	default:
		return fmt.Errorf("it is %s (use %s)", strings.ReplaceAll(string(from), "-", " "), or(can))
	}
}

// possible lists the verbs that are allowed in a state.
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
		return waiting || from == Approved || from == InProgress // a plan that was edited after the start is approved again
	case Start:
		return from == Approved || waiting && free
	case Finish:
		return from == InProgress
	}
	return !from.Over()
}

// After returns the state that a verb leads to; unknown if the verb does not change the state.
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
