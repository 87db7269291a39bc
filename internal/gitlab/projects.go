package gitlab

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireProject struct {
	ID                int64  `json:"id"`
	PathWithNamespace string `json:"path_with_namespace"`
	Name              string `json:"name"`
	Archived          bool   `json:"archived"`
	Visibility        string `json:"visibility"`
	IssuesEnabled     *bool  `json:"issues_enabled"`
	IssuesAccessLevel string `json:"issues_access_level"`
	PagesAccessLevel  string `json:"pages_access_level"`
	OpenIssuesCount   int    `json:"open_issues_count"`
	DefaultBranch     string `json:"default_branch"`

	IssuesTemplate jsontext.Value `json:"issues_template"` // only with a license, null if there is none
	Namespace      struct {
		ID       int64  `json:"id"`
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

func (w wireProject) identity() identity {
	if w.PathWithNamespace == "" {
		return identity{}
	}
	return identity{id: w.ID, name: w.PathWithNamespace}
}

func (w wireProject) value() instance.Project {
	p := instance.Project{
		ID: w.ID, Path: w.PathWithNamespace, Name: w.Name,
		Archived: w.Archived, OpenIssues: w.OpenIssuesCount, DefaultBranch: w.DefaultBranch, Paid: len(w.IssuesTemplate) > 0,
		IssuesEnabled: w.IssuesAccessLevel != "disabled" && (w.IssuesEnabled == nil || *w.IssuesEnabled),
	}
	p.Readers = map[string]instance.Readers{
		"private": instance.Members, "internal": instance.SignedIn, "public": instance.Everybody,
	}[w.Visibility]
	switch w.PagesAccessLevel {
	case "private", "enabled": // a site for members is still an artifact of its job, for all who can read the project
		p.SiteReaders = p.Readers
	case "public":
		p.SiteReaders = instance.Everybody
	}
	if w.IssuesAccessLevel == "private" {
		p.Readers = instance.Members
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

// Project is the project at the full path. A renamed one is an error with its new path.
func (c *Client) Project(ctx context.Context, path string) (instance.Project, error) {
	p, err := c.project(ctx, path)
	if e, ok := errors.AsType[*Error](err); ok && e.MovedTo != "" {
		// GitLab redirects to the project's id, but people need its path.
		if moved, readErr := c.project(ctx, e.MovedTo); readErr == nil {
			e.MovedTo = moved.Path
		}
	}
	return p, err
}

func (c *Client) project(ctx context.Context, pathOrID string) (instance.Project, error) {
	p, err := read(ctx, c, apiPath(target.ProjectAt(pathOrID)), nil, func(w wireProject) instance.Project {
		c.places.Store(place{w.Namespace.Kind, w.Namespace.ID}, w.Namespace.FullPath)
		return w.value()
	})
	if err == nil {
		c.RememberProject(p.Path, p.ID)
		c.projects.Lock()
		defer c.projects.Unlock()
		c.projects.access[strings.ToLower(p.Path)] = p.Access
	}
	return p, err
}

// RememberProject tells the client the id of a project, which saves a request.
func (c *Client) RememberProject(path string, id int64) {
	c.projects.Lock()
	defer c.projects.Unlock()
	if c.projects.ids == nil {
		c.projects.ids, c.projects.access = map[string]int64{}, map[string]instance.Access{}
	}
	c.projects.ids[strings.ToLower(path)] = id
	c.places.Store(place{"project", id}, path)
}

// Place is the full path of the project or group with the id, if it is known from an earlier answer; kind is "project" or "group".
func (c *Client) Place(kind string, id int64) string {
	path, _ := c.places.Load(place{kind, id})
	text, _ := path.(string)
	return text
}

// place is a project or group by its id.
type place struct {
	kind string
	id   int64
}

// projectID is the id of the project at the full path, in whatever letter case. It takes a request only when the id is not known.
func (c *Client) projectID(ctx context.Context, path string) (int64, error) {
	c.projects.Lock()
	id, known := c.projects.ids[strings.ToLower(path)]
	c.projects.Unlock()
	if known {
		return id, nil
	}
	p, err := c.project(ctx, path)
	return p.ID, err
}

type wireGroup struct {
	FullPath string `json:"full_path"`
}

func (w wireGroup) identity() identity { return identity{name: w.FullPath} }

// Group is the group at the full path.
func (c *Client) Group(ctx context.Context, path string) (instance.Group, error) {
	//lint:ignore SA1019 leaving the projects out is what the parameter is still useful for
	opt := &client.GetGroupOptions{WithProjects: new(false)}
	return read(ctx, c, apiPath(target.GroupAt(path)), opt, func(w wireGroup) instance.Group { return instance.Group{Path: w.FullPath} })
}

// Projects are the projects that the token's user is a member of, by id. search, unless empty, is a part of their name or path.
func (c *Client) Projects(ctx context.Context, search string) ([]instance.Project, error) {
	opt := &client.ListProjectsOptions{Membership: new(true), OrderBy: new("id"), Sort: new("asc"), Search: optional(search)}
	return list(ctx, c, "projects", opt, wireProject.value)
}

type wireBranch struct {
	Name      string `json:"name"`
	Protected bool   `json:"protected"`
	Commit    struct {
		ID string `json:"id"`
	} `json:"commit"`
}

func (w wireBranch) identity() identity { return identity{matches: w.Name != "" && w.Commit.ID != ""} }

// Branch is one branch of a project's repository; project is its full path or id.
func (c *Client) Branch(ctx context.Context, project, name string) (instance.Branch, error) {
	path := repositoryPath(project, "branches", name)
	value := func(w wireBranch) instance.Branch {
		return instance.Branch{Name: w.Name, Protected: w.Protected, Commit: w.Commit.ID}
	}
	return readIf(ctx, c, path, nil, value, func(b instance.Branch) bool { return b.Name == name })
}

type wireFile struct {
	Path    string `json:"file_path"`
	Commit  string `json:"commit_id"`
	Content []byte `json:"content"` // base64
}

func (w wireFile) identity() identity {
	return identity{matches: w.Path != "" && w.Commit != "" && w.Content != nil}
}

// File is the content of a file in a project's repository at a commit; project is its full path or id. The error for a missing file matches
// fault.NotFound.
func (c *Client) File(ctx context.Context, project, path, commit string) ([]byte, error) {
	same := func(w wireFile) wireFile { return w }
	asked := func(w wireFile) bool { return w.Path == path && w.Commit == commit }
	w, err := readIf(ctx, c, repositoryPath(project, "files", path), &client.GetFileOptions{Ref: &commit}, same, asked)
	return w.Content, err
}

// repositoryPath is the API path of something in a repository. Dots are escaped too, because GitLab may take them for a format.
func repositoryPath(project, kind, name string) string {
	return apiPath(target.ProjectAt(project), "repository", kind, strings.ReplaceAll(url.PathEscape(name), ".", "%2E"))
}

type wireDeployment struct {
	ID          int64      `json:"id"`
	IID         int64      `json:"iid"`
	Ref         string     `json:"ref"`
	SHA         string     `json:"sha"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	User        wireAuthor `json:"user"`
	Environment wireNamed  `json:"environment"`
	Job         wireJob    `json:"deployable"`
	Status      string     `json:"status"`
}

type wireJob struct {
	ID         int64     `json:"id"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
	WebURL     string    `json:"web_url"`
}

func (w wireDeployment) identity() identity {
	if w.IID == 0 || w.Status == "" || w.CreatedAt.IsZero() {
		return identity{}
	}
	return identity{id: w.ID, owner: projectOwner(0, "", w.Job.WebURL)}
}

// value is the deployment with the times of its job. Without one, as for deployments by another system, the deployment was created when it
// began, and its last update is its end. The times of a deployment with a job are not those of the work: GitLab creates it with the
// pipeline, which may wait for a person for days.
func (w wireDeployment) value(project string) deployment.Deployment {
	d := deployment.Deployment{
		Project: project, ID: w.ID, IID: w.IID, Environment: w.Environment.Name, Ref: w.Ref, Commit: w.SHA,
		Status: deployment.Status(w.Status), User: w.User.Username, JobID: w.Job.ID, WebURL: w.Job.WebURL,
		StartedAt: w.Job.StartedAt.UTC(), EndedAt: w.Job.FinishedAt.UTC(),
	}
	if d.JobID == 0 {
		d.StartedAt, d.EndedAt = w.CreatedAt.UTC(), w.UpdatedAt.UTC()
	}
	if !d.Status.Over() {
		d.EndedAt = time.Time{}
	}
	return d
}

// Deployments lists the deployments of a project that changed in a period, the latest change first: a deployment that changes while the
// list is read comes twice rather than not at all. Each is returned once.
func (c *Client) Deployments(ctx context.Context, project string, q deployment.Query) ([]deployment.Deployment, error) {
	opt := &client.ListProjectDeploymentsOptions{
		OrderBy: new("updated_at"), Sort: new("desc"), // GitLab refuses the filter with another order
		UpdatedAfter: optional(q.UpdatedAfter.UTC()), UpdatedBefore: optional(q.UpdatedBefore.UTC()), Environment: optional(q.Environment),
	}
	all, err := list(ctx, c, apiPath(target.ProjectAt(project), "deployments"), opt, func(w wireDeployment) deployment.Deployment {
		d := w.value(project)
		if d.WebURL == "" && w.Environment.ID != 0 {
			d.WebURL = c.Host() + "/" + project + "/-/environments/" + id(w.Environment.ID)
		}
		return d
	})
	seen := map[int64]bool{}
	return slices.DeleteFunc(all, func(d deployment.Deployment) bool {
		before := seen[d.ID]
		seen[d.ID] = true
		return before
	}), err
}
