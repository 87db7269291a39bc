// Package group serves groups, lists of groups, and namespaces. Start with Routes. The state of groups is in package store, not here.
package group

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for groups, their subgroups and projects, and for namespaces.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/groups", list).Anonymous().Needs("read_group"),
		rest.Get("/groups/:id", get).Anonymous().Needs("read_group"),
		rest.Get("/groups/:id/subgroups", listSubgroups).Anonymous().Needs("read_group"),
		rest.Get("/groups/:id/descendant_groups", listDescendants).Anonymous().Needs("read_group"),
		rest.Get("/groups/:id/projects", project.ListOfGroup).Anonymous().Needs("read_project"),
		rest.Get("/projects/:id/groups", listOfProject).Needs("read_project"),
		rest.Get("/namespaces", listNamespaces).Needs("read_namespace"),
		rest.Get("/namespaces/:id", getNamespace).Needs("read_namespace"),
	}
}

// filter holds the filters of a list of groups.
type filter struct {
	search      param.Matcher
	minLevel    int
	owned       bool
	topOnly     bool
	mine        bool // leave out groups that are merely visible
	skip        []int
	order, sort string
}

func filterOf(c *rest.Call) filter {
	f := filter{
		search:   param.NewMatcher(c.Params.Str("search").Value),
		minLevel: c.Params.Int("min_access_level").Value,
		owned:    c.Params.BoolOr("owned", false),
		topOnly:  c.Params.Bool("top_level_only").Value,
		skip:     c.Params.Ints("skip_groups").Value,
		order:    c.Params.EnumOr("order_by", "name", "name", "path", "id", "similarity"),
		sort:     c.Params.EnumOr("sort", "asc", "asc", "desc"),
	}
	f.mine = !c.Params.Bool("all_available").Or(true)
	c.Params.BoolOr("statistics", false)
	c.Params.BoolOr("with_custom_attributes", false)
	return f
}

func list(c *rest.Call) (rest.Reply, error) {
	return listOf(c, func(*store.Group) bool { return true }, func() error { return nil })
}

func listSubgroups(c *rest.Call) (rest.Reply, error) {
	return listBelow(c, func(g, above *store.Group) bool { return g.Parent == above })
}

func listDescendants(c *rest.Call) (rest.Reply, error) {
	return listBelow(c, func(g, above *store.Group) bool { return g != above && g.Within(above) })
}

// listBelow lists the groups that belong to the one in the path.
func listBelow(c *rest.Call, belongs func(g, above *store.Group) bool) (rest.Reply, error) {
	var above *store.Group
	return listOf(c, func(g *store.Group) bool { return belongs(g, above) }, func() (err error) {
		above, err = c.Group()
		return err
	})
}

func listOf(c *rest.Call, belongs func(*store.Group) bool, lookup func() error) (rest.Reply, error) {
	pg := c.Paging()
	f := filterOf(c)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if err := lookup(); err != nil {
		return rest.Reply{}, err
	}
	var found []*store.Group
	for _, g := range c.Store.Groups {
		if belongs(g) && access.MayReadGroup(c.Store, c.User, g) && fits(c.User, g, f) {
			found = append(found, g)
		}
	}
	slices.SortStableFunc(found, func(a, b *store.Group) int {
		order := 0
		switch f.order {
		case "name", "similarity":
			order = strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		case "path":
			order = strings.Compare(a.Path, b.Path)
		}
		order = cmp.Or(order, cmp.Compare(a.ID, b.ID))
		if f.sort == "desc" {
			return -order
		}
		return order
	})
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, g *store.Group) {
		e.Open('{')
		writeFields(e, c, g, fields[:])
		e.Shut('}')
	})
}

func fits(u *store.User, g *store.Group, f filter) bool {
	level := access.GroupLevel(u, g)
	if f.mine && level == store.NoAccess && !u.IsAdmin() {
		return false
	}
	return f.search.Matches(g.Name, g.Path) && level >= f.minLevel && (!f.owned || level >= store.Owner) &&
		(!f.topOnly || g.Parent == nil) && !slices.Contains(f.skip, g.ID)
}

func get(c *rest.Call) (rest.Reply, error) {
	withProjects := c.Params.BoolOr("with_projects", true)
	c.Params.Bool("with_custom_attributes")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if err := c.Spend(&c.Limits.Groups); err != nil {
		return rest.Reply{}, err
	}
	g, err := c.Group()
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		writeFields(e, c, g, fields[:])
		details(e, c, g)
		if withProjects {
			writeProjects(e, c, g)
		}
		if c.Store.Edition.Enterprise() {
			writeFields(e, c, g, enterpriseDetails[:])
		}
		e.Shut('}')
	})
}

// directProjects lists at most a hundred projects of the group itself, newest first.
func directProjects(s *store.Store, u *store.User, g *store.Group) []*store.Project {
	var found []*store.Project
	for _, p := range slices.Backward(s.Projects) {
		if p.Group == g && access.MayReadProject(u, p) && len(found) < 100 {
			found = append(found, p)
		}
	}
	return found
}
