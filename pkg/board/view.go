package board

import (
	"cmp"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Card is one issue in one column.
type Card struct {
	Issue        issue.Issue
	OtherColumns []string // names of the other columns that it carries the label of, which it should not
	// Since is when the issue entered the column, in UTC; zero: unknown.
	Since time.Time
}

// Lane is a column with its issues.
type Lane struct {
	Column
	Cards []Card
}

// Over reports whether the column is over its limit.
func (l Lane) Over() bool { return l.Limit > 0 && len(l.Cards) > l.Limit }

// Deal sorts issues into lanes, the closed one last. off is the number of issues that are in no column.
// An issue with the labels of several columns is in each of their lanes, as on GitLab's boards, and each card names the other columns.
// Cards are sorted by rank, lowest first, then by number. The order of the issues does not matter.
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
		stable.Sort(lane.Cards, func(a, b Card) int {
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

// Since returns when an issue last got a label that it still has, from its label events sorted by id. It is zero without such an event,
// as for labels that were added before GitLab recorded events.
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
