// Package lint holds the rules by which `prodctl lint` checks a team's issues, milestones, labels and board.
//
// Start with [Rules] for what is checked, and with [New] for a look at lists of issues. A [Look] gets one issue after the other and keeps
// only findings, so that it does not grow with the tracker. A rule that needs more than a list says what it wants ([Suspect]), gets it, and
// decides. A [Fix] is the change that fixes an issue. Requests, the clock and printing do not belong here.
package lint

import (
	"cmp"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Severity is how much harm a finding does.
type Severity string

// The severities: wrong data, data that will be wrong or incomplete, and what is only untidy.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Severities returns the severities, worst first.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// Rule is one check. ID never changes. Title is a sentence without a full stop that holds for every finding of the rule, and with no words
// of an issue. Fixes is true if --fix can fix some of its findings.
type Rule struct {
	ID       string
	Severity Severity
	Title    string
	Fixes    bool
}

// The ids of the rules that code refers to. docs/lint has a page for each rule.
const (
	TwoColumns        = "two-columns"
	ClosedInColumn    = "closed-in-column"
	NotReady          = "not-ready"
	WeightScale       = "weight-scale"
	GoalOwner         = "goal-owner"
	MetaPieces        = "meta-pieces"
	DoubleSeverity    = "double-severity"
	DoublePriority    = "double-priority"
	DoubleCriticality = "double-criticality"
	IncidentState     = "incident-state"
	StateRecord       = "state-record"
	ChangeWindow      = "change-window"
	MarkNote          = "mark-note"
	MilestoneDates    = "milestone-dates"
	ClosedMilestone   = "closed-milestone"
	Unscheduled       = "unscheduled"
	Stale             = "stale"
	ConfidentialTitle = "confidential-title"
	LabelDrift        = "label-drift"
	BoardDrift        = "board-drift"
	IgnoreEntry       = "ignore-entry"
)

// Rules returns all rules, in the order of the documentation.
func Rules() []Rule {
	return []Rule{
		{TwoColumns, Error, "An issue is in two columns of the board", true},
		{ClosedInColumn, Info, "A closed issue has the label of a column", true},
		{NotReady, Warning, "An issue in Ready is not ready to pull", false},
		{WeightScale, Warning, "A weight is not on the scale", false},
		{GoalOwner, Warning, "A goal has no owner", false},
		{MetaPieces, Warning, "A meta issue is not sliced into linked issues", false},
		{DoubleSeverity, Error, "An issue has two severities", true},
		{DoublePriority, Error, "An issue has two availability priorities", true},
		{DoubleCriticality, Error, "A change has two criticalities", true},
		{IncidentState, Error, "An incident has no state", false},
		{StateRecord, Warning, "State label and record of an incident or a change disagree", true},
		{ChangeWindow, Warning, "A change is past its window", false},
		{MarkNote, Warning, "An issue is ready to hand off, but has no note", false},
		{MilestoneDates, Warning, "The Current or the Next Milestone is missing or off the cadence", true},
		{ClosedMilestone, Warning, "An open issue is in a closed milestone", true},
		{Unscheduled, Info, "An issue came into the Current Milestone late and is not labeled unscheduled", true},
		{Stale, Info, "Work in progress has no recent update", false},
		{ConfidentialTitle, Error, "A public issue quotes the title of a confidential one", false},
		{LabelDrift, Warning, "A label differs from the declared one", true},
		{BoardDrift, Warning, "The board differs from the configured one", true},
		{IgnoreEntry, Warning, "An entry of lint.ignore has expired or is not used", false},
	}
}

// IDs returns the ids of all rules.
func IDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// Find returns the rule with an id.
func Find(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// Place is where a finding is: an issue, a milestone, a label or a board of a project or group, or a line of the configuration file.
type Place struct {
	Issue        issue.Ref
	Confidential bool   // the issue is
	WebURL       string // of the issue
	In           string // full path of the project or group of a milestone, a label or a board
	Milestone    string // title
	Label        string // name
	Board        string // name
	File         string // of the configuration
	Line, Column int    // in the file, from 1
}

// String names the place.
func (p Place) String() string {
	switch {
	case p.Issue.IID != 0:
		return p.Issue.String()
	case p.Milestone != "":
		return fmt.Sprintf("milestone %q", p.Milestone)
	case p.Label != "":
		return fmt.Sprintf("label %q of %s", p.Label, p.In)
	case p.Board != "":
		return fmt.Sprintf("board %q", p.Board)
	case p.In != "":
		return p.In
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Finding is one violation of a rule. Text is a sentence without its place and without a full stop. It never quotes an issue, but names its
// labels and its milestone: of a confidential issue it is for the token's user only.
type Finding struct {
	Rule
	Place
	Text string
	Fix  *Fix // nil: a person has to decide
}

// finding returns the finding of a rule about an issue.
func finding(r Rule, i issue.Issue, text string, fix *Fix) Finding {
	if fix != nil {
		fix.Issue = issue.Issue{Ref: i.Ref, ID: i.ID, Title: i.Title, State: i.State, Labels: i.Labels, MilestoneID: i.MilestoneID,
			Milestone: i.Milestone, Confidential: i.Confidential} // what fixes need: there may be many
	}
	return Finding{Rule: r, Place: Place{Issue: i.Ref, Confidential: i.Confidential, WebURL: i.WebURL}, Text: text, Fix: fix}
}

// Sort orders findings by severity, rule and place.
func Sort(list []Finding) {
	at := map[string]int{}
	for n, r := range Rules() {
		at[r.ID] = n
	}
	stable.Sort(list, func(a, b Finding) int {
		return cmp.Or(slices.Index(Severities(), a.Severity)-slices.Index(Severities(), b.Severity), at[a.ID]-at[b.ID],
			cmp.Compare(a.Issue.Project, b.Issue.Project), cmp.Compare(a.Issue.IID, b.Issue.IID), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Place.String(), b.Place.String()), cmp.Compare(a.Text, b.Text))
	})
}
