package store

import (
	"strings"
	"time"
)

// DefaultLabelColor is the colour of a label that was created by naming it on an issue.
const DefaultLabelColor = "#6699cc"

// Label is a label of a project or group.
type Label struct {
	ID          int
	Parent      Parent
	Name        string
	Color       string // #rrggbb
	Description string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Deleted     bool // label events show null
}

// Scope returns the part of the name before the last ::, "" for a label without one.
func (l *Label) Scope() string {
	if i := strings.LastIndex(l.Name, "::"); i > 0 && i+2 < len(l.Name) {
		return l.Name[:i]
	}
	return ""
}
