// Package goal holds the rules of the team's goals (handbook, "Goals and Meta Goal"): what a goal is by its labels, what it has to fit, and
// what it lacks.
//
// Start with [Labels.Of] and [Rules.Of]. Requests and output do not belong here.
package goal

import "gitlab.com/prodctl/prodctl/pkg/issue"

// Kind is what an issue's labels make of it.
type Kind string

// The kinds of goals. A timebox goal fits a timebox, a meta goal fits a quarter, and a meta issue is larger: it has to be sliced.
const (
	None     Kind = ""
	Timebox  Kind = "goal"
	Quarter  Kind = "meta goal"
	Unsliced Kind = "meta"
)

// Labels are the team's names of the labels.
type Labels struct{ Goal, Meta string }

// Of returns the kind of an issue.
func (l Labels) Of(i issue.Issue) Kind {
	switch goal, meta := i.Has(l.Goal), i.Has(l.Meta); {
	case goal && meta:
		return Quarter
	case goal:
		return Timebox
	case meta:
		return Unsliced
	}
	return None
}
