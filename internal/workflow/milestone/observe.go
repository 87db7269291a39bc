package milestone

import (
	"context"
	"iter"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader is what the milestone commands read.
type Reader interface {
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
	Issues(context.Context, target.Target, issue.Query) iter.Seq2[issue.Issue, error]
}

// Timeboxes is the place and the rules of a team's milestones.
type Timeboxes struct {
	Read     Reader
	In       target.Target
	Rules    milestone.Rules
	Parallel int // lists read at the same time; at least 1
}

// milestones reads all milestones of the place, open and closed, 100 per request. For a project that includes those of its parent groups,
// and for a group with taken those above and below it, because their titles are taken too. A project's list shows who owns each one. A
// group's list does not, so its own are read once more: afterwards, so that one that somebody creates meanwhile is among them.
func (t Timeboxes) milestones(ctx context.Context, taken bool) ([]milestone.Milestone, error) {
	above := strings.Contains(t.In.Path, "/")
	if t.In.Kind == target.Project || !above && !taken {
		return t.Read.Milestones(ctx, t.In, milestone.Query{Ancestors: t.In.Kind == target.Project})
	}
	all, err := t.Read.Milestones(ctx, t.In, milestone.Query{Ancestors: above, Below: taken})
	if err != nil {
		return nil, err
	}
	own, err := t.Read.Milestones(ctx, t.In, milestone.Query{})
	if err != nil {
		return nil, err
	}
	ours, deleted := map[int64]bool{}, func(milestone.Milestone) bool { return false }
	for _, m := range own {
		ours[m.ID] = true
		deleted = func(other milestone.Milestone) bool { return other.Group && other.Owner == m.Owner }
	}
	for _, m := range all {
		if !ours[m.ID] && !deleted(m) {
			m.Elsewhere = true
			own = append(own, m)
		}
	}
	return own, nil
}

// issuesIn reads the issues of one milestone. GitLab selects them by title, so the milestone id of each issue is checked;
// moved is true if the title now belongs to another milestone, one that is not in known.
func (t Timeboxes) issuesIn(ctx context.Context, want milestone.Want, known []milestone.Milestone) (list []issue.Issue,
	moved bool, err error) {
	if isFilter(want.Milestone.Title) {
		return nil, false, fault.New(fault.Refused, "Rename the milestone in GitLab",
			"cannot list the issues of milestone %q: GitLab reads this title as a filter", want.Milestone.Title)
	}
	query := issue.Query{Milestone: want.Milestone.Title}
	if want.OpenOnly {
		query.State = issue.Opened
	}
	for i, err := range t.Read.Issues(ctx, t.In, query) {
		if err != nil {
			return nil, false, err
		}
		switch {
		case i.MilestoneID == want.Milestone.ID:
			list = append(list, i)
		case !slices.ContainsFunc(known, func(m milestone.Milestone) bool {
			return m.ID == i.MilestoneID && m.Title == want.Milestone.Title
		}):
			moved = true
		}
	}
	return list, moved, nil
}

// isFilter reports whether GitLab reads the title as a keyword when it selects issues by milestone.
func isFilter(title string) bool {
	switch title {
	case "No Milestone", "Any Milestone", "#upcoming", "#started":
		return true
	}
	return strings.EqualFold(title, "None") || strings.EqualFold(title, "Any")
}

// decide reads the milestones, applies the rule, reads the issues that the rule wants, and repeats this until the rule has decided.
// The milestones are read first: if nothing is due, this is the only request.
func (t Timeboxes) decide(ctx context.Context, obs milestone.Observation, rule func(milestone.Observation) (milestone.Roll,
	error)) (milestone.Roll, milestone.Observation, error) {
	const attempts = 5
	for range attempts {
		before := obs.Milestones
		var err error
		if obs.Milestones, err = t.milestones(ctx, true); err != nil {
			return milestone.Roll{}, obs, err
		}
		unchanged := slices.Equal(before, obs.Milestones) // then foreign issues belong to milestones outside of this place
		obs.Issues = map[int64][]issue.Issue{}
		for {
			roll, err := rule(obs)
			if err != nil || len(roll.Wants) == 0 {
				return roll, obs, refused(err)
			}
			moved, err := t.fetch(ctx, roll.Wants, obs)
			if err != nil {
				return roll, obs, err
			}
			if moved && !unchanged {
				break
			}
		}
	}
	return milestone.Roll{}, obs, fault.New(fault.Refused, "Wait until the other run has ended, then run the same command again",
		"the milestones of %s keep changing", t.In)
}

// fetch reads the wanted issues in parallel.
func (t Timeboxes) fetch(ctx context.Context, wants []milestone.Want, obs milestone.Observation) (bool, error) {
	lists := make([][]issue.Issue, len(wants))
	moved := make([]bool, len(wants))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, t.Parallel))
	for n, want := range wants {
		group.Go(func() (err error) {
			lists[n], moved[n], err = t.issuesIn(ctx, want, obs.Milestones)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	for n, want := range wants {
		obs.Issues[want.Milestone.ID] = lists[n]
	}
	return slices.Contains(moved, true), nil
}

// refused gives a rule's refusal its exit code and its hint.
func refused(err error) error {
	if r, ok := err.(*milestone.Refusal); ok {
		return fault.New(fault.Refused, r.Hint, "%s", r.Reason)
	}
	return err
}
