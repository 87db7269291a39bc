package handoff

import (
	"math/big"
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
)

// Labels are the labels that the report of a shift goes by, in a team's own words.
type Labels struct {
	Outage, DataLoss, Ready, Oncall string
	Priorities                      []string // the prioritized labels, highest first
	Incidents                       incident.Labels
	Changes                         change.Labels
}

// LabelsOf are the labels by a team's spelling of the built-in names; service is the form of a service's label.
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

// Tell reports whether an issue carries a label that the report goes by.
func (l Labels) Match(i issue.Issue) bool {
	return slices.ContainsFunc([]string{l.Incidents.Incident, l.Changes.Change, l.Outage, l.DataLoss, l.Ready, l.Oncall}, i.Has)
}

// Facts are what is known at one moment. [Build] makes the report from them and from nothing else.
type Facts struct {
	At     time.Time
	Historical   bool         // the moment is not now: what is younger than it does not count
	Shift  oncall.Shift // the one that ends
	Next   oncall.Shift // the one that comes
	Labels Labels
	Items  []Item // each issue once, in any order; those that the report is not about do not matter
	Locks  []lock.Lock
	SLO    *big.Rat // percent; nil: no budget is told
	Window time.Duration
}

// Item is one issue as it is at the moment of the report.
type Item struct {
	Issue issue.Issue
	// Notes are its comments, oldest first, with Trusted set for those that hold an entry.
	// They are needed of the issues that are in the report.
	Notes []issue.Note
	// Labelled are the changes of its labels. They are needed of those that [Facts.Undated] names.
	Labelled []issue.Event
}

// Report is what the people who go tell those who come. Every section is there, also when it is empty.
type Report struct {
	At       time.Time
	Historical     bool
	Shift    oncall.Shift
	Next     oncall.Shift
	Sections []Section
	// that hold at any time from the moment, or the begin of the next shift if that is earlier, until the next shift ends
	Locks  []lock.Held
	Budget *budget.Account // nil: not told
}

// Section is one part of the report.
type Section struct {
	ID      string // of pkg/jsonv1
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
	Priority    string // the highest of the prioritized labels that it carries
	State       string // of the incident or change
	Services    []string
	DataLoss    bool
	Since       time.Time // when it began, else when it was opened
	Window      lock.Period
	ResolvedAt  time.Time // zero: it is not, or nobody has said when
	Last        *Update
	Mark        *Mark    // where it was left off
	Missing     []string // sentences: what should be said and is not
}

// Said is what a person said last.
type Update struct {
	At       time.Time
	By       string
	Text     string // its first line
	Internal bool   // seen by Planner, Reporter and above only, and told to nobody else
}

// sections are the parts of the report in their order: what burns, what may burn, what can wait.
var sections = []Section{
	{ID: jsonv1.SectionIncidents, Title: "Active incidents and outages", Urgency: jsonv1.Burning},
	{ID: jsonv1.SectionDataLoss, Title: "(Perceived) data loss", Urgency: jsonv1.Burning},
	{ID: jsonv1.SectionMitigated, Title: "Mitigated incidents", Urgency: jsonv1.MayBurn},
	{ID: jsonv1.SectionInProgress, Title: "Changes in progress", Urgency: jsonv1.MayBurn},
	{ID: jsonv1.SectionUpcoming, Title: "Changes until the next shift ends", Urgency: jsonv1.MayBurn},
	{ID: jsonv1.SectionReady, Title: "Ready to hand off", Urgency: jsonv1.CanWait},
	{ID: jsonv1.SectionOncall, Title: "Open on-call issues", Urgency: jsonv1.CanWait},
	{ID: jsonv1.SectionResolved, Title: "Resolved in this shift", Urgency: jsonv1.CanWait},
}

// Build makes the report. An issue stands in the first section that it belongs to,
// so that the most urgent one has it and none is told twice. The result is the same whatever the order of the items is.
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
		slices.SortFunc(r.Sections[n].Entries, f.order(r.Sections[n].ID))
	}
	r.Locks = lock.Overlap(f.Locks, f.ahead().From, f.ahead().To)
	r.Budget = f.budget()
	return r
}

// ahead is the time that changes and locks are told of: what is left of the shift, and the next one.
func (f Facts) ahead() lock.Period {
	from := f.Next.From
	if f.At.Before(from) {
		from = f.At
	}
	return lock.Period{From: from, To: f.Next.To}
}

// Refs are the issues in the report: those whose comments it tells of.
func (r Report) Refs() []issue.Ref {
	var refs []issue.Ref
	for _, s := range r.Sections {
		for _, e := range s.Entries {
			refs = append(refs, e.Issue.Ref)
		}
	}
	return refs
}

// Section is the part with the id.
func (r Report) Section(id string) Section {
	return r.Sections[slices.IndexFunc(r.Sections, func(s Section) bool { return s.ID == id })]
}

// Undated are the incidents that may have been resolved in the shift, though their records do not say when:
// the changes of their labels tell.
func (f Facts) Undated() []issue.Ref {
	var refs []issue.Ref
	for _, item := range f.Items {
		s := f.classify(item)
		if s.isIncident && s.inc.State.Over() && s.inc.Record.ResolvedAt.IsZero() &&
			!item.Issue.UpdatedAt.Before(f.Shift.From.Add(-issue.UpdateSlack)) {
			refs = append(refs, item.Issue.Ref)
		}
	}
	slices.SortFunc(refs, func(a, b issue.Ref) int { return strings.Compare(a.String(), b.String()) })
	return refs
}
