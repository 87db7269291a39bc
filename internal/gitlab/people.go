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

type wireUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Bot      bool   `json:"bot"`
	IsAdmin  bool   `json:"is_admin"`
}

func (w wireUser) value() instance.User {
	return instance.User{ID: w.ID, Username: w.Username, Name: w.Name, State: w.State, Bot: w.Bot, Admin: w.IsAdmin}
}

type wireProject struct {
	ID                int64  `json:"id"`
	PathWithNamespace string `json:"path_with_namespace"`
	Name              string `json:"name"`
	WebURL            string `json:"web_url"`
	Visibility        string `json:"visibility"`
	Archived          bool   `json:"archived"`
	IssuesEnabled     *bool  `json:"issues_enabled"`
	IssuesAccessLevel string `json:"issues_access_level"`
	OpenIssuesCount   int    `json:"open_issues_count"`
	Namespace         struct {
		Kind     string `json:"kind"`
		FullPath string `json:"full_path"`
	} `json:"namespace"`
	Permissions struct {
		ProjectAccess *wireAccess `json:"project_access"`
		GroupAccess   *wireAccess `json:"group_access"`
	} `json:"permissions"`
}

type wireAccess struct {
	AccessLevel instance.Access `json:"access_level"`
}

func (w wireProject) value() instance.Project {
	p := instance.Project{
		ID: w.ID, Path: w.PathWithNamespace, Name: w.Name, WebURL: w.WebURL, Visibility: w.Visibility,
		Archived: w.Archived, OpenIssues: w.OpenIssuesCount,
		IssuesEnabled: w.IssuesAccessLevel != "disabled" && (w.IssuesEnabled == nil || *w.IssuesEnabled),
	}
	if w.Namespace.Kind == "group" {
		p.GroupPath = w.Namespace.FullPath
	}
	for _, a := range []*wireAccess{w.Permissions.ProjectAccess, w.Permissions.GroupAccess} {
		if a != nil {
			p.Access = max(p.Access, a.AccessLevel)
		}
	}
	return p
}

// Version is what the server says of itself.
func (c *Client) Version(ctx context.Context) (instance.Version, error) {
	var w struct {
		Version    string `json:"version"`
		Revision   string `json:"revision"`
		Enterprise *bool  `json:"enterprise"`
	}
	err := c.get(ctx, "metadata", nil, &w)
	if errors.Is(err, fault.NotFound) { // before GitLab 15.2
		err = c.get(ctx, "version", nil, &w)
	}
	v := instance.Version{Version: w.Version, Revision: w.Revision, Enterprise: strings.HasSuffix(w.Version, "-ee")}
	if w.Enterprise != nil {
		v.Enterprise = *w.Enterprise
	}
	return v, err
}

// CurrentUser is whom the token belongs to. It is asked of GitLab once.
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

// signed takes note of who the author of something is that this client has just made: the token's user.
func (c *Client) signed(authorID int64) {
	c.self.Lock()
	defer c.self.Unlock()
	if c.self.id == 0 {
		c.self.id = authorID
	}
}

// selfID is the id of the token's user. It takes a request only when nothing was made and nothing asked before.
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
// Nobody of that name is an error that matches [fault.NotFound].
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
	return instance.User{}, &fault.Error{Kind: fault.Failed, What: "there is no user @" + username, Err: fault.NotFound}
}

// Project is the project at the full path. One that was renamed is an error that says what it is called now.
func (c *Client) Project(ctx context.Context, path string) (instance.Project, error) {
	var w wireProject
	err := c.get(ctx, at(target.ProjectAt(path)), nil, &w)
	if e, ok := errors.AsType[*Error](err); ok && e.moved != "" {
		// GitLab sends on to the project's id; its path is what has to be written down.
		if c.get(ctx, at(target.ProjectAt(e.moved)), nil, &w) == nil {
			e.moved = w.PathWithNamespace
		}
	}
	if err != nil {
		return instance.Project{}, err
	}
	return w.value(), nil
}

