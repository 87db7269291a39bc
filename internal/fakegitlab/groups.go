package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func groupRoutes() []route {
	return []route{
		get("/groups", listGroups),
		get("/groups/:id", getGroup),
		get("/groups/:id/subgroups", listSubgroups),
		get("/groups/:id/projects", listGroupProjects),
	}
}

// groupFilter is what the lists of groups may be narrowed by.
type groupFilter struct {
	search      matcher
	minLevel    int
	owned       bool
	topOnly     bool
	mine        bool // leave out what is merely visible
	skip        []int
	order, sort string
}

func groupFilterOf(c *call) groupFilter {
	f := groupFilter{
		search:   newMatcher(c.p.str("search").v),
		minLevel: c.p.int("min_access_level").v,
		owned:    c.p.boolOr("owned", false),
		topOnly:  c.p.bool("top_level_only").v,
		skip:     c.p.ints("skip_groups").v,
		order:    c.p.enumOr("order_by", "name", "name", "path", "id", "similarity"),
		sort:     c.p.enumOr("sort", "asc", "asc", "desc"),
	}
	f.mine = !c.p.bool("all_available").or(true)
	return f
}

func listGroups(c *call) (reply, error) {
	return groupList(c, func(*group) bool { return true }, func() error { return nil })
}

func listSubgroups(c *call) (reply, error) {
	var above *group
	return groupList(c, func(g *group) bool { return g.parent == above }, func() (err error) {
		above, err = c.group()
		return err
	})
}

func groupList(c *call, belongs func(*group) bool, lookup func() error) (reply, error) {
	pg := c.paging()
	f := groupFilterOf(c)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if err := lookup(); err != nil {
		return reply{}, err
	}
	var found []*group
	for _, g := range c.s.groups {
		if belongs(g) && mayReadGroup(c.s, c.user, g) && groupFits(c.user, g, f) {
			found = append(found, g)
		}
	}
	slices.SortStableFunc(found, func(a, b *group) int {
		order := 0
		switch f.order {
		case "name", "similarity":
			order = strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
		case "path":
			order = strings.Compare(a.path, b.path)
		}
		order = cmp.Or(order, cmp.Compare(a.id, b.id))
		if f.sort == "desc" {
			return -order
		}
		return order
	})
	return listReply(c, pg, found, func(e *enc, g *group) {
		e.open('{')
		groupFields(e, c, g)
		e.shut('}')
	})
}

func groupFits(u *user, g *group, f groupFilter) bool {
	level := groupLevel(u, g)
	if f.mine && level == noAccess && !u.isAdmin() {
		return false
	}
	return f.search.matches(g.name, g.path) && level >= f.minLevel && (!f.owned || level >= owner) &&
		(!f.topOnly || g.parent == nil) && !slices.Contains(f.skip, g.id)
}

func getGroup(c *call) (reply, error) {
	withProjects := c.p.boolOr("with_projects", true)
	c.p.bool("with_custom_attributes")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if err := c.spend(&c.limits.groups); err != nil {
		return reply{}, err
	}
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		groupFields(e, c, g)
		if withProjects {
			e.key("projects")
			e.open('[')
			for _, p := range directProjects(c.s, c.user, g) {
				writeProject(e, c, p, false)
			}
			e.shut(']')
			e.key("shared_projects")
			e.raw("[]")
		}
		e.shut('}')
	})
}

// directProjects lists at most a hundred projects of the group itself, newest first.
func directProjects(s *store, u *user, g *group) []*project {
	var found []*project
	for _, p := range slices.Backward(s.projects) {
		if p.group == g && mayReadProject(u, p) && len(found) < 100 {
			found = append(found, p)
		}
	}
	return found
}

func groupFields(e *enc, c *call, g *group) {
	e.num("id", g.id)
	e.str("web_url", c.base.url+"/groups/"+g.fullPath())
	e.str("name", g.name)
	e.str("path", g.path)
	e.str("description", g.description)
	e.str("visibility", g.visibility)
	e.bool("share_with_group_lock", false)
	e.bool("require_two_factor_authentication", false)
	e.num("two_factor_grace_period", 48)
	e.str("project_creation_level", "developer")
	e.null("auto_devops_enabled")
	e.str("subgroup_creation_level", "maintainer")
	e.bool("emails_disabled", false)
	e.bool("emails_enabled", true)
	e.bool("mentions_disabled", false)
	e.bool("lfs_enabled", true)
	e.bool("archived", false)
	e.str("default_branch", "main")
	e.null("avatar_url")
	e.bool("request_access_enabled", true)
	e.str("full_name", g.fullName())
	e.str("full_path", g.fullPath())
	e.time("created_at", g.createdAt)
	if g.parent == nil {
		e.null("parent_id")
	} else {
		e.num("parent_id", g.parent.id)
	}
}
