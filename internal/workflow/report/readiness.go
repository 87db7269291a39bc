package report

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/readiness"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ReadinessReader reads requests, recorded deployments, and the merge requests that they name.
type ReadinessReader interface {
	workflow.IssueLister
	MergeRequest(ctx context.Context, project string, iid int64) (mergerequest.MergeRequest, error)
}

// Readiness reads the facts of production readiness that are neither the error budget's nor those of restore drills.
type Readiness struct {
	Client         ReadinessReader
	Production     string
	Infrastructure string
	SecurityLabels []string // of requests of the security team
	RequestLabels  []string // of all others
	Changes        change.Labels
	Environments   []string  // whose deployments count
	Since          time.Time // what ended before does not matter
}

// Requests reads the requests that are open, or were closed since the time that matters: two lists for each label. A request with a label
// of the security team is the security team's, whatever other labels it has. What was moved to another project is left out.
func (r Readiness) Requests(ctx context.Context) ([]readiness.Request, error) {
	labels := slices.Concat(r.SecurityLabels, r.RequestLabels)
	found := make([][]issue.Issue, 2*len(labels))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, label := range labels {
		for m, q := range []issue.Query{{State: issue.Opened}, {State: issue.Closed, UpdatedAfter: r.Since.Add(-issue.UpdateSlack)}} {
			q.Labels = []string{label}
			g.Go(func() error {
				for i, err := range r.Client.Issues(ctx, target.ProjectAt(r.Infrastructure), q) {
					if err != nil {
						return err
					}
					i.Description = ""
					found[2*n+m] = append(found[2*n+m], i)
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	stable.Sort(all, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b issue.Issue) bool { return a.ID == b.ID })
	var list []readiness.Request
	for _, i := range all {
		if i.MovedToID == 0 {
			list = append(list, readiness.Request{Opened: i.CreatedAt, Closed: i.ClosedAt, Security: slices.ContainsFunc(r.SecurityLabels, i.Has)})
		}
	}
	return list, nil
}

// RecordedBefore reports whether an incident was opened before a time: one request, and a second one if none has the label.
func (r Readiness) RecordedBefore(ctx context.Context, labels incident.Labels, at time.Time) (bool, error) {
	for _, q := range slices.Backward(workflow.IncidentQueries(labels, issue.Query{CreatedBefore: at})) {
		for _, err := range r.Client.Issues(ctx, target.ProjectAt(r.Production), q) {
			return err == nil, err
		}
	}
	return false, nil
}

// DeployedBefore reports whether one of the hundred newest change records from before a time is a deployment: one request.
func (r Readiness) DeployedBefore(ctx context.Context, at time.Time) (bool, error) {
	const most = 100
	seen := 0
	q := issue.Query{State: issue.Closed, Labels: []string{r.Changes.Change}, CreatedBefore: at}
	for i, err := range r.Client.Issues(ctx, target.ProjectAt(r.Production), q) {
		if err != nil {
			return false, err
		}
		if _, _, ok := r.deployOf(change.Of(i, r.Changes)); ok && i.MovedToID == 0 {
			return true, nil
		}
		if seen++; seen == most {
			break
		}
	}
	return false, nil
}

// maxMergeRequests is how many merge requests are read for lead times, one request each.
const maxMergeRequests = 100

// deployment is the type of a change record that counts as a deployment.
const deployment = "deployment"

// Deployments reads the recorded deployments since the time that matters: one list, and the newest merge requests that the records name.
// left is how many more there were.
func (r Readiness) Deployments(ctx context.Context) (list []readiness.Deploy, left int, err error) {
	var sources []string
	q := issue.Query{State: issue.Closed, Labels: []string{r.Changes.Change}, UpdatedAfter: r.Since.Add(-issue.UpdateSlack)}
	for i, err := range r.Client.Issues(ctx, target.ProjectAt(r.Production), q) {
		if err != nil {
			return nil, 0, err
		}
		if d, source, ok := r.deployOf(change.Of(i, r.Changes)); ok && i.MovedToID == 0 {
			list, sources = append(list, d), append(sources, source)
		}
	}
	newest := make([]int, len(list))
	for n := range newest {
		newest[n] = n
	}
	stable.Sort(newest, func(a, b int) int { return list[b].At.Compare(list[a].At) })
	var wanted []string
	for _, n := range newest {
		if s := sources[n]; s != "" && !slices.Contains(wanted, s) {
			wanted = append(wanted, s)
		}
	}
	left = max(0, len(wanted)-maxMergeRequests)
	merged, err := r.merged(ctx, wanted[:len(wanted)-left])
	for n, d := range list {
		if at, known := merged[sources[n]]; known && !d.At.Before(at) {
			list[n].Lead = new(d.At.Sub(at))
		}
	}
	return list, left, err
}

// deployOf is the deployment that a change records, and the merge request that it names: "group/project!12".
func (r Readiness) deployOf(c change.Change) (d readiness.Deploy, source string, ok bool) {
	record := c.Record
	counts := record.Environment == "" ||
		slices.ContainsFunc(r.Environments, func(e string) bool { return strings.EqualFold(e, record.Environment) })
	if record.Type != deployment || !counts {
		return d, "", false
	}
	d.At = c.Issue.CreatedAt
	for _, at := range []time.Time{record.StartedAt, record.FinishedAt} {
		if !at.IsZero() {
			d.At = at
		}
	}
	if record.Outcome != change.UnknownOutcome {
		d.Failed = new(record.Outcome == change.Failure)
	}
	if _, _, isMR := mergeRequest(record.Source); isMR {
		source = record.Source
	}
	return d, source, true
}

func mergeRequest(source string) (project string, iid int64, ok bool) {
	project, number, found := strings.Cut(source, "!")
	iid, err := strconv.ParseInt(number, 10, 64)
	return project, iid, found && err == nil && iid > 0 && strings.Contains(project, "/") && !strings.ContainsAny(project, " ?#%\\")
}

// merged returns when merge requests were merged. Those that cannot be read, or were not merged, are left out.
func (r Readiness) merged(ctx context.Context, sources []string) (map[string]time.Time, error) {
	at := make([]time.Time, len(sources))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, s := range sources {
		project, iid, _ := mergeRequest(s)
		g.Go(func() error {
			mr, err := r.Client.MergeRequest(ctx, project, iid)
			if workflow.Unreadable(err) {
				return nil
			}
			at[n] = mr.MergedAt
			return err
		})
	}
	err := g.Wait()
	merged := map[string]time.Time{}
	for n, s := range sources {
		if !at[n].IsZero() {
			merged[s] = at[n]
		}
	}
	return merged, err
}
