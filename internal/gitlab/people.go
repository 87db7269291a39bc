package gitlab

import (
	"context"
	"errors"
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
	return *c.self.user, nil
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

// ownerMissing tells a 404 for the project or group from one for what is looked for in it.
func (e *Error) ownerMissing() bool {
	return strings.Contains(e.Said, "Project Not Found") || strings.Contains(e.Said, "Group Not Found") || e.Said == "404 Not Found"
}
