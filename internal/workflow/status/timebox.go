package status

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// timebox reads the issues of the Current Milestone, which carry its dates.
func (r Read) timebox(p *pages) (out Timebox) {
	page, err := p.of(r.In, issue.Query{Milestone: r.Rules.Names.Current})
	out.Part = Part{err, page.More}
	m, ok := r.current(page.Milestones)
	if err != nil || !ok {
		return out
	}
	in := slices.DeleteFunc(page.Issues, func(i issue.Issue) bool { return i.MilestoneID != m.ID })
	out.measure(r, m, in)
	return out
}

// emptyTimebox looks for the Current Milestone if no issue is in it.
func (r Read) emptyTimebox(ctx context.Context, t *Timebox) {
	list, err := r.Client.Milestones(ctx, r.In, milestone.Query{State: milestone.Active, Title: r.Rules.Names.Current})
	if t.Err = err; err != nil {
		return
	}
	if m, ok := r.current(list); ok {
		t.measure(r, m, nil)
	}
}

// current returns the Current Milestone. Of two, it is the one with the lower id, which a roll keeps.
func (r Read) current(list []milestone.Milestone) (found milestone.Milestone, ok bool) {
	for _, m := range list {
		if m.Open() && m.Group == r.Rules.Group && m.Title == r.Rules.Names.Current && (!ok || m.ID < found.ID) {
			found, ok = m, true
		}
	}
	return found, ok
}

func (t *Timebox) measure(r Read, m milestone.Milestone, in []issue.Issue) {
	t.Milestone = m
	t.Measured = milestone.Measure(in, r.Rules.Labels, func(issue.Issue) bool { return true })
	t.Progress = r.Team.ProgressOf(m.Box(), r.Today, t.Done.Issues)
	t.Overdue = -1
	if !m.Due.IsZero() {
		t.Overdue = r.Today.DaysSince(m.Due)
	}
}
