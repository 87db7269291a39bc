// Package user serves users and the members of projects and groups. Start with Routes; Write shows a user inside
// other objects. Who may do what is not here but in package access.
package user

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for users, including the caller's own.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/user", currentUser).ReadUser().Needs("read_user"),
		rest.Get("/users", list).ReadUser().NoPermission(),
		rest.Get("/users/:user_id", get).ReadUser().NoPermission(),
		rest.Get("/avatar", avatar).Anonymous().Needs("read_avatar"),
	}
}

func currentUser(c *rest.Call) (rest.Reply, error) {
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeAccount(e, c, c.User) })
}

func list(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	username, search := c.Params.Str("username"), c.Params.Str("search")
	active, blocked := c.Params.Bool("active"), c.Params.Bool("blocked")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	var found []*store.User
	for _, u := range slices.Backward(c.Store.Users) {
		switch {
		case username.OK() && !strings.EqualFold(u.Username, username.Value):
		case search.OK() && !matches(u, search.Value):
		case active.Value && u.Blocked, blocked.Value && !u.Blocked:
		default:
			found = append(found, u)
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, u *store.User) {
		if c.User.IsAdmin() {
			writeAccount(e, c, u)
			return
		}
		Write(e, c, u)
	})
}

// avatar answers that nobody has a picture.
func avatar(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("email")
	c.Params.Str("email")
	c.Params.Int("size")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Null("avatar_url")
		e.Shut('}')
	})
}

func matches(u *store.User, search string) bool {
	search = strings.ToLower(search)
	return strings.Contains(strings.ToLower(u.Username), search) || strings.Contains(strings.ToLower(u.Name), search) ||
		strings.EqualFold(u.Email, search)
}

func get(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Int("user_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	u := c.Store.UserByID[id.Value]
	if u == nil {
		return rest.Reply{}, failure.NotFound("User")
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		if c.User.IsAdmin() {
			writeAccount(e, c, u)
			return
		}
		writeProfile(e, c, u)
	})
}

// Write writes the short user inside other objects.
func Write(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	e.Open('{')
	fields(e, c, u)
	e.Shut('}')
}

// WriteOrNull writes a field with a short user, null for nil.
func WriteOrNull(e *jsonenc.Encoder, c *rest.Call, name string, u *store.User) {
	if u == nil {
		e.Null(name)
		return
	}
	e.Key(name)
	Write(e, c, u)
}

// WriteAll writes a field with a list of short users.
func WriteAll(e *jsonenc.Encoder, c *rest.Call, name string, users []*store.User) {
	e.Key(name)
	e.Open('[')
	for _, u := range users {
		Write(e, c, u)
	}
	e.Shut(']')
}

func fields(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	e.Num("id", u.ID)
	e.Str("username", u.Username)
	e.Null("public_email")
	e.Str("name", u.Name)
	e.Str("state", u.State())
	e.Bool("locked", false)
	e.Null("avatar_url")
	e.Str("web_url", c.Base.URL+"/"+u.Username)
}
