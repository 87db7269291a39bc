package report

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Facts are what a report is made from. They may hold more than belongs into it, in any order and more than once.
type Facts struct {
	Incidents []incident.Incident
	Evidence  map[int64]Evidence // by the id of the incident's issue; of those that are not here, [EvidenceOf] says it without events
	Changes   []change.Change
	Deltas    []issue.Issue
	Oncall    []issue.Issue // open ones, and those that were opened since [Period.Since]
	Handoffs  []Handoff
}

// Rules are how a team reads its issues.
type Rules struct {
	Incidents  incident.Labels
	Priorities []string // the prioritized labels, the highest first
}

// Weekly is the report of a period.
type Weekly struct {
	Incidents []Incident // opened, going on or resolved in it: what goes on first, then the worst
	Changes   []Change   // in progress, made, or planned for it: what goes on or went wrong first
	Deltas    []Issue    // open, or closed in it
	Oncall    []Issue    // open now, by priority
	Handoffs  []Handoff  // of the shifts that ended in it, in order
	Counts    []Count
	Times     Times // of the incidents that began in it
}

// Incident is one with its times.
type Incident struct {
	incident.Incident
	Evidence Evidence
	GoesOn   bool // it was not over when the period ended
}

// Change is one with the day that puts it into the period.
type Change struct {
	change.Change
	Day calendar.Date // on which it was finished or aborted, else begun, else was to begin
}

// Issue is one with the highest of the prioritized labels that it carries; empty: none.
type Issue struct {
	issue.Issue
	Priority string
}

// Handoff is a shift and the comment in which it was handed over.
type Handoff struct {
	Shift  oncall.Shift
	Posted time.Time // UTC; zero: there is no comment
	By     string    // user name without @
	WebURL string
}

// ShiftLogs is where the comments of a period's shifts are.
type ShiftLogs struct {
	Project string
	Label   string
	Shifts  []ShiftLog
	Fixed   issue.Ref // the one issue that all comments are in; zero: those of the shifts
}

// ShiftLog is a shift and the issue of the log that its comment is in.
type ShiftLog struct {
	oncall.Shift
	Log handoff.Log
}

// Make is the report of a period, as it looks at the moment now.
func Make(p Period, now time.Time, rules Rules, f Facts) Weekly {
	w := Weekly{
		Incidents: incidentsOf(p, now, rules, f),
		Changes:   changesOf(p, f.Changes),
		Deltas:    deltasOf(p, rules, f.Deltas),
		Oncall:    prioritized(rules, f.Oncall, issue.Issue.Open),
		Handoffs:  handoffsOf(p, now, f.Handoffs),
		Counts:    counts(p, f),
	}
	w.Times = Statistics(p, f.Incidents).Times
	return w
}

