package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func projectRoutes() []route {
	return []route{
		get("/projects", listProjects).anonymous(),
		get("/projects/:id", getProject).anonymous(),
	}
}

// projectFilter is what the lists of projects may be narrowed by.
type projectFilter struct {
	search        matcher
	namespaces    bool
	membership    bool
	owned         bool
	minLevel      int
	archived      opt[bool]
	visibility    opt[string]
	withIssues    opt[bool]
	after, before opt[int]
	simple        bool
	subgroups     bool
	order, sort   string
}

func projectFilterOf(c *call) projectFilter {
	levels := c.p.int("min_access_level")
	return projectFilter{
		order: c.p.enumOr("order_by", "created_at", "id", "name", "path", "created_at", "updated_at", "last_activity_at",
			"similarity", "star_count"),
		sort:       c.p.enumOr("sort", "desc", "asc", "desc"),
		archived:   c.p.bool("archived"),
		visibility: c.p.enum("visibility", private, internal, public),
		search:     newMatcher(c.p.str("search").v),
		namespaces: c.p.bool("search_namespaces").v,
		owned:      c.p.boolOr("owned", false),
		membership: c.p.boolOr("membership", false),
		minLevel:   levels.v,
		withIssues: c.p.bool("with_issues_enabled"),
		after:      c.p.int("id_after"),
		before:     c.p.int("id_before"),
		simple:     c.p.boolOr("simple", false),
		subgroups:  c.p.bool("include_subgroups").v,
	}
}

func listProjects(c *call) (reply, error) {
	pg, f := c.paging(), projectFilterOf(c)
	keyset := c.p.enumOr("pagination", "legacy", "legacy", "keyset") == "keyset"
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	found := projectsFitting(c.s, c.user, f, func(*project) bool { return true })
	if !keyset {
		return listReply(c, pg, found, func(e *enc, p *project) { writeProject(e, c, p, f.simple) })
	}
	if f.order != "id" {
		return reply{}, errKeyset()
	}
	return projectsAfter(c, pg, f, found)
}

// errKeyset refuses keyset pagination where there is none.
func errKeyset() *failure {
	return errorBody(http.StatusMethodNotAllowed, func(e *enc) {
		e.str("error", "Keyset pagination is not yet available for this type of request")
	})
}

// projectsAfter is a page by keyset: the next one begins behind the last id.
func projectsAfter(c *call, pg paging, f projectFilter, found []*project) (reply, error) {
	header := http.Header{}
	if len(found) > pg.per {
		found = found[:pg.per]
		bound := "id_before"
		if f.sort == "asc" {
			bound = "id_after"
		}
		header.Set("Link", c.link("next", map[string]string{bound: itoa(found[len(found)-1].id)}))
	}
	rep, err := pageReply(c, pg, found, 0, func(e *enc, p *project) { writeProject(e, c, p, f.simple) })
	rep.header = header
	return rep, err
}

func listGroupProjects(c *call) (reply, error) {
	pg, f := c.paging(), projectFilterOf(c)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	g, err := c.group()
	if err != nil {
		return reply{}, err
	}
	found := projectsFitting(c.s, c.user, f, func(p *project) bool {
		return p.group == g || f.subgroups && p.group.within(g)
	})
	return listReply(c, pg, found, func(e *enc, p *project) { writeProject(e, c, p, f.simple) })
}

func projectsFitting(s *store, u *user, f projectFilter, belongs func(*project) bool) []*project {
	var found []*project
	for _, p := range s.projects {
		if belongs(p) && mayReadProject(u, p) && projectFits(u, p, f) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *project) int {
		order := cmp.Or(projectOrders[f.order](a, b), cmp.Compare(a.id, b.id))
		if f.sort == "desc" {
			return -order
		}
		return order
	})
	return found
}

var projectOrders = map[string]func(a, b *project) int{
	"id":               func(a, b *project) int { return 0 },
	"name":             func(a, b *project) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) },
	"path":             func(a, b *project) int { return strings.Compare(a.path, b.path) },
	"created_at":       func(a, b *project) int { return a.createdAt.Compare(b.createdAt) },
	"updated_at":       func(a, b *project) int { return a.lastActivityAt.Compare(b.lastActivityAt) },
	"last_activity_at": func(a, b *project) int { return a.lastActivityAt.Compare(b.lastActivityAt) },
	"similarity":       func(a, b *project) int { return 0 },
	"star_count":       func(a, b *project) int { return 0 },
}

func projectFits(u *user, p *project, f projectFilter) bool {
	level := levelIn(u, p)
	columns := []string{p.name, p.path, p.description}
	if f.namespaces {
		columns = append(columns, p.fullPath())
	}
	switch {
	case f.membership && level < guest,
		f.owned && level < owner,
		level < f.minLevel,
		f.archived.ok() && f.archived.v != p.archived,
		f.visibility.ok() && f.visibility.v != p.visibility,
		f.withIssues.v && p.issuesDisabled,
		f.after.ok() && p.id <= f.after.v,
		f.before.ok() && p.id >= f.before.v:
		return false
	}
	return f.search.matches(columns...)
}

