package store

import (
	"slices"
	"strings"
	"time"
)

// DefaultLabelColor is the color of a label that was created by naming it on an issue.
const DefaultLabelColor = "#6699cc"

// Label is a label of a project or group.
type Label struct {
	ID          int
	Parent      Parent
	Name        string
	Color       string // #rrggbb or #rgb
	Description string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Deleted     bool // label events show null
	Subscribers []LabelSubscriber
}

// LabelSubscriber is a user who is notified about a label, in one project. Project is nil if the user subscribed to a
// group's label in the group.
type LabelSubscriber struct {
	User    *User
	Project *Project
}

// Subscribed reports whether the user is notified about the label in the project, or everywhere.
func (l *Label) Subscribed(u *User, in *Project) bool {
	return slices.ContainsFunc(l.Subscribers, func(s LabelSubscriber) bool {
		return s.User == u && (s.Project == in || s.Project == nil)
	})
}

// Subscribe sets whether the user is notified about the label in the project, or everywhere if that is nil.
func (l *Label) Subscribe(u *User, in *Project, yes bool) {
	if yes {
		l.Subscribers = append(l.Subscribers, LabelSubscriber{u, in})
		return
	}
	l.Subscribers = slices.DeleteFunc(l.Subscribers, func(s LabelSubscriber) bool {
		return s.User == u && (s.Project == in || s.Project == nil)
	})
}

// Scope returns the part of the name before the last ::, "" for a label without one.
func (l *Label) Scope() string {
	if i := strings.LastIndex(l.Name, "::"); i > 0 && i+2 < len(l.Name) {
		return l.Name[:i]
	}
	return ""
}
