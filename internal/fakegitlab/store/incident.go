package store

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// Edit is the last change of a text: by whom and when.
type Edit struct {
	By *User
	At time.Time
}

// Incident is what only issues of the kind incident have. It stays if the kind changes.
type Incident struct {
	Severity string // low, medium, high or critical; "" if unknown
	Resolved bool   // the status, which is otherwise triggered
	Timeline []*TimelineEvent
}

// TimelineEvent is an event in the timeline of an incident. GitLab writes some by itself; these cannot be edited.
type TimelineEvent struct {
	ID         int
	Note       string
	Author     *User
	Action     string // comment, or what GitLab recorded: issues, severity, status
	Editable   bool
	Tags       []string
	OccurredAt time.Time
	CreatedAt  time.Time
}

// IsIncident reports whether the issue is an incident now.
func (i *Issue) IsIncident() bool { return i.Kind == "incident" }

// Severity is UNKNOWN, LOW, MEDIUM, HIGH or CRITICAL. Only incidents have one other than UNKNOWN.
func (i *Issue) Severity() string {
	if !i.IsIncident() || i.Incident == nil || i.Incident.Severity == "" {
		return "UNKNOWN"
	}
	return strings.ToUpper(i.Incident.Severity)
}

// AsIncident returns the issue's data as an incident, to be changed.
func (i *Issue) AsIncident() *Incident {
	if i.Incident == nil {
		i.Incident = &Incident{}
	}
	return i.Incident
}

// Timeline lists the issue's timeline events by the time at which they occurred.
func (i *Issue) Timeline() []*TimelineEvent {
	if i.Incident == nil {
		return nil
	}
	events := slices.Clone(i.Incident.Timeline)
	sort.SliceStable(events, func(a, b int) bool { return events[a].OccurredAt.Before(events[b].OccurredAt) })
	return events
}

// AddTimelineEvent stores an event of the incident and fills in id and time of creation.
func (s *Store) AddTimelineEvent(i *Issue, e *TimelineEvent) *TimelineEvent {
	e.ID, e.CreatedAt = Next(&s.Last.TimelineEvent), s.Stamp()
	incident := i.AsIncident()
	incident.Timeline = append(incident.Timeline, e)
	return e
}
