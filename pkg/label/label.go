// Package label holds the declared set of labels: names, colours, descriptions, priorities and old names,
// and the comparison of that set with what a project or group really has.
//
// Start with [Builtin] for the handbook's own set, [Set.Validate] for what GitLab would refuse or change behind
// our back, and [Compare] for the comparison. Requests, files and printing are not here.
package label

// Label is one label as GitLab showed it.
type Label struct {
	ID          int64
	Name        string
	Color       string // #rrggbb, lower case
	Description string
	Priority    *int // 0 is the highest; nil: none. Groups have no priorities
	FromGroup   bool // owned by a group above the project or group it was seen in
	Open        int  // open issues that carry it; only where counts were asked for
	Closed      int  // closed ones, likewise
	Requests    int  // open merge requests, likewise
}

// Change is what to change in a label; nil fields stay. Priority is kept per project and set by itself:
// SetPriority with a nil Priority takes it away.
type Change struct {
	Name        *string
	Color       *string
	Description *string
	SetPriority bool
	Priority    *int
}

// IsZero reports whether nothing is to be changed.
func (c Change) IsZero() bool {
	return c.Name == nil && c.Color == nil && c.Description == nil && !c.SetPriority
}

// Apply gives the label as it looks after the change.
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
