package board

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Card is one issue in one column.
type Card struct {
	Issue        issue.Issue
	OtherColumns []string // names of the other columns that it carries the label of, which it should not
	// Since is when it came into the column, UTC; zero when that is not known.
	Since time.Time
}

// Lane is a column with its issues.
type Lane struct {
	Column
	Cards []Card
}

// Over reports whether the column holds more than its limit.
func (l Lane) Over() bool { return l.Limit > 0 && len(l.Cards) > l.Limit }

// Deal puts issues into their columns, the closed one last; off counts those that are in none.
// An issue with the labels of several columns lies in each of them, as on GitLab's boards, and each card names the others.
// Cards are ordered by rank, lowest first, then by number. The order of issues does not matter.
func (l Layout) Deal(issues []issue.Issue, rank func(issue.Issue) int) (lanes []Lane, off int) {
	at := map[string]int{}
	for n, c := range l.All() {
		lanes = append(lanes, Lane{Column: c})
		at[c.Label] = n
	}
	for _, i := range issues {
		in := l.Where(i)
		if len(in) == 0 {
			off++
		}
		for _, c := range in {
			lane := &lanes[at[c.Label]]
			lane.Cards = append(lane.Cards, Card{Issue: i, OtherColumns: others(in, c)})
		}
	}
	for _, lane := range lanes {
		slices.SortFunc(lane.Cards, func(a, b Card) int {
			return cmp.Or(cmp.Compare(rank(a.Issue), rank(b.Issue)),
				cmp.Compare(a.Issue.Ref.Project, b.Issue.Ref.Project), cmp.Compare(a.Issue.Ref.IID, b.Issue.Ref.IID))
		})
	}
	return lanes, off
}

func others(in []Column, c Column) []string {
	var names []string
	for _, o := range in {
		if o.Label != c.Label {
			names = append(names, o.Name)
		}
	}
	return names
}

// Since is when an issue last got the label that it carries now, by its label events in the order of their ids; zero when no event
// tells, as for labels given before GitLab kept events.
func Since(events []issue.Event, name string) time.Time {
	var since time.Time
	for _, e := range events {
		switch {
		case e.Name != name:
		case e.Action != "add":
			since = time.Time{}
		case since.IsZero():
			since = e.At
		}
	}
	return since
}
