package milestone

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// draft holds the fields of a milestone in a request.
type draft struct {
	title, description string
	described          bool
	start, due         string
}

func draftOf(m *store.Milestone) draft {
	return draft{m.Title, m.Description, m.Described, m.StartDate, m.DueDate}
}

// emptied reports whether a description was sent as an empty text, which is stored as such and not as null.
func emptied(description param.Opt[string]) bool { return description.OK() && description.Value == "" }

func create(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("title")
	title, description := c.Params.Str("title"), c.Params.Str("description")
	due, start := c.Params.Date("due_date"), c.Params.Date("start_date")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayPlanIn(c.User, o) {
		return rest.Reply{}, failure.Forbidden()
	}
	d := draft{strings.TrimSpace(title.Value), description.Value, emptied(description), start.Value, due.Value}
	if errs := check(c.Store, d, o, nil); len(errs) > 0 {
		return rest.Reply{}, failure.Printed("Failed to create milestone", errs...)
	}
	c.Between()
	m := c.Store.AddMilestone(&store.Milestone{
		Parent: o, CreatedBy: c.User, Title: d.title, Description: d.description, Described: d.described,
		StartDate: d.start, DueDate: d.due,
	})
	return answer(c, http.StatusCreated, m)
}

// update saves the state event first and checks the other fields only after that. It refuses to save them if somebody
// else has changed the milestone since it was read.
func update(c *rest.Call) (rest.Reply, error) {
	title, description := c.Params.Str("title"), c.Params.Str("description")
	start, due := c.Params.Date("start_date"), c.Params.Date("due_date")
	event := c.Params.Enum("state_event", "close", "activate")
	c.Params.AtLeastOne("title", "description", "start_date", "due_date", "state_event")
	o, m, err := OfPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	if event.OK() {
		c.Store.SetMilestoneState(m, event.Value == "close", c.User)
	}
	read := draftOf(m)
	d := read
	if trimmed := strings.TrimSpace(title.Value); trimmed != "" {
		d.title = trimmed
	}
	if description.Set {
		d.description, d.described = description.Value, emptied(description)
	}
	if start.Set {
		d.start = start.Value
	}
	if due.Set {
		d.due = due.Value
	}
	if errs := check(c.Store, d, o, m); len(errs) > 0 {
		return rest.Reply{}, failure.Printed("Failed to update milestone", errs...)
	}
	version := m.Version
	c.Between()
	if changed := d != read; changed && (m.Version != version || m.Deleted) {
		return rest.Reply{}, failure.Conflict("Conflict: Resource lock")
	}
	save(c.Store, m, read, d)
	return answer(c, http.StatusOK, m)
}

// save stores a draft, unless it is what was read.
func save(s *store.Store, m *store.Milestone, read, d draft) {
	if d == read {
		return
	}
	m.Version++
	m.Title, m.Description, m.Described, m.StartDate, m.DueDate = d.title, d.description, d.described, d.start, d.due
	m.UpdatedAt = s.Stamp()
}

// check validates a draft; m is the milestone to change, nil for a new one.
func check(s *store.Store, d draft, o store.Parent, m *store.Milestone) []failure.Field {
	var errs []failure.Field
	if d.title == "" {
		errs = append(errs, failure.On("title", "can't be blank"))
	} else if (m == nil || d.title != m.Title) && titleTaken(s, d.title, o, m) {
		errs = append(errs, failure.On("title", "already being used for another group or project milestone."))
	}
	const tooLate = "date must not be after 9999-12-31"
	if len(d.start) > 10 {
		errs = append(errs, failure.On("start_date", tooLate))
	}
	switch {
	case len(d.due) > 10:
		errs = append(errs, failure.On("due_date", tooLate))
	case d.start != "" && d.due != "" && d.due <= d.start:
		errs = append(errs, failure.On("due_date", "must be greater than start date"))
	}
	return errs
}

// titleTaken looks at open and closed milestones alike. A project shares titles with all its parent groups; a group
// with its parent groups, its subgroups and all projects below it.
func titleTaken(s *store.Store, title string, o store.Parent, except *store.Milestone) bool {
	has := func(all []*store.Milestone) bool {
		return slices.ContainsFunc(all, func(m *store.Milestone) bool { return m.Title == title && m != except })
	}
	if o.Project != nil && has(o.Project.Milestones) {
		return true
	}
	for _, g := range o.Lineage() {
		if has(g.Milestones) {
			return true
		}
	}
	if o.Group == nil {
		return false
	}
	below := func(g *store.Group) bool { return g.Within(o.Group) && has(g.Milestones) }
	inProject := func(p *store.Project) bool { return p.Group.Within(o.Group) && has(p.Milestones) }
	return slices.ContainsFunc(s.Groups, below) || slices.ContainsFunc(s.Projects, inProject)
}

// remove takes the milestone off every issue and merge request, with an event for each.
func remove(c *rest.Call) (rest.Reply, error) {
	o, m, err := OfPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	at := c.Store.Stamp()
	for _, p := range c.Store.ProjectsUsing(m) {
		for _, i := range p.Issues {
			if i.Milestone == m && c.Store.SetMilestone(i, nil, c.User, at) {
				i.UpdatedAt = store.Later(i.UpdatedAt, at)
			}
		}
		for _, mr := range p.MergeRequests {
			if mr.Milestone == m {
				mr.Milestone = nil
			}
		}
	}
	drop(o, m)
	return rest.NoContent(), nil
}

func drop(o store.Parent, m *store.Milestone) {
	m.Deleted = true
	is := func(x *store.Milestone) bool { return x == m }
	if o.Project != nil {
		o.Project.Milestones = slices.DeleteFunc(o.Project.Milestones, is)
	} else {
		o.Group.Milestones = slices.DeleteFunc(o.Group.Milestones, is)
	}
}

// promote turns it into a group milestone and merges those with the same title in sibling projects into it.
func promote(c *rest.Call) (rest.Reply, error) {
	o, m, err := OfPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	g := o.Project.Group
	if g == nil || !access.MayPlanGroup(c.User, g) {
		return rest.Reply{}, failure.Forbidden()
	}
	if slices.ContainsFunc(g.Milestones, func(x *store.Milestone) bool { return x.Title == m.Title }) {
		return rest.Reply{}, failure.Text(http.StatusBadRequest,
			"Promotion failed - Title already being used for another group or project milestone.")
	}
	promoted := c.Store.AddMilestone(&store.Milestone{
		Parent: store.Parent{Group: g}, CreatedBy: c.User, Title: m.Title, Description: m.Description, Described: m.Described, Closed: m.Closed,
		StartDate: m.StartDate, DueDate: m.DueDate,
	})
	for _, p := range c.Store.ProjectsWithin(g) {
		merge(p, promoted)
	}
	return rest.Reply{Status: http.StatusOK, Body: []byte("200")}, nil
}

// merge replaces the project's milestone of the same title with the group's.
func merge(p *store.Project, into *store.Milestone) {
	for _, m := range slices.Clone(p.Milestones) {
		if m.Title != into.Title {
			continue
		}
		for _, i := range p.Issues {
			if i.Milestone == m {
				i.Milestone = into
			}
		}
		for _, mr := range p.MergeRequests {
			if mr.Milestone == m {
				mr.Milestone = into
			}
		}
		drop(store.Parent{Project: p}, m)
	}
}
