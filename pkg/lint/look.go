package lint

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Settings are a team's board, labels and limits. They have a JSON form, because a saved plan depends on them.
type Settings struct {
	Layout     board.Layout
	Goals      goal.Labels
	Incidents  incident.Labels
	Changes    change.Labels
	Handoff    string   // the label of issues that are ready to hand off
	Priorities []string // the labels AP1 to AP3
	Stale      time.Duration
	Kept       bool // a roll leaves open issues in the finished milestone
}

// List is one of the lists that rules look at.
type List int

// The lists.
const (
	OpenWork   List = iota // open issues of the infrastructure tracker
	ClosedWork             // closed ones with the label of a column
	OpenQueue              // open issues of the production queue
	Secrets                // confidential issues of both, open and closed
)

// issueRule is a rule about single issues.
type issueRule struct {
	id    string
	lists []List
	check func(l *Look, i issue.Issue, more *Facts) verdict
}

// verdict is what a rule finds in an issue. An empty text means nothing, unless the rule wants more facts first.
type verdict struct {
	text string
	fix  *Fix
	want Want
}

// Want is what a rule needs to know besides the lists.
type Want int

// What rules want: nothing, the links of an issue, or its comments.
const (
	Nothing Want = iota
	Links
	Notes
)

// Facts are what a rule wanted.
type Facts struct {
	Links []issue.Link
	Notes []issue.Note // with Trusted set for events
}

// Suspect is an issue that a rule cannot judge by the list.
type Suspect struct {
	Issue issue.Issue
	Want  Want
	rule  issueRule
}

// issueRules returns the rules about single issues.
func issueRules() []issueRule {
	open, both := []List{OpenWork}, []List{OpenWork, OpenQueue}
	return []issueRule{
		{TwoColumns, open, twoColumns},
		{ClosedInColumn, []List{ClosedWork}, closedInColumn},
		{NotReady, open, notReady},
		{WeightScale, open, weightScale},
		{GoalOwner, open, goalOwner},
		{MetaPieces, open, metaPieces},
		{DoubleSeverity, both, doubleSeverity},
		{DoublePriority, both, doublePriority},
		{DoubleCriticality, []List{OpenQueue}, doubleCriticality},
		{IncidentState, []List{OpenQueue}, incidentState},
		{StateRecord, []List{OpenQueue}, stateRecord},
		{ChangeWindow, []List{OpenQueue}, changeWindow},
		{MarkNote, both, markNote},
		{ClosedMilestone, open, closedMilestone},
		{Stale, open, stale},
		{ConfidentialTitle, both, confidentialTitle},
	}
}

// Look is one look at lists of issues. It keeps what the rules find, and not the issues.
type Look struct {
	Settings
	Now      time.Time
	Closed   map[int64]bool // the milestones that are closed, by id
	Findings []Finding
	Suspects []Suspect

	rules   []issueRule
	secrets titles
}

// New returns a look by the rules with these ids.
func New(s Settings, now time.Time, ids []string) *Look {
	all := slices.DeleteFunc(issueRules(), func(r issueRule) bool { return !slices.Contains(ids, r.id) })
	return &Look{Settings: s, Now: now, rules: all}
}

// Needs reports whether a rule looks at a list. Confidential issues must be added before all others.
func (l *Look) Needs(in List) bool {
	return slices.ContainsFunc(l.rules, func(r issueRule) bool {
		return slices.Contains(r.lists, in) || in == Secrets && r.id == ConfidentialTitle
	})
}

// NeedsMilestones reports whether a rule needs [Look.Closed].
func (l *Look) NeedsMilestones() bool {
	return slices.ContainsFunc(l.rules, func(r issueRule) bool { return r.id == ClosedMilestone })
}

// Add looks at the next issue of a list. What was moved to another project is looked at there.
func (l *Look) Add(in List, i issue.Issue) {
	if i.MovedToID != 0 {
		return
	}
	if in == Secrets {
		l.secrets.add(i)
		return
	}
	for _, r := range l.rules {
		if slices.Contains(r.lists, in) {
			l.judge(r, i, nil)
		}
	}
}

// Decide judges a suspect by what its rule wanted.
func (l *Look) Decide(s Suspect, more Facts) { l.judge(s.rule, s.Issue, &more) }

func (l *Look) judge(r issueRule, i issue.Issue, more *Facts) {
	v := r.check(l, i, more)
	switch {
	case v.want != Nothing:
		l.Suspects = append(l.Suspects, Suspect{i, v.want, r})
	case v.text != "":
		rule, _ := Find(r.id)
		l.Findings = append(l.Findings, finding(rule, i, v.text, v.fix))
	}
}

// CannotMove takes away the fix of findings that need the Current Milestone, if there is not exactly one.
func (l *Look) CannotMove() {
	for n, f := range l.Findings {
		if f.Fix != nil && f.Fix.ToCurrent {
			l.Findings[n].Fix = nil
		}
	}
}
