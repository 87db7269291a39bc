package milestone

import (
	"context"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// Boxes reads the last n finished timeboxes with their issues, the oldest first, and the running one at the end. It takes one request for
// the milestones, and one per 100 issues of each timebox.
func (t Timeboxes) Boxes(ctx context.Context, n int) ([]report.Box, error) {
	all, err := t.milestones(ctx, false)
	if err != nil {
		return nil, err
	}
	var boxes []report.Box
	for _, m := range t.Rules.Finished(all, n) {
		boxes = append(boxes, report.Box{Milestone: m})
	}
	for _, m := range all {
		if m.Open() && t.Role(m) == "current" {
			boxes = append(boxes, report.Box{Milestone: m, Running: true})
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for n := range boxes {
		group.Go(func() error {
			list, _, err := t.issuesIn(ctx, milestone.Want{Milestone: boxes[n].Milestone}, all)
			boxes[n].Issues = list
			return err
		})
	}
	return boxes, group.Wait()
}

// OpenWith reads the open issues with each of the labels, in a timebox or not: one list for each label.
func (t Timeboxes) OpenWith(ctx context.Context, labels []string) (map[string][]issue.Issue, error) {
	found := make([][]issue.Issue, len(labels))
	group, ctx := errgroup.WithContext(ctx)
	for n, name := range labels {
		group.Go(func() error {
			for i, err := range t.Read.Issues(ctx, t.In, issue.Query{State: issue.Opened, Labels: []string{name}}) {
				if err != nil {
					return err
				}
				i.Description = ""
				found[n] = append(found[n], i)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	open := map[string][]issue.Issue{}
	for n, name := range labels {
		open[name] = found[n]
	}
	return open, nil
}
