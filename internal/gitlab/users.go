package gitlab

import (
	"context"
	"errors"
	"fmt"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

type wireUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	State    string `json:"state"`
	IsAdmin  bool   `json:"is_admin"`
}

func (w wireUser) value() instance.User {
	return instance.User{ID: w.ID, Username: w.Username, State: w.State, Admin: w.IsAdmin}
}

// Version is the version of the instance.
func (c *Client) Version(ctx context.Context) (instance.Version, error) {
	var w struct {
		Version    string `json:"version"`
		Enterprise *bool  `json:"enterprise"`
	}
	err := c.get(ctx, "metadata", nil, &w)
	if errors.Is(err, fault.NotFound) { // before GitLab 15.2
		err = c.get(ctx, "version", nil, &w)
	}
	v := instance.Version{Version: w.Version, Enterprise: strings.HasSuffix(w.Version, "-ee")}
	if w.Enterprise != nil {
		v.Enterprise = *w.Enterprise
	}
	return v, err
}

// CurrentUser is the token's user. It is requested once.
func (c *Client) CurrentUser(ctx context.Context) (instance.User, error) {
	c.self.Lock()
	defer c.self.Unlock()
	if c.self.user != nil {
		return *c.self.user, nil
	}
	var w wireUser
	if err := c.get(ctx, "user", nil, &w); err != nil {
		return instance.User{}, err
	}
	c.self.user = new(w.value())
	c.self.id = w.ID
	return *c.self.user, nil
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

// UserByName is the account with the user name, in any letter case, without @.
// When nobody has the name the error matches [fault.NotFound].
func (c *Client) UserByName(ctx context.Context, username string) (instance.User, error) {
	username = strings.TrimPrefix(username, "@")
	var found []wireUser
	if err := c.get(ctx, "users", &client.ListUsersOptions{Username: &username}, &found); err != nil {
		return instance.User{}, err
	}
	for _, w := range found {
		if strings.EqualFold(w.Username, username) {
			return w.value(), nil
		}
	}
	return instance.User{}, &fault.Error{Kind: fault.Failed, Err: fmt.Errorf("user @%s %w", username, fault.NotFound)}
}
