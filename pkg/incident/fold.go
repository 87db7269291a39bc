package incident

import (
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// standing is what entries make of an incident: where it stands, what its record says, and whether the issue is open, where they say so.
type status struct {
	state State
	known facts
	issue issue.State // empty: no entry says
}

// fold carries entries out, in the order of their comments, on what an incident was before them.
func (s status) fold(entries []eventlog.Event) status {
	s.known = maps.Clone(s.known)
	if s.known == nil {
		s.known = facts{}
	}
	for _, e := range entries {
		s.apply(e)
	}
	return s
}

// take carries out one entry. What it says of the record counts in every state. A verb that is not possible at its place leaves state and
// times as they are: two people may have told different things at once.
func (s *status) apply(e eventlog.Event) {
	verb := Verb(e.Verb)
	to, counts := transitionOn(s.state, verb)
	for _, key := range RecordKeys() {
		value, err := normalize(key, e.Fields[key], e.At)
		switch {
		case err != nil || value == "":
		case key == KeyRelated:
			s.known[key] = strings.Join(listItems(s.known[key]+","+value), ", ")
		case counts || key != KeyMitigated && key != KeyResolved:
			s.known[key] = value
		}
	}
	if closes(e) { // asked for in any state
		s.issue = issue.Closed
	}
	if !counts {
		return
	}
	s.state = to
	switch verb {
	case Mitigate:
		s.known[KeyMitigated] = record.FormatTime(e.At)
	case Resolve:
		s.known[KeyResolved] = record.FormatTime(e.At)
	case Reopen:
		s.known[KeyMitigated], s.known[KeyResolved] = "", ""
		s.issue = issue.Opened
	}
}

// closes reports whether an entry closes the issue as well. An update does where the rest was told before.
func closes(e eventlog.Event) bool {
	return e.Fields[KeyClose] == "true" && slices.Contains([]Verb{Resolve, Review, Update}, Verb(e.Verb))
}

// joined is what an incident becomes by fresh entries. now is what the issue says, with people's edits in it;
// of the settled entries all is in it already.
//
// Where the fresh ones are newer than all settled ones, they go on from now. GitLab may show a comment a moment after one with a higher
// number. Then the whole is folded again in the order of comments, and what differs by the late ones is changed;
// all else stays as people have it.
func foldFresh(now status, labelled bool, settled, fresh []eventlog.Event) status {
	begin := status{state: UnknownState}
	if labelled {
		begin.state = Active // as it was opened
	}
	before := begin.fold(settled)
	if !eventlog.Late(settled, fresh) || labelled && now.state != before.state {
		return now.fold(fresh)
	}
	after := begin.fold(eventlog.Merged(settled, fresh))
	out := status{state: after.state, known: maps.Clone(now.known)}
	if after.state == UnknownState {
		out.state = now.state
	}
	if after.issue != before.issue {
		out.issue = after.issue
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

// related is first what no entry names, then what entries name in their order.
func related(now, named []string) []string {
	var list []string
	for _, ref := range now {
		if !slices.Contains(named, ref) {
			list = append(list, ref)
		}
	}
	return append(list, named...)
}
