// Package status reads the state of production and of the timebox for `prodctl status`, within a fixed number of requests.
//
// Start with [Read.All]. Each part is read by the rules of its own commands, from the first page of each list, so that a large tracker
// costs no more than a small one. The rules of incidents, changes, gates and budgets are elsewhere, and so is the screen.
package status

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MostRequests is how many requests a status takes at most, in two rounds: what is read in the second one depends on the first one alone.
const MostRequests = 12

// words is for how many incidents the last comment is read.
const words = 3

// Reader reads what a status shows.
type Reader interface {
	PageReader
	Project(ctx context.Context, path string) (instance.Project, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// GateReader reads what a change gate depends on.
type GateReader interface {
	workflow.IssueLister
	Project(ctx context.Context, path string) (instance.Project, error)
}

// Read is where the parts of a status are read from, and by which rules.
type Read struct {
	Client     Reader
	Production target.Target   // zero: the team has none
	Marked     []target.Target // the trackers with hand-offs
	More       bool            // there are other trackers
	Incidents  incident.Labels
	Changes    change.Labels
	Handoff    string        // the label of issues that are ready to hand off
	In         target.Target // of the milestones; zero: the team has none
	Rules      milestone.Rules
	Team       planning.Team
	Now        time.Time
	Today      calendar.Date

	// Gate checks the gate for a C3 change of all services.
	Gate func(context.Context, GateReader) (Gate, error)
	// Remarks reads the last comments on incidents, with a number of requests, at least one. gaps are those that could not be read.
	Remarks func(ctx context.Context, list []incident.Incident, requests int) (by map[int64]incident.Remark, gaps []string)
	// Budget reads the error budgets from records alone, of incidents closed since a time.
	Budget func(context.Context, workflow.IssueLister) (Budget, error)
	Since  time.Time
}

// Part is whether a part could be read.
type Part struct {
	Err  error // why it is unknown; nil: it was read
	More bool  // there is more than was read
}

// Status is the state of production and of the timebox.
type Status struct {
	Incidents Incidents
	Changes   Changes
	Gate      Gate
	Handoffs  Handoffs
	Timebox   Timebox
	Budget    Budget
}

// Incidents are the ongoing ones, the worst first.
type Incidents struct {
	Part
	List    []incident.Incident
	Remarks map[int64]incident.Remark // what people wrote last, by the id of the issue
	Gaps    []string
}

// Changes are those in progress, and the planned ones by the start of their windows.
type Changes struct {
	Part
	InProgress, Planned []change.Change
}

// Gate is the gate for a C3 change of all services.
type Gate struct {
	Part
	Reasons []change.Reason // why it is closed; none and no error: it is open
}

// Closed reports whether something is known that closes the gate.
func (g Gate) Closed() bool {
	return slices.ContainsFunc(g.Reasons, func(r change.Reason) bool { return r.Kind != change.ByUnknown })
}

// Handoffs are the issues that wait for somebody to take them.
type Handoffs struct {
	Part
	List []issue.Issue
}

// Budget are the error budgets.
type Budget struct {
	Part
	budget.Report
	Gaps int // incidents whose label events would be needed
}

// Timebox is how far the team is in the Current Milestone.
type Timebox struct {
	Part
	Milestone milestone.Milestone // without an id: it does not exist
	milestone.Measured
	planning.Progress
	Overdue int // days since the roll was due, from 0 on; negative: it is not due
}

// Due reports whether the roll is due.
func (t Timebox) Due() bool { return t.Milestone.ID != 0 && t.Overdue >= 0 }

// All reads everything. What cannot be read is unknown, and the rest is there.
func (r Read) All(ctx context.Context) Status {
	p := &pages{ctx: ctx, read: r.Client, known: map[string]*entry{}}
	var s Status
	r.lists(ctx, p, &s)
	r.details(ctx, p, &s)
	return s
}

// lists is the first round: lists of issues.
func (r Read) lists(ctx context.Context, p *pages, s *Status) {
	var running sync.WaitGroup
	defer running.Wait()
	if r.Production.IsZero() {
		err := noTracker("production")
		s.Incidents.Err, s.Changes.Err, s.Gate.Err, s.Budget.Err = err, err, err, err
	} else {
		running.Go(func() { s.Incidents = r.incidents(ctx, p) })
		running.Go(func() { s.Changes = r.changes(ctx, p, false) })
		running.Go(func() {
			l := r.lister(p, false)
			var err error
			s.Budget, err = r.Budget(ctx, l)
			s.Budget.Part = Part{err, l.more}
		})
	}
	running.Go(func() { s.Handoffs = r.handoffs(p) })
	if r.In.IsZero() {
		s.Timebox.Err = noTracker("infrastructure")
		return
	}
	running.Go(func() { s.Timebox = r.timebox(p) })
}

// details is the second round: what the lists make necessary, as far as the requests allow. The gate comes first.
func (r Read) details(ctx context.Context, p *pages, s *Status) {
	var running sync.WaitGroup
	defer running.Wait()
	room := MostRequests - p.count()
	if !r.Production.IsZero() {
		s.Gate = r.gate(ctx, p, false)
		if s.Gate.Err == nil && !s.Gate.Closed() {
			room -= 2 // the project, and changes in progress that are closed
			running.Go(func() {
				s.Gate = r.gate(ctx, p, true)
				s.Changes = r.changes(ctx, p, true)
			})
		}
	}
	if t := &s.Timebox; t.Err == nil && t.Milestone.ID == 0 && !r.In.IsZero() {
		room--
		running.Go(func() { r.emptyTimebox(ctx, t) })
	}
	var worst []incident.Incident
	for _, i := range s.Incidents.List {
		if i.State == incident.Active && i.Issue.Notes > 0 && len(worst) < words {
			worst = append(worst, i)
		}
	}
	if len(worst) > 0 && room > 0 {
		running.Go(func() { s.Incidents.Remarks, s.Incidents.Gaps = r.Remarks(ctx, worst, room) })
	}
}

// noTracker is the error of a part that is not configured.
func noTracker(name string) error {
	return fault.New(fault.Usage, "To set it up: prodctl init", "no %s tracker is configured", name)
}

// lister returns a lister of first pages. Unless deep, changes in progress are those of the open ones. Mitigated incidents whose issue is
// closed are those that changed since the window of the budget began.
func (r Read) lister(p *pages, deep bool) *firstPages {
	return &firstPages{pages: p, instead: func(q issue.Query) ([]issue.Query, bool) {
		switch {
		case slices.Contains(q.Labels, r.Incidents.State(incident.Mitigated)) && q.State == issue.Closed:
			return []issue.Query{{State: issue.Closed, Labels: []string{r.Incidents.Incident}, UpdatedAfter: r.Since}}, true
		case !slices.Contains(q.Labels, r.Changes.InProgress):
			return nil, false
		case deep:
			return []issue.Query{{Labels: []string{r.Changes.Change, r.Changes.InProgress}}}, true
		}
		return []issue.Query{{State: issue.Opened, Labels: []string{r.Changes.Change}}}, true
	}}
}

func (r Read) incidents(ctx context.Context, p *pages) (out Incidents) {
	l := r.lister(p, false)
	out.List, out.Err = workflow.Incidents(ctx, l, r.Production.Path, r.Incidents, workflow.IncidentFilter{})
	out.More = l.more
	return out
}

func (r Read) changes(ctx context.Context, p *pages, deep bool) (out Changes) {
	l := r.lister(p, deep)
	list, err := workflow.Changes(ctx, l, r.Production.Path, r.Changes, workflow.ChangeFilter{})
	out.Part = Part{err, l.more}
	var past []change.Change
	for _, c := range list {
		switch w := c.Window(); {
		case c.State == change.InProgress:
			out.InProgress = append(out.InProgress, c)
		case !w.To.IsZero() && !w.To.After(r.Now):
			past = append(past, c)
		default:
			out.Planned = append(out.Planned, c)
		}
	}
	out.Planned = append(out.Planned, past...)
	return out
}

// gate checks the gate. Unless deep, it takes no request that the lists did not take: an open gate is not known to be open.
func (r Read) gate(ctx context.Context, p *pages, deep bool) Gate {
	l := r.lister(p, deep)
	g, err := r.Gate(ctx, gateReader{l, r.Client, deep})
	if g.Err = cmp.Or(err, g.Err); g.Err == nil && l.more && !g.Closed() {
		g.Err = errLonger
	}
	return g
}

// gateReader reads the project only for a gate that nothing else closes.
type gateReader struct {
	*firstPages
	client Reader
	deep   bool
}

// Project returns the project.
func (g gateReader) Project(ctx context.Context, path string) (instance.Project, error) {
	if !g.deep {
		return instance.Project{Path: path, IssuesEnabled: true, Access: instance.Reporter}, nil
	}
	return g.client.Project(ctx, path)
}

// handoffs returns the open issues with the label of hand-offs, each once, the oldest first.
func (r Read) handoffs(p *pages) (out Handoffs) {
	if len(r.Marked) == 0 {
		out.Err = noTracker("infrastructure")
		return out
	}
	found := make([]milestone.Page, len(r.Marked))
	errs := make([]error, len(r.Marked))
	var running sync.WaitGroup
	for n, in := range r.Marked {
		running.Go(func() {
			found[n], errs[n] = p.of(in, issue.Query{State: issue.Opened, Labels: []string{r.Handoff}})
		})
	}
	running.Wait()
	out.More = r.More
	for n, page := range found {
		out.Err = cmp.Or(out.Err, errs[n])
		out.More = out.More || page.More
		out.List = append(out.List, page.Issues...)
	}
	stable.Sort(out.List, func(a, b issue.Issue) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// NotRead is the error for what a status does not read, to stay within its requests.
type NotRead string

// Error is what was not read.
func (e NotRead) Error() string { return string(e) }

// Unread returns the error of a part that GitLab did not let us read: a refusal first, then any other, then that it did not answer. A part
// that is not configured is none, nor is what a status never reads.
func (s Status) Unread() error {
	errs := []error{s.Incidents.Err, s.Changes.Err, s.Gate.Err, s.Handoffs.Err, s.Timebox.Err, s.Budget.Err}
	for _, kind := range []fault.Kind{fault.Interrupted, fault.Auth, fault.Failed, fault.Refused, fault.Unreachable} {
		for _, err := range errs {
			if _, never := errors.AsType[NotRead](err); err != nil && !never && fault.KindOf(err) == kind {
				return err
			}
		}
	}
	return nil
}
