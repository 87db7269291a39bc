package report

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/flow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// FlowReader is what the flow of work is read through.
type FlowReader interface {
	workflow.IssueLister
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Flow says where a team's board is, and in which period its flow is measured, at most up to now.
type Flow struct {
	Client  FlowReader
	Project string
	Board   flow.Board
	Period  report.Period
	Now     time.Time
}

// FlowMeasures are the measures of a period.
type FlowMeasures struct {
	flow.Measures
	Mean int          // issues in progress on average, in hundredths
	Days []flow.Level // at the end of each day
}

// span is the part of the period up to the end of the current second, so that what was just done counts.
func (f Flow) span() flow.Period {
	end := f.Period.End()
	if now := f.Now.Add(time.Second); now.Before(end) {
		end = now
	}
	return flow.Period{From: f.Period.Begin(), To: end}
}

// Measure returns the measures of what [Flow.Paths] read.
func (f Flow) Measure(paths []flow.Path) FlowMeasures {
	in := f.span()
	var ends []time.Time
	for day := f.Period.From.AddDays(1); ; day = day.AddDays(1) {
		end := report.Last(1, day, f.Period.Zone).Begin()
		if !end.Before(in.To) {
			break
		}
		ends = append(ends, end)
	}
	return FlowMeasures{flow.Measure(paths, f.Board, in), flow.InProgress(paths, in), flow.Cumulative(paths, in, append(ends, in.To))}
}

// Issues returns the issues that were closed since the period began, and the open ones in a column of work that has started, the oldest
// first. It takes one request for each of these lists, and one more per 100 issues. Issues that moved to another project are left out.
//
// GitLab cannot filter by the time of closing, so it is asked for closed issues that were updated since: closing updates an issue.
func (f Flow) Issues(ctx context.Context) ([]issue.Issue, error) {
	queries := []issue.Query{{State: issue.Closed, UpdatedAfter: f.Period.Begin().Add(-issue.UpdateSlack)}}
	for _, c := range f.Board.Layout.Started() {
		queries = append(queries, issue.Query{State: issue.Opened, Labels: []string{c.Label}})
	}
	found := make([][]issue.Issue, len(queries))
	g, gctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range f.Client.Issues(gctx, target.ProjectAt(f.Project), q) {
				if err != nil {
					return err
				}
				if i.MovedToID == 0 && (i.Open() || !i.ClosedAt.Before(f.Period.Begin())) {
					i.Description = ""
					found[n] = append(found[n], i)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	stable.Sort(all, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b issue.Issue) bool { return a.ID == b.ID }), nil
}

// RequestsPerIssue is how many requests [Flow.Paths] takes for each issue: one for its label events, and one for its state events.
const RequestsPerIssue = 2

// Paths reads the ways of issues over the board. The path of an issue whose events cannot be read has Unknown set.
func (f Flow) Paths(ctx context.Context, list []issue.Issue) ([]flow.Path, error) {
	paths := make([]flow.Path, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range list {
		g.Go(func() error {
			labels, unknown, err := readable(f.Client.LabelEvents(gctx, i.Ref))
			if err != nil {
				return err
			}
			states, missing, err := readable(f.Client.StateEvents(gctx, i.Ref))
			paths[n] = flow.PathOf(i, labels, states, f.Board)
			paths[n].Unknown = paths[n].Unknown || unknown || missing
			return err
		})
	}
	return paths, g.Wait()
}

// readable turns an error that means that events do not exist into missing events: the server is too old, or the issue was deleted
// meanwhile.
func readable(events []issue.Event, err error) (list []issue.Event, missing bool, failed error) {
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.NotOffered) {
		return nil, true, nil
	}
	return events, false, err
}