func getProject(c *call) (reply, error) {
	for _, name := range []string{"statistics", "license", "with_custom_attributes"} {
		c.p.bool(name)
	}
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if err := c.spend(&c.limits.projects); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) { writeProject(e, c, p, false) })
}

func writeProject(e *enc, c *call, p *project, simple bool) {
	e.open('{')
	projectBasics(e, c, p)
	if !simple {
		projectDetails(e, c, p)
	}
	e.shut('}')
}

func projectBasics(e *enc, c *call, p *project) {
	web := c.base.url + "/" + p.fullPath()
	e.num("id", p.id)
	e.str("description", p.description)
	e.str("name", p.name)
	e.str("name_with_namespace", namespaceName(p)+" / "+p.name)
	e.str("path", p.path)
	e.str("path_with_namespace", p.fullPath())
	e.time("created_at", p.createdAt)
	e.str("default_branch", "main")
	e.strs("tag_list", nil)
	e.strs("topics", nil)
	e.str("ssh_url_to_repo", "git@"+c.base.host()+":"+p.fullPath()+".git")
	e.str("http_url_to_repo", web+".git")
	e.str("web_url", web)
	e.str("readme_url", web+"/-/blob/main/README.md")
	e.num("forks_count", 0)
	e.null("avatar_url")
	e.num("star_count", 0)
	e.time("last_activity_at", p.lastActivityAt)
	e.str("visibility", p.visibility)
	writeNamespace(e, c, p)
}

func namespaceName(p *project) string {
	if p.group == nil {
		return p.owner.name
	}
	return p.group.fullName()
}

func writeNamespace(e *enc, c *call, p *project) {
	e.key("namespace")
	e.open('{')
	if g := p.group; g != nil {
		e.num("id", g.id)
		e.str("name", g.name)
		e.str("path", g.path)
		e.str("kind", "group")
		e.str("full_path", g.fullPath())
		if g.parent != nil {
			e.num("parent_id", g.parent.id)
		} else {
			e.null("parent_id")
		}
		e.null("avatar_url")
		e.str("web_url", c.base.url+"/groups/"+g.fullPath())
	} else {
		e.num("id", 10000+p.owner.id)
		e.str("name", p.owner.name)
		e.str("path", p.owner.username)
		e.str("kind", "user")
		e.str("full_path", p.owner.username)
		e.null("parent_id")
		e.null("avatar_url")
		e.str("web_url", c.base.url+"/"+p.owner.username)
	}
	e.shut('}')
}

func projectDetails(e *enc, c *call, p *project) {
	projectLinks(e, c, p)
	e.bool("empty_repo", false)
	e.bool("archived", p.archived)
	e.bool("resolve_outdated_diff_discussions", false)
	e.bool("issues_enabled", !p.issuesDisabled)
	e.bool("merge_requests_enabled", true)
	e.bool("wiki_enabled", true)
	e.bool("jobs_enabled", true)
	e.bool("snippets_enabled", true)
	access := "enabled"
	if p.issuesDisabled {
		access = "disabled"
	}
	e.str("issues_access_level", access)
	e.str("merge_requests_access_level", "enabled")
	e.bool("emails_enabled", true)
	e.bool("shared_runners_enabled", true)
	e.bool("lfs_enabled", true)
	e.num("creator_id", 1)
	e.str("import_status", "none")
	if !p.issuesDisabled {
		e.num("open_issues_count", p.openIssues)
	}
	e.str("description_html", "")
	e.time("updated_at", p.lastActivityAt)
	e.key("shared_with_groups")
	e.raw("[]")
	e.bool("only_allow_merge_if_pipeline_succeeds", false)
	e.str("merge_method", "merge")
	e.bool("request_access_enabled", true)
	e.null("marked_for_deletion_on")
	if c.s.edition.paid() {
		e.num("approvals_before_merge", p.approvals.approvalsRequired)
		e.strOrNull("issues_template", p.issueTemplate)
		e.null("merge_requests_template")
	}
	if c.user != nil {
		permissions(e, c.user, p)
	}
}

func projectLinks(e *enc, c *call, p *project) {
	self := c.base.url + "/api/v4/projects/" + strconv.Itoa(p.id)
	e.key("_links")
	e.open('{')
	e.str("self", self)
	if !p.issuesDisabled {
		e.str("issues", self+"/issues")
	}
	for _, name := range []string{"merge_requests", "labels", "events", "members"} {
		e.str(name, self+"/"+name)
	}
	e.str("repo_branches", self+"/repository/branches")
	e.str("cluster_agents", self+"/cluster_agents")
	e.shut('}')
}

// permissions shows direct memberships only; a right that comes from elsewhere is null here.
func permissions(e *enc, u *user, p *project) {
	e.key("permissions")
	e.open('{')
	writeAccess(e, "project_access", levelAmong(u, p.members))
	level := noAccess
	if p.group != nil {
		level = groupLevel(u, p.group)
	}
	writeAccess(e, "group_access", level)
	e.shut('}')
}

func writeAccess(e *enc, name string, level int) {
	if level == noAccess {
		e.null(name)
		return
	}
	e.key(name)
	e.open('{')
	e.num("access_level", level)
	e.num("notification_level", 3)
	e.shut('}')
}
