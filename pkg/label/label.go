// Package label holds the rules of labels: the declared set (names, colors, descriptions, priorities and old names) and its comparison
// with the labels of a project or group.
//
// Start with [Builtin] for the handbook's set, [Set.Validate] for what GitLab would refuse or silently change, and [Compare] for the
// comparison. Requests, files and output do not belong here.
package label

// Label is one label as GitLab returned it.
type Label struct {
	ID          int64
	Name        string
	Color       string // #rrggbb, lower case
	Description string
	Priority    *int // 0 is the highest; nil: none. Groups have no priorities
	FromGroup   bool // owned by a parent group of the project or group
	Open        int  // open issues with the label; only if counts were requested
	Closed      int  // closed issues with the label, likewise
	Requests    int  // open merge requests with the label, likewise
}

// Change holds the fields to change in a label; nil fields stay. GitLab keeps the priority per project and sets it separately:
// SetPriority with a nil Priority removes it.
type Change struct {
	Name        *string
	Color       *string
	Description *string
	SetPriority bool
	Priority    *int
	Before      string // the name that a label to rename must have; empty: any
}

// IsZero reports whether the change is empty.
func (c Change) IsZero() bool {
	return c.Name == nil && c.Color == nil && c.Description == nil && !c.SetPriority
}

// Apply returns the label after the change.
func (l Label) Apply(c Change) Label {
	if c.Name != nil {
		l.Name = *c.Name
	}
	if c.Color != nil {
		l.Color = *c.Color
	}
	if c.Description != nil {
		l.Description = *c.Description
	}
	if c.SetPriority {
		l.Priority = c.Priority
	}
	return l
}
