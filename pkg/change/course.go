package change

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// Began is the start of a change by somebody who may start it. The zero value means that nobody has.
type Began struct {
	NoteID      int64
	At          time.Time // by GitLab's clock
	By          string    // user name without @
	Plan        string    // the [Change.Digest] of the plan that was started; empty: unknown
	Criticality Criticality
	Override    string // why the checks were overridden; empty: they were not
}

// Course is the course of a change according to its event log, whatever its label says.
type Course struct {
	Began Began
	Over  State // Complete or Aborted; unknown: neither
}

// CourseOf returns the course of a change since it was last reopened; reopenedAt is zero if it never was. A start counts if mayStart
// accepts it, another event if its author is trusted.
func CourseOf(events []eventlog.Event, reopenedAt time.Time, mayStart func(eventlog.Event) bool) Course {
	out := Course{Over: UnknownState}
	state := Scheduled
	for _, e := range events {
		if e.Kind != Kind || !reopenedAt.IsZero() && !e.Posted.After(reopenedAt) {
			continue
		}
		starts := Verb(e.Verb) == Start
		if starts && !mayStart(e) || !starts && !e.Trusted {
			continue
		}
		to, counts := transition(state, e)
		if counts {
			state = to
		}
		if starts && counts {
			criticality, _ := ParseCriticality(e.Fields[FieldCriticality])
			out.Began = Began{NoteID: e.NoteID, At: e.Posted, By: userName(e.Author), Plan: e.Fields[FieldPlan], Criticality: criticality,
				Override: e.Fields[FieldOverride]}
		}
	}
	if state.Over() {
		out.Over = state
	}
	return out
}

// Covers reports whether the start is one of this plan.
func (b Began) Covers(c Change) bool { return !b.At.IsZero() && b.Plan == c.Digest() }

// changed returns a reason if the plan was changed after the start.
func (b Began) changed(c Change) []Reason {
	if b.Plan == "" || b.Plan == c.Digest() {
		return nil
	}
	text := "the plan was edited after the start"
	if b.Criticality != UnknownCriticality && b.Criticality != c.Criticality {
		text = fmt.Sprintf("the criticality was changed from %s to %s after the start", b.Criticality, c.Criticality)
	}
	return []Reason{{Kind: ByApproval, Issue: c.Issue, Text: text}}
}
