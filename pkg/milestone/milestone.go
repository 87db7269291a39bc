// Package milestone holds the rules of the team's timeboxes: their dates and titles, how a finished one is rolled over, and how much
// was finished in them.
//
// Every function takes values (the observed milestones and issues, today's civil date) and returns values. Start with [Cadence] for the
// calendar, [PlanRoll] for the roll-over and [Measure] for velocity.
// Requests, clocks, output and the execution of a plan do not belong here.
package milestone

import (
	"net/url"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// State is whether a milestone is open. GitLab calls an open one "active".
type State string

// The two states of a milestone.
const (
	Active State = "active"
	Closed State = "closed"
)

// Milestone is one milestone as GitLab returned it.
type Milestone struct {
	ID          int64 // instance-wide; used in requests
	IID         int64 // counts up within its project or group and is never reused
	Group       bool  // owned by a group (for a project's list: maybe a parent group)
	Owner       int64 // id of its project or group
	Elsewhere   bool  // owned by a group above or below the requested one, so its title is taken but it is not the team's
	Title       string
	Description string
	State       State
	Start, Due  calendar.Date // zero when GitLab has none
	WebURL      string
}

// Open reports whether the milestone is active.
func (m Milestone) Open() bool { return m.State == Active }

// Named reports whether a person who wrote name means the milestone: its title, its id, or the path of its page, such as
// /acme/production/-/milestones/3, with the relative root of GitLab. Letter case matters in titles only.
func (m Milestone) Named(name string) bool {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil && id == m.ID || m.Title == name {
		return true
	}
	page, err := url.Parse(m.WebURL)
	return err == nil && page.Path != "" && strings.EqualFold(page.Path, name)
}

// Draft is a milestone to create.
type Draft struct {
	Title       string
	Description string
	Start, Due  calendar.Date
}

// Change holds the fields to change in a milestone; nil fields stay as they are.
// GitLab saves the state before it checks the other fields, so a Change sets State or other fields, never both.
type Change struct {
	Title       *string
	Description *string
	Start, Due  *calendar.Date
	State       *State
}

// Of returns the milestone after the change.
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
	Ancestors bool   // include those of parent groups (GitLab 16.7 and later)
	Below     bool   // of a group: include those of its subgroups and of all projects in them, as far as GitLab lists them
}

// Page is the first page of a list of issues.
type Page struct {
	Issues     []issue.Issue
	Milestones []Milestone // that the issues are in, each once
	More       bool        // the list is longer
}
