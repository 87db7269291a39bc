package incident

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// Kind is what the journal entries and the record of an incident are called.
const Kind = "incident"

// State is where an incident stands. It is told by the label and by the record, never by the issue being open or closed.
type State string

// The states, in the order of an incident's life (SPEC 7).
const (
	Active       State = "active"    // users are affected
	Mitigated    State = "mitigated" // users are not affected any more, the cause is still there
	Resolved     State = "resolved"  // the cause is gone
	Reviewed     State = "reviewed"  // the review is held
	UnknownState State = "unknown"   // nobody has said
)

// States are the known ones, in the order of an incident's life.
func States() []State { return []State{Active, Mitigated, Resolved, Reviewed} }

// ParseState reads the name of a state, in any letter case.
func ParseState(s string) (State, error) {
	word := State(strings.ToLower(strings.TrimSpace(s)))
	if slices.Contains(States(), word) || word == UnknownState {
		return word, nil
	}
	return UnknownState, fmt.Errorf("%q is no state of an incident: there are active, mitigated, resolved, reviewed and unknown", s)
}

// Rank orders states by how much they ask for somebody: active first, unknown right after it, reviewed last.
func (s State) Rank() int {
	switch s {
	case Active:
		return 1
	case Mitigated:
		return 3
	case Resolved:
		return 4
	case Reviewed:
		return 5
	}
	return 2
}

// String is the name of the state.
func (s State) String() string { return string(s) }

// Over reports whether the cause is gone.
func (s State) Over() bool { return s == Resolved || s == Reviewed }

// Verb is what is told of an incident: the name of a command, and of the entries it writes.
type Verb string

// The verbs. Relate and Action name another issue; they change no state.
const (
	Update   Verb = "update"
	Mitigate Verb = "mitigate"
	Resolve  Verb = "resolve"
	Reopen   Verb = "reopen"
	Review   Verb = "review"
	Relate   Verb = "relate"
	Action   Verb = "action"
)

// transition is what a verb does to the state, and from which states.
type transition struct {
	verb Verb
	from []State // none: from all
	to   State   // UnknownState: it stays
	past string
}

// transitions is the life of an incident. What has no state yet may become anything but reviewed: a review is of something that is over.
var transitions = []transition{
	{Update, nil, UnknownState, "updated"},
	{Mitigate, []State{Active, UnknownState}, Mitigated, "mitigated"},
	{Resolve, []State{Active, Mitigated, UnknownState}, Resolved, "resolved"},
	{Reopen, []State{Mitigated, Resolved, Reviewed, UnknownState}, Active, "reopened"},
	{Review, []State{Resolved}, Reviewed, "reviewed"},
	{Relate, nil, UnknownState, "related"},
	{Action, nil, UnknownState, "given a corrective action"},
}

// lives are the verbs that a person may type to go on, for the sentence of a refusal.
var stateVerbs = []Verb{Update, Mitigate, Resolve, Reopen, Review}

func transitionOf(v Verb) (transition, bool) {
	n := slices.IndexFunc(transitions, func(t transition) bool { return t.verb == v })
	if n < 0 {
		return transition{}, false
	}
	return transitions[n], true
}

func (t transition) allowed(from State) bool {
	return len(t.from) == 0 || slices.Contains(t.from, from)
}

// Next is the state after a verb. The error of one that is not allowed names those that are.
func Next(from State, v Verb) (State, error) {
	t, known := transitionOf(v)
	switch {
	case !known:
		return from, fmt.Errorf("%q is nothing that is told of an incident", v)
	case !t.allowed(from):
		return from, fmt.Errorf("the incident is %s and cannot be %s; possible now: %s", from, t.past, strings.Join(possible(from), ", "))
	case t.to == UnknownState:
		return from, nil
	}
	return t.to, nil
}

// possible are the verbs that are allowed in a state.
func possible(from State) []string {
	var list []string
	for _, v := range stateVerbs {
		if t, _ := transitionOf(v); t.allowed(from) {
			list = append(list, string(v))
		}
	}
	return list
}

// After is the state that a verb leads to; unknown for one that leaves the state as it is.
func After(v Verb) State {
	if t, known := transitionOf(v); known {
		return t.to
	}
	return UnknownState
}

// moved is the state after an entry in the journal, and whether the entry counts there. A verb that leads to the state in which
// the incident is already counts: it corrects the time.
func transitionOn(from State, v Verb) (State, bool) {
	if to := After(v); to != UnknownState && to == from {
		return from, v != Reopen
	}
	to, err := Next(from, v)
	return to, err == nil
}

// Cycle are the entries since the incident last began: those after the last trusted reopening.
func Cycle(entries []eventlog.Event) []eventlog.Event {
	for n := len(entries) - 1; n >= 0; n-- {
		if entries[n].Trusted && Verb(entries[n].Verb) == Reopen {
			return entries[n+1:]
		}
	}
	return entries
}
