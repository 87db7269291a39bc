package store

import "time"

// Board is a board of a project or group.
type Board struct {
	ID          int
	Parent      Parent
	Name        string
	HideBacklog bool
	HideClosed  bool
	Milestone   *Milestone
	Assignee    *User
	Labels      []*Label
	Weight      *int
	Lists       []*BoardList // in order of position
}

// BoardList is a list of one kind: label or, on paid plans, assignee or milestone.
type BoardList struct {
	ID        int
	Label     *Label
	Assignee  *User
	Milestone *Milestone
	UpdatedAt time.Time
}
