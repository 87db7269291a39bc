// Package label holds the declared set of labels: names, colours, descriptions, priorities and old names,
// and the comparison of that set with what a project or group really has.
//
// Start with [Builtin] for the handbook's own set and [Diff] for the comparison.
// Requests, files and printing are not here.
package label

// Label is one label as GitLab showed it.
type Label struct {
	ID          int64
	Name        string
	Color       string // #rrggbb, lower case
	Description string
	Priority    *int // 0 is the highest; nil: none. Groups have no priorities
	FromGroup   bool // seen in a project but owned by a group above it
	Open        int  // open issues that carry it; only where counts were asked for
	Closed      int
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
