// Package incident holds the rules for incidents: severities, states and transitions, the record, the timeline, and when a review is due.
//
// Start with [Of], which reads an incident from an issue, and [Reconciler], which computes what an issue should look like from its
// comments: everything that happens is first an event of pkg/eventlog, and labels, record and timeline follow from all events.
// The package decides and never acts: requests, the clock and printing are not here, and the syntax of a record is in pkg/record.
package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Incident is an incident, read from its issue.
type Incident struct {
	Issue    issue.Issue
	Record   Record
	State    State
	Severity Severity
	Services []string // of the record, then those with a label only
	Gaps     []string // what is missing, and what contradicts itself
}

// Of reads an incident. State and severity come from the labels, else from the record, else, for GitLab's own type of issue, from GitLab;
// whether an issue of another type is open does not matter. Of several state labels the earliest counts, since users may still be
// affected, and of several severities the worst.
func Of(i issue.Issue, l Labels) Incident {
	inc := Incident{Issue: i, Record: Read(i.Description, i.CreatedAt)}
	inc.State = stateOf(i, l.statesOn(i), inc.Record)
	inc.Severity = inc.Record.Severity
	if on := l.severitiesOn(i); len(on) > 0 {
		inc.Severity = on[0]
	}
	if inc.Severity == UnknownSeverity {
		inc.Severity = OfGitLab(i.Severity)
	}
	inc.Services = distinct(append(slices.Clone(inc.Record.Services), l.servicesOn(i)...))
	inc.Gaps = inc.gaps(l)
	return inc
}

// stateOf is the state by the labels, else by the times of the record. A record without end times does not mean that the incident is
// ongoing. Without either, closing an issue of GitLab's own type resolves the incident, as it does in GitLab.
func stateOf(i issue.Issue, on []State, r Record) State {
	switch {
	case len(on) > 0:
		return on[0]
	case !r.ResolvedAt.IsZero():
		return Resolved
	case !r.MitigatedAt.IsZero():
		return Mitigated
	case i.Incident && i.State == issue.Closed && i.MovedToID == 0:
		return Resolved
	}
	return UnknownState
}

// Burning reports whether users are affected now: it is active, or nobody recorded a state and its issue is open.
func (i Incident) Burning() bool {
	return i.State == Active || i.State == UnknownState && i.Issue.Open()
}

// ToDetect returns the time from start to detection, if both are known.
func (i Incident) ToDetect() (time.Duration, bool) { return i.since(i.Record.DetectedAt) }

// ToMitigate returns the time from start to mitigation, if both are known.
func (i Incident) ToMitigate() (time.Duration, bool) { return i.since(i.Record.MitigatedAt) }

// ToResolve returns the time from start to resolution, if both are known.
func (i Incident) ToResolve() (time.Duration, bool) { return i.since(i.Record.ResolvedAt) }

// since is unknown if the times contradict each other.
func (i Incident) since(t time.Time) (time.Duration, bool) {
	start := i.Record.StartedAt
	if start.IsZero() || t.IsZero() || t.Before(start) {
		return 0, false
	}
	return t.Sub(start), true
}

// gaps lists what is missing, then what contradicts itself, always in the same order.
func (i Incident) gaps(l Labels) []string {
	r := i.Record
	var list []string
	add := func(when bool, format string, args ...any) {
		if when {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	add(i.Issue.Incident && !l.labelled(i.Issue), "GitLab's own incident, without the label %q", l.Incident)
	add(!r.Exists, "no record")
	add(i.Severity == UnknownSeverity, "severity unknown")
	add(i.State == UnknownState, "state unknown: no state label, no end time in the record")
	add(r.StartedAt.IsZero(), "no start time")
	add(len(i.Services) == 0, "no services")
	list = append(list, i.differs()...)
	list = append(list, i.mismatches(l)...)
	severities := l.severitiesOn(i.Issue)
	add(len(severities) > 1, "several severity labels: %s", listed(severities))
	add(len(severities) > 0 && r.Severity != UnknownSeverity && r.Severity != i.Severity, "the label says %s, the record %s", i.Severity,
		r.Severity)
	list = append(list, contradictions(r)...)
	return append(list, problems(r)...)
}

// mismatches lists how the state label and the times of the record disagree.
func (i Incident) mismatches(l Labels) (list []string) {
	r, states := i.Record, l.statesOn(i.Issue)
	add := func(when bool, format string, args ...any) {
		if when {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	add(i.State == Mitigated && r.MitigatedAt.IsZero(), "mitigated, but the record has no mitigation time")
	byGitLab := len(states) == 0 && r.MitigatedAt.IsZero() && r.ResolvedAt.IsZero() // the issue was closed
	add(i.State.Over() && r.ResolvedAt.IsZero() && !byGitLab, "%s, but the record has no resolution time", i.State)
	add(i.State != UnknownState && byGitLab, "%s because it is closed in GitLab: no state label, no end time in the record", i.State)
	add(len(states) == 0 && i.State != UnknownState && !byGitLab, "no state label; the record says %s", i.State)
	add(len(states) > 1, "several state labels: %s", listed(states))
	add(i.State == Active && len(states) > 0 && !r.ResolvedAt.IsZero(), "the label says active, but the record has a resolution time")
	return list
}

// differs lists how an issue of GitLab's own type differs from state and severity.
func (i Incident) differs() (list []string) {
	if !i.Issue.Incident || i.Issue.MovedToID != 0 {
		return nil
	}
	switch open := i.Issue.Open(); {
	case open && i.State.Over():
		list = append(list, string(i.State)+", but open in GitLab, which counts the time until it is closed")
	case !open && (i.State == Active || i.State == Mitigated):
		list = append(list, string(i.State)+", but closed in GitLab")
	}
	if s := OfGitLab(i.Issue.Severity); s != UnknownSeverity && s != i.Severity {
		theirs := strings.ToLower(string(i.Issue.Severity))
		list = append(list, fmt.Sprintf("severity %s, but GitLab's severity is %s (%s)", i.Severity, theirs, s))
	}
	return list
}

// Mismatch returns how state label and record disagree, in one sentence; empty if they agree, and if both have no state.
func (i Incident) Mismatch(l Labels) string { return strings.Join(i.mismatches(l), "; ") }

// contradictions lists times of the record that are in the wrong order. Seconds do not count: people enter minutes, and two of them may
// record different things in the same one.
func contradictions(r Record) []string {
	var list []string
	for _, pair := range []struct {
		early, late time.Time
		text        string
	}{
		{r.StartedAt, r.DetectedAt, "detected before it started"},
		{r.StartedAt, r.MitigatedAt, "mitigated before it started"},
		{r.StartedAt, r.ResolvedAt, "resolved before it started"},
		{r.MitigatedAt, r.ResolvedAt, "resolved before it was mitigated"},
	} {
		if !pair.early.IsZero() && !pair.late.IsZero() && pair.late.Truncate(time.Minute).Before(pair.early.Truncate(time.Minute)) {
			list = append(list, pair.text)
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
