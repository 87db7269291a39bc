package user

import (
	"cmp"
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// MemberRoutes returns the routes for the members of projects and groups.
func MemberRoutes() []rest.Route {
	direct := func(c *rest.Call) (rest.Reply, error) { return listMembers(c, false) }
	all := func(c *rest.Call) (rest.Reply, error) { return listMembers(c, true) }
	one := func(c *rest.Call) (rest.Reply, error) { return getMember(c, false) }
	oneOfAll := func(c *rest.Call) (rest.Reply, error) { return getMember(c, true) }
	return []rest.Route{
		rest.Get("/projects/:id/members", direct), rest.Get("/groups/:id/members", direct),
		rest.Get("/projects/:id/members/all", all), rest.Get("/groups/:id/members/all", all),
		rest.Get("/projects/:id/members/:user_id", one), rest.Get("/groups/:id/members/:user_id", one),
		rest.Get("/projects/:id/members/all/:user_id", oneOfAll), rest.Get("/groups/:id/members/all/:user_id", oneOfAll),
	}
}

func listMembers(c *rest.Call, inherited bool) (rest.Reply, error) {
	pg := c.Paging()
	query, ids := c.Params.Str("query"), c.Params.Ints("user_ids")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if inherited && !c.InGroup {
		if err := c.Spend(&c.Limits.Members); err != nil {
			return rest.Reply{}, err
		}
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	members := slices.DeleteFunc(members(o, inherited), func(m *store.Member) bool {
		return ids.OK() && !slices.Contains(ids.Value, m.User.ID) || query.Value != "" && !matches(m.User, query.Value)
	})
	return rest.List(c, pg, members, func(e *jsonenc.Encoder, m *store.Member) { writeMember(e, c, m) })
}

func getMember(c *rest.Call, inherited bool) (rest.Reply, error) {
	id := c.Params.Int("user_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	members := members(o, inherited)
	i := slices.IndexFunc(members, func(m *store.Member) bool { return m.User.ID == id.Value })
	if i < 0 {
		return rest.Reply{}, failure.NoRecord()
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeMember(e, c, members[i]) })
}

// members lists one row per user, by user id; with inherited ones, the row with the highest level.
func members(o store.Parent, inherited bool) []*store.Member {
	best := map[*store.User]*store.Member{}
	add := func(members []*store.Member) {
		for _, m := range members {
			if old := best[m.User]; old == nil || m.Level > old.Level {
				best[m.User] = m
			}
		}
	}
	if o.Project != nil {
		add(o.Project.Members)
	} else {
		add(o.Group.Members)
	}
	if inherited {
		for _, g := range o.Lineage() {
			add(g.Members)
		}
	}
	rows := make([]*store.Member, 0, len(best))
	for _, m := range best {
		rows = append(rows, m)
	}
	slices.SortFunc(rows, func(a, b *store.Member) int { return cmp.Compare(a.User.ID, b.User.ID) })
	return rows
}

func writeMember(e *jsonenc.Encoder, c *rest.Call, m *store.Member) {
	e.Open('{')
	fields(e, c, m.User)
	if c.User.IsAdmin() {
		e.Str("email", m.User.Email)
	}
	e.Num("access_level", m.Level)
	e.Time("created_at", m.CreatedAt)
	WriteOrNull(e, c, "created_by", m.CreatedBy)
	e.StrOrNull("expires_at", m.Expires)
	e.Str("membership_state", "active")
	e.Shut('}')
}
