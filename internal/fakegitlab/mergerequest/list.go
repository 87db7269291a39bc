package mergerequest

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// listAll lists those that the caller has created, unless the scope says otherwise.
func listAll(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "created_by_me")
	if err := check(c); err != nil {
		return rest.Reply{}, err
	}
	if c.User == nil && c.Params.Str("scope").Value != "all" {
		return rest.Reply{}, failure.Unauthorized()
	}
	c.View.Everywhere = true
	return page(c, pg, q, c.Store.Projects)
}

func listOfGroup(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "")
	q.skipArchived = c.Params.BoolOr("non_archived", true)
	if err := check(c); err != nil {
		return rest.Reply{}, err
	}
	g, err := c.Group()
	if err != nil {
		return rest.Reply{}, err
	}
	c.View.Within = g
	return page(c, pg, q, c.Store.ProjectsWithin(g))
}

func listOfProject(c *rest.Call) (rest.Reply, error) {
	pg, q := c.Paging(), queryOf(c, "")
	q.iids(c.Params)
	if err := check(c); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayReadMergeRequests(c.User, p) {
		return rest.Reply{}, failure.Forbidden()
	}
	return page(c, pg, q, []*store.Project{p})
}

// check checks the parameters of a list, and counts it against the search limit if it has a search.
func check(c *rest.Call) error {
	if err := c.Params.Err(); err != nil {
		return err
	}
	if c.Params.Str("search").Value == "" {
		return nil
	}
	return c.Spend(&c.Limits.Searches)
}

func page(c *rest.Call, pg rest.Paging, q query, projects []*store.Project) (rest.Reply, error) {
	var found []*store.MergeRequest
	for _, p := range projects {
		if !access.MayReadMergeRequests(c.User, p) || q.skipArchived && p.Archived {
			continue
		}
		for _, mr := range p.MergeRequests {
			if q.fits(mr) {
				found = append(found, mr)
			}
		}
	}
	slices.SortFunc(found, q.ordering())
	c.View.LabelDetails = q.details
	show := Write
	if q.simple {
		show = writeSimple
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, mr *store.MergeRequest) { show(e, c, mr) })
}

func listOfMilestone(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	_, m, err := milestone.OfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.MergeRequest
	for _, p := range c.Store.ProjectsUsing(m) {
		if !access.MayReadMergeRequests(c.User, p) {
			continue
		}
		for _, mr := range p.MergeRequests {
			if mr.Milestone == m {
				found = append(found, mr)
			}
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, mr *store.MergeRequest) { Write(e, c, mr) })
}
