package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	State    string `json:"state"`
	IsAdmin  bool   `json:"is_admin"`
	Bot      bool   `json:"bot"` // only in the token's own user
}

func (w wireUser) identity() identity {
	if w.Username == "" {
		return identity{}
	}
	return identity{id: w.ID}
}

func (w wireUser) value() instance.User {
	return instance.User{ID: w.ID, Username: w.Username, State: w.State, Admin: w.IsAdmin, Bot: w.Bot}
}

// Version is the version of the instance.
func (c *Client) Version(ctx context.Context) (instance.Version, error) {
	v, err := read(ctx, c, "metadata", nil, wireVersion.value)
	if errors.Is(err, fault.NotFound) { // before GitLab 15.2
		v, err = read(ctx, c, "version", nil, wireVersion.value)
	}
	return v, err
}

type wireVersion struct {
	Version    string `json:"version"`
	Enterprise *bool  `json:"enterprise"`
}

func (w wireVersion) identity() identity { return identity{name: w.Version} }

func (w wireVersion) value() instance.Version {
	v := instance.Version{Version: w.Version, Enterprise: strings.HasSuffix(w.Version, "-ee")}
	if w.Enterprise != nil {
		v.Enterprise = *w.Enterprise
	}
	return v
}

// CurrentUser is the token's user. It is requested once.
func (c *Client) CurrentUser(ctx context.Context) (instance.User, error) {
	c.self.Lock()
	defer c.self.Unlock()
	if c.self.user != nil {
		return *c.self.user, nil
	}
	if c.self.err != nil {
		return instance.User{}, c.self.err
	}
	user, err := read(ctx, c, "user", nil, wireUser.value)
	if errors.Is(err, fault.NotPermitted) {
		c.self.err = err
	}
	if err != nil {
		return user, err
	}
	c.self.user, c.self.id = &user, user.ID
	return user, nil
}

// Token describes the token in use. The error matches [fault.NotOffered] where GitLab has no description: of OAuth tokens, of fine-grained
// tokens, and before GitLab 15.5.
func (c *Client) Token(ctx context.Context) (instance.Token, error) {
	t, err := read(ctx, c, "personal_access_tokens/self", nil, wireToken.value)
	if e, ok := errors.AsType[*Error](err); ok {
		switch e.Status {
		case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
			e.Class = fault.NotOffered
		}
	}
	return t, err
}

type wireToken struct {
	ID      int64    `json:"id"`
	Scopes  []string `json:"scopes"`
	Expires wireDate `json:"expires_at"`
}

func (w wireToken) identity() identity {
	if w.Scopes == nil {
		return identity{}
	}
	return identity{id: w.ID}
}

func (w wireToken) value() instance.Token {
	return instance.Token{Scopes: w.Scopes, Expires: w.Expires.Date}
}

// rememberSelf remembers the author of something that this client has just created: the token's user.
func (c *Client) rememberSelf(authorID int64) {
	c.self.Lock()
	defer c.self.Unlock()
	if c.self.id == 0 {
		c.self.id = authorID
	}
}

// selfID is the id of the token's user. It takes a request only when the id is not known from an earlier one.
func (c *Client) selfID(ctx context.Context) (int64, error) {
	c.self.Lock()
	known := c.self.id
	c.self.Unlock()
	if known != 0 {
		return known, nil
	}
	self, err := c.CurrentUser(ctx)
	return self.ID, err
}

// UserByName is the account with the user name, in any letter case, without @. It is looked up among the members of the project or group,
// as a fine-grained token may, and on the whole instance only if no member has the name: others take part in a public project.
// When nobody has the name the error matches [fault.NotFound].
func (c *Client) UserByName(ctx context.Context, in target.Target, username string) (instance.User, error) {
	u, err := c.findMember(ctx, in, username)
	e, refused := errors.AsType[*Error](err)
	hidden := refused && e.Status == http.StatusForbidden && !errors.Is(err, fault.NotPermitted)
	if !errors.Is(err, fault.NotFound) && !hidden {
		return u, err
	}
	username = strings.TrimPrefix(username, "@")
	u, other := c.findUser(ctx, username, "users", &client.ListUsersOptions{Username: &username})
	if errors.Is(other, fault.NotPermitted) { // of every fine-grained token
		return u, err
	}
	return u, aboutList(other)
}

// MemberByName is [Client.UserByName] among the members alone, with those of parent groups and invited groups.
func (c *Client) MemberByName(ctx context.Context, in target.Target, username string) (instance.User, error) {
	u, err := c.findMember(ctx, in, username)
	return u, aboutList(err)
}

// aboutList returns an error that is about a list of users, which GitLab answers with 404, without the class [fault.NotFound]: it does not
// mean that nobody has the name.
func aboutList(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusNotFound {
		return &fault.Error{Kind: fault.Failed, Hint: fault.HintOf(err), Err: errors.New(err.Error())}
	}
	return err
}

func (c *Client) findMember(ctx context.Context, in target.Target, username string) (instance.User, error) {
	username = strings.TrimPrefix(username, "@")
	u, err := c.findUser(ctx, username, apiPath(in, "members", "all"), &client.ListProjectMembersOptions{Query: &username})
	if _, refused := errors.AsType[*Error](err); errors.Is(err, fault.NotFound) && !refused {
		return u, &fault.Error{Kind: fault.Failed, Err: fmt.Errorf("user @%s %w among the members of %s", username, fault.NotFound, in.Path)}
	}
	return u, err
}

// findUser returns the user with the name from a list. A user who was found before, in whatever place, is not requested again.
func (c *Client) findUser(ctx context.Context, username, path string, opt any) (instance.User, error) {
	name := strings.ToLower(username)
	if u, known := c.users.Load(name); known {
		return u.(instance.User), nil
	}
	for rows, err := range pages[wireUser](ctx, c, path, opt) {
		if err != nil {
			return instance.User{}, err
		}
		for _, w := range rows {
			if strings.EqualFold(w.Username, username) {
				c.users.Store(name, w.value())
				return w.value(), nil
			}
		}
	}
	return instance.User{}, &fault.Error{Kind: fault.Failed, Err: fmt.Errorf("user @%s %w", username, fault.NotFound)}
}
