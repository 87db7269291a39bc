package store

import (
	"strings"
	"time"
)

// Milestone is a milestone of a project or group.
type Milestone struct {
	ID, IID     int
	Parent      Parent
	CreatedBy   *User // shown in the events of the project
	Title       string
	Description string
	Described   bool // an empty description is "", not null
	Closed      bool
	StartDate   string
	DueDate     string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Deleted     bool
	Version     int // counts the changes, so that a save notices one since it has read the milestone
	StateEvents []StateEvent
}

// State is active or closed.
func (m *Milestone) State() string {
	if m.Closed {
		return "closed"
	}
	return "active"
}

// SetMilestoneState closes or activates the milestone and records the event. It does nothing if the milestone already has
// that state.
func (s *Store) SetMilestoneState(m *Milestone, closed bool, by *User) {
	if m.Closed == closed {
		return
	}
	m.Closed, m.UpdatedAt = closed, s.Stamp()
	m.Version++
	m.StateEvents = append(m.StateEvents, StateEvent{Next(&s.Last.MilestoneStateEvent), by, m.UpdatedAt, closed})
}

// ProjectsUsing lists the projects whose issues may have the milestone.
func (s *Store) ProjectsUsing(m *Milestone) []*Project {
	if m.Parent.Project != nil {
		return []*Project{m.Parent.Project}
	}
	return s.ProjectsWithin(m.Parent.Group)
}

// Reference returns the reference to a milestone in a text.
func (m *Milestone) Reference() string {
	if strings.ContainsAny(m.Title, " \t") {
		return `%"` + m.Title + `"`
	}
	return "%" + m.Title
}