// Group is the group at the full path.
func (c *Client) Group(ctx context.Context, path string) (instance.Group, error) {
	var w struct {
		ID       int64  `json:"id"`
		Name     string `json:"name"`
		FullPath string `json:"full_path"`
		WebURL   string `json:"web_url"`
	}
	//lint:ignore SA1019 to leave the projects out is what it is still there for
	err := c.get(ctx, at(target.GroupAt(path)), &client.GetGroupOptions{WithProjects: new(false)}, &w)
	return instance.Group{ID: w.ID, Path: w.FullPath, Name: w.Name, WebURL: w.WebURL}, err
}

// Projects are those that the token's user is a member of, by id. search, when not empty, is looked for in name and path.
func (c *Client) Projects(ctx context.Context, search string) ([]instance.Project, error) {
	opt := &client.ListProjectsOptions{Membership: new(true), OrderBy: new("id"), Sort: new("asc")}
	if search != "" {
		opt.Search = &search
	}
	return list(ctx, c, "projects", opt, wireProject.value)
}

// Access is the user's role in a project or group, inherited ones included; [instance.NoAccess] for somebody who is no member.
func (c *Client) Access(ctx context.Context, in target.Target, userID int64) (instance.Access, error) {
	var w wireAccess
	err := c.get(ctx, at(in, "members", "all", id(userID)), nil, &w)
	if e, ok := errors.AsType[*Error](err); ok && errors.Is(err, fault.NotFound) && !e.ownerMissing() {
		return instance.NoAccess, nil
	}
	return w.AccessLevel, err
}

// AccessOf is what [Client.Access] says, of several users in one request; those asked about before are not asked about again.
func (c *Client) AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error) {
	roles := map[int64]instance.Access{}
	var ask []int64
	c.roles.Lock()
	for _, id := range ids {
		if role, known := c.roles.in[in][id]; known {
			roles[id] = role
		} else if !slices.Contains(ask, id) {
			ask = append(ask, id)
		}
	}
	c.roles.Unlock()
	for some := range slices.Chunk(ask, pageSize) {
		if err := c.askRoles(ctx, in, some, roles); err != nil {
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
	for _, id := range ask {
		c.roles.in[in][id] = roles[id]
	}
	return roles, nil
}

// askRoles adds the roles of the users to the map. A user who has several memberships has the highest of their roles.
func (c *Client) askRoles(ctx context.Context, in target.Target, ids []int64, roles map[int64]instance.Access) error {
	type wireMember struct {
		ID int64 `json:"id"`
		wireAccess
	}
	for _, id := range ids {
		roles[id] = instance.NoAccess
	}
	opt := &client.ListProjectMembersOptions{UserIDs: &ids}
	for rows, err := range pages[wireMember](ctx, c, at(in, "members", "all"), opt) {
		if err != nil {
			return err
		}
		for _, w := range rows {
			if old, asked := roles[w.ID]; asked {
				roles[w.ID] = max(old, w.AccessLevel)
			}
		}
	}
	return nil
}

// GroupMember reports whether the user is a member of the group at the full path itself. Members of the groups above are not among them,
// as in GitLab's own approval rules: else everybody would count as a manager where managers are a group below the company's.
// A group that the token may not see is an error.
func (c *Client) GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error) {
	var w wireAccess
	err := c.get(ctx, at(target.GroupAt(groupPath), "members", id(userID)), nil, &w)
	if e, ok := errors.AsType[*Error](err); ok && errors.Is(err, fault.NotFound) && !e.ownerMissing() {
		return false, nil
	}
	return w.AccessLevel > instance.NoAccess, err
}

// ownerMissing tells a 404 for the project or group from one for what is looked for in it.
func (e *Error) ownerMissing() bool {
	return strings.Contains(e.Said, "Project Not Found") || strings.Contains(e.Said, "Group Not Found") || e.Said == "404 Not Found"
}
