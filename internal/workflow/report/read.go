package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader is what reports are read through.
type Reader interface {
	workflow.IssueLister
	workflow.IssueFinder
	Issue(context.Context, issue.Ref) (issue.Issue, error)
	Notes(context.Context, issue.Ref) ([]issue.Note, error)
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
}

// Reports says where a team's reports are read from, and by which labels. GitLab is asked by label and date only, so the size of the
// trackers does not matter.
type Reports struct {
	Client         Reader
	Production     string
	Infrastructure string // empty if the team has none
	Incidents      incident.Labels
	Changes        change.Labels
	Delta, Oncall  string // labels
	Priorities     []string
	Schedule       oncall.Schedule
	Log            report.ShiftLogs
	Budget         *Budget // nil: not reported
}

// Budget is how the weekly report gets the account of production's error budget.
type Budget struct {
	Window func(at time.Time) budget.Window
	// Read reads the budgets of a window.
	Read func(context.Context, budget.Window) (budget.Report, []string, error)
	// Of computes them from incidents and label events that were read before. Notes are sentences for the reader.
	Of func(context.Context, budget.Window, []incident.Incident, map[int64][]issue.Event) (r budget.Report, notes []string, err error)
}

// Result is a report, with what could not be read for it.
type Result struct {
	report.Weekly
	FollowUps *followup.Figures // nil: the team has no tracker for corrective actions
	Unknown   []string
	Budget    *budget.Account
	Notes     []string
	Logs      map[string]issue.Issue // the log issues that were read, by hidden key
}

// Statistics are the statistics of a period, with the corrective actions in it.
type Statistics struct {
	report.IncidentStatistics
	FollowUps *followup.Figures // nil: the team has no tracker for them
}

// IncidentStatistics reads the incidents that started in a period.
//
// It asks GitLab for incidents that were updated since the period began. That misses none: if an incident was opened earlier but started
// in the period, its start time was recorded after it started, and recording it updated the issue.
func (r Reports) IncidentStatistics(ctx context.Context, p report.Period, now time.Time) (out Statistics, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		list, err := r.incidents(gctx, issue.Query{UpdatedAfter: p.Begin()})
		out.IncidentStatistics = report.Statistics(p, list)
		return err
	})
	g.Go(func() (err error) { out.FollowUps, err = r.followUps(gctx, p, now); return err })
	return out, g.Wait()
}

// Weekly reads the report on a period as of now.
func (r Reports) Weekly(ctx context.Context, p report.Period, now time.Time) (Result, error) {
	input := report.Input{}
	g, gctx := errgroup.WithContext(ctx)
	var unknown []string
	var logs map[string]issue.Issue
	var account *budget.Account
	var notes []string
	var followUps *followup.Figures
	g.Go(func() (err error) { followUps, err = r.followUps(gctx, p, now); return err })
	g.Go(func() (err error) {
		var events map[int64][]issue.Event
		if input.Incidents, input.Evidence, events, unknown, err = r.incidentInput(gctx, p); err == nil {
			account, notes, err = r.budget(gctx, p, now, input.Incidents, events)
		}
		return err
	})
	g.Go(func() (err error) { input.Changes, err = r.changes(gctx, p); return err })
	g.Go(func() (err error) {
		input.Deltas, err = r.issues(gctx, issue.Query{State: issue.Opened, Labels: []string{r.Delta}},
			issue.Query{State: issue.Closed, Labels: []string{r.Delta}, UpdatedAfter: p.Begin()})
		return err
	})
	g.Go(func() (err error) {
		input.Oncall, err = r.issues(gctx, issue.Query{State: issue.Opened, Labels: []string{r.Oncall}},
			issue.Query{State: issue.Closed, Labels: []string{r.Oncall}, CreatedAfter: p.Since()})
		return err
	})
	g.Go(func() (err error) { input.Handoffs, logs, err = handoffs(gctx, r.Client, r.Log); return err })
	if err := g.Wait(); err != nil {
		return Result{}, err
	}
	rules := report.Rules{Incidents: r.Incidents, Priorities: r.Priorities, Schedule: r.Schedule}
	out := Result{Weekly: report.NewWeekly(p, now, rules, input), FollowUps: followUps, Unknown: unknown, Budget: account, Notes: notes,
		Logs: logs}
	for _, c := range report.Undated(input.Changes) {
		out.Unknown = append(out.Unknown, fmt.Sprintf("%s is %s at an unknown time, so it is in no report", c.Issue.Ref, c.State))
	}
	return out, nil
}

// budget returns the account of the error budget at the end of a period, or else as of the last full hour, so that a report that is
// posted again is the same while an incident lasts. The incidents of the report are enough if its earlier periods go back to the start of
// the window.
func (r Reports) budget(
	ctx context.Context, p report.Period, now time.Time, list []incident.Incident, events map[int64][]issue.Event,
) (*budget.Account, []string, error) {
	if r.Budget == nil {
		return nil, nil, nil
	}
	at := now.Truncate(time.Hour)
	if end := p.End(); !now.Before(end) {
		at = end.Add(-time.Second)
	}
	w := r.Budget.Window(at)
	if end := p.End(); !now.Before(end) {
		w.Now = end
	}
	var found budget.Report
	var notes []string
	var err error
	if w.From.Add(-issue.UpdateSlack).Before(p.Since()) {
		found, notes, err = r.Budget.Read(ctx, w)
	} else {
		found, notes, err = r.Budget.Of(ctx, w, list, events)
	}
	return &found.Overall, notes, err
}

