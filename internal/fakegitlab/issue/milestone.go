package issue

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// listOfMilestone lists the issues whose milestone has that title, best label priority first. For a group these are
// the issues of its own projects, not of subgroups.
func listOfMilestone(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	o, m, err := milestone.OfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	projects := []*store.Project{o.Project}
	if o.Group != nil {
		c.View.Within = o.Group
		projects = slices.DeleteFunc(c.Store.ProjectsWithin(o.Group), func(p *store.Project) bool { return p.Group != o.Group })
	}
	q := query{state: "all", order: "label_priority", sort: "asc", archived: true}
	q.add(func(i *store.Issue) bool { return i.Milestone != nil && i.Milestone.Title == m.Title }, false)
	c.View.Basic = true
	return page(c, pg, q, projects)
}
