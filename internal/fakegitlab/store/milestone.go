package store

import (
	"strings"
	"time"
)

// Milestone is a milestone of a project or group.
type Milestone struct {
	ID, IID     int
	Parent      Parent
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
}

// State is active or closed.
func (m *Milestone) State() string {
	if m.Closed {
		return "closed"
	}
	return "active"
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
