package issue

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// updateFields are the parameters of an update; it needs at least one.
var updateFields = []string{
	"assignee_id", "assignee_ids", "confidential", "created_at", "description", "discussion_locked", "due_date", "labels",
	"add_labels", "remove_labels", "milestone_id", "state_event", "title", "issue_type",
}

// input holds the fields of a create or update as sent, before any lookup.
type input struct {
	change             edit.Change // fields that need no lookup
	labels             param.Opt[[]string]
	addLabels, removed []string
	milestone          param.Opt[int]
	assignees          param.Opt[[]int]
}

func inputOf(c *rest.Call) input {
	p := c.Params
	in := input{
		labels:    p.Names("labels"),
		addLabels: p.Names("add_labels").Value,
		removed:   p.List("remove_labels").Value,
		milestone: p.Int("milestone_id"),
		assignees: p.Ints("assignee_ids"),
	}
	if one := p.Int("assignee_id"); one.Set && !in.assignees.Set {
		in.assignees = param.Opt[[]int]{Value: []int{one.Value}, Set: true}
	}
	in.change = edit.Change{
		Title:        p.Str("title"),
		Description:  p.Str("description"),
		DueDate:      p.Date("due_date"),
		Confidential: confidential(p),
		Locked:       p.Bool("discussion_locked"),
		Kind:         p.Enum("issue_type", kinds...),
		CreatedAt:    p.Time("created_at"),
	}
	if c.Store.Edition.Enterprise() {
		in.change.Weight = p.Int("weight") // accepted on every plan, dropped on Free
	}
	return in
}

// confidential reads a boolean that may not be empty.
func confidential(p *param.Params) param.Opt[bool] {
	b := p.Bool("confidential")
	p.NotBlank("confidential")
	return b
}

// resolve looks up labels, milestone and assignees. Unusable ones are left out silently; unknown labels are created
// if the caller may.
func resolve(c *rest.Call, in input, p *store.Project) (edit.Change, error) {
	s, by := c.Store, c.User
	ch := in.change
	if in.labels.Set {
		labels, err := edit.LabelsFor(s, p, in.labels.Value, by, c.Interrupt)
		if err != nil {
			return ch, err
		}
		ch.Labels = param.Some(labels)
	}
	added, err := edit.LabelsFor(s, p, in.addLabels, by, c.Interrupt)
	if err != nil {
		return ch, err
	}
	ch.AddLabels = added
	for _, name := range in.removed {
		if l := p.LabelNamed(name); l != nil {
			ch.RemoveLabels = append(ch.RemoveLabels, l)
		}
	}
	if in.milestone.Set {
		ch.Milestone = milestoneFor(p, in.milestone.Value)
	}
	ch.Assignees = assigneesFor(s, in.assignees, p)
	return ch, nil
}

// assigneesFor leaves out users who may not read the project. 0 means nobody; if only such users were given, nothing
// changes.
func assigneesFor(s *store.Store, ids param.Opt[[]int], p *store.Project) param.Opt[[]*store.User] {
	if !ids.Set {
		return param.Opt[[]*store.User]{}
	}
	var users []*store.User
	cleared := true
	for _, id := range ids.Value {
		if u := s.UserByID[id]; u != nil && access.MayReadIssues(u, p) && !slices.Contains(users, u) {
			users = append(users, u)
		}
		cleared = cleared && id == 0
	}
	return param.Opt[[]*store.User]{Value: users, Set: cleared || len(users) > 0}
}

// milestoneFor resolves milestone_id: 0 and null clear the milestone, an unusable id changes nothing.
func milestoneFor(p *store.Project, id int) param.Opt[*store.Milestone] {
	if id == 0 {
		return param.Null[*store.Milestone]()
	}
	m := p.ActiveMilestone(func(m *store.Milestone) bool { return m.ID == id })
	if m == nil {
		return param.Opt[*store.Milestone]{}
	}
	return param.Some(m)
}

func (in input) withoutMetadata() input {
	in.change = in.change.WithoutMetadata()
	return input{change: in.change}
}
