package board

import (
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Where returns the columns of an issue. A closed issue is in the closed column whatever its labels, as on GitLab's boards.
// Without columns it is not on the board; with several columns it appears more than once, which a move fixes.
func (l Layout) Where(i issue.Issue) []Column {
	if !i.Open() {
		return []Column{l.closed()}
	}
	var in []Column
	for _, c := range l.Columns {
		if i.Has(c.Label) {
			in = append(in, c)
		}
	}
	return in
}

// Move returns the change that moves an issue to one column: it adds the column's label and removes those of the other columns. The
// closed column closes the issue, and every other one reopens it. moved is false if nothing changes. Other labels are never touched.
func (l Layout) Move(i issue.Issue, to Column) (change issue.Change, moved bool) {
	for _, c := range l.Columns {
		switch has := i.Has(c.Label); {
		case c.Label == to.Label && !has:
			change.AddLabels = append(change.AddLabels, c.Label)
		case c.Label != to.Label && has:
			change.RemoveLabels = append(change.RemoveLabels, c.Label)
		}
	}
	state := issue.Opened
	if to.Closed() {
		state = issue.Closed
	}
	if i.State != state {
		change.State = &state
	}
	return change, change.State != nil || len(change.AddLabels)+len(change.RemoveLabels) > 0
}

// Others returns the labels of all columns but one.
func (l Layout) Others(to Column) []string {
	var labels []string
	for _, c := range l.Columns {
		if c.Label != to.Label {
			labels = append(labels, c.Label)
		}
	}
	return labels
}

// RequiresReady reports whether a column accepts only ready issues.
func (l Layout) RequiresReady(to Column) bool { return l.Ready != "" && to.Name == l.Ready }
