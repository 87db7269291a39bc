package status

import (
	"context"
	"iter"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	budgets "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	changes "gitlab.com/prodctl/prodctl/internal/workflow/change"
	incidents "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/status"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// reading returns where the parts of the status come from.
func reading(s *app.Session) (flow.Read, error) {
	cfg := s.Config
	r := flow.Read{Client: s.Client, Production: cfg.Production(), Incidents: cfg.IncidentLabels(), Changes: cfg.ChangeLabels(),
		Handoff: cfg.HandoffLabel(), In: cfg.MilestoneTarget(), Rules: cfg.MilestoneRules(), Team: cfg.Planning.Team,
		Now: s.Time, Today: s.Today}
	r.Marked, r.More = marked(cfg.Trackers)
	r.Remarks = func(ctx context.Context, list []incident.Incident, requests int) (map[int64]incident.Remark, []string) {
		if len(list) > requests {
			return incidents.LastRemarksAtOnce(ctx, s.Client, list)
		}
		return incidents.LastRemarks(ctx, s.Client, list)
	}
	if r.Production.IsZero() {
		return r, nil
	}
	rules, err := runner.Changes(s)
	if err != nil {
		return r, err
	}
	r.Gate = func(ctx context.Context, read flow.GateReader) (flow.Gate, error) {
		own := rules
		left := &skipped{}
		own.Read, own.Moves = gateReader{rules.Read, read, left}, workflow.Moves{Read: stay{left}}
		g, err := own.Gate(ctx, changes.GateInputs{Pipeline: change.Pipeline{Criticality: change.C3}}, s.Time)
		if err == nil {
			err = g.Unread
		}
		if left.err != nil {
			err = left.err
		}
		return flow.Gate{Part: flow.Part{Err: err}, Reasons: g.Reasons}, nil
	}
	b, err := runner.Budgets(s)
	if err != nil {
		return r, err
	}
	r.Since = b.Window(s.Time).From.Add(-issue.UpdateSlack)
	r.Budget = func(ctx context.Context, read workflow.IssueLister) (flow.Budget, error) {
		b.Client, b.Approved = fromRecords{read}, nil
		got, err := b.Read(ctx, s.Time)
		return flow.Budget{Report: got.Report, Gaps: len(got.Gaps)}, err
	}
	return r, nil
}

// marked returns the trackers whose hand-offs are read: the production queue and the infrastructure tracker.
func marked(trackers []manifest.Tracker) (list []target.Target, more bool) {
	for _, t := range trackers {
		switch t.Name {
		case manifest.Production, manifest.Infrastructure:
			if len(list) == 0 || list[0].Path != t.Project.Path {
				list = append(list, t.Project)
			}
		default:
			more = true
		}
	}
	return list, more
}

// skipped is what a status does not read, and a gate would.
type skipped struct {
	once sync.Once
	err  error
}

func (s *skipped) skip(what string) error {
	s.once.Do(func() { s.err = flow.NotRead(what) })
	return s.err
}

// gateReader reads what a gate depends on, within the requests of a status.
type gateReader struct {
	changes.Reader
	few flow.GateReader
	*skipped
}

// Issues streams the issues of the first page.
func (g gateReader) Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error] {
	return g.few.Issues(ctx, in, q)
}

// Project returns the project.
func (g gateReader) Project(ctx context.Context, path string) (instance.Project, error) {
	return g.few.Project(ctx, path)
}

// CurrentUser is not read: a role that the project does not tell takes two more requests, one after the other.
func (g gateReader) CurrentUser(context.Context) (instance.User, error) {
	return instance.User{}, g.skip("not known whether this token sees confidential issues")
}

// stay follows no issue to another project: that would take a request for each.
type stay struct{ *skipped }

// MovedTo is not read.
func (s stay) MovedTo(_ context.Context, i issue.Issue) (issue.Issue, error) {
	return issue.Issue{}, s.skip(i.Ref.String() + " was moved to another project")
}

// Project is not read.
func (s stay) Project(context.Context, string) (instance.Project, error) {
	return instance.Project{}, s.skip("the project of a moved incident was not read")
}

// fromRecords reads incidents without GitLab's events.
type fromRecords struct{ workflow.IssueLister }

// LabelEvents are not read: they would take a request for each incident.
func (fromRecords) LabelEvents(context.Context, issue.Ref) ([]issue.Event, error) {
	return nil, fault.NotOffered
}

var _ budgets.Reader = fromRecords{}
