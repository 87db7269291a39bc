package report

import (
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The times of an incident with their sources are those of pkg/evidence.
type (
	// Source is where a time comes from.
	Source = evidence.Source
	// Moment is a time with its source.
	Moment = evidence.Moment
	// Evidence holds the times of an incident.
	Evidence = evidence.Times
)

// The sources that reports show.
const (
	FromRecord   = evidence.FromRecord
	FromTimeline = evidence.FromTimeline
	FromLabel    = evidence.FromLabel
)

// EvidenceOf finds the times of an incident; see [evidence.Of].
func EvidenceOf(i incident.Incident, l incident.Labels, events []issue.Event) Evidence {
	return evidence.Of(i, l, events)
}
