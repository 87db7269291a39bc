package board

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// In reports whether an issue is in a column, and its labels show no other one.
func (l Layout) In(i issue.Issue, c Column) bool {
	_, moved := l.Move(i, c)
	return !moved
}

// Latest returns the column into which an issue was moved last, if it is in several because people moved it at the same time: the one whose
// label, or whose closing, has the latest event. Everybody who reads the same events gets the same column. labels and states are GitLab's
// events of the issue, in their order. ok is false if the issue is in no column.
func (l Layout) Latest(i issue.Issue, labels, states []issue.Event) (latest Column, by issue.Event, ok bool) {
	for _, c := range l.Columns { // GitLab records no event of a label that it stored although it refused the request
		if i.Has(c.Label) && !ok {
			latest, ok = c, true
		}
	}
	for _, e := range labels {
		at := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Label == e.Name })
		if at >= 0 && e.Action == "add" && i.Has(e.Name) {
			latest, by = l.Columns[at], e
		}
	}
	if closed := lastClosing(states); !i.Open() && !closed.At.Before(by.At) {
		return l.closed(), closed, true
	}
	return latest, by, ok
}

// lastClosing is the last event that closed an issue; it has no time if there is none.
func lastClosing(states []issue.Event) (last issue.Event) {
	for _, e := range states {
		if e.Action == string(issue.Closed) {
			last = e
		}
	}
	return last
}
