package issue

import (
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// searchProject serves the search of a project, for issues only. Its rows are not counted.
func searchProject(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("search", "scope")
	scope := c.Params.Enum("scope", "projects", "issues", "merge_requests", "milestones", "notes", "wiki_blobs", "commits", "blobs", "users")
	pg, q := c.Paging(), query{state: "all", order: "created_at", sort: "desc", archived: true}
	q.search(c.Params)
	if err := checkList(c); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	switch {
	case err != nil:
		return rest.Reply{}, err
	case scope.Value != "issues":
		return rest.Reply{}, failure.UnknownRoute()
	case q.failure != nil:
		return rest.Reply{}, q.failure
	}
	projects := projectsListed(c, q, []*store.Project{p})
	hideConfidential(c, &q, projects)
	rows, total := q.cut(pg, projects)
	rep, err := rest.Page(c, pg, rows, total, func(e *jsonenc.Encoder, i *store.Issue) { writeBasic(e, c, i) })
	uncount(rep.Header)
	return rep, err
}

// uncount removes the totals from the headers of a page, and the link to the last page.
func uncount(h http.Header) {
	h.Del("X-Total")
	h.Del("X-Total-Pages")
	links := h.Get("Link")
	if at := strings.LastIndex(links, ", <"); at >= 0 && strings.HasSuffix(links, `rel="last"`) {
		h.Set("Link", links[:at])
	}
}
