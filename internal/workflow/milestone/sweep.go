package milestone

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// SweepInputs holds the options of a sweep: it has none.
type SweepInputs struct{}

// HistoryReader reads how an issue came into a milestone.
type HistoryReader interface {
	EventReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Sweep is `milestone sweep`: it labels issues that came into the Current Milestone after its first working days.
type Sweep struct {
	Timeboxes
	plan.Origin
	History HistoryReader
	Team    planning.Team
	Grace   int // working days
	Outage  string
	Now     time.Time
}

const sweepCommand = "milestone sweep"

// Plan takes one request for the milestones. After the first working days it also takes one per 100 issues of the Current Milestone, one
// for each of them without the label, and one more for each that came late.
func (s Sweep) Plan(ctx context.Context) (plan.Plan, error) {
	all, err := s.milestones(ctx, false)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(s.Origin, sweepCommand, SweepInputs{}, workflow.Settings{s.In, s.Team, s.Grace, s.Outage, s.Rules.Labels})
	session := Session{Timeboxes: s.Timeboxes, Today: s.Today, Current: true}
	current, ok := session.planned(all)
	if !ok {
		p.Notes = append(p.Notes, session.NoMilestone())
		return p, nil
	}
	end := s.Team.GraceEnd(session.box(current), s.Grace, s.Rules.Zone)
	if s.Now.Before(end) {
		p.Notes = append(p.Notes, fmt.Sprintf("Issues come into %s as scheduled until %s ends", current.Title,
			calendar.DateOf(end.In(s.Rules.Zone)).AddDays(-1)))
		return p, nil
	}
	issues, _, err := s.issuesIn(ctx, milestone.Want{Milestone: current}, all)
	if err != nil {
		return plan.Plan{}, err
	}
	return s.label(ctx, p, current, all, issues, end)
}

// label plans the labels.
func (s Sweep) label(ctx context.Context, p plan.Plan, current milestone.Milestone, all []milestone.Milestone, issues []issue.Issue,
	end time.Time) (plan.Plan, error) {
	planned := milestone.ReadPlanned(current.Description)
	candidates := slices.DeleteFunc(slices.Clone(issues), func(i issue.Issue) bool {
		return i.MovedToID != 0 || s.labeled(i) || slices.Contains(planned, i.ID)
	})
	late := make([]bool, len(candidates))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32) // the client sends fewer in parallel; this bounds the queue
	for n, i := range candidates {
		group.Go(func() (err error) {
			late[n], err = s.late(ctx, i, current, all, end)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return plan.Plan{}, err
	}
	p.Satisfied = []string{}
	for _, i := range issues {
		if s.labeled(i) {
			p.Satisfied = append(p.Satisfied, workflow.IssueName(i.Ref))
		}
	}
	for n, i := range candidates {
		p.Observed = append(p.Observed, workflow.Fingerprint(workflow.IssueName(i.Ref), i.MilestoneID, late[n]))
		if late[n] {
			p.Steps = append(p.Steps, s.step(current, i))
		}
	}
	box := workflow.Fingerprint(workflow.MilestoneName(current.ID), current.Box().String())
	p.Observed = workflow.SortObserved(append(p.Observed, box))
	if len(p.Steps) == 0 {
		p.Notes = append(p.Notes, "Nothing to label: no other issues came into "+current.Title+" after its first working days")
	}
	return p, nil
}

// labeled reports whether an issue needs no label: it has it, or is an outage, which is unscheduled by nature.
func (s Sweep) labeled(i issue.Issue) bool {
	return i.Has(s.Rules.Labels.Unscheduled) || i.Has(s.Outage)
}

func (s Sweep) step(current milestone.Milestone, i issue.Issue) plan.Step {
	return plan.UpdateIssue{
		Base: plan.Base{ID: fmt.Sprintf("sweep/%s/%s", current.Due, i.Ref)}, Ref: i.Ref, Title: workflow.ShownTitle(i),
		Change: issue.Change{AddLabels: []string{s.Rules.Labels.Unscheduled}}, Still: &plan.Still{In: s.In, Milestone: current.ID},
	}
}

// late reports whether an issue came into the milestone after an instant, neither by a roll nor by `milestone plan --fill`, and nobody has
// taken the label off.
func (s Sweep) late(ctx context.Context, i issue.Issue, current milestone.Milestone, all []milestone.Milestone, end time.Time) (bool,
	error) {
	events, err := s.History.MilestoneEvents(ctx, i.Ref)
	if err = ofIssue(i, events, err); err != nil {
		return false, err
	}
	ended := map[int64]calendar.Date{}
	for _, m := range s.Rules.Finished(all, len(all)) {
		ended[m.ID] = m.Due
	}
	if planning.EntryOf(current.ID, end, i.CreatedAt, events, ended, s.Rules.Zone) != planning.CameLate {
		return false, nil
	}
	labels, err := s.History.LabelEvents(ctx, i.Ref)
	err = ofIssue(i, labels, err)
	return !slices.ContainsFunc(labels, s.takenOff), err
}

// ofIssue returns an error if GitLab answered with the events of another issue.
func ofIssue(i issue.Issue, events []issue.Event, err error) error {
	for _, e := range events {
		if e.Issue != i.ID && e.Issue != 0 {
			return fault.New(fault.Failed, "Run the same command again", "the events of %s: GitLab answered with those of another issue", i.Ref)
		}
	}
	return err
}

// Verify looks whether the issues have the label: one that GitLab did not find may be there. Steps of other commands do not matter.
func (s Sweep) Verify(ctx context.Context, p plan.Plan) (bool, error) {
	labeled, m := map[issue.Ref]bool{}, milestone.Milestone{Title: s.Rules.Names.Current}
	for _, step := range p.Steps {
		if u, ok := step.(plan.UpdateIssue); ok && u.Still != nil && slices.Contains(u.Change.AddLabels, s.Rules.Labels.Unscheduled) {
			labeled[u.Ref], m.ID = true, u.Still.Milestone
		}
	}
	if len(labeled) == 0 {
		return false, nil
	}
	in, _, err := s.issuesIn(ctx, milestone.Want{Milestone: m}, nil)
	return slices.ContainsFunc(in, func(i issue.Issue) bool { return labeled[i.Ref] && !s.labeled(i) }), err
}

func (s Sweep) takenOff(e issue.Event) bool {
	return e.Action == "remove" && e.Name == s.Rules.Labels.Unscheduled
}
