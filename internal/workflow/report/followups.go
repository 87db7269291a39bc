package report

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// followUps counts the corrective actions of a period. It takes a request per 100 open ones, and one per 100 that were updated since the
// period began. It is nil if the team has no tracker for them.
func (r Reports) followUps(ctx context.Context, p report.Period, now time.Time) (*followup.Figures, error) {
	if r.Infrastructure == "" {
		return nil, nil
	}
	labels := []string{r.Incidents.Action}
	queries := []issue.Query{{State: issue.Opened, Labels: labels}, {State: issue.Closed, Labels: labels, UpdatedAfter: p.Begin()}}
	found := make([][]issue.Issue, len(queries))
	g, gctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range r.Client.Issues(gctx, target.ProjectAt(r.Infrastructure), q) {
				if err != nil {
					return err
				}
				i.Description = ""
				found[n] = append(found[n], i)
			}
			return nil
		})
	}
	err := g.Wait()
	today := followup.Calendar{Today: p.Day(now), Zone: cmp.Or(p.Zone, time.UTC)}
	figures := followup.FiguresOf(append(found[0], found[1]...), p.From, p.To, today)
	return &figures, err
}
