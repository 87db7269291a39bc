package milestone

import (
	"cmp"
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// List reads the milestones, sorted for display: Current, Next, then by due date, the latest first and those without one last.
func (t Timeboxes) List(ctx context.Context, q milestone.Query) ([]milestone.Milestone, error) {
	list, err := t.Read.Milestones(ctx, t.In, q)
	if err != nil {
		return nil, err
	}
	stable.Sort(list, func(a, b milestone.Milestone) int {
		return cmp.Or(cmp.Compare(t.rank(a), t.rank(b)), b.Due.Compare(a.Due), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (t Timeboxes) rank(m milestone.Milestone) int {
	switch t.Role(m) {
	case "current":
		return 0
	case "next":
		return 1
	}
	return 2
}

// Role returns "current" or "next" for the team's two open milestones, and otherwise the empty string.
func (t Timeboxes) Role(m milestone.Milestone) string {
	switch {
	case !m.Open(), m.Group != t.Rules.Group, m.Elsewhere:
		return ""
	case m.Title == t.Rules.Names.Current:
		return "current"
	case m.Title == t.Rules.Names.Next:
		return "next"
	}
	return ""
}

// Contents is a milestone with its issues.
type Contents struct {
	Milestone milestone.Milestone
	Issues    []issue.Issue
}

// Show finds a milestone by name (current, next, an exact title, or an id) and reads its issues. An open milestone comes before a
// closed one, and one of this place before one of a parent group.
func (t Timeboxes) Show(ctx context.Context, name string) (Contents, error) {
	title := name
	switch name {
	case "", "current":
		title = t.Rules.Names.Current
	case "next":
		title = t.Rules.Names.Next
	}
	list, err := t.milestones(ctx, false)
	if err != nil {
		return Contents{}, err
	}
	m, ok := pick(list, title, t.Rules.Group)
	if !ok {
		return Contents{}, fault.New(fault.Failed, "To see all milestones: prodctl milestone list --all", "milestone %q not found in %s",
			title, t.In)
	}
	issues, _, err := t.issuesIn(ctx, milestone.Want{Milestone: m}, list)
	return Contents{m, issues}, err
}

func pick(list []milestone.Milestone, name string, group bool) (milestone.Milestone, bool) {
	var found []milestone.Milestone
	for _, m := range list {
		if m.Named(name) {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return milestone.Milestone{}, false
	}
	score := func(m milestone.Milestone) int {
		n := 0
		if !m.Open() {
			n += 2
		}
		if m.Group != group || m.Elsewhere {
			n++
		}
		return n
	}
	return slices.MinFunc(found, func(a, b milestone.Milestone) int {
		return cmp.Or(cmp.Compare(score(a), score(b)), cmp.Compare(a.ID, b.ID))
	}), true
}
