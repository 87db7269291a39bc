package milestone_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/plan"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// tracker is a GitLab with one milestone and one issue, which came in late.
type tracker struct {
	milestones []milestone.Milestone
	issues     []issue.Issue
	labels     []issue.Event
}

func (t tracker) Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error) {
	return t.milestones, nil
}

func (t tracker) Issues(context.Context, target.Target, issue.Query) iter.Seq2[issue.Issue, error] {
	return func(yield func(issue.Issue, error) bool) {
		for _, i := range t.issues {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (t tracker) MilestoneEvents(context.Context, issue.Ref) ([]issue.Event, error) { return nil, nil }

func (t tracker) LabelEvents(context.Context, issue.Ref) ([]issue.Event, error) { return t.labels, nil }

// An answer with the events of another issue is not used.
func TestSweepChecksWhoseEventsTheyAre(t *testing.T) {
	t.Parallel()
	due := calendar.NewDate(2018, 8, 24)
	late := issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 5}, ID: 90005, State: issue.Opened, MilestoneID: 4,
		CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)}
	removed := issue.Event{At: late.CreatedAt, Action: "remove", Name: "unscheduled", Issue: late.ID}
	for name, c := range map[string]struct {
		labels []issue.Event
		steps  int
		err    string
	}{
		"none":    {nil, 1, ""},
		"removed": {[]issue.Event{removed}, 0, ""},
		"of another issue": {[]issue.Event{{At: removed.At, Action: "remove", Name: "unscheduled", Issue: 90006}}, 0,
			"GitLab answered with those of another issue"},
	} {
		server := tracker{[]milestone.Milestone{{ID: 4, Title: "Current Milestone", State: milestone.Active, Start: due.AddDays(-11), Due: due}},
			[]issue.Issue{late}, c.labels}
		rules := milestone.Rules{Cadence: milestone.Handbook(), Names: milestone.HandbookNames(), Zone: time.UTC,
			Labels: milestone.Labels{Unscheduled: "unscheduled"}}
		s := flow.Sweep{Timeboxes: flow.Timeboxes{Read: server, In: target.ProjectAt("acme/infrastructure"), Rules: rules, Parallel: 2},
			History: server, Grace: 1, Outage: "outage", Now: time.Date(2018, 8, 22, 9, 0, 0, 0, time.UTC), Origin: plan.Origin{Today: due}}
		p, err := s.Plan(t.Context())
		if len(p.Steps) != c.steps || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %d steps, %v", name, len(p.Steps), err)
		}
	}
}
