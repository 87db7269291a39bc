package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
)

func userRoutes() []route {
	return []route{
		get("/user", currentUser).readUser(),
		get("/users", listUsers).readUser(),
		get("/users/:user_id", getUser).readUser(),
	}
}

func currentUser(c *call) (reply, error) {
	return c.json(http.StatusOK, func(e *enc) { writeSelf(e, c, c.user) })
}

func listUsers(c *call) (reply, error) {
	pg := c.paging()
	username, search := c.p.str("username"), c.p.str("search")
	active, blocked := c.p.bool("active"), c.p.bool("blocked")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	var found []*user
	for _, u := range slices.Backward(c.s.users) {
		switch {
		case username.ok() && !strings.EqualFold(u.username, username.v):
		case search.ok() && !userMatches(u, search.v):
		case active.v && u.blocked, blocked.v && !u.blocked:
		default:
			found = append(found, u)
		}
	}
	return listReply(c, pg, found, func(e *enc, u *user) { writeUser(e, c, u) })
}

func userMatches(u *user, search string) bool {
	search = strings.ToLower(search)
	return strings.Contains(strings.ToLower(u.username), search) || strings.Contains(strings.ToLower(u.name), search) ||
		strings.EqualFold(u.email, search)
}

func getUser(c *call) (reply, error) {
	id := c.p.int("user_id")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	u := c.s.userByID[id.v]
	if u == nil {
		return reply{}, errNotFound("User")
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		userFields(e, c, u)
		profileFields(e, u)
		e.shut('}')
	})
}

// writeUser is the short user inside other objects.
func writeUser(e *enc, c *call, u *user) {
	e.open('{')
	userFields(e, c, u)
	e.shut('}')
}

// writeUserOrNull is the field name with a short user, null for nobody.
func writeUserOrNull(e *enc, c *call, name string, u *user) {
	if u == nil {
		e.null(name)
		return
	}
	e.key(name)
	writeUser(e, c, u)
}

func writeUsers(e *enc, c *call, name string, users []*user) {
	e.key(name)
	e.open('[')
	for _, u := range users {
		writeUser(e, c, u)
	}
	e.shut(']')
}

func userFields(e *enc, c *call, u *user) {
	e.num("id", u.id)
	e.str("username", u.username)
	e.str("name", u.name)
	e.str("state", u.state())
	e.bool("locked", false)
	e.null("avatar_url")
	e.str("web_url", c.base.url+"/"+u.username)
}

func (u *user) state() string {
	if u.blocked {
		return "blocked"
	}
	return "active"
}

func profileFields(e *enc, u *user) {
	e.time("created_at", u.createdAt)
	for _, name := range []string{"public_email", "bio", "location", "linkedin", "twitter", "discord", "website_url", "organization", "job_title"} {
		e.str(name, "")
	}
	e.null("pronouns")
	e.bool("bot", u.bot)
	e.null("work_information")
	e.num("followers", 0)
	e.num("following", 0)
	e.bool("is_followed", false)
	e.null("local_time")
}

// writeSelf is GET /user: all that a user sees of themself.
func writeSelf(e *enc, c *call, u *user) {
	e.open('{')
	userFields(e, c, u)
	profileFields(e, u)
	e.time("last_sign_in_at", u.createdAt)
	e.time("confirmed_at", u.createdAt)
	e.str("last_activity_on", c.s.today())
	e.str("email", u.email)
	e.num("theme_id", 3)
	e.num("color_scheme_id", 1)
	e.num("projects_limit", 100000)
	e.time("current_sign_in_at", u.createdAt)
	e.key("identities")
	e.raw("[]")
	e.bool("can_create_group", !u.bot)
	e.bool("can_create_project", !u.bot)
	e.bool("two_factor_enabled", false)
	e.bool("external", false)
	e.bool("private_profile", false)
	e.str("commit_email", u.email)
	e.num("namespace_id", 10000+u.id)
	e.null("shared_runners_minutes_limit")
	e.null("extra_shared_runners_minutes_limit")
	e.null("scim_identities")
	if u.admin {
		e.bool("is_admin", true)
		e.null("note")
	}
	e.shut('}')
}
