// Package followup holds the rules for corrective actions after an incident: which incident they are of, whether they are on time, and when
// their owners get a reminder. Start with [Of], and with [Action.Reminder].
//
// The package decides and never acts: requests, the clock and printing are not here. How an action is created is in
// internal/workflow/incident, and what an incident is in pkg/incident.
package followup

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// State is how far a corrective action is, compared with its due date.
type State string

// The states. Done is an action that was closed and has no due date, or no time of closing.
const (
	Open    State = "open"
	Overdue State = "overdue"
	OnTime  State = "done-on-time"
	Late    State = "done-late"
	Done    State = "done"
)

// Action is a corrective action, read from its issue.
type Action struct {
	Issue    issue.Issue
	Incident *incident.Incident // nil: unknown
	Severity incident.Severity  // of the incident, else by the action's own label
	State    State
	Days     int      // of an overdue action: since the due date; of a late one: from the due date until it was closed
	Teams    []string // of the owners, else of the incident's services
}

// Calendar says which day it is for a team.
type Calendar struct {
	Today calendar.Date
	Zone  *time.Location
}

// Of reads an action. from is its incident; nil if it is unknown. An action is due at the end of its day in the team's zone.
func Of(i issue.Issue, from *incident.Incident, labels incident.Labels, c Calendar) Action {
	a := Action{Issue: i, Incident: from, Severity: incident.Of(i, labels).Severity}
	if from != nil && from.Severity != incident.UnknownSeverity {
		a.Severity = from.Severity
	}
	a.State, a.Days = stateOf(i, c)
	return a
}

func stateOf(i issue.Issue, c Calendar) (State, int) {
	end := c.Today
	if !i.Open() {
		if i.ClosedAt.IsZero() || i.Due.IsZero() {
			return Done, 0
		}
		end = calendar.DateOf(i.ClosedAt.In(c.Zone))
	}
	late := !i.Due.IsZero() && i.Due.Before(end)
	switch {
	case late && i.Open():
		return Overdue, end.DaysSince(i.Due)
	case late:
		return Late, end.DaysSince(i.Due)
	case i.Open():
		return Open, 0
	}
	return OnTime, 0
}

// Source returns the incident that an action's description names, in the last line that begins with [issue.LeadAction] and is not quoted.
// Whether it is an incident has to be checked: anybody can write such a line.
func Source(i issue.Issue) (issue.Ref, bool) {
	text := strings.ReplaceAll(i.Description, "\r", "")
	if !strings.Contains(text, issue.LeadAction) {
		return issue.Ref{}, false
	}
	for _, line := range slices.Backward(strings.Split(safetext.WithoutLiterals(text), "\n")) {
		name, ok := strings.CutPrefix(line, issue.LeadAction)
		if !ok {
			continue
		}
		ref, valid := i.Ref.Short(strings.TrimSuffix(strings.TrimSpace(name), "."))
		return ref, valid && !strings.ContainsAny(name, " \t")
	}
	return issue.Ref{}, false
}

// Filter selects actions. Zero fields select all.
type Filter struct {
	Overdue bool
	Team    string
	Owner   string // user name without @
}

// Selects reports whether the filter selects an action. GitLab's user names have no letter case.
func (f Filter) Selects(a Action) bool {
	named := func(list []string, name string) bool {
		return name == "" || slices.ContainsFunc(list, func(own string) bool { return strings.EqualFold(own, name) })
	}
	return (!f.Overdue || a.State == Overdue) && named(a.Issue.Assignees, f.Owner) && named(a.Teams, f.Team)
}

// ByUrgency orders actions: overdue ones first, the longest overdue before others, then open ones by due date, then those that are done,
// the last one first.
func ByUrgency(a, b Action) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), byDue(a, b), b.Issue.ClosedAt.Compare(a.Issue.ClosedAt),
		cmp.Compare(a.Issue.ID, b.Issue.ID))
}

func rank(a Action) int {
	switch {
	case a.State == Overdue:
		return 1
	case a.State == Open && !a.Issue.Due.IsZero():
		return 2
	case a.State == Open:
		return 3
	}
	return 4
}

// byDue compares the due dates of open actions only.
func byDue(a, b Action) int {
	if !a.Issue.Open() || !b.Issue.Open() {
		return 0
	}
	return a.Issue.Due.Compare(b.Issue.Due)
}

// Sort sorts actions by urgency.
func Sort(list []Action) { stable.Sort(list, ByUrgency) }
