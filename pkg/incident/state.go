package incident

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// Kind is the kind of an incident's events and record.
const Kind = "incident"

// State is the state of an incident. Label and record decide it, never whether the issue is open or closed.
type State string

// The states, in the order of the lifecycle.
const (
	Active       State = "active"    // users are affected
	Mitigated    State = "mitigated" // users are no longer affected, the cause remains
	Resolved     State = "resolved"  // the cause is gone
	Reviewed     State = "reviewed"  // the review was held
	UnknownState State = "unknown"   // nobody recorded one
)

// States returns the known states, in the order of the lifecycle.
func States() []State { return []State{Active, Mitigated, Resolved, Reviewed} }

// ParseState parses the name of a state, in any letter case.
func ParseState(s string) (State, error) {
	word := State(strings.ToLower(strings.TrimSpace(s)))
	if slices.Contains(States(), word) || word == UnknownState {
		return word, nil
	}
	return UnknownState, fmt.Errorf("invalid state %q (use active, mitigated, resolved, reviewed or unknown)", s)
}

// Rank orders states by urgency: active first, unknown right after it, reviewed last.
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

// Verb is the verb of an event, which is also the name of the command that records it.
type Verb string

// The verbs. Relate and Action name another issue, and Alert has alerts of a monitoring system; they change no state.
const (
	Update   Verb = "update"
	Mitigate Verb = "mitigate"
	Resolve  Verb = "resolve"
	Reopen   Verb = "reopen"
	Review   Verb = "review"
	Relate   Verb = "relate"
	Action   Verb = "action"
	Alert    Verb = "alert"
)

// transition is what a verb does to the state, and in which states it is possible.
type transition struct {
	verb Verb
	from []State // empty: all
	to   State   // UnknownState: the state stays
	past string
}

// transitions is the lifecycle of an incident. An unknown state may become any other but reviewed: a review needs an incident that is over.
var transitions = []transition{
	{Update, nil, UnknownState, "updated"},
	{Mitigate, []State{Active, UnknownState}, Mitigated, "mitigated"},
	{Resolve, []State{Active, Mitigated, UnknownState}, Resolved, "resolved"},
	{Reopen, []State{Mitigated, Resolved, Reviewed, UnknownState}, Active, "reopened"},
	{Review, []State{Resolved}, Reviewed, "reviewed"},
	{Relate, nil, UnknownState, "related"},
	{Action, nil, UnknownState, "given a corrective action"},
	{Alert, nil, UnknownState, "given an alert"},
}

// stateVerbs are the verbs that the error of a refused verb may suggest.
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

// Next returns the state after a verb. If the verb is not allowed, the error is a predicate that follows the incident's reference and
// names the verbs that are: "cannot be reviewed: it is active (use update, mitigate or resolve)".
func Next(from State, v Verb) (State, error) {
	t, known := transitionOf(v)
	switch {
	case !known:
		return from, fmt.Errorf("unknown event %q", v)
	case !t.allowed(from):
		verbs := possible(from)
		last := len(verbs) - 1
		is := "it is " + string(from)
		if from == UnknownState {
			is = "its state is unknown"
		}
		return from, fmt.Errorf("cannot be %s: %s (use %s or %s)", t.past, is, strings.Join(verbs[:last], ", "), verbs[last])
	case t.to == UnknownState:
		return from, nil
	}
	return t.to, nil
}

// possible returns the verbs that are allowed in a state; there are at least two.
func possible(from State) []string {
	var list []string
	for _, v := range stateVerbs {
		if t, _ := transitionOf(v); t.allowed(from) {
			list = append(list, string(v))
		}
	}
	return list
}

// After returns the state to which a verb leads; [UnknownState] if it does not change the state.
func After(v Verb) State {
	if t, known := transitionOf(v); known {
		return t.to
	}
	return UnknownState
}

// transitionOn returns the state after an event, and whether the event counts. A verb that leads to the current state counts: it
// corrects the time.
func transitionOn(from State, v Verb) (State, bool) {
	if to := After(v); to != UnknownState && to == from {
		return from, v != Reopen
	}
	to, err := Next(from, v)
	return to, err == nil
}

// Cycle returns the events after the last trusted reopening; all events if there is none.
func Cycle(events []eventlog.Event) []eventlog.Event {
	for n := len(events) - 1; n >= 0; n-- {
		if events[n].Trusted && Verb(events[n].Verb) == Reopen {
			return events[n+1:]
		}
	}
	return events
}
