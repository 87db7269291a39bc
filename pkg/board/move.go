package board

import (
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Where gives the columns that an issue stands in. A closed issue is in the closed column whatever it carries, as on
// GitLab's boards. None means that it is not on the board; more than one that it shows twice, which a move mends.
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

// Move is what puts an issue into one column and no other: its label is added, those of other columns go,
// the closed column closes it and every other one opens it again. moved is false when nothing has to change;
// labels that belong to no column are never named.
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

// Demands reports whether a column takes ready issues only.
func (l Layout) RequiresReady(to Column) bool { return l.Ready != "" && to.Name == l.Ready }
