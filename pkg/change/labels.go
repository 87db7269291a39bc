package change

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Labels holds the names of the labels of changes, in a team's own spelling.
type Labels struct {
	Change                                             string
	Scheduled, Approved, InProgress, Complete, Aborted string
	C1, C2, C3, C4                                     string
}

// LabelsOf returns the labels in a team's spelling of the built-in names.
func LabelsOf(names label.Spelling) Labels {
	return Labels{
		Change:    names.Of(label.ChangeRequest),
		Scheduled: names.Of("change::scheduled"), Approved: names.Of("change::approved"), InProgress: names.Of("change::in-progress"),
		Complete: names.Of("change::complete"), Aborted: names.Of("change::aborted"),
		C1: names.Of("C1"), C2: names.Of("C2"), C3: names.Of("C3"), C4: names.Of("C4"),
	}
}

// State returns the label of a state; empty for unknown.
func (l Labels) State(s State) string {
	return map[State]string{Scheduled: l.Scheduled, Approved: l.Approved, InProgress: l.InProgress, Complete: l.Complete,
		Aborted: l.Aborted}[s]
}

// states returns the labels of all states.
func (l Labels) states() []string {
	return []string{l.Scheduled, l.Approved, l.InProgress, l.Complete, l.Aborted}
}

// Criticality returns the label of a criticality; empty for unknown.
func (l Labels) Criticality(c Criticality) string {
	return map[Criticality]string{C1: l.C1, C2: l.C2, C3: l.C3, C4: l.C4}[c]
}

// Opening returns the labels of a new change: people open it as scheduled, automation as complete.
func (l Labels) Opening(s State, c Criticality) []string {
	return slices.DeleteFunc([]string{l.Change, l.State(s), l.Criticality(c)}, func(name string) bool { return name == "" })
}

// statesOn returns the states whose labels an issue has, in the order of a change's life.
func (l Labels) statesOn(i issue.Issue) []State {
	return slices.DeleteFunc(States(), func(s State) bool { return l.State(s) == "" || !i.Has(l.State(s)) })
}

// statePriority decides between several state labels: first the state that blocks other changes, then those that cannot be started any
// more. Approved comes last, because an approval has to be certain.
var statePriority = []State{InProgress, Aborted, Complete, Scheduled, Approved}

// stateOf returns the state by label, or else by the times in the record.
func (l Labels) stateOf(i issue.Issue, r Record) State {
	on := l.statesOn(i)
	for _, s := range statePriority {
		if slices.Contains(on, s) {
			return s
		}
	}
	switch {
	case !r.AbortedAt.IsZero():
		return Aborted
	case !r.FinishedAt.IsZero():
		return Complete
	case !r.StartedAt.IsZero():
		return InProgress
	}
	return UnknownState
}

// criticalityOf returns the highest criticality whose label an issue has.
func (l Labels) criticalityOf(i issue.Issue) Criticality {
	for _, c := range Criticalities() {
		if name := l.Criticality(c); name != "" && i.Has(name) {
			return c
		}
	}
	return UnknownCriticality
}
