package project

import (
	"html"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// Form says how much of a project is shown.
type Form int

// The forms of a project. What the caller may see of each depends on the caller's rights.
const (
	Brief   Form = iota // inside other objects
	Listed              // with the settings
	Ranked              // and with the caller's rights
	Changed             // with what those who change it see
	Single              // with everything
)

// Write writes a project.
func Write(e *jsonenc.Encoder, c *rest.Call, p *store.Project, form Form) {
	e.Open('{')
	basics(e, c, p)
	if form != Brief {
		for _, f := range fields {
			if shown(c, p, f.audience, form) {
				write(e, c, p, f)
			}
		}
	}
	e.Shut('}')
}

// sshHost is where GitLab says that it serves Git over SSH: a setting of its own, apart from its address.
const sshHost = "gitlab.example.com"

func basics(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	web, code := c.Base.URL+"/"+p.FullPath(), access.MayReadCode(c.User, p)
	e.Num("id", p.ID)
	if description, ok := p.Settings["description"]; ok {
		e.Key("description")
		e.Raw(description)
	} else {
		e.StrOrNull("description", p.Description)
	}
	e.Str("name", p.Name)
	e.Str("name_with_namespace", namespaceName(p)+" / "+p.Name)
	e.Str("path", p.Path)
	e.Str("path_with_namespace", p.FullPath())
	e.Time("created_at", p.CreatedAt)
	if code {
		setting(e, p, "default_branch", `"main"`)
	}
	e.Key("tag_list")
	e.Raw(settingOr(p, "topics", "[]"))
	setting(e, p, "topics", "[]")
	e.Str("ssh_url_to_repo", "git@"+sshHost+":"+p.FullPath()+".git")
	e.Str("http_url_to_repo", web+".git")
	e.Str("web_url", web)
	if code {
		e.Str("readme_url", web+"/-/blob/main/README.md")
		e.Num("forks_count", 0)
	}
	e.Null("avatar_url")
	e.Num("star_count", 0)
	e.Time("last_activity_at", p.LastActivityAt)
	e.Str("visibility", p.Visibility)
	e.Key("namespace")
	writeNamespace(e, c, p)
}

func settingOr(p *store.Project, name, otherwise string) string {
	if value, ok := p.Settings[name]; ok {
		return value
	}
	return otherwise
}

func setting(e *jsonenc.Encoder, p *store.Project, name, otherwise string) {
	e.Key(name)
	e.Raw(settingOr(p, name, otherwise))
}

func namespaceName(p *store.Project) string {
	if p.Group == nil {
		return p.Owner.Name
	}
	return p.Group.FullName()
}

func writeNamespace(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	e.Open('{')
	if p.Group != nil {
		GroupNamespace(e, c, p.Group)
	} else {
		UserNamespace(e, c, p.Owner)
	}
	e.Shut('}')
}

// GroupNamespace writes the fields of a group as a namespace, without the braces.
func GroupNamespace(e *jsonenc.Encoder, c *rest.Call, g *store.Group) {
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
}

// UserNamespace writes the fields of a user's own namespace, without the braces.
func UserNamespace(e *jsonenc.Encoder, c *rest.Call, u *store.User) {
	e.Num("id", user.NamespaceID(u))
	e.Str("name", u.Name)
	e.Str("path", u.Username)
	e.Str("kind", "user")
	e.Str("full_path", u.Username)
	e.Null("parent_id")
	e.Null("avatar_url")
	e.Str("web_url", c.Base.URL+"/"+u.Username)
}

func shown(c *rest.Call, p *store.Project, who audience, form Form) bool {
	edition := c.Store.Edition
	switch who {
	case planners:
		return access.MayReadIssues(c.User, p) && access.MayPlan(c.User, p)
	case issueReaders:
		return access.MayReadIssues(c.User, p)
	case maintainers:
		return access.MayAdmin(c.User, p)
	case editors:
		return form >= Changed && access.MayAdmin(c.User, p)
	case administrators:
		return c.User.IsAdmin()
	case asked:
		return form == Ranked || form == Single
	case statisticsAsked:
		return c.Params.Bool("statistics").Value && access.MayReadStatistics(c.User, p)
	case personal:
		return p.Group == nil
	case enterprise:
		return edition.Enterprise()
	case paid:
		return edition.Paid()
	}
	return true
}

// write writes one field, with the value that was set or else its own.
func write(e *jsonenc.Encoder, c *rest.Call, p *store.Project, f field) {
	if f.value == "" {
		vary(e, c, p, f.name)
		return
	}
	setting(e, p, f.name, f.value)
}

// vary writes a field that depends on the state, the caller or the time.
func vary(e *jsonenc.Encoder, c *rest.Call, p *store.Project, name string) {
	if feature, ok := oldSwitch(name); ok {
		e.Bool(name, access.MayUse(c.User, p, feature))
		return
	}
	switch name {
	case "_links":
		writeLinks(e, c, p)
	case "empty_repo":
		e.Bool(name, false)
	case "archived":
		e.Bool(name, p.Archived)
	case "owner":
		user.WriteOrNull(e, c, name, p.Owner)
	case "shared_with_groups":
		user.WriteInvited(e, store.Parent{Project: p})
	case "container_expiration_policy":
		writeExpiration(e, p)
	case "can_create_merge_request_in":
		e.Bool(name, access.MayOfferMergeRequests(c.User, p))
	case "emails_disabled":
		e.Bool(name, settingOr(p, "emails_enabled", "true") == "false")
	case "creator_id":
		creator := p.Creator
		if creator == nil {
			creator = c.Store.Users[0]
		}
		e.Num(name, creator.ID)
	case "open_issues_count":
		e.Num(name, p.PublicOpenIssues())
	case "description_html":
		e.Str(name, descriptionHTML(p))
	case "updated_at":
		e.Time(name, p.LastActivityAt)
	case "runners_token":
		e.Str(name, "GR1348941"+strconv.Itoa(1_000_000_000+p.ID))
	case "statistics":
		writeStatistics(e)
	case "approvals_before_merge":
		e.Num(name, p.Approvals.ApprovalsRequired)
	case "issues_template":
		e.StrOrNull(name, p.IssueTemplate)
	case "permissions":
		permissions(e, c.User, p)
	}
}

func descriptionHTML(p *store.Project) string {
	if p.Description == "" {
		return ""
	}
	return `<p dir="auto">` + html.EscapeString(p.Description) + `</p>`
}

func writeExpiration(e *jsonenc.Encoder, p *store.Project) {
	e.Key("container_expiration_policy")
	e.Open('{')
	e.Str("cadence", "1d")
	e.Bool("enabled", false)
	e.Num("keep_n", 10)
	e.Str("older_than", "90d")
	e.Str("name_regex", ".*")
	e.Null("name_regex_keep")
	e.Time("next_run_at", p.CreatedAt.AddDate(0, 0, 1))
	e.Shut('}')
}

func writeStatistics(e *jsonenc.Encoder) {
	e.Key("statistics")
	e.Open('{')
	for _, name := range []string{
		"commit_count", "storage_size", "repository_size", "wiki_size", "lfs_objects_size", "job_artifacts_size",
		"pipeline_artifacts_size", "packages_size", "snippets_size", "uploads_size", "container_registry_size",
	} {
		e.Num(name, 0)
	}
	e.Shut('}')
}

func writeLinks(e *jsonenc.Encoder, c *rest.Call, p *store.Project) {
	self := c.Base.URL + "/api/v4/projects/" + strconv.Itoa(p.ID)
	e.Key("_links")
	e.Open('{')
	e.Str("self", self)
	if access.MayReadIssues(c.User, p) {
		e.Str("issues", self+"/issues")
	}
	if access.MayUse(c.User, p, store.MergeRequestsFeature) {
		e.Str("merge_requests", self+"/merge_requests")
	}
	e.Str("repo_branches", self+"/repository/branches")
	for _, name := range []string{"labels", "events", "members", "cluster_agents"} {
		e.Str(name, self+"/"+name)
	}
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
