package incident

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// CheckReader is what `incident check` reads.
type CheckReader interface {
	workflow.IssueLister
	Notes(context.Context, issue.Ref) ([]issue.Note, error)
}

// Check is `incident check`: what is wrong with the incidents that are ongoing, open, or were closed lately.
type Check struct {
	Read    CheckReader
	Project string // the production queue
	Actions string // project of the corrective actions
	Labels  incident.Labels
	Limits  incident.Limits
	Now     time.Time
}

// Findings returns what the rules find, the most urgent first, and how many incidents were checked.
//
// It takes seven requests for the incidents, one for the comments of each active incident that is older than its limit, and one for the
// corrective actions if an S1 or S2 is over. A list takes one more per 100 issues.
func (c Check) Findings(ctx context.Context) (list []incident.Finding, checked int, err error) {
	incidents, err := workflow.RecentIncidents(ctx, c.Read, c.Project, c.Labels, c.Now.Add(-RecentlyDone))
	if err != nil {
		return nil, 0, err
	}
	facts := make([]incident.Facts, len(incidents))
	var acted map[issue.Ref]bool
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { acted, err = c.acted(gctx, incidents); return err })
	g.Go(func() error { return c.words(gctx, incidents, facts) })
	if err := g.Wait(); err != nil {
		return nil, 0, err
	}
	for n, i := range incidents {
		facts[n].Actions = acted[keyOf(i.Issue.Ref)]
		list = append(list, i.Check(c.Now, c.Limits, c.Labels, facts[n])...)
	}
	incident.SortFindings(list)
	return list, len(incidents), nil
}

// words reads the comments of the incidents for which the last word matters.
func (c Check) words(ctx context.Context, incidents []incident.Incident, facts []incident.Facts) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range incidents {
		if !i.WordMatters(c.Now, c.Limits) {
			continue
		}
		g.Go(func() error {
			notes, err := c.Read.Notes(ctx, i.Issue.Ref)
			facts[n].Word = i.LastWord(notes)
			return err
		})
	}
	return g.Wait()
}

// acted reads which incidents have corrective actions, if that matters for any: actions that were created since the oldest of those
// incidents was opened.
func (c Check) acted(ctx context.Context, incidents []incident.Incident) (map[issue.Ref]bool, error) {
	var since time.Time
	for _, i := range incidents {
		if at := i.Issue.CreatedAt; i.ActionsMatter() && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	if since.IsZero() {
		return nil, nil
	}
	var actions []issue.Issue
	q := issue.Query{Labels: []string{c.Labels.Action}, CreatedAfter: since}
	for i, err := range c.Read.Issues(ctx, target.ProjectAt(c.Actions), q) {
		if err != nil {
			return nil, err
		}
		actions = append(actions, i)
	}
	acted := map[issue.Ref]bool{}
	for _, ref := range sourcesOf(actions) {
		acted[ref] = true
	}
	return acted, nil
}
