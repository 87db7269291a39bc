// Package milestone holds the rules of the team's timeboxes: when they run, what they are called,
// what must be done when one is over, and how much was finished in them.
//
// It decides and never acts: every function takes values (the milestones and issues seen,
// today's civil date) and returns values. Start with [Cadence] for the calendar,
// [PlanRoll] for the roll-over and [Measure] for velocity.
// Requests, clocks, printing and the order of writes are not here.
package milestone

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// State is whether a milestone is open. GitLab calls an open one "active".
type State string

// The two states of a milestone.
const (
	Active State = "active"
	Closed State = "closed"
)

// Milestone is one milestone as GitLab showed it.
type Milestone struct {
	ID          int64 // instance-wide; what requests use
	IID         int64 // counts up within its project or group and is never given out twice
	Group       bool  // owned by a group (perhaps above the project that was asked)
	Above       bool  // owned by a group above the group that was asked, so that its title is taken and it is not ours
	Title       string
	Description string
	State       State
	Start, Due  calendar.Date // zero when GitLab has none
	WebURL      string
}

// Open reports whether the milestone is active.
func (m Milestone) Open() bool { return m.State == Active }

// Draft is a milestone that is to be made.
type Draft struct {
	Title       string
	Description string
	Start, Due  calendar.Date
}

// Change is what to change in a milestone; nil fields stay as they are.
// GitLab saves State before it checks the rest, so a Change sets State or other fields, never both.
type Change struct {
	Title       *string
	Description *string
	Start, Due  *calendar.Date
	State       *State
}

// Of is the milestone after the change.
func (c Change) Of(m Milestone) Milestone {
	set(&m.Title, c.Title)
	set(&m.Description, c.Description)
	set(&m.Start, c.Start)
	set(&m.Due, c.Due)
	set(&m.State, c.State)
	return m
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// Query selects milestones of a project or group. Zero fields do not select.
type Query struct {
	State     State  // empty: both
	Title     string // exact
	Ancestors bool   // those of the groups above too (GitLab 16.7 and later)
}
