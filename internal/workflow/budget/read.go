// Package budget reads what error budgets are computed from: the incidents of a window, label events where a description lacks a time, and
// the changes whose downtime was approved.
//
// Start with [Budgets.Read]. The rules are in pkg/budget; flags and printing are elsewhere. Nothing is written.
package budget

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader reads incidents and changes.
type Reader interface {
	workflow.IssueLister
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Budgets are a team's error budgets, and where they are read from.
type Budgets struct {
	Client    Reader
	Project   string // the production queue
	Incidents incident.Labels
	Changes   change.Labels
	Rules     budget.Rules
	Zone      *time.Location
	// Approved returns the time in which the downtime of a change was approved, or why it does not count.
	Approved func(context.Context, change.Change) (e budget.Exclusion, why string, err error)
}

// Result is a report, with what was read for it and what could not be read.
type Result struct {
	budget.Report
	Rules   budget.Rules
	Outages []budget.Outage // all that were read, also those outside of the window
	Gaps    []string        // what could not be read, as sentences without a full stop
	Refused []string        // approved downtime that does not count, as sentences without a full stop
}

// Read reads the budgets of the window that contains now.
//
// It asks GitLab for the open incidents, for those closed ones that changed since the window began, and for closed ones that are still
// labelled as active: three lists. Only incidents whose description lacks a time cost a request each. Changes are read only if there is an
// outage that one of them may have been allowed to cause: two lists, and the comments of each such change.
func (b Budgets) Read(ctx context.Context, now time.Time) (Result, error) {
	return b.ReadWindow(ctx, b.Window(now))
}

// ReadWindow reads the budgets of a window.
func (b Budgets) ReadWindow(ctx context.Context, w budget.Window) (Result, error) {
	list, err := b.incidents(ctx, w)
	if err != nil {
		return Result{}, err
	}
	return b.Of(ctx, w, list, nil)
}

// Window returns the window that contains an instant.
func (b Budgets) Window(at time.Time) budget.Window {
	return b.Rules.Period.Window(at, b.Zone, b.Rules.QuarterStart)
}

// Of computes the budgets of a window from incidents that were read before, each once. events are the label events that are known
// already, by the instance-wide id of their issue.
func (b Budgets) Of(ctx context.Context, w budget.Window, list []incident.Incident, events map[int64][]issue.Event) (Result, error) {
	out := Result{Rules: b.Rules, Outages: make([]budget.Outage, len(list))}
	gaps := make([]string, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, i := range list {
		out.Outages[n] = budget.OutageOf(i, b.Incidents, events[i.Issue.ID], w.Now)
		if !out.Outages[n].MayNeedEvents(w) {
			continue
		}
		g.Go(func() error {
			found, err := b.Client.LabelEvents(gctx, i.Issue.Ref)
			if workflow.Unreadable(err) {
				gaps[n] = fmt.Sprintf("The label events of %s could not be read", i.Issue.Ref)
				return nil
			}
			out.Outages[n] = budget.OutageOf(i, b.Incidents, append([]issue.Event{}, found...), w.Now)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return Result{}, err
	}
	out.Gaps = slices.DeleteFunc(gaps, func(s string) bool { return s == "" })
	exclusions, refused, err := b.Exclusions(ctx, w, out.Outages)
	if err != nil {
		return Result{}, err
	}
	out.Report, out.Refused = budget.New(b.Rules, w, out.Outages, exclusions), refused
	return out, nil
}

// incidents reads the incidents that may have lasted into the window. One that was closed before it and not changed since ended before it,
// unless its label makes it active.
func (b Budgets) incidents(ctx context.Context, w budget.Window) ([]incident.Incident, error) {
	list, err := workflow.ReadIncidents(ctx, b.Client, b.Project, b.Incidents, issue.Query{State: issue.Opened},
		issue.Query{State: issue.Closed, UpdatedAfter: w.From.Add(-issue.UpdateSlack)},
		issue.Query{State: issue.Closed, Labels: []string{b.Incidents.State(incident.Active)}})
	stable.Sort(list, func(a, b incident.Incident) int { return cmp.Compare(a.Issue.ID, b.Issue.ID) })
	return list, err
}

// lists returns the issues of all queries, each once, in the order in which they were opened.
func (b Budgets) lists(ctx context.Context, queries []issue.Query) ([]issue.Issue, error) {
	found := make([][]issue.Issue, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range b.Client.Issues(ctx, target.ProjectAt(b.Project), q) {
				if err != nil {
					return err
				}
				found[n] = append(found[n], i)
			}
			return nil
		})
	}
	err := g.Wait()
	all := slices.Concat(found...)
	stable.Sort(all, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b issue.Issue) bool { return a.ID == b.ID }), err
}

// Exclusions returns the approved downtime that may matter to the outages of a window, and sentences about approved downtime that does not
// count. Only changes of C1 and C2 are read: downtime makes a change C1 by definition, and only these two need a manager or a lead.
func (b Budgets) Exclusions(
	ctx context.Context, w budget.Window, outages []budget.Outage,
) (list []budget.Exclusion, refused []string, err error) {
	if b.Approved == nil || !slices.ContainsFunc(outages, func(o budget.Outage) bool { return len(o.Services) > 0 && o.Within(w) }) {
		return nil, nil, nil
	}
	var queries []issue.Query
	for _, c := range []change.Criticality{change.C1, change.C2} {
		queries = append(queries, issue.Query{Labels: []string{b.Changes.Change, b.Changes.Criticality(c)},
			UpdatedAfter: w.From.Add(-issue.UpdateSlack)})
	}
	found, err := b.lists(ctx, queries)
	if err != nil {
		return nil, nil, err
	}
	var changes []change.Change
	for _, i := range found {
		c := change.Of(i, b.Changes)
		if slot := c.Window(); c.Record.Excluded && i.MovedToID == 0 && slices.ContainsFunc(outages, func(o budget.Outage) bool {
			return o.Within(w) && (slot.From.IsZero() || o.From.At.Before(slot.To) && slot.From.Before(o.To.At))
		}) {
			changes = append(changes, c)
		}
	}
	read, whys := make([]budget.Exclusion, len(changes)), make([]string, len(changes))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, c := range changes {
		g.Go(func() (err error) {
			read[n], whys[n], err = b.Approved(gctx, c)
			if workflow.Unreadable(err) { // the minutes are spent then, which is the safe side
				whys[n], err = "its approvals could not be read", nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	for n, e := range read {
		switch {
		case whys[n] == "":
			list = append(list, e)
		case e.Confidential:
			refused = append(refused, fmt.Sprintf("Downtime of %s is not excluded", e.Change))
		default:
			refused = append(refused, fmt.Sprintf("Downtime of %s is not excluded: %s", e.Change, whys[n]))
		}
	}
	stable.Sort(list, func(a, b budget.Exclusion) int {
		return cmp.Or(a.From.Compare(b.From), strings.Compare(a.Change, b.Change))
	})
	return list, refused, nil
}
