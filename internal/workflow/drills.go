package workflow

import (
	"cmp"
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// DrillHistory is how far back restore drills are read: a year, and the days by which one moves.
const DrillHistory = 400 * 24 * time.Hour

// Drills lists the restore drills since a time, the newest first. An issue that has the label and no record is none.
func Drills(ctx context.Context, read IssueLister, in target.Target, label string, since time.Time) ([]drill.Drill, error) {
	var list []drill.Drill
	for i, err := range read.Issues(ctx, in, issue.Query{Labels: []string{label}, CreatedAfter: since}) {
		if err != nil {
			return nil, err
		}
		if d := drill.Read(i); d.Exists && i.MovedToID == 0 {
			list = append(list, d)
		}
	}
	stable.Sort(list, func(a, b drill.Drill) int {
		return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(b.Issue.Ref.IID, a.Issue.Ref.IID))
	})
	return list, nil
}
