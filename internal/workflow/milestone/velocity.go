package milestone

import (
	"context"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// EventReader reads the milestone events of an issue.
type EventReader interface {
	MilestoneEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Velocity measures the last n finished timeboxes, the oldest first. It takes one request for the milestones and one per 100 issues of
// each. Unless events is nil it also takes one for each issue that existed when its timebox started, to see whether it was in it then.
func (t Timeboxes) Velocity(ctx context.Context, n int, events EventReader) ([]milestone.Velocity, error) {
	all, err := t.milestones(ctx, false)
	if err != nil {
		return nil, err
	}
	boxes := t.Rules.Finished(all, n)
	out := make([]milestone.Velocity, len(boxes))
	group, ctx := errgroup.WithContext(ctx)
	for n, m := range boxes {
		group.Go(func() error {
			list, _, err := t.issuesIn(ctx, milestone.Want{Milestone: m}, all)
			if err != nil {
				return err
			}
			scheduled, err := t.scheduled(ctx, m, list, events)
			if err != nil {
				return err
			}
			out[n] = milestone.VelocityOf(m, milestone.Measure(list, t.Rules.Labels, scheduled))
			return nil
		})
	}
	return out, group.Wait()
}

// scheduled returns the rule for whether an issue was in the timebox when it started.
func (t Timeboxes) scheduled(ctx context.Context, m milestone.Milestone, list []issue.Issue,
	events EventReader) (func(issue.Issue) bool, error) {
	existed := milestone.CreatedBefore(m.Box(), t.Rules.Zone)
	if events == nil {
		return existed, nil
	}
	in := make([]bool, len(list))
	at := map[issue.Ref]int{}
	group, ctx := errgroup.WithContext(ctx)
	for n, i := range list {
		at[i.Ref] = n
		if !existed(i) || i.Has(t.Rules.Labels.Unscheduled) {
			continue
		}
		group.Go(func() error {
			history, err := events.MilestoneEvents(ctx, i.Ref)
			in[n] = milestone.InAtStart(m.ID, m.Box(), t.Rules.Zone, i.CreatedAt, history)
			return err
		})
	}
	return func(i issue.Issue) bool { return in[at[i.Ref]] }, group.Wait()
}
