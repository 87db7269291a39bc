package group

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// namespace is a group or a user: what a project can be in.
type namespace struct {
	group *store.Group
	owner *store.User
}

// listNamespaces lists the user's own namespace and the groups that the user is a member of; administrators see all.
func listNamespaces(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	search, ownedOnly := c.Params.Str("search").Value, c.Params.Bool("owned_only").Value
	topOnly := c.Params.Bool("top_level_only").Value
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	var all []namespace
	for _, u := range c.Store.Users {
		if u == c.User || c.User.Admin && !ownedOnly {
			all = append(all, namespace{owner: u})
		}
	}
	for _, g := range c.Store.Groups {
		level := access.GroupLevel(c.User, g)
		switch {
		case topOnly && g.Parent != nil, ownedOnly && level < store.Owner:
		case c.User.Admin || level >= store.Guest:
			all = append(all, namespace{group: g})
		}
	}
	found := all[:0]
	for _, n := range all {
		if n.matches(param.NewMatcher(search)) {
			found = append(found, n)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, n namespace) { n.write(e, c) })
}

func (n namespace) matches(m param.Matcher) bool {
	if n.group != nil {
		return m.Matches(n.group.Name, n.group.Path)
	}
	return m.Matches(n.owner.Name, n.owner.Username)
}

// getNamespace finds a namespace by id or by full path.
func getNamespace(c *rest.Call) (rest.Reply, error) {
	ref := c.Params.Str("id").Value
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	n, ok := findNamespace(c, ref)
	if !ok {
		return rest.Reply{}, failure.NotFound("Namespace")
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { n.write(e, c) })
}

func findNamespace(c *rest.Call, ref string) (namespace, bool) {
	if g := c.Store.FindGroup(ref); g != nil {
		return namespace{group: g}, access.MayReadGroup(c.Store, c.User, g)
	}
	for _, u := range c.Store.Users {
		if strconv.Itoa(user.NamespaceID(u)) == ref || strings.EqualFold(u.Username, ref) {
			return namespace{owner: u}, u == c.User || c.User.Admin
		}
	}
	return namespace{}, false
}

func (n namespace) write(e *jsonenc.Encoder, c *rest.Call) {
	e.Open('{')
	if n.group == nil {
		project.UserNamespace(e, c, n.owner)
	} else {
		project.GroupNamespace(e, c, n.group)
		if access.MayOwnGroup(c.User, n.group) {
			e.Num("members_count_with_descendants", n.people(c.Store))
			e.Num("root_repository_size", 0)
			e.Num("projects_count", len(c.Store.ProjectsWithin(n.group)))
		}
	}
	if c.Store.Edition.Enterprise() {
		e.Null("billable_members_count")
	}
	e.Shut('}')
}

// people counts the members of a group and of everything below it.
func (n namespace) people(s *store.Store) int {
	seen := map[*store.User]bool{}
	add := func(members []*store.Member) {
		for _, m := range members {
			seen[m.User] = true
		}
	}
	for _, g := range s.Groups {
		if g.Within(n.group) {
			add(g.Members)
		}
	}
	for _, p := range s.ProjectsWithin(n.group) {
		add(p.Members)
	}
	return len(seen)
}

// listOfProject lists the groups that a project is in, by id.
func listOfProject(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	search, skip := param.NewMatcher(c.Params.Str("search").Value), c.Params.Ints("skip_groups").Value
	c.Params.Int("shared_min_access_level")
	c.Params.BoolOr("shared_visible_only", false)
	c.Params.BoolOr("with_shared", false)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.Group
	for _, g := range slices.Backward(p.Group.Lineage()) {
		if search.Matches(g.Name, g.Path) && !slices.Contains(skip, g.ID) {
			found = append(found, g)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, g *store.Group) {
		e.Open('{')
		e.Num("id", g.ID)
		e.Str("web_url", c.Base.URL+"/groups/"+g.FullPath())
		e.Str("name", g.Name)
		e.Null("avatar_url")
		e.Str("full_name", g.FullName())
		e.Str("full_path", g.FullPath())
		e.Shut('}')
	})
}
