// Package incident holds the rules of the production queue's incidents: severities, where an incident stands and what may come next, its
// record, its timeline, and when a review is due.
//
// Start with [Of], which reads an incident from an issue, and [Reconciler], which says what an issue must look like by its comments:
// what is told of an incident is an entry of pkg/eventlog first, and labels, record and timeline follow from all of them.
// It decides and never acts: requests, the clock and printing are not here, and neither is how a record is written, which is in pkg/record.
package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Incident is what an issue says of an incident.
type Incident struct {
	Issue    issue.Issue
	Record   Record
	State    State
	Severity Severity
	Services []string // of the record, then those that only a label names
	Gaps     []string // sentences: what should be there and is not, what contradicts what
}

// Of reads an incident. State and severity are those of the labels, else of the record; an issue that is open or closed says nothing of its
// incident. Of several state labels the earliest counts, since somebody may still be affected, and of several severities the worst.
func Of(i issue.Issue, l Labels) Incident {
	inc := Incident{Issue: i, Record: Read(i.Description, i.CreatedAt)}
	inc.State = stateOf(l.statesOn(i), inc.Record)
	inc.Severity = inc.Record.Severity
	if on := l.severitiesOn(i); len(on) > 0 {
		inc.Severity = on[0]
	}
	inc.Services = distinct(append(slices.Clone(inc.Record.Services), l.servicesOn(i)...))
	inc.Gaps = inc.gaps(l)
	return inc
}

// stateOf is the state by the labels, else by the times of the record. A record without an end does not say that the incident goes on.
func stateOf(on []State, r Record) State {
	switch {
	case len(on) > 0:
		return on[0]
	case !r.ResolvedAt.IsZero():
		return Resolved
	case !r.MitigatedAt.IsZero():
		return Mitigated
	}
	return UnknownState
}

// ToDetect is how long it took from the start until the incident was noticed, when both are known.
func (i Incident) ToDetect() (time.Duration, bool) { return i.since(i.Record.DetectedAt) }

// ToMitigate is how long it took from the start until users were not affected any more, when both are known.
func (i Incident) ToMitigate() (time.Duration, bool) { return i.since(i.Record.MitigatedAt) }

// ToResolve is how long it took from the start until the cause was gone, when both are known.
func (i Incident) ToResolve() (time.Duration, bool) { return i.since(i.Record.ResolvedAt) }

// since is not known of times that contradict each other.
func (i Incident) since(t time.Time) (time.Duration, bool) {
	start := i.Record.StartedAt
	if start.IsZero() || t.IsZero() || t.Before(start) {
		return 0, false
	}
	return t.Sub(start), true
}

// gaps are in one order: what is missing, then what contradicts itself.
func (i Incident) gaps(l Labels) []string {
	r := i.Record
	var list []string
	say := func(when bool, format string, args ...any) {
		if when {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	say(!r.Exists, "no record")
	say(i.Severity == UnknownSeverity, "severity unknown")
	say(i.State == UnknownState, "no state: neither a label nor the record says")
	say(r.StartedAt.IsZero(), "no start time")
	say(len(i.Services) == 0, "no service named")
	say(i.State == Mitigated && r.MitigatedAt.IsZero(), "mitigated, but the record does not say when")
	say(i.State.Over() && r.ResolvedAt.IsZero(), "%s, but the record does not say when it was resolved", i.State)
	states, severities := l.statesOn(i.Issue), l.severitiesOn(i.Issue)
	say(len(states) == 0 && i.State != UnknownState, "no state label; by the record it is %s", i.State)
	say(len(states) > 1, "several state labels: %s", listed(states))
	say(len(severities) > 1, "several severity labels: %s", listed(severities))
	say(len(severities) > 0 && r.Severity != UnknownSeverity && r.Severity != i.Severity, "the label says %s, the record %s", i.Severity,
		r.Severity)
	say(i.State == Active && len(states) > 0 && !r.ResolvedAt.IsZero(), "the label says active, but the record has a time of resolution")
	list = append(list, contradictions(r)...)
	return append(list, problems(r)...)
}

// disorder tells of times that cannot be.
func contradictions(r Record) []string {
	var list []string
	for _, pair := range []struct {
		early, late time.Time
		text        string
	}{
		{r.StartedAt, r.DetectedAt, "noticed before it began"},
		{r.StartedAt, r.MitigatedAt, "mitigated before it began"},
		{r.StartedAt, r.ResolvedAt, "resolved before it began"},
		{r.MitigatedAt, r.ResolvedAt, "resolved before it was mitigated"},
	} {
		if !pair.early.IsZero() && !pair.late.IsZero() && pair.late.Before(pair.early) {
			list = append(list, "by the record it was "+pair.text)
		}
	}
	return list
}

func problems(r Record) []string {
	var list []string
	for _, p := range r.Problems {
		list = append(list, "record, "+p.String())
	}
	return list
}

func listed[T fmt.Stringer](list []T) string {
	var words []string
	for _, w := range list {
		words = append(words, w.String())
	}
	return strings.Join(words, ", ")
}