// incidentInput returns the incidents of the period and of the earlier ones, with the evidence from labels for end times that a
// description lacks. That takes one request for each such incident.
func (r Reports) incidentInput(
	ctx context.Context, p report.Period,
) ([]incident.Incident, map[int64]evidence.Times, map[int64][]issue.Event, []string, error) {
	var recent, open []incident.Incident
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		recent, err = r.incidents(gctx, issue.Query{UpdatedAfter: p.Since()})
		return err
	})
	g.Go(func() (err error) {
		open, err = workflow.Incidents(gctx, r.Client, r.Production, r.Incidents, workflow.IncidentFilter{})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, nil, nil, nil, err
	}
	all := append(recent, open...)
	stable.Sort(all, func(a, b incident.Incident) int { return int(a.Issue.Ref.IID - b.Issue.Ref.IID) })
	all = slices.CompactFunc(all, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID })
	evidence, events, unknown, err := r.evidence(ctx, p, all)
	return all, evidence, events, unknown, err
}

// evidence reads the label events of incidents whose end is missing, and returns what they show.
func (r Reports) evidence(
	ctx context.Context, p report.Period, all []incident.Incident,
) (map[int64]evidence.Times, map[int64][]issue.Event, []string, error) {
	var incomplete []incident.Incident
	for _, i := range all {
		if report.Candidate(p, i) && evidence.Of(i, r.Incidents, nil).Incomplete(i) {
			incomplete = append(incomplete, i)
		}
	}
	events, unreadable := make([][]issue.Event, len(incomplete)), make([]bool, len(incomplete))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range incomplete {
		g.Go(func() (err error) {
			events[n], err = r.Client.LabelEvents(gctx, i.Issue.Ref)
			if workflow.Unreadable(err) {
				unreadable[n], err = true, nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, nil, err
	}
	var unknown []string
	known := map[int64][]issue.Event{}
	found := map[int64]evidence.Times{}
	for n, i := range incomplete {
		found[i.Issue.ID] = evidence.Of(i, r.Incidents, events[n])
		known[i.Issue.ID] = append([]issue.Event{}, events[n]...)
		if unreadable[n] {
			unknown = append(unknown, fmt.Sprintf("the label events of %s could not be read", i.Issue.Ref))
		}
	}
	return found, known, unknown, nil
}

func (r Reports) incidents(ctx context.Context, q issue.Query) ([]incident.Incident, error) {
	return workflow.ReadIncidents(ctx, r.Client, r.Production, r.Incidents, q)
}

// readChanges reads a list of changes. Automation may have recorded thousands, so descriptions are dropped once the record is parsed.
func readChanges(ctx context.Context, read workflow.IssueLister, in target.Target, q issue.Query, labels change.Labels) (
	list []change.Change, err error) {
	for i, err := range read.Issues(ctx, in, q) {
		if err != nil {
			return nil, err
		}
		c := change.Of(i, labels)
		c.Issue.Description = ""
		list = append(list, c)
	}
	return list, nil
}

// changes returns the changes of the period and of the earlier ones, and those that are not over.
func (r Reports) changes(ctx context.Context, p report.Period) ([]change.Change, error) {
	queries := append(workflow.ChangeQueries(workflow.ChangeFilter{}, r.Changes),
		issue.Query{State: issue.Closed, Labels: []string{r.Changes.Change}, UpdatedAfter: p.Since()})
	found := make([][]change.Change, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() (err error) {
			if shared, ok := r.Client.(*Shared); ok {
				found[n], err = shared.changes(ctx, target.ProjectAt(r.Production), q, r.Changes)
			} else {
				found[n], err = readChanges(ctx, r.Client, target.ProjectAt(r.Production), q, r.Changes)
			}
			return err
		})
	}
	err := g.Wait()
	return slices.Concat(found...), err
}

// issues returns the issues of both trackers that match any of the queries.
func (r Reports) issues(ctx context.Context, queries ...issue.Query) ([]issue.Issue, error) {
	projects := slices.DeleteFunc([]string{r.Production, r.Infrastructure}, func(s string) bool { return s == "" })
	found := make([][]issue.Issue, len(projects)*len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, project := range projects {
		for m, q := range queries {
			g.Go(func() error {
				for i, err := range r.Client.Issues(ctx, target.ProjectAt(project), q) {
					if err != nil {
						return err
					}
					i.Description = ""
					found[n*len(queries)+m] = append(found[n*len(queries)+m], i)
				}
				return nil
			})
		}
	}
	err := g.Wait()
	return slices.Concat(found...), err
}
