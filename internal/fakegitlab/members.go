package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
)

func memberRoutes() []route {
	direct := func(c *call) (reply, error) { return listMembers(c, false) }
	all := func(c *call) (reply, error) { return listMembers(c, true) }
	one := func(c *call) (reply, error) { return getMember(c, false) }
	oneOfAll := func(c *call) (reply, error) { return getMember(c, true) }
	return []route{
		get("/projects/:id/members", direct), get("/groups/:id/members", direct),
		get("/projects/:id/members/all", all), get("/groups/:id/members/all", all),
		get("/projects/:id/members/:user_id", one), get("/groups/:id/members/:user_id", one),
		get("/projects/:id/members/all/:user_id", oneOfAll), get("/groups/:id/members/all/:user_id", oneOfAll),
	}
}

func listMembers(c *call, inherited bool) (reply, error) {
	pg := c.paging()
	query, ids := c.p.str("query"), c.p.ints("user_ids")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if inherited && !c.inGroup {
		if err := c.spend(&c.limits.members); err != nil {
			return reply{}, err
		}
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	members := slices.DeleteFunc(members(o, inherited), func(m *member) bool {
		return ids.ok() && !slices.Contains(ids.v, m.user.id) || query.v != "" && !userMatches(m.user, query.v)
	})
	return listReply(c, pg, members, func(e *enc, m *member) { writeMember(e, c, m) })
}

func getMember(c *call, inherited bool) (reply, error) {
	id := c.p.int("user_id")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	members := members(o, inherited)
	i := slices.IndexFunc(members, func(m *member) bool { return m.user.id == id.v })
	if i < 0 {
		return reply{}, errNoRecord()
	}
	return c.json(http.StatusOK, func(e *enc) { writeMember(e, c, members[i]) })
}

// members lists one row per user, by user id: with inherited ones the row with the highest level.
func members(o parent, inherited bool) []*member {
	best := map[*user]*member{}
	add := func(members []*member) {
		for _, m := range members {
			if old := best[m.user]; old == nil || m.level > old.level {
				best[m.user] = m
			}
		}
	}
	if o.project != nil {
		add(o.project.members)
	} else {
		add(o.group.members)
	}
	if inherited {
		for _, g := range o.lineage() {
			add(g.members)
		}
	}
	rows := make([]*member, 0, len(best))
	for _, m := range best {
		rows = append(rows, m)
	}
	slices.SortFunc(rows, func(a, b *member) int { return cmp.Compare(a.user.id, b.user.id) })
	return rows
}

func writeMember(e *enc, c *call, m *member) {
	e.open('{')
	userFields(e, c, m.user)
	if c.user.isAdmin() {
		e.str("email", m.user.email)
	}
	e.num("access_level", m.level)
	e.time("created_at", m.createdAt)
	writeUserOrNull(e, c, "created_by", m.createdBy)
	e.strOrNull("expires_at", m.expires)
	e.str("membership_state", "active")
	e.shut('}')
}
