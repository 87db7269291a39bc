package project

import (
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Write writes a project; simple leaves out the details.
func Write(e *jsonenc.Encoder, c *rest.Call, p *store.Project, simple bool) {
	e.Open('{')
	basics(e, c, p)
	if !simple {
		details(e, c, p)
	}
	e.Shut('}')
}

func basics(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	web := c.Base.URL + "/" + p.FullPath()
	e.Num("id", p.ID)
	e.Str("description", p.Description)
	e.Str("name", p.Name)
	e.Str("name_with_namespace", namespaceName(p)+" / "+p.Name)
	e.Str("path", p.Path)
	e.Str("path_with_namespace", p.FullPath())
	e.Time("created_at", p.CreatedAt)
	e.Str("default_branch", "main")
	e.Strs("tag_list", nil)
	e.Strs("topics", nil)
	e.Str("ssh_url_to_repo", "git@"+c.Base.Host()+":"+p.FullPath()+".git")
	e.Str("http_url_to_repo", web+".git")
	e.Str("web_url", web)
	e.Str("readme_url", web+"/-/blob/main/README.md")
	e.Num("forks_count", 0)
	e.Null("avatar_url")
	e.Num("star_count", 0)
	e.Time("last_activity_at", p.LastActivityAt)
	e.Str("visibility", p.Visibility)
	writeNamespace(e, c, p)
}

func namespaceName(p *store.Project) string {
	if p.Group == nil {
		return p.Owner.Name
	}
	return p.Group.FullName()
}

func writeNamespace(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	e.Key("namespace")
	e.Open('{')
	if g := p.Group; g != nil {
		e.Num("id", g.ID)
		e.Str("name", g.Name)
		e.Str("path", g.Path)
		e.Str("kind", "group")
		e.Str("full_path", g.FullPath())
		if g.Parent != nil {
			e.Num("parent_id", g.Parent.ID)
		} else {
			e.Null("parent_id")
		}
		e.Null("avatar_url")
		e.Str("web_url", c.Base.URL+"/groups/"+g.FullPath())
	} else {
		e.Num("id", 10000+p.Owner.ID)
		e.Str("name", p.Owner.Name)
		e.Str("path", p.Owner.Username)
		e.Str("kind", "user")
		e.Str("full_path", p.Owner.Username)
		e.Null("parent_id")
		e.Null("avatar_url")
		e.Str("web_url", c.Base.URL+"/"+p.Owner.Username)
	}
	e.Shut('}')
}

func details(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	writeLinks(e, c, p)
	e.Bool("empty_repo", false)
	e.Bool("archived", p.Archived)
	e.Bool("resolve_outdated_diff_discussions", false)
	e.Bool("issues_enabled", !p.IssuesDisabled)
	e.Bool("merge_requests_enabled", true)
	e.Bool("wiki_enabled", true)
	e.Bool("jobs_enabled", true)
	e.Bool("snippets_enabled", true)
	access := "enabled"
	if p.IssuesDisabled {
		access = "disabled"
	}
	e.Str("issues_access_level", access)
	e.Str("merge_requests_access_level", "enabled")
	e.Bool("emails_enabled", true)
	e.Bool("shared_runners_enabled", true)
	e.Bool("lfs_enabled", true)
	e.Num("creator_id", 1)
	e.Str("import_status", "none")
	if !p.IssuesDisabled {
		e.Num("open_issues_count", p.OpenIssues)
	}
	e.Str("description_html", "")
	e.Time("updated_at", p.LastActivityAt)
	e.Key("shared_with_groups")
	e.Raw("[]")
	e.Bool("only_allow_merge_if_pipeline_succeeds", false)
	e.Str("merge_method", "merge")
	e.Bool("request_access_enabled", true)
	e.Null("marked_for_deletion_on")
	if c.Store.Edition.Paid() {
		e.Num("approvals_before_merge", p.Approvals.ApprovalsRequired)
		e.StrOrNull("issues_template", p.IssueTemplate)
		e.Null("merge_requests_template")
	}
	if c.User != nil {
		permissions(e, c.User, p)
	}
}

func writeLinks(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	self := c.Base.URL + "/api/v4/projects/" + strconv.Itoa(p.ID)
	e.Key("_links")
	e.Open('{')
	e.Str("self", self)
	if !p.IssuesDisabled {
		e.Str("issues", self+"/issues")
	}
	for _, name := range []string{"merge_requests", "labels", "events", "members"} {
		e.Str(name, self+"/"+name)
	}
	e.Str("repo_branches", self+"/repository/branches")
	e.Str("cluster_agents", self+"/cluster_agents")
	e.Shut('}')
}

// permissions shows direct memberships only; an inherited right is null here.
func permissions(e *jsonenc.Encoder, u *store.User, p *store.Project) {
	e.Key("permissions")
	e.Open('{')
	writeAccess(e, "project_access", access.LevelAmong(u, p.Members))
	level := store.NoAccess
	if p.Group != nil {
		level = access.GroupLevel(u, p.Group)
	}
	writeAccess(e, "group_access", level)
	e.Shut('}')
}

func writeAccess(e *jsonenc.Encoder, name string, level int) {
	if level == store.NoAccess {
		e.Null(name)
		return
	}
	e.Key(name)
	e.Open('{')
	e.Num("access_level", level)
	e.Num("notification_level", 3)
	e.Shut('}')
}
