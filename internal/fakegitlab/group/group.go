// Package group serves groups and lists of groups. Start with Routes. The state of groups is in package store, not here.
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

// Routes returns the routes for groups, their subgroups and their projects.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/groups", list).Anonymous(),
		rest.Get("/groups/:id", get).Anonymous(),
		rest.Get("/groups/:id/subgroups", listSubgroups).Anonymous(),
		rest.Get("/groups/:id/projects", project.ListOfGroup).Anonymous(),
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
	return f
}

func list(c *rest.Call) (rest.Reply, error) {
	return listOf(c, func(*store.Group) bool { return true }, func() error { return nil })
}

func listSubgroups(c *rest.Call) (rest.Reply, error) {
	var above *store.Group
	return listOf(c, func(g *store.Group) bool { return g.Parent == above }, func() (err error) {
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
		fields(e, c, g)
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
		fields(e, c, g)
		if withProjects {
			e.Key("projects")
			e.Open('[')
			for _, p := range directProjects(c.Store, c.User, g) {
				project.Write(e, c, p, false)
			}
			e.Shut(']')
			e.Key("shared_projects")
			e.Raw("[]")
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

func fields(e *jsonenc.Encoder, c *rest.Call, g *store.Group) {
	e.Num("id", g.ID)
	e.Str("web_url", c.Base.URL+"/groups/"+g.FullPath())
	e.Str("name", g.Name)
	e.Str("path", g.Path)
	e.Str("description", g.Description)
	e.Str("visibility", g.Visibility)
	e.Bool("share_with_group_lock", false)
	e.Bool("require_two_factor_authentication", false)
	e.Num("two_factor_grace_period", 48)
	e.Str("project_creation_level", "developer")
	e.Null("auto_devops_enabled")
	e.Str("subgroup_creation_level", "maintainer")
	e.Bool("emails_disabled", false)
	e.Bool("emails_enabled", true)
	e.Bool("mentions_disabled", false)
	e.Bool("lfs_enabled", true)
	e.Bool("archived", false)
	e.Str("default_branch", "main")
	e.Null("avatar_url")
	e.Bool("request_access_enabled", true)
	e.Str("full_name", g.FullName())
	e.Str("full_path", g.FullPath())
	e.Time("created_at", g.CreatedAt)
	if g.Parent == nil {
		e.Null("parent_id")
	} else {
		e.Num("parent_id", g.Parent.ID)
	}
}
