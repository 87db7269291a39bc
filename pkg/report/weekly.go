package report

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Input is the data that a report is built from. It may contain more than the report needs, in any order and with duplicates.
type Input struct {
	Incidents []incident.Incident
	Evidence  map[int64]evidence.Times // by issue ID; an incident that is not here gets [evidence.Of] without label events
	Changes   []change.Change
	Deltas    []issue.Issue
	Oncall    []issue.Issue // open issues, and those opened since [Period.Since]
	Handoffs  []Handoff
}

// Rules holds the labels by which a team classifies its issues.
type Rules struct {
	Incidents  incident.Labels
	Priorities []string // the prioritized labels, highest first
	Schedule   oncall.Schedule
}

// Weekly is the report on a period.
type Weekly struct {
	Incidents []Incident // opened, ongoing or resolved in it: ongoing first, then the most severe
	Changes   []Change   // in progress, ended, or scheduled in it: in progress and failed ones first
	Deltas    []Issue    // still open, or closed in it
	Oncall    []Issue    // open now, by priority
	Handoffs  []Handoff  // for the shifts that ended in it, in order
	Counts    []Count
	Times     Times // of the incidents that started in it
	Loads     []Load
}

// Incident is an incident with the evidence of its times.
type Incident struct {
	incident.Incident
	Evidence evidence.Times
	Ongoing  bool // not over when the period ended
}

// Change is a change with the day that places it in the period.
type Change struct {
	change.Change
	Day calendar.Date // finished or aborted, else started, else scheduled
}

// Issue is an issue with its highest prioritized label, if any.
type Issue struct {
	issue.Issue
	Priority string
}

// Handoff is a shift and its hand-off comment.
type Handoff struct {
	Shift  oncall.Shift
	Posted time.Time // UTC; zero without a comment
	By     string    // user name without @
	WebURL string
}

// ShiftLogs locates the hand-off comments of a period's shifts.
type ShiftLogs struct {
	Project string
	Label   string
	Shifts  []ShiftLog
	Fixed   issue.Ref // the one issue with all comments; zero if each shift names its own
}

// ShiftLog is a shift and the log issue with its comment.
type ShiftLog struct {
	oncall.Shift
	Log handoff.Log
}

// NewWeekly builds the report on a period as of now.
func NewWeekly(p Period, now time.Time, rules Rules, f Input) Weekly {
	w := Weekly{
		Incidents: incidentsOf(p, now, rules, f),
		Changes:   changesOf(p, f.Changes),
		Deltas:    deltasOf(p, rules, f.Deltas),
		Oncall:    prioritized(rules, f.Oncall, issue.Issue.Open),
		Handoffs:  handoffsOf(p, now, f.Handoffs),
		Counts:    counts(p, f),
	}
	w.Times = Statistics(p, f.Incidents).Times
	w.Loads = Loads(p, now, rules.Schedule, f.Incidents, rules, f.Evidence)
	return w
}

