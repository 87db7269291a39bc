// Package evidence finds the times of an incident, each with how it is known: the record, lines of the description's text, label events.
//
// Start with [Of] for the times and [LinesOf] for the lines of older templates, such as "Minutes downtime or degradation : 14". Nothing is
// guessed: a time without evidence is unknown. What follows from the times is not here: see pkg/report and pkg/budget.
package evidence

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Source is where a time comes from.
type Source string

// The sources, the most reliable first. The time of a label is when somebody set it, which may be long after the fact.
const (
	FromRecord   Source = "record"
	FromTimeline Source = "timeline" // a line in the description's timeline that says nothing else
	FromText     Source = "text"     // a line of an older template, such as its minutes of downtime
	FromLabel    Source = "label"
	FromGitLab   Source = "gitlab" // when an issue of GitLab's own type of incidents, without a record, was opened or closed
)

// Moment is a time with its source. The zero Moment is unknown.
type Moment struct {
	At   time.Time // UTC
	From Source
}

// Known reports whether the time is known.
func (m Moment) Known() bool { return !m.At.IsZero() }

// Times holds the times of an incident, each with its source.
type Times struct{ Started, Detected, Mitigated, Resolved Moment }

// timelineWords returns the texts of a timeline line that state an event and nothing else.
func timelineWords(event string) []string {
	switch event {
	case "started":
		return []string{"it began", "began", "started"}
	case "detected":
		return []string{"it was noticed", "noticed", "detected"}
	}
	return []string{event}
}

// Of finds the times of an incident: in its record, else in timeline lines that say nothing else, else in its label events, which
// may be nil. Labels show only when an incident was mitigated or resolved, and only while it is in that state.
func Of(i incident.Incident, l incident.Labels, events []issue.Event) Times {
	r := i.Record
	lines := incident.Timeline(i, l, nil, nil, nil, nil)
	e := Times{
		Started:   firstKnown(fromRecord(r.StartedAt), fromTimeline(lines, "started", false)),
		Detected:  firstKnown(fromRecord(r.DetectedAt), fromTimeline(lines, "detected", false)),
		Mitigated: firstKnown(fromRecord(r.MitigatedAt), fromTimeline(lines, "mitigated", true)),
		Resolved:  firstKnown(fromRecord(r.ResolvedAt), fromTimeline(lines, "resolved", true)),
	}
	if i.State == incident.Mitigated || i.State.Over() {
		e.Mitigated = firstKnown(e.Mitigated, fromLabel(i, events, l.Mitigated, l.Active))
	}
	if i.State.Over() {
		e.Resolved = firstKnown(e.Resolved, fromLabel(i, events, l.Resolved, l.Active))
	}
	if i.Issue.Incident && !r.Exists {
		e.Started = firstKnown(e.Started, Moment{i.Issue.CreatedAt.UTC(), FromGitLab})
		if i.State.Over() && !i.Issue.Open() {
			e.Resolved = firstKnown(e.Resolved, Moment{i.Issue.ClosedAt.UTC(), FromGitLab})
		}
	}
	return e
}

// Incomplete reports whether label events may supply an end time that the incident's description lacks.
func (e Times) Incomplete(i incident.Incident) bool {
	return i.State.Over() && !(e.Resolved.Known() && e.Mitigated.Known()) || i.State == incident.Mitigated && !e.Mitigated.Known()
}

func fromRecord(at time.Time) Moment {
	if at.IsZero() {
		return Moment{}
	}
	return Moment{at.UTC(), FromRecord}
}

func firstKnown(list ...Moment) Moment {
	for _, m := range list {
		if m.Known() {
			return m
		}
	}
	return Moment{}
}

// fromTimeline returns the time of the timeline line that states the event. For an end that is the last such line, because an incident
// may come back; for a start it is the first.
func fromTimeline(lines []incident.Line, event string, last bool) Moment {
	var found Moment
	for _, line := range lines {
		text := strings.Trim(strings.ToLower(line.Text), " .!:")
		if line.Source == incident.FromRecord && slices.Contains(timelineWords(event), text) && (last || !found.Known()) {
			found = Moment{line.At.UTC(), FromTimeline}
		}
	}
	return found
}

// StartByLabel returns when somebody first set the label of active incidents after the issue was opened. It is unknown if the incident had
// another state before.
func StartByLabel(i incident.Incident, l incident.Labels, events []issue.Event) Moment {
	for _, e := range events {
		switch {
		case e.Action != "add" || e.Name == "":
		case e.Name == l.Mitigated || e.Name == l.Resolved || e.Name == l.Reviewed:
			return Moment{}
		case e.Name == l.Active && e.At.Sub(i.Issue.CreatedAt) > openingGrace:
			return Moment{e.At.UTC(), FromLabel}
		}
	}
	return Moment{}
}

// openingGrace is how long after an issue was opened its labels count as set on opening. Those do not show when something happened.
const openingGrace = time.Minute

// fromLabel returns when the label was last set, unless the incident became active again after that.
func fromLabel(i incident.Incident, events []issue.Event, label, active string) Moment {
	var found Moment
	for _, e := range events {
		switch {
		case e.Action != "add" || e.Name == "" || e.At.Sub(i.Issue.CreatedAt) <= openingGrace:
		case e.Name == label:
			found = Moment{e.At.UTC(), FromLabel}
		case e.Name == active:
			found = Moment{}
		}
	}
	return found
}
