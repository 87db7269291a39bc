package handoff

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Labels are the labels that matter to the report of a shift, by a team's names.
type Labels struct {
	Outage, DataLoss, Ready, Oncall string
	Priorities                      []string // prioritized labels, highest first
	Incidents                       incident.Labels
	Changes                         change.Labels
}

// LabelsOf returns the labels for a team's spelling of the built-in names. service is the form of a service label.
func LabelsOf(names label.Spelling, service string) Labels {
	l := Labels{
		Outage: names.Of(label.Outage), DataLoss: names.Of(label.DataLoss), Ready: names.Of(label.Handoff), Oncall: names.Of(label.Oncall),
		Incidents: incident.LabelsOf(names, service), Changes: change.LabelsOf(names),
	}
	for _, name := range label.Prioritized() {
		l.Priorities = append(l.Priorities, names.Of(name))
	}
	return l
}

// Match reports whether an issue has a label that matters to the report, or GitLab's own type of incidents.
func (l Labels) Match(i issue.Issue) bool {
	return i.Incident || slices.ContainsFunc([]string{l.Incidents.Incident, l.Changes.Change, l.Outage, l.DataLoss, l.Ready, l.Oncall}, i.Has)
}

// Facts are the input of [Build]: everything the report depends on.
type Facts struct {
	At         time.Time
	Historical bool         // At is in the past: ignore everything after it
	Shift      oncall.Shift // the shift that ends
	Next       oncall.Shift // the shift after it
	Labels     Labels
	Items      []Item // each issue once, in any order; other issues are ignored
	Locks      []lock.Lock
	Budget     *budget.Rules // nil: report no budget
	Window     budget.Window // of the budget
	Exclusions []budget.Exclusion
}

// Item is one issue in its state at the time of the report.
type Item struct {
	Issue issue.Issue
	// Notes are its comments, oldest first, with Trusted set on those that hold an event. Needed for issues in the report.
	Notes []issue.Note
	// Labelled are its label events. Needed for the issues returned by [Facts.Undated] and [Facts.Unproven].
	Labelled []issue.Event
}

// Report is the hand-off report of a shift. Empty sections are included.
type Report struct {
	At         time.Time
	Historical bool
	Shift      oncall.Shift
	Next       oncall.Shift
	Sections   []Section
	// Locks are those active between At, or the start of the next shift if that is earlier, and the end of the next shift.
	Locks  []lock.Held
	Budget *budget.Account // nil: not reported
}

// Section is one part of the report.
type Section struct {
	ID      string // one of the Section constants of pkg/jsonv1
	Title   string
	Urgency jsonv1.Urgency
	Entries []Entry
}

// Entry is one issue in the report.
type Entry struct {
	Issue       issue.Issue
	Kind        string // "incident", "outage", "change", "issue"
	Severity    incident.Severity
	Criticality change.Criticality
	Priority    string // highest prioritized label of the issue
	State       string // of the incident or change
	Services    []string
	DataLoss    bool
	Since       time.Time // start, else when the issue was opened
	Window      lock.Period
	ResolvedAt  time.Time // zero: not resolved, or unknown when
	Last        *Update
	Mark        *Mark // the hand-off note; nil: none
	Ahead       incident.Ahead
	Missing     []string // what should be recorded and is not
}

// Update is the last comment by a person.
type Update struct {
	At       time.Time
	By       string
	Text     string // first line
	Internal bool   // only Planner, Reporter and above can see it; do not show it to others
}

// sections are the sections of the report in order: burning, at risk, can wait.
var sections = []Section{
	{ID: jsonv1.SectionIncidents, Title: "Active incidents and outages", Urgency: jsonv1.Burning},
	{ID: jsonv1.SectionDataLoss, Title: "(Perceived) data loss", Urgency: jsonv1.Burning},
	{ID: jsonv1.SectionMitigated, Title: "Mitigated incidents", Urgency: jsonv1.AtRisk},
	{ID: jsonv1.SectionInProgress, Title: "Changes in progress", Urgency: jsonv1.AtRisk},
	{ID: jsonv1.SectionUpcoming, Title: "Changes until the next shift ends", Urgency: jsonv1.AtRisk},
	{ID: jsonv1.SectionReady, Title: "Ready to hand off", Urgency: jsonv1.CanWait},
	{ID: jsonv1.SectionOncall, Title: "Open on-call issues", Urgency: jsonv1.CanWait},
	{ID: jsonv1.SectionResolved, Title: "Resolved in this shift", Urgency: jsonv1.CanWait},
}

// Build makes the report. An issue appears once, in the first and most urgent section that it belongs to. The order of the items does not
// matter.
func Build(f Facts) Report {
	r := Report{At: f.At, Historical: f.Historical, Shift: f.Shift, Next: f.Next, Sections: slices.Clone(sections)}
	for _, item := range f.Items {
		s := f.classify(item)
		n := slices.IndexFunc(r.Sections, func(sec Section) bool { return s.belongsTo(sec.ID) })
		if n >= 0 {
			r.Sections[n].Entries = append(r.Sections[n].Entries, s.entry(r.Sections[n]))
		}
	}
	for n := range r.Sections {
		stable.Sort(r.Sections[n].Entries, f.order(r.Sections[n].ID))
	}
	r.Locks = lock.Overlap(f.Locks, f.ahead().From, f.ahead().To)
	r.Budget = f.budget()
	return r
}

// ahead returns the period for upcoming changes and locks: the rest of the shift and the next shift.
func (f Facts) ahead() lock.Period {
	from := f.Next.From
	if f.At.Before(from) {
		from = f.At
	}
	return lock.Period{From: from, To: f.Next.To}
}

// Refs returns the issues in the report.
func (r Report) Refs() []issue.Ref {
	var refs []issue.Ref
	for _, s := range r.Sections {
		for _, e := range s.Entries {
			refs = append(refs, e.Issue.Ref)
		}
	}
	return refs
}

// Section returns the section with the id.
func (r Report) Section(id string) Section {
	return r.Sections[slices.IndexFunc(r.Sections, func(s Section) bool { return s.ID == id })]
}

// Undated returns the incidents that may have been resolved in the shift but have no resolution time in their record. Their label events
// are needed.
func (f Facts) Undated() []issue.Ref {
	var refs []issue.Ref
	for _, item := range f.Items {
		s := f.classify(item)
		if s.isIncident && s.inc.State.Over() && s.inc.Record.ResolvedAt.IsZero() &&
			!item.Issue.UpdatedAt.Before(f.Shift.From.Add(-issue.UpdateSlack)) {
			refs = append(refs, item.Issue.Ref)
		}
	}
	stable.Sort(refs, func(a, b issue.Ref) int { return strings.Compare(a.String(), b.String()) })
	return refs
}
