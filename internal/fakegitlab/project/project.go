// Package project serves projects and lists of projects. Start with Routes; Write shows a project inside other
// objects. The state of projects is in package store, not here.
package project

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for projects. The projects of a group are in package group.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/projects", list).Anonymous().Needs("read_project"),
		rest.Post("/projects", create).Needs("create_project"),
		rest.Get("/projects/:id", get).Anonymous().Needs("read_project"),
		rest.Put("/projects/:id", update).Needs("update_project"),
		rest.Post("/projects/:id/archive", archive).Needs("archive_project"),
		rest.Post("/projects/:id/unarchive", unarchive).Needs("unarchive_project"),
	}
}

// filter holds the filters of a list of projects.
type filter struct {
	search     param.Matcher
	namespaces bool
	membership bool
	owned      bool
	minLevel   int
	archived   param.Opt[bool]
	visibility param.Opt[string]
	withIssues bool
	starred    bool // nobody marks projects here

	withMergeRequests bool

	after, before param.Opt[int]
	simple        bool
	subgroups     bool // of a group: with the projects of its subgroups
	ancestors     bool // of a group: with those of the groups that it is in
	order, sort   string
}

func filterOf(c *rest.Call) filter {
	levels := c.Params.Int("min_access_level")
	f := filter{
		order: c.Params.EnumOr("order_by", "created_at", "id", "name", "path", "created_at", "updated_at", "last_activity_at",
			"similarity", "star_count"),
		sort:       c.Params.EnumOr("sort", "desc", "asc", "desc"),
		archived:   c.Params.Bool("archived"),
		visibility: c.Params.Enum("visibility", store.Private, store.Internal, store.Public),
		search:     param.NewMatcher(c.Params.Str("search").Value),
		namespaces: c.Params.Bool("search_namespaces").Value,
		owned:      c.Params.BoolOr("owned", false),
		minLevel:   levels.Value,
		withIssues: c.Params.BoolOr("with_issues_enabled", false),
		after:      c.Params.Int("id_after"),
		before:     c.Params.Int("id_before"),
		simple:     c.Params.BoolOr("simple", false),
	}
	if c.InGroup {
		f.ofGroup(c)
	} else {
		f.membership = c.Params.BoolOr("membership", false)
	}
	f.starred = c.Params.BoolOr("starred", false)
	f.withMergeRequests = c.Params.BoolOr("with_merge_requests_enabled", false)
	c.Params.BoolOr("with_custom_attributes", false)
	return f
}

// ofGroup reads the parameters that only the projects of a group have.
func (f *filter) ofGroup(c *rest.Call) {
	f.subgroups = c.Params.BoolOr("include_subgroups", false)
	f.ancestors = c.Params.BoolOr("include_ancestor_groups", false)
	c.Params.BoolOr("with_shared", true)
	if c.Store.Edition.Enterprise() {
		c.Params.BoolOr("with_security_reports", false)
	}
}

// form is how the list shows each project. Without a token it is short.
func (f filter) form(c *rest.Call, full Form) Form {
	if f.simple || c.User == nil {
		return Brief
	}
	return full
}

func list(c *rest.Call) (rest.Reply, error) {
	pg, f := c.Paging(), filterOf(c)
	keyset := c.Params.EnumOr("pagination", "legacy", "legacy", "keyset") == "keyset"
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	found := fitting(c.Store, c.User, f, func(*store.Project) bool { return true })
	if !keyset {
		return rest.List(c, pg, found, func(e *jsonenc.Encoder, p *store.Project) { Write(e, c, p, f.form(c, Ranked)) })
	}
	if f.order != "id" {
		return rest.Reply{}, errKeyset()
	}
	return listAfter(c, pg, f, found)
}

// errKeyset refuses keyset pagination where it is not supported.
func errKeyset() *failure.Failure {
	return failure.JSON(http.StatusMethodNotAllowed, func(e *jsonenc.Encoder) {
		e.Str("error", "Keyset pagination is not yet available for this type of request")
	})
}

// listAfter returns a keyset page: the next one begins after the last id.
func listAfter(c *rest.Call, pg rest.Paging, f filter, found []*store.Project) (rest.Reply, error) {
	header := http.Header{}
	if len(found) > pg.Per {
		found = found[:pg.Per]
		bound := "id_before"
		if f.sort == "asc" {
			bound = "id_after"
		}
		header.Set("Link", c.Link("next", map[string]string{bound: strconv.Itoa(found[len(found)-1].ID)}))
	}
	rep, err := rest.Page(c, pg, found, 0, func(e *jsonenc.Encoder, p *store.Project) { Write(e, c, p, f.form(c, Ranked)) })
	rep.Header = header
	return rep, err
}

// ListOfGroup lists the projects of the group in the path.
func ListOfGroup(c *rest.Call) (rest.Reply, error) {
	pg, f := c.Paging(), filterOf(c)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	g, err := c.Group()
	if err != nil {
		return rest.Reply{}, err
	}
	found := fitting(c.Store, c.User, f, func(p *store.Project) bool {
		return p.Group == g || f.subgroups && p.Group.Within(g) || f.ancestors && g.Within(p.Group)
	})
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, p *store.Project) { Write(e, c, p, f.form(c, Listed)) })
}

func fitting(s *store.Store, u *store.User, f filter, belongs func(*store.Project) bool) []*store.Project {
	var found []*store.Project
	for _, p := range s.Projects {
		if belongs(p) && access.MayReadProject(u, p) && fits(u, p, f) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *store.Project) int {
		order := cmp.Or(compare(a, b, f.order), cmp.Compare(a.ID, b.ID))
		if f.sort == "desc" {
			return -order
		}
		return order
	})
	return found
}

// compare orders two projects by the named field; some fields are the same for all here.
func compare(a, b *store.Project, field string) int {
	switch field {
	case "name":
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	case "path":
		return strings.Compare(a.Path, b.Path)
	case "created_at":
		return a.CreatedAt.Compare(b.CreatedAt)
	case "updated_at", "last_activity_at":
		return a.LastActivityAt.Compare(b.LastActivityAt)
	}
	return 0
}

func fits(u *store.User, p *store.Project, f filter) bool {
	level := access.Level(u, p)
	columns := []string{p.Name, p.Path, p.Description}
	if f.namespaces {
		columns = append(columns, p.FullPath())
	}
	switch {
	case f.membership && level < store.Guest,
		f.owned && level < store.Owner,
		level < f.minLevel,
		f.archived.OK() && f.archived.Value != p.Archived,
		f.visibility.OK() && f.visibility.Value != p.Visibility,
		f.starred,
		f.withIssues && !access.MayReadIssues(u, p),
		f.withMergeRequests && !access.MayReadMergeRequests(u, p),
		f.after.OK() && p.ID <= f.after.Value,
		f.before.OK() && p.ID >= f.before.Value:
		return false
	}
	return f.search.Matches(columns...)
}

func get(c *rest.Call) (rest.Reply, error) {
	for _, name := range []string{"statistics", "license", "with_custom_attributes"} {
		c.Params.Bool(name)
	}
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if err := c.Spend(&c.Limits.Projects); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	form := Single
	if c.User == nil {
		form = Brief
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { Write(e, c, p, form) })
}
