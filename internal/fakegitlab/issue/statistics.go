package issue

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func allStatistics(c *rest.Call) (rest.Reply, error) {
	q := queryOf(c, "created_by_me")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if c.User == nil && c.Params.Str("scope").Value != "all" {
		return rest.Reply{}, failure.Unauthorized()
	}
	return statistics(c, q, c.Store.Projects)
}

func groupStatistics(c *rest.Call) (rest.Reply, error) {
	q := queryOf(c, "")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	g, err := c.Group()
	if err != nil {
		return rest.Reply{}, err
	}
	return statistics(c, q, c.Store.ProjectsWithin(g))
}

func projectStatistics(c *rest.Call) (rest.Reply, error) {
	q := queryOf(c, "")
	q.archived = true
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	return statistics(c, q, []*store.Project{p})
}

// statistics counts by state, whatever state was requested.
func statistics(c *rest.Call, q query, projects []*store.Project) (rest.Reply, error) {
	if q.failure != nil {
		return rest.Reply{}, q.failure
	}
	projects = projectsListed(c, q, projects)
	hideConfidential(c, &q, projects)
	q.state = "all"
	all, closed := q.collect(projects), 0
	for _, i := range all {
		if i.Closed {
			closed++
		}
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		for _, name := range []string{"statistics", "counts"} {
			if name == "statistics" {
				e.Open('{')
			}
			e.Key(name)
			e.Open('{')
		}
		e.Num("all", len(all))
		e.Num("closed", closed)
		e.Num("opened", len(all)-closed)
		e.Shut('}')
		e.Shut('}')
		e.Shut('}')
	})
}