func incidentsOf(p Period, now time.Time, rules Rules, f Facts) []Incident {
	var list []Incident
	for _, i := range unique(f.Incidents, func(i incident.Incident) int64 { return i.Issue.ID }) {
		e, known := f.Evidence[i.Issue.ID]
		if !known {
			e = EvidenceOf(i, rules.Incidents, nil)
		}
		if belongs(p, i, e) {
			list = append(list, Incident{i, e, goesOn(p, now, i, e)})
		}
	}
	slices.SortFunc(list, func(a, b Incident) int {
		one, _ := Began(a.Incident)
		other, _ := Began(b.Incident)
		return cmp.Or(falseLast(a.GoesOn, b.GoesOn), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), one.Compare(other),
			cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// Candidate reports whether an incident may belong into the report of a period, before it is known when it was resolved.
func Candidate(p Period, i incident.Incident) bool {
	at, _ := Began(i)
	if i.Issue.CreatedAt.Before(at) {
		at = i.Issue.CreatedAt
	}
	return at.Before(p.End()) && (!over(i) || !i.Issue.UpdatedAt.Before(p.Begin()))
}

// belongs reports whether an incident was opened, went on or was resolved in a period.
// One that is over, nobody knows when, belongs to the period in which it began or was opened alone.
func belongs(p Period, i incident.Incident, e Evidence) bool {
	at, _ := Began(i)
	switch {
	case p.Has(at) || p.Has(i.Issue.CreatedAt):
		return true
	case !at.Before(p.End()):
		return false
	case !over(i):
		return true
	}
	return e.Resolved.Known() && !e.Resolved.At.Before(p.Begin())
}

// over reports whether an incident is over. An issue that is closed says nothing of its incident,
// but of one of which nobody ever said where it stands nothing more will come: else it would be told of every week.
func over(i incident.Incident) bool {
	return i.State.Over() || i.State == incident.UnknownState && !i.Issue.Open()
}

func goesOn(p Period, now time.Time, i incident.Incident, e Evidence) bool {
	if !over(i) {
		return true
	}
	end := p.End()
	if now.Before(end) {
		end = now
	}
	return e.Resolved.Known() && e.Resolved.At.After(end)
}

func changesOf(p Period, all []change.Change) []Change {
	var list []Change
	for _, c := range unique(all, func(c change.Change) int64 { return c.Issue.ID }) {
		if at, ok := when(p, c); ok {
			list = append(list, Change{c, p.Day(at)})
		}
	}
	slices.SortFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), a.Day.Compare(b.Day), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// when is the moment that puts a change into a period. What is in progress is in every period since it was started.
func when(p Period, c change.Change) (at time.Time, in bool) {
	at = Happened(c)
	if c.State == change.InProgress {
		return at, at.Before(p.End())
	}
	return at, !at.IsZero() && p.Has(at)
}

// Happened is when a change ended; else when it was started, was to start, or, of one that nobody planned, was recorded.
// It is zero of a change that is over where nothing tells when: neither its record, nor that its issue is closed.
func Happened(c change.Change) time.Time {
	r := c.Record
	switch {
	case c.State == change.Aborted && !r.AbortedAt.IsZero():
		return r.AbortedAt
	case c.State.Over() && !r.FinishedAt.IsZero():
		return r.FinishedAt
	case c.State.Over() && Recorded(c):
		return firstKnown(r.StartedAt, c.Issue.CreatedAt)
	case c.State.Over():
		return c.Issue.ClosedAt
	}
	return firstKnown(r.StartedAt, r.Start, c.Issue.CreatedAt)
}

// Recorded reports whether a pipeline told of the change, and nobody planned it.
func Recorded(c change.Change) bool { return c.Record.Type != "" }

// firstKnown is the first that is not zero.
func firstKnown(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t.UTC()
		}
	}
	return time.Time{}
}

// weight orders changes by how much they ask for a word.
func weight(c Change) int {
	switch {
	case c.State == change.InProgress:
		return 1
	case Result(c.Change) == string(change.Failure):
		return 2
	case c.State == change.Aborted:
		return 3
	case !c.State.Over():
		return 4
	case Result(c.Change) == Unknown:
		return 5
	}
	return 6
}

// Result is what became of a change that is over, success, failure, aborted or unknown; empty of one that is not.
func Result(c change.Change) string {
	switch {
	case c.State == change.Aborted:
		return string(change.Aborted)
	case c.State == change.Complete && c.Record.Outcome == "":
		return Unknown
	case c.State == change.Complete:
		return string(c.Record.Outcome)
	}
	return ""
}

// Undated are the changes that are over and of which nothing tells when.
func Undated(all []change.Change) []change.Change {
	return slices.DeleteFunc(unique(all, func(c change.Change) int64 { return c.Issue.ID }), func(c change.Change) bool {
		return !c.State.Over() || !Happened(c).IsZero()
	})
}

func deltasOf(p Period, rules Rules, all []issue.Issue) []Issue {
	return prioritized(rules, all, func(i issue.Issue) bool {
		return i.CreatedAt.Before(p.End()) && (i.Open() || !i.ClosedAt.Before(p.Begin()))
	})
}

// prioritized are the issues that are wanted, by their priority, the oldest first.
func prioritized(rules Rules, all []issue.Issue, wanted func(issue.Issue) bool) []Issue {
	rank := func(i Issue) int {
		if at := slices.Index(rules.Priorities, i.Priority); at >= 0 {
			return at
		}
		return len(rules.Priorities)
	}
	var list []Issue
	for _, i := range unique(all, func(i issue.Issue) int64 { return i.ID }) {
		if !wanted(i) {
			continue
		}
		at := slices.IndexFunc(rules.Priorities, i.Has)
		own := Issue{Issue: i}
		if at >= 0 {
			own.Priority = rules.Priorities[at]
		}
		list = append(list, own)
	}
	slices.SortFunc(list, func(a, b Issue) int {
		return cmp.Or(falseLast(a.Open(), b.Open()), cmp.Compare(rank(a), rank(b)), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// handoffsOf are the shifts that ended in a period: one that goes on has nothing to hand over yet, unless somebody did.
func handoffsOf(p Period, now time.Time, all []Handoff) []Handoff {
	var list []Handoff
	for _, h := range all {
		end := h.Shift.To
		if end.After(p.Begin()) && !end.After(p.End()) && (!end.After(now) || !h.Posted.IsZero()) {
			list = append(list, h)
		}
	}
	slices.SortFunc(list, func(a, b Handoff) int {
		return cmp.Or(a.Shift.To.Compare(b.Shift.To), cmp.Compare(a.Shift.Region, b.Shift.Region))
	})
	return list
}

// unique is a list by id, each once: the same whatever the order of the input.
func unique[T any](all []T, id func(T) int64) []T {
	list := slices.Clone(all)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return slices.CompactFunc(list, func(a, b T) bool { return id(a) == id(b) })
}

func falseLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
