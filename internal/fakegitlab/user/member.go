package user

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
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
		rest.Get("/projects/:id/users", listUsersOf).Needs("read_project"),
		rest.Get("/projects/:id/members", direct).Needs("read_member"),
		rest.Get("/groups/:id/members", direct).Needs("read_member"),
		rest.Get("/projects/:id/members/all", all).Needs("read_member"),
		rest.Get("/groups/:id/members/all", all).Needs("read_member"),
		rest.Get("/projects/:id/members/:user_id", one).Needs("read_member"),
		rest.Get("/groups/:id/members/:user_id", one).Needs("read_member"),
		rest.Get("/projects/:id/members/all/:user_id", oneOfAll).Needs("read_member"),
		rest.Get("/groups/:id/members/all/:user_id", oneOfAll).Needs("read_member"),
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
	members := slices.DeleteFunc(members(c.User, o, inherited), func(m *store.Member) bool {
		return ids.OK() && !slices.Contains(ids.Value, m.User.ID) || !begins(m.User, query.Value)
	})
	return rest.List(c, pg, members, func(e *jsonenc.Encoder, m *store.Member) { writeMember(e, c, m) })
}

// listUsersOf lists the users who are members of a project, by id.
func listUsersOf(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	search, skip := c.Params.Str("search"), c.Params.Ints("skip_users").Value
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.User
	for _, m := range members(c.User, store.Parent{Project: p}, true) {
		if matches(m.User, search.Value) && !slices.Contains(skip, m.User.ID) && !m.User.Blocked {
			found = append(found, m.User)
		}
	}
	slices.SortFunc(found, func(a, b *store.User) int { return cmp.Compare(a.ID, b.ID) })
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, u *store.User) { Write(e, c, u) })
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
	members := members(c.User, o, inherited)
	i := slices.IndexFunc(members, func(m *store.Member) bool { return m.User.ID == id.Value })
	if i < 0 {
		return rest.Reply{}, failure.NoRecord()
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeMember(e, c, members[i]) })
}

// begins reports whether each word of a search begins a word of the user's name, or each one of the user name.
func begins(u *store.User, search string) bool {
	wanted := wordsOf(search)
	all := func(text string) bool {
		words := wordsOf(text)
		return !slices.ContainsFunc(wanted, func(prefix string) bool {
			return !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, prefix) })
		})
	}
	return all(u.Name) || all(u.Username)
}

// wordsOf returns the words of a text in lower case: all that is between other characters than letters and digits.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// members lists one row per user, in the order of the memberships; with inherited ones, the row with the highest level.
func members(caller *store.User, o store.Parent, inherited bool) []*store.Member {
	sources := [][]*store.Member{o.Members()}
	if inherited {
		sources = nil
		for _, g := range slices.Backward(o.Lineage()) {
			sources = append(sources, g.Members, invitedMembers(caller, store.Parent{Group: g}))
		}
		if o.Project != nil {
			sources = append(sources, o.Project.Members, invitedMembers(caller, o))
		}
	}
	rows := slices.Concat(sources...)
	best := map[*store.User]*store.Member{}
	for _, m := range rows {
		if old := best[m.User]; old == nil || m.Level > old.Level {
			best[m.User] = m
		}
	}
	rows = slices.DeleteFunc(rows, func(m *store.Member) bool { return best[m.User] != m })
	slices.SortStableFunc(rows, func(a, b *store.Member) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

// invitedMembers are the members of groups that were invited, with the role that they have here. Those of a private group are
// for its members and for those of the project or group that it was invited into.
func invitedMembers(caller *store.User, o store.Parent) []*store.Member {
	var all []*store.Member
	for _, i := range o.Invited() {
		if i.Group.Visibility != store.Public && !caller.IsAdmin() && access.GroupLevel(caller, i.Group) == store.NoAccess &&
			levelIn(caller, o) == store.NoAccess {
			continue
		}
		for _, g := range slices.Backward(i.Group.Lineage()) {
			for _, m := range g.Members {
				here := *m
				here.Level = min(m.Level, i.Level)
				all = append(all, &here)
			}
		}
	}
	return all
}

// WriteInvited writes the field with the groups that were invited.
func WriteInvited(e *jsonenc.Encoder, o store.Parent) {
	e.Key("shared_with_groups")
	e.Open('[')
	for _, i := range o.Invited() {
		e.Open('{')
		e.Num("group_id", i.Group.ID)
		e.Str("group_name", i.Group.Name)
		e.Str("group_full_path", i.Group.FullPath())
		e.Num("group_access_level", i.Level)
		e.Null("expires_at")
		e.Shut('}')
	}
	e.Shut(']')
}

func levelIn(u *store.User, o store.Parent) int {
	if o.Project != nil {
		return access.Level(u, o.Project)
	}
	return access.GroupLevel(u, o.Group)
}

func writeMember(e *jsonenc.Encoder, c *rest.Call, m *store.Member) {
	e.Open('{')
	fields(e, c, m.User)
	e.Num("access_level", m.Level)
	e.Time("created_at", m.CreatedAt)
	if m.CreatedBy != nil {
		WriteOrNull(e, c, "created_by", m.CreatedBy)
	}
	e.StrOrNull("expires_at", m.Expires)
	if c.User.IsAdmin() {
		e.Str("email", m.User.Email)
	}
	if c.Store.Edition.Enterprise() {
		e.Str("membership_state", "active")
	}
	e.Shut('}')
}