func incidentsOf(p Period, now time.Time, rules Rules, f Input) []Incident {
	var list []Incident
	for _, i := range unique(f.Incidents, func(i incident.Incident) int64 { return i.Issue.ID }) {
		e, known := f.Evidence[i.Issue.ID]
		if !known {
			e = evidence.Of(i, rules.Incidents, nil)
		}
		if inPeriod(p, i, e) {
			list = append(list, Incident{i, e, ongoing(p, now, i, e)})
		}
	}
	stable.Sort(list, func(a, b Incident) int {
		one, _ := StartOf(a.Incident)
		other, _ := StartOf(b.Incident)
		return cmp.Or(trueFirst(a.Ongoing, b.Ongoing), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), one.Compare(other),
			cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// Candidate reports whether an incident may belong to the report on p. It needs no evidence of when the incident was resolved.
func Candidate(p Period, i incident.Incident) bool {
	at, _ := StartOf(i)
	if i.Issue.CreatedAt.Before(at) {
		at = i.Issue.CreatedAt
	}
	return at.Before(p.End()) && (!isOver(i) || !i.Issue.UpdatedAt.Before(p.Begin()))
}

// inPeriod reports whether an incident was opened, ongoing or resolved in the period. One that was resolved at an unknown time belongs
// only to the period in which it started or was opened.
func inPeriod(p Period, i incident.Incident, e evidence.Times) bool {
	at, _ := StartOf(i)
	switch {
	case p.Contains(at) || p.Contains(i.Issue.CreatedAt):
		return true
	case !at.Before(p.End()):
		return false
	case !isOver(i):
		return true
	}
	return e.Resolved.Known() && !e.Resolved.At.Before(p.Begin())
}

// isOver reports whether an incident is over. A closed issue does not mean that its incident is over. But a closed incident whose state
// is unknown will get no more updates and would appear in every report, so it counts as over.
func isOver(i incident.Incident) bool {
	return i.State.Over() || i.State == incident.UnknownState && !i.Issue.Open()
}

func ongoing(p Period, now time.Time, i incident.Incident, e evidence.Times) bool {
	if !isOver(i) {
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
		if at, ok := changeTime(p, c); ok {
			list = append(list, Change{c, p.Day(at)})
		}
	}
	stable.Sort(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), a.Day.Compare(b.Day), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return list
}

// changeTime returns the time that places a change in the period. A change in progress is in every period since it started.
func changeTime(p Period, c change.Change) (at time.Time, in bool) {
	at = DateOf(c)
	if c.State == change.InProgress {
		return at, at.Before(p.End())
	}
	return at, !at.IsZero() && p.Contains(at)
}

// DateOf returns when a change ended, or else when it started or was scheduled to start. For a change that automation recorded without
// times it is when the issue was created. For any other change that is over it is when the issue was closed, and zero if it is open.
func DateOf(c change.Change) time.Time {
	r := c.Record
	switch {
	case c.State == change.Aborted && !r.AbortedAt.IsZero():
		return r.AbortedAt
	case c.State.Over() && !r.FinishedAt.IsZero():
		return r.FinishedAt
	case c.State.Over() && Automated(c):
		return firstNonZero(r.StartedAt, c.Issue.CreatedAt)
	case c.State.Over():
		return c.Issue.ClosedAt
	}
	return firstNonZero(r.StartedAt, r.Start, c.Issue.CreatedAt)
}

// Automated reports whether a pipeline recorded the change, so that nobody planned it.
func Automated(c change.Change) bool { return c.Record.Type != "" }

// firstNonZero returns the first time that is not zero, in UTC.
func firstNonZero(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t.UTC()
		}
	}
	return time.Time{}
}

// weight orders changes by how much they need attention.
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

// Result returns the outcome of a change that is over: success, failure, aborted or unknown. It is empty for any other change.
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

// Undated returns the changes that are over at an unknown time.
func Undated(all []change.Change) []change.Change {
	return slices.DeleteFunc(unique(all, func(c change.Change) int64 { return c.Issue.ID }), func(c change.Change) bool {
		return !c.State.Over() || !DateOf(c).IsZero()
	})
}

func deltasOf(p Period, rules Rules, all []issue.Issue) []Issue {
	return prioritized(rules, all, func(i issue.Issue) bool {
		return i.CreatedAt.Before(p.End()) && (i.Open() || !i.ClosedAt.Before(p.Begin()))
	})
}

// prioritized returns the wanted issues: open ones first, then by priority, then oldest first.
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
	stable.Sort(list, func(a, b Issue) int {
		return cmp.Or(trueFirst(a.Open(), b.Open()), cmp.Compare(rank(a), rank(b)), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// handoffsOf returns the shifts that ended in the period. A shift that is not over counts only if it was handed off already.
func handoffsOf(p Period, now time.Time, all []Handoff) []Handoff {
	var list []Handoff
	for _, h := range all {
		end := h.Shift.To
		if end.After(p.Begin()) && !end.After(p.End()) && (!end.After(now) || !h.Posted.IsZero()) {
			list = append(list, h)
		}
	}
	stable.Sort(list, func(a, b Handoff) int {
		return cmp.Or(a.Shift.To.Compare(b.Shift.To), cmp.Compare(a.Shift.Region, b.Shift.Region))
	})
	return list
}

// unique sorts a list by ID and removes duplicates, so that the order of the input does not matter.
func unique[T any](all []T, id func(T) int64) []T {
	list := slices.Clone(all)
	stable.Sort(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return slices.CompactFunc(list, func(a, b T) bool { return id(a) == id(b) })
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
