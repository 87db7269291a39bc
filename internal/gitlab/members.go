package gitlab

import (
	"context"
	"errors"
	"slices"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Access is the user's role in a project or group, also when it is inherited; [instance.NoAccess] for a user who is not a member.
func (c *Client) Access(ctx context.Context, in target.Target, userID int64) (instance.Access, error) {
	return c.membership(ctx, apiPath(in, "members", "all", id(userID)))
}

func (c *Client) membership(ctx context.Context, path string) (instance.Access, error) {
	access, err := read(ctx, c, path, nil, func(w wireMember) instance.Access { return w.AccessLevel })
	if missing(err) {
		return instance.NoAccess, nil
	}
	return access, err
}

// OwnAccess is the role of the token's user in a project; [instance.Admin] for an administrator. It takes no request if the client knows a
// role there that allows to plan, and one if the project reports such a role or the user is known.
func (c *Client) OwnAccess(ctx context.Context, project string) (instance.Access, error) {
	self, role := c.knownAccess(project)
	if self == 0 && !role.MayPlan() {
		p, err := c.project(ctx, project)
		if role = p.Access; err != nil {
			return role, err
		}
	}
	if role.MayPlan() {
		return role, nil
	}
	me, err := c.CurrentUser(ctx)
	if err != nil {
		return role, err
	}
	if me.Admin {
		return instance.Admin, nil
	}
	roles, err := c.AccessOf(ctx, target.ProjectAt(project), []int64{me.ID})
	return roles[me.ID], err
}

// MayMaintain reports whether the token's user has the role Maintainer or above in a project. It takes no request if the client knows such
// a role, one if the project reports it, and otherwise those of [Client.CurrentUser] and [Client.AccessOf].
func (c *Client) MayMaintain(ctx context.Context, project string) (bool, error) {
	if _, role := c.knownAccess(project); role >= instance.Maintainer {
		return true, nil
	}
	p, err := c.project(ctx, project)
	if err != nil || p.Access >= instance.Maintainer {
		return err == nil, err
	}
	me, err := c.CurrentUser(ctx)
	if err != nil || me.Admin {
		return err == nil, err
	}
	roles, err := c.AccessOf(ctx, target.ProjectAt(project), []int64{me.ID})
	return roles[me.ID] >= instance.Maintainer, err
}

// MayReadRoles returns the refusal if the token is known to be fine-grained and may not read the roles of a project. It takes no request
// for other tokens.
func (c *Client) MayReadRoles(ctx context.Context, project string) error {
	in := target.ProjectAt(project)
	if !c.wire.FineGrained() || c.knowsRoles(in) {
		return nil
	}
	if _, err := c.AccessOf(ctx, in, []int64{0}); errors.Is(err, fault.NotPermitted) { // the role of nobody
		return err
	}
	return nil
}

func (c *Client) knowsRoles(in target.Target) bool {
	c.roles.Lock()
	defer c.roles.Unlock()
	for who := range c.roles.in {
		if who.Target == in {
			return true
		}
	}
	return false
}

// knownAccess is the id of the token's user and their role in a project, as far as they were read.
func (c *Client) knownAccess(project string) (self int64, role instance.Access) {
	c.self.Lock()
	self = c.self.id
	c.self.Unlock()
	c.projects.Lock()
	role = c.projects.access[strings.ToLower(project)]
	c.projects.Unlock()
	c.roles.Lock()
	defer c.roles.Unlock()
	return self, max(role, c.roles.in[userIn{target.ProjectAt(project), self}])
}

type wireMember struct {
	ID int64 `json:"id"`
	wireAccess
}

func (w wireMember) identity() identity { return identity{id: w.ID} }

// Members are the roles of all members of a project, those of its groups included, by the ids of the users.
func (c *Client) Members(ctx context.Context, project string) (map[int64]instance.Access, error) {
	roles := map[int64]instance.Access{}
	for rows, err := range pages[wireMember](ctx, c, apiPath(target.ProjectAt(project), "members", "all"), nil) {
		if err != nil {
			return nil, err
		}
		for _, w := range rows {
			roles[w.ID] = max(roles[w.ID], w.AccessLevel)
		}
	}
	return roles, nil
}

// AccessOf is [Client.Access] for several users in one request. Known roles are not requested again, and those that are being requested are
// awaited.
func (c *Client) AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error) {
	for {
		roles, asked, busy := c.claimRoles(in, ids)
		if len(asked) > 0 {
			if err := c.askRoles(ctx, in, asked, roles); err != nil {
				return nil, err
			}
		}
		if busy == nil {
			return roles, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// claimRoles returns the known roles, the users whose roles the caller has to ask for, and what is closed when another role has been asked
// for.
func (c *Client) claimRoles(in target.Target, ids []int64) (roles map[int64]instance.Access, ask []int64, busy chan struct{}) {
	roles = map[int64]instance.Access{}
	c.roles.Lock()
	defer c.roles.Unlock()
	if c.roles.in == nil {
		c.roles.in, c.roles.asking = map[userIn]instance.Access{}, map[userIn]chan struct{}{}
	}
	done := make(chan struct{})
	for _, id := range ids {
		who := userIn{in, id}
		role, known := c.roles.in[who]
		asking := c.roles.asking[who]
		switch {
		case known:
			roles[id] = role
		case asking == nil:
			c.roles.asking[who] = done
			ask = append(ask, id)
		case asking != done:
			busy = asking
		}
	}
	return roles, ask, busy
}

// askRoles asks for the roles of users, adds them to those that are known, and wakes whoever waits for them.
func (c *Client) askRoles(ctx context.Context, in target.Target, ids []int64, roles map[int64]instance.Access) (err error) {
	for some := range slices.Chunk(ids, pageSize) {
		if err = c.readRoles(ctx, in, some, roles); err != nil {
			break
		}
	}
	c.roles.Lock()
	defer c.roles.Unlock()
	close(c.roles.asking[userIn{in, ids[0]}])
	for _, id := range ids {
		delete(c.roles.asking, userIn{in, id})
		if err == nil {
			c.roles.in[userIn{in, id}] = roles[id]
		}
	}
	return err
}

// userIn is a user in a project or group.
type userIn struct {
	target.Target
	id int64
}

// readRoles adds the roles of the users to the map. A user with several memberships has the highest role.
func (c *Client) readRoles(ctx context.Context, in target.Target, ids []int64, roles map[int64]instance.Access) error {
	for _, id := range ids {
		roles[id] = instance.NoAccess
	}
	opt := &client.ListProjectMembersOptions{UserIDs: &ids}
	for rows, err := range pages[wireMember](ctx, c, apiPath(in, "members", "all"), opt) {
		if err != nil {
			return err
		}
		for _, w := range rows {
			if old, ok := roles[w.ID]; ok {
				roles[w.ID] = max(old, w.AccessLevel)
			}
		}
	}
	return nil
}

// GroupMember reports whether the user is a direct member of the group at the full path. Members of parent groups do not count,
// as in GitLab's own approval rules: else everybody in the company's group would count as a member of a managers' group below it.
// A group that the token may not see is an error.
func (c *Client) GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error) {
	access, err := c.membership(ctx, apiPath(target.GroupAt(groupPath), "members", id(userID)))
	return access > instance.NoAccess, err
}
