package gitlab

import (
	"context"
	"slices"

	client "gitlab.com/gitlab-org/api/client-go/v2"

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

type wireMember struct {
	ID int64 `json:"id"`
	wireAccess
}

func (w wireMember) identity() identity { return identity{id: w.ID} }

// AccessOf is [Client.Access] for several users in one request. Known roles are not requested again.
func (c *Client) AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error) {
	roles := map[int64]instance.Access{}
	var unknown []int64
	c.roles.Lock()
	for _, id := range ids {
		if role, known := c.roles.in[in][id]; known {
			roles[id] = role
		} else if !slices.Contains(unknown, id) {
			unknown = append(unknown, id)
		}
	}
	c.roles.Unlock()
	for some := range slices.Chunk(unknown, pageSize) {
		if err := c.readRoles(ctx, in, some, roles); err != nil {
			return nil, err
		}
	}
	c.roles.Lock()
	defer c.roles.Unlock()
	if c.roles.in == nil {
		c.roles.in = map[target.Target]map[int64]instance.Access{}
	}
	if c.roles.in[in] == nil {
		c.roles.in[in] = map[int64]instance.Access{}
	}
	for _, id := range unknown {
		c.roles.in[in][id] = roles[id]
	}
	return roles, nil
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
