package store

import (
	"strings"
	"time"
)

// DefaultLabelColor is what a label gets that was made by naming it on an issue.
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

// Scope is what stands before the last :: of a name, "" for a label without one.
func (l *Label) Scope() string {
	if i := strings.LastIndex(l.Name, "::"); i > 0 && i+2 < len(l.Name) {
		return l.Name[:i]
	}
	return ""
}
