package report

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Source is where a time is written.
type Source string

// The sources, the best first. A label's moment is when somebody set the label, which may be long after it was so.
const (
	FromRecord   Source = "record"
	FromTimeline Source = "timeline" // a line that a person wrote into the description, which says nothing else
	FromLabel    Source = "label"
)

// Moment is a time and where it is written; zero: it is not known.
type Moment struct {
	At   time.Time // UTC
	From Source
}

// Known reports whether there is one.
func (m Moment) Known() bool { return !m.At.IsZero() }

// Evidence are the times of an incident with where each is written.
type Evidence struct{ Started, Detected, Mitigated, Resolved Moment }

// words by which a line of a timeline says that something happened, and nothing else.
func words(what string) []string {
	switch what {
	case "started":
		return []string{"it began", "began", "started"}
	case "detected":
		return []string{"it was noticed", "noticed", "detected"}
	}
	return []string{what}
}

// EvidenceOf finds the times of an incident: in its record, else in lines of the timeline that say nothing else,
// else in the events of its labels, which may be left out. A label tells of an end alone, and only while the incident is at it.
func EvidenceOf(i incident.Incident, l incident.Labels, events []issue.Event) Evidence {
	r := i.Record
	lines := incident.Timeline(i, l, nil, nil, nil, nil)
	e := Evidence{
		Started:   first(recorded(r.StartedAt), written(lines, "started", false)),
		Detected:  first(recorded(r.DetectedAt), written(lines, "detected", false)),
		Mitigated: first(recorded(r.MitigatedAt), written(lines, "mitigated", true)),
		Resolved:  first(recorded(r.ResolvedAt), written(lines, "resolved", true)),
	}
	if i.State == incident.Mitigated || i.State.Over() {
		e.Mitigated = first(e.Mitigated, labelled(i, events, l.Mitigated, l.Active))
	}
	if i.State.Over() {
		e.Resolved = first(e.Resolved, labelled(i, events, l.Resolved, l.Active))
	}
	return e
}

// Lacking reports whether the events of its labels may tell of an end that is not written in the incident's description.
func (e Evidence) Lacking(i incident.Incident) bool {
	return i.State.Over() && !(e.Resolved.Known() && e.Mitigated.Known()) || i.State == incident.Mitigated && !e.Mitigated.Known()
}

func recorded(at time.Time) Moment {
	if at.IsZero() {
		return Moment{}
	}
	return Moment{at.UTC(), FromRecord}
}

func first(list ...Moment) Moment {
	for _, m := range list {
		if m.Known() {
			return m
		}
	}
	return Moment{}
}

// written is the time of the line that says what happened: the last one of an end, since an incident may come back, and else the first.
func written(lines []incident.Line, what string, last bool) Moment {
	var found Moment
	for _, line := range lines {
		text := strings.Trim(strings.ToLower(line.Text), " .!:")
		if line.Source == incident.FromRecord && slices.Contains(words(what), text) && (last || !found.Known()) {
			found = Moment{line.At.UTC(), FromTimeline}
		}
	}
	return found
}

// opening is how long after an issue was opened its labels are those that it was opened with. They do not tell when something happened.
const opening = time.Minute

// labelled is when a label was set last, unless the incident began again after it.
func labelled(i incident.Incident, events []issue.Event, label, again string) Moment {
	var found Moment
	for _, e := range events {
		switch {
		case e.Action != "add" || e.Name == "" || e.At.Sub(i.Issue.CreatedAt) <= opening:
		case e.Name == label:
			found = Moment{e.At.UTC(), FromLabel}
		case e.Name == again:
			found = Moment{}
		}
	}
	return found
}
