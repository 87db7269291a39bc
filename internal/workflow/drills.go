package workflow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// DrillHistory is how far back restore drills are read: a year, and the days by which one moves.
const DrillHistory = 400 * 24 * time.Hour

// Drills lists the restore drills since a time, the newest first. An issue that has the label, and neither a record nor the title of a
// drill, is none. What a drill that was moved away had recorded until then still counts.
func Drills(ctx context.Context, read IssueLister, in target.Target, label string, since time.Time) ([]drill.Drill, error) {
	var list []drill.Drill
	for i, err := range read.Issues(ctx, in, issue.Query{Labels: []string{label}, CreatedAfter: since}) {
		if err != nil {
			return nil, err
		}
		if d := drill.Read(i); d.Exists || drill.IsTitle(i.Title) {
			list = append(list, d)
		}
	}
	here := map[string]bool{}
	for _, d := range list {
		here[d.Occurrence] = here[d.Occurrence] || d.Issue.MovedToID == 0
	}
	list = slices.DeleteFunc(list, func(d drill.Drill) bool { // it was moved back: the new issue has everything that it recorded
		return d.Issue.MovedToID != 0 && d.Occurrence != "" && here[d.Occurrence]
	})
	stable.Sort(list, func(a, b drill.Drill) int {
		return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(b.Issue.Ref.IID, a.Issue.Ref.IID))
	})
	return list, nil
}
