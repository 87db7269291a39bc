package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
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

// Reports is where a team's reports are read from, and by which labels. GitLab is asked for labels and dates alone, so that the size of
// its trackers does not matter.
type Reports struct {
	Read           Reader
	Production     string
	Infrastructure string // empty: the team has none
	Incidents      incident.Labels
	Changes        change.Labels
	Delta, Oncall  string // labels
	Priorities     []string
	Log            report.ShiftLogs
}

// Read is a report and what could not be read for it.
type Read struct {
	report.Weekly
	Unknown []string
	Logs    map[string]issue.Issue // the issues of the log that were read, by their hidden keys
}

// IncidentStatistics reads the incidents that began in a period.
//
// GitLab is asked for those that were changed since its begin. None is missed by that: an incident that was opened before and began in
// the period had its start time written after it began, and that changed its issue.
func (r Reports) IncidentStatistics(ctx context.Context, p report.Period) (report.IncidentStatistics, error) {
	list, err := r.incidents(ctx, issue.Query{Labels: []string{r.Incidents.Incident}, UpdatedAfter: p.Begin()})
	return report.Statistics(p, list), err
}

// Weekly reads the report of a period as it looks at the moment now.
func (r Reports) Weekly(ctx context.Context, p report.Period, now time.Time) (Read, error) {
	facts := report.Facts{}
	g, gctx := errgroup.WithContext(ctx)
	var unknown []string
	var logs map[string]issue.Issue
	g.Go(func() (err error) {
		facts.Incidents, facts.Evidence, unknown, err = r.incidentFacts(gctx, p)
		return err
	})
	g.Go(func() (err error) { facts.Changes, err = r.changes(gctx, p); return err })
	g.Go(func() (err error) {
		facts.Deltas, err = r.issues(gctx, issue.Query{State: issue.Opened, Labels: []string{r.Delta}},
			issue.Query{State: issue.Closed, Labels: []string{r.Delta}, UpdatedAfter: p.Begin()})
		return err
	})
	g.Go(func() (err error) {
		facts.Oncall, err = r.issues(gctx, issue.Query{State: issue.Opened, Labels: []string{r.Oncall}},
			issue.Query{State: issue.Closed, Labels: []string{r.Oncall}, CreatedAfter: p.Since()})
		return err
	})
	g.Go(func() (err error) { facts.Handoffs, logs, err = handoffs(gctx, r.Read, r.Log); return err })
	if err := g.Wait(); err != nil {
		return Read{}, err
	}
	rules := report.Rules{Incidents: r.Incidents, Priorities: r.Priorities}
	out := Read{Weekly: report.Make(p, now, rules, facts), Unknown: unknown, Logs: logs}
	for _, c := range report.Undated(facts.Changes) {
		out.Unknown = append(out.Unknown, fmt.Sprintf("%s is %s, and nothing tells when: it is in no period", c.Issue.Ref, c.State))
	}
	return out, nil
}

// incidentFacts are the incidents of the period and of those before it, and the evidence that labels give of an end which is not written
// in the description: that takes a request for each incident that lacks one.
func (r Reports) incidentFacts(ctx context.Context, p report.Period) ([]incident.Incident, map[int64]report.Evidence, []string, error) {
	var recent, going []incident.Incident
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		recent, err = r.incidents(gctx, issue.Query{Labels: []string{r.Incidents.Incident}, UpdatedAfter: p.Since()})
		return err
	})
	g.Go(func() (err error) {
		going, err = workflow.Incidents(gctx, r.Read, r.Production, r.Incidents, workflow.IncidentFilter{})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, nil, nil, err
	}
	all := append(recent, going...)
	slices.SortFunc(all, func(a, b incident.Incident) int { return int(a.Issue.Ref.IID - b.Issue.Ref.IID) })
	all = slices.CompactFunc(all, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID })
	evidence, unknown, err := r.evidence(ctx, p, all)
	return all, evidence, unknown, err
}

func (r Reports) evidence(ctx context.Context, p report.Period, all []incident.Incident) (map[int64]report.Evidence, []string, error) {
	var lacking []incident.Incident
	for _, i := range all {
		if report.Candidate(p, i) && report.EvidenceOf(i, r.Incidents, nil).Lacking(i) {
			lacking = append(lacking, i)
		}
	}
	events, closed := make([][]issue.Event, len(lacking)), make([]bool, len(lacking))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range lacking {
		g.Go(func() (err error) {
			events[n], err = r.Read.LabelEvents(gctx, i.Issue.Ref)
			if errors.Is(err, fault.NotFound) || errors.Is(err, fault.NotOffered) || fault.KindOf(err) == fault.Auth {
				closed[n], err = true, nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var unknown []string
	found := map[int64]report.Evidence{}
	for n, i := range lacking {
		found[i.Issue.ID] = report.EvidenceOf(i, r.Incidents, events[n])
		if closed[n] {
			unknown = append(unknown, fmt.Sprintf("when the labels of %s were set could not be read", i.Issue.Ref))
		}
	}
	return found, unknown, nil
}

func (r Reports) incidents(ctx context.Context, q issue.Query) ([]incident.Incident, error) {
	var list []incident.Incident
	for i, err := range r.Read.Issues(ctx, target.ProjectAt(r.Production), q) {
		if err != nil {
			return nil, err
		}
		list = append(list, incident.Of(i, r.Incidents))
	}
	return list, nil
}

// changes are those of the period and of the ones before it, and those that are not over. There may be thousands of records of
// automation, so what they say besides their record is not kept.
func (r Reports) changes(ctx context.Context, p report.Period) ([]change.Change, error) {
	queries := append(workflow.ChangeQueries(workflow.ChangeFilter{}, r.Changes),
		issue.Query{State: issue.Closed, Labels: []string{r.Changes.Change}, UpdatedAfter: p.Since()})
	found := make([][]change.Change, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range r.Read.Issues(ctx, target.ProjectAt(r.Production), q) {
				if err != nil {
					return err
				}
				c := change.Of(i, r.Changes)
				c.Issue.Description = ""
				found[n] = append(found[n], c)
			}
			return nil
		})
	}
	err := g.Wait()
	return slices.Concat(found...), err
}

// issues are those of both trackers that the queries select.
func (r Reports) issues(ctx context.Context, queries ...issue.Query) ([]issue.Issue, error) {
	projects := slices.DeleteFunc([]string{r.Production, r.Infrastructure}, func(s string) bool { return s == "" })
	found := make([][]issue.Issue, len(projects)*len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, project := range projects {
		for m, q := range queries {
			g.Go(func() error {
				for i, err := range r.Read.Issues(ctx, target.ProjectAt(project), q) {
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
