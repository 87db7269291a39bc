package incident

import (
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// status is what events make of an incident: its state, the values of its record, and whether its issue is open.
type status struct {
	state State
	known facts
	issue issue.State // empty: no event opened or closed it

	review string // ReviewDue or reviewHeld; empty: no event says so
}

// fold applies events to a status, in the order of their comments.
func (s status) fold(events []eventlog.Event) status {
	s.known = maps.Clone(s.known)
	if s.known == nil {
		s.known = facts{}
	}
	for _, e := range events {
		s.apply(e)
	}
	return s
}

// apply applies one event. Its fields and its time count in every state. If its verb is not possible in the current state, the state stays:
// two people may have recorded different things at once, and an incident that was resolved a moment before was mitigated all the same.
func (s *status) apply(e eventlog.Event) {
	verb := Verb(e.Verb)
	to, counts := transitionOn(s.state, verb)
	for _, key := range RecordKeys() {
		value, err := normalize(key, e.Fields[key], e.At)
		switch {
		case err != nil || value == "":
		case key == KeyRelated:
			s.known[key] = strings.Join(listItems(s.known[key]+","+value), ", ")
		default:
			s.known[key] = value
		}
	}
	if closes(e) { // in any state
		s.issue = issue.Closed
	}
	if e.Fields[KeyReview] == ReviewDue {
		s.review = ReviewDue
	}
	if counts {
		s.state = to
	}
	if counts && (verb == Review || verb == Reopen) {
		s.review = reviewHeld
	}
	switch {
	case verb == Mitigate:
		s.known[KeyMitigated] = record.FormatTime(e.At)
	case verb == Resolve:
		s.known[KeyResolved] = record.FormatTime(e.At)
	case verb == Reopen && counts:
		s.known[KeyMitigated], s.known[KeyResolved] = "", ""
		s.issue = issue.Opened
	}
}

// closes reports whether an event also closes the issue. An update does if the rest was recorded before.
func closes(e eventlog.Event) bool {
	return e.Fields[KeyClose] == "true" && slices.Contains([]Verb{Resolve, Review, Update}, Verb(e.Verb))
}

// withFresh applies fresh events. now is the status by the issue, with people's edits in it; the events of applied are already part of it.
//
// If all fresh events are newer than the applied ones, they are folded into now. But GitLab may show a comment a moment after one with a
// higher number. Then all events are folded again in the order of their comments, and only differences due to the late ones are applied;
// the rest stays as people edited it.
func withFresh(now status, labelled bool, applied, fresh []eventlog.Event) status {
	initial := status{state: UnknownState}
	if labelled {
		initial.state = Active // as it was opened
	}
	before := initial.fold(applied)
	if !eventlog.Late(applied, fresh) || labelled && now.state != before.state {
		return now.fold(fresh)
	}
	after := initial.fold(eventlog.Merged(applied, fresh))
	out := status{state: after.state, known: maps.Clone(now.known)}
	if after.state == UnknownState {
		out.state = now.state
	}
	if after.issue != before.issue {
		out.issue = after.issue
	}
	if after.review != before.review {
		out.review = after.review
	}
	for _, key := range RecordKeys() {
		switch {
		case key == KeyRelated:
			out.known[key] = strings.Join(related(listItems(now.known[key]), listItems(after.known[key])), ", ")
		case after.known[key] != before.known[key]:
			out.known[key] = after.known[key]
		}
	}
	return out
}

// related returns the references that no event names, then those of the events in their order.
func related(now, named []string) []string {
	var list []string
	for _, ref := range now {
		if !slices.Contains(named, ref) {
			list = append(list, ref)
		}
	}
	return append(list, named...)
}
