package issue

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// scopesElsewhere are the other things that can be searched for. Nothing of the kind is found here.
const scopesElsewhere = "merge_requests milestones notes wiki_blobs commits blobs users projects snippet_titles"

func searchRows() []rest.Route {
	return []rest.Route{
		rest.Get("/search", searchAll).NoPermission(),
		rest.Get("/groups/:id/search", searchGroup).NoPermission(),
		rest.Get("/projects/:id/search", searchProject).NoPermission(),
	}
}

func searchAll(c *rest.Call) (rest.Reply, error) {
	return search(c, func() ([]*store.Project, error) { return c.Store.Projects, nil })
}

func searchGroup(c *rest.Call) (rest.Reply, error) {
	return search(c, func() ([]*store.Project, error) {
		g, err := c.Group()
		return c.Store.ProjectsWithin(g), err
	})
}

func searchProject(c *rest.Call) (rest.Reply, error) {
	return search(c, func() ([]*store.Project, error) {
		p, err := c.Project()
		return []*store.Project{p}, err
	})
}

// search finds issues as their lists do. It does not say how many it found.
func search(c *rest.Call, where func() ([]*store.Project, error)) (rest.Reply, error) {
	c.Params.Require("search", "scope")
	pg := c.Paging()
	scope := c.Params.Enum("scope", append(strings.Fields(scopesElsewhere), "issues")...).Value
	list := *c
	list.Params = &param.Params{Values: map[string]any{"search": c.Params.Str("search").Value}, Errs: c.Params.Errs}
	for _, name := range []string{"state", "confidential"} {
		if c.Params.Has(name) {
			list.Params.Values[name] = c.Params.Values[name]
		}
	}
	q := queryOf(&list, "")
	if err := checkList(c); err != nil {
		return rest.Reply{}, err
	}
	projects, err := where()
	if err == nil {
		err = q.failure
	}
	if err != nil {
		return rest.Reply{}, err
	}
	projects = projectsListed(c, q, projects)
	hideConfidential(c, &q, projects)
	rows, total := []*store.Issue(nil), 0
	if scope == "issues" {
		rows, total = q.cut(pg, projects)
	}
	rep, err := rest.Page(c, pg, rows, total, func(e *jsonenc.Encoder, i *store.Issue) { writeBasic(e, c, i) })
	withoutTotals(rep)
	return rep, err
}

// withoutTotals removes what GitLab leaves out where it does not count.
func withoutTotals(rep rest.Reply) {
	rep.Header.Del("X-Total")
	rep.Header.Del("X-Total-Pages")
	if link, _, ok := strings.Cut(rep.Header.Get("Link"), `>; rel="last"`); ok {
		rep.Header.Set("Link", link[:strings.LastIndex(link, ", <")])
	}
}
