package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestProjectFieldsByRole checks which fields of a project depend on the role, the edition and the request.
func TestProjectFieldsByRole(t *testing.T) {
	t.Parallel()
	ce, free := newWorld(t, Options{Edition: Community}), newWorld(t, Options{})
	single, public := ce.path(ce.infra, ""), ce.path(ce.open, "")
	for _, tt := range []struct {
		w             *world
		who, path     string
		field         string
		shown, listed bool // in the project itself, in the list of its group
	}{
		{ce, "guest", single, "default_branch", false, false},
		{ce, "planner", single, "default_branch", false, false},
		{ce, "reporter", single, "default_branch", true, true},
		{ce, "guest", public, "readme_url", true, true},
		{ce, "guest", single, "service_desk_address", false, false},
		{ce, "planner", single, "service_desk_address", true, true},
		{ce, "developer", single, "runners_token", false, false},
		{ce, "maintainer", single, "runners_token", true, true},
		{ce, "maintainer", single, "ci_config_path", true, true},
		{ce, "maintainer", single, "import_error", true, false},
		{ce, "maintainer", single, "repository_storage", false, false},
		{ce, "root", single, "repository_storage", true, true},
		{ce, "guest", single, "permissions", true, false},
		{ce, "guest", single, "open_issues_count", true, true},
		{ce, "", public, "issues_enabled", false, false},
		{ce, "maintainer", single, "requirements_enabled", false, false},
		{free, "guest", single, "requirements_enabled", true, true},
		{free, "guest", single, "issues_template", false, false},
		{ce, "reporter", single + "?statistics=true", "statistics", true, false},
		{ce, "planner", single + "?statistics=true", "statistics", false, false},
	} {
		p := tt.w.must(200, tt.who, "GET", tt.path, "")
		if _, shown := p[tt.field]; shown != tt.shown {
			t.Errorf("%s as %q: %s is shown: %t", tt.path, tt.who, tt.field, shown)
		}
		if tt.who == "" {
			continue
		}
		for _, row := range tt.w.list(tt.who, "/groups/acme/projects") {
			if _, shown := row[tt.field]; row.num("id") == p.num("id") && shown != tt.listed {
				t.Errorf("%s in a list as %q: %s is shown: %t", tt.path, tt.who, tt.field, shown)
			}
		}
	}
	if p := free.must(200, "guest", "GET", free.path(free.open, ""), ""); p["can_create_merge_request_in"] != true || p["description"] != nil {
		t.Errorf("got %v", p)
	}
}

func TestProjectSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "")
	for _, tt := range []struct{ form, field, want string }{
		{"issues_enabled=false", "issues_access_level", "disabled"},
		{"issues_enabled=1", "issues_access_level", "enabled"},
		{"issues_access_level=private", "issues_enabled", "true"},
		{"jobs_enabled=false", "builds_access_level", "disabled"},
		{"emails_disabled=true", "emails_enabled", "false"},
		{"emails_enabled=true", "emails_disabled", "false"},
		{"public_builds=false", "public_jobs", "false"},
		{"topics=a,b", "tag_list", "[a b]"},
		{"pages_access_level=public", "pages_access_level", "public"},
		{"squash_option=always", "squash_option", "always"},
		{"ci_default_git_depth=7", "ci_default_git_depth", "7"},
		{"merge_commit_template=%22x%22", "merge_commit_template", `"x"`},
		{"name=+New+name+", "name", "New name"},
		{"description=", "description", ""},
		{"description=a+%26+b", "description_html", `<p dir="auto">a &amp; b</p>`},
	} {
		w.must(200, "maintainer", "PUT", path, tt.form)
		if got := fmt.Sprint(w.must(200, "maintainer", "GET", path, "")[tt.field]); got != tt.want {
			t.Errorf("%s: %s is %s, want %s", tt.form, tt.field, got, tt.want)
		}
	}
	const forbidden = `{"message":"403 Forbidden"}`
	w.refused(403, forbidden, "developer", "PUT", path, "name=x")
	w.refused(403, forbidden, "maintainer", "PUT", path, "visibility=private")
	w.refused(404, `{"message":"404 Project Not Found"}`, "outsider", "PUT", path, "name=x")
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "PUT", path, "name=x")
	w.refused(400, `{"error":"issues_access_level does not have a valid value"}`, "maintainer", "PUT", path, "issues_access_level=public")
	w.refused(400, `{"message":{"name":["can't be blank"]}}`, "maintainer", "PUT", path, "name=+")
	w.refused(400, `{"message":{"visibility_level":["public is not allowed in a private group."]}}`, "owner", "PUT", path, "visibility=public")
	none := w.ask("maintainer", "PUT", path, "unknown=1").Body.String()
	if !strings.HasPrefix(none, `{"error":"allow_merge_on_skipped_pipeline, analytics_access_level, `) ||
		!strings.HasSuffix(none, ` spp_repository_pipeline_access are missing, at least one parameter must be provided"}`) {
		t.Errorf("nothing to change: got %s", none)
	}
}

// TestIssuesOff switches a project's issues off, and tries every route to them.
func TestIssuesOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.newIssue("")
	w.must(201, "owner", "POST", w.path(w.infra, "/boards"), "name=Weekly")
	w.must(200, "maintainer", "PUT", w.path(w.infra, ""), "issues_access_level=disabled")
	if got := w.list("root", w.path(w.infra, "/issues")); len(got) != 0 {
		t.Errorf("issues: got %v", got)
	}
	if got := w.list("owner", "/groups/acme/issues"); len(got) != 0 {
		t.Errorf("issues of the group: got %v", got)
	}
	for _, tt := range []struct {
		method, path, form string
		status             int
	}{
		{"GET", one, "", 404},
		{"PUT", one, "title=x", 403},
		{"DELETE", one, "", 403},
		{"POST", w.path(w.infra, "/issues"), "title=x", 403},
		{"GET", one + "/notes", "", 404},
		{"POST", one + "/notes", "body=x", 404},
		{"GET", one + "/links", "", 404},
		{"GET", one + "/award_emoji", "", 404},
		{"POST", one + "/award_emoji", "name=rocket", 404},
		{"GET", one + "/resource_label_events", "", 404},
		{"GET", w.path(w.infra, "/boards"), "", 403},
		{"POST", w.path(w.infra, "/boards"), "name=x", 403},
		{"GET", w.path(w.infra, "/labels"), "", 200},
		{"POST", w.path(w.infra, "/labels"), "name=x&color=red", 201},
		{"GET", w.path(w.infra, "/milestones"), "", 200},
		{"POST", w.path(w.infra, "/milestones"), "title=x", 201},
	} {
		if rec := w.ask("owner", tt.method, tt.path, tt.form); rec.Code != tt.status {
			t.Errorf("%s %s: got %d %s, want %d", tt.method, tt.path, rec.Code, rec.Body, tt.status)
		}
	}
	w.must(200, "maintainer", "PUT", w.path(w.infra, ""), "merge_requests_access_level=disabled")
	w.refused(403, `{"message":"403 Forbidden"}`, "owner", "POST", w.path(w.infra, "/labels"), "name=y&color=red")
	w.refused(403, `{"message":"403 Forbidden"}`, "owner", "GET", w.path(w.infra, "/merge_requests"), "")
	if got := fieldOf(w.list("owner", "/projects?with_issues_enabled=true"), "path"); got != "open deep prod" {
		t.Errorf("projects with issues: got %s", got)
	}
	p := w.must(200, "owner", "GET", w.path(w.infra, ""), "")
	_, linked := p["_links"].(map[string]any)["issues"]
	_, counted := p["open_issues_count"]
	if linked || counted || p["issues_enabled"] != false {
		t.Errorf("the project still shows its issues: %v", p)
	}
}

// TestIssuesForMembers makes the issues of a public project visible to its members only.
func TestIssuesForMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.open, "/issues")
	w.must(201, "guest", "POST", path, "title=x")
	w.must(200, "maintainer", "PUT", w.path(w.open, ""), "issues_access_level=private")
	if got := w.list("outsider", path); len(got) != 0 {
		t.Errorf("a stranger sees %v", got)
	}
	w.refused(404, `{"message":"404 Not found"}`, "outsider", "GET", path+"/1", "")
	w.refused(403, `{"message":"403 Forbidden"}`, "outsider", "POST", path, "title=y")
	if got := fieldOf(w.list("guest", path), "title"); got != "x" {
		t.Errorf("a member sees %q", got)
	}
	for who, want := range map[string]bool{"outsider": false, "guest": true, "root": true} {
		if got := w.must(200, who, "GET", w.path(w.open, ""), "")["issues_enabled"]; got != want {
			t.Errorf("issues_enabled as %s: got %v", who, got)
		}
	}
}

// TestArchivedProject tries every kind of write in an archived project.
func TestArchivedProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one, two := w.newIssue(""), w.newIssue("")
	note := w.must(201, "owner", "POST", one+"/notes", "body=x").num("id")
	m := w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), "title=x").num("id")
	l := w.must(201, "owner", "POST", w.path(w.infra, "/labels"), "name=x&color=red").num("id")
	b := w.must(201, "owner", "POST", w.path(w.infra, "/boards"), "name=Weekly").num("id")
	w.refused(403, `{"message":"403 Forbidden"}`, "maintainer", "POST", w.path(w.infra, "/archive"), "")
	if p := w.must(201, "owner", "POST", w.path(w.infra, "/archive"), ""); p["archived"] != true || p["can_create_merge_request_in"] != false {
		t.Errorf("got %v", p)
	}
	in := func(format string, args ...any) string { return w.path(w.infra, fmt.Sprintf(format, args...)) }
	for _, tt := range []struct{ method, path, form string }{
		{"POST", in("/issues"), "title=x"}, {"PUT", one, "title=x"}, {"PUT", one, "state_event=close"}, {"DELETE", one, ""},
		{"POST", one + "/notes", "body=x"}, {"PUT", in("/issues/1/notes/%d", note), "body=y"}, {"DELETE", in("/issues/1/notes/%d", note), ""},
		{"POST", in("/milestones"), "title=y"}, {"PUT", in("/milestones/%d", m), "title=y"}, {"DELETE", in("/milestones/%d", m), ""},
		{"POST", in("/labels"), "name=y&color=red"}, {"PUT", in("/labels/%d", l), "new_name=y"}, {"DELETE", in("/labels/%d", l), ""},
		{"POST", in("/boards"), "name=y"}, {"PUT", in("/boards/%d", b), "name=y"}, {"DELETE", in("/boards/%d", b), ""},
		{"POST", in("/freeze_periods"), "freeze_start=0 0 * * *&freeze_end=0 1 * * *&cron_timezone=UTC"},
		{"POST", in("/environments"), "name=y"},
	} {
		if rec := w.ask("owner", tt.method, tt.path, tt.form); rec.Code != 403 {
			t.Errorf("%s %s: got %d %s", tt.method, tt.path, rec.Code, rec.Body)
		}
	}
	if rec := w.ask("owner", "POST", one+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=2", w.infra.ID)); rec.Code < 400 {
		t.Errorf("link: got %d %s", rec.Code, rec.Body)
	}
	for _, path := range []string{one, two, one + "/notes", in("/issues"), in("/milestones"), in("/labels"), in("/boards")} {
		w.must2xx("guest", path)
	}
	for query, want := range map[string]string{"": "", "?non_archived=false": "2 1"} {
		if got := fieldOf(w.list("owner", "/groups/acme/issues"+query), "iid"); got != want {
			t.Errorf("issues of the group%s: got %q, want %q", query, got, want)
		}
	}
	w.must(200, "maintainer", "PUT", in(""), "name=Kept") // settings stay open
	w.must(201, "owner", "POST", in("/unarchive"), "")
	w.must(200, "owner", "PUT", one, "title=again")
}

func TestMembershipOrder(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	if err := s.Apply(seed.Seed{
		Users: []seed.User{{Username: "ann", Name: "Ann de Vries"}, {Username: "bo"}, {Username: "cy_young"}},
		Groups: []seed.Group{
			{Path: "g", Members: []seed.Member{{User: "root", Role: "owner"}, {User: "cy_young", Role: "guest"}, {User: "ann", Role: "reporter"}}},
			{Path: "g/sub", Members: []seed.Member{{User: "bo", Role: "developer"}, {User: "cy_young", Role: "maintainer"}}},
		},
		Projects: []seed.Project{{Path: "g/sub/p", Members: []seed.Member{{User: "ann", Role: "guest"}}}},
	}); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, s: s}
	const all = "/projects/g%2Fsub%2Fp/members/all"
	rows := w.list("sandbox-ann", all)
	if got := fieldOf(rows, "username") + " " + fieldOf(rows, "access_level"); got != "root ann bo cy_young 50 20 30 40" {
		t.Errorf("by membership, the highest of each: got %s", got)
	}
	if _, added := rows[0]["created_by"]; added || rows[1]["created_by"].(map[string]any)["username"] != "root" {
		t.Errorf("who added them: got %v", rows[:2])
	}
	for query, want := range map[string]string{"de": "ann", "vri": "ann", "you": "cy_young", "ies": "", "sandbox": "", "CY": "cy_young", "ann%20vri": "ann"} {
		if got := fieldOf(w.list("sandbox-ann", all+"?query="+query), "username"); got != want {
			t.Errorf("query=%s: got %q, want %q", query, got, want)
		}
	}
	for path, want := range map[string]string{
		"/projects/g%2Fsub%2Fp/users": "root ann bo cy_young", "/projects/g%2Fsub%2Fp/users?search=an": "ann",
		"/projects/g%2Fsub%2Fp/users?skip_users[]=1": "ann bo cy_young",
	} {
		if got := fieldOf(w.list("sandbox-ann", path), "username"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestNamespacesAndGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: Community})
	w.s.store.AddGroup(&store.Group{Name: "Deeper", Path: "deeper", Parent: w.sub})
	for _, tt := range []struct{ who, path, want string }{
		{"guest", "/groups/acme/subgroups", "acme/sub"},
		{"guest", "/groups/acme/descendant_groups", "acme/sub/deeper acme/sub"},
		{"guest", "/groups/acme%2Fsub/descendant_groups", "acme/sub/deeper"},
		{"guest", w.path(w.deep, "/groups"), "acme acme/sub"},
		{"guest", w.path(w.deep, "/groups?search=sub"), "acme/sub"},
		{"outsider", "/namespaces", "outsider"},
		{"guest", "/namespaces?search=sub", "acme/sub"},
		{"owner", "/namespaces?owned_only=true&top_level_only=true", "owner acme"},
	} {
		if got := fieldOf(w.list(tt.who, tt.path), "full_path"); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.who, got, tt.want)
		}
	}
	if n := w.must(200, "guest", "GET", "/namespaces/acme%2Fsub", ""); n.str("kind") != "group" || n.num("parent_id") != w.acme.ID || len(n) != 8 {
		t.Errorf("a subgroup: got %v", n)
	}
	if n := w.must(200, "owner", "GET", "/namespaces/acme", ""); n.num("projects_count") != 4 || n.num("members_count_with_descendants") != 6 {
		t.Errorf("for an owner: got %v", n)
	}
	if n := w.must(200, "guest", "GET", "/namespaces/guest", ""); n.str("kind") != "user" {
		t.Errorf("the own one: got %v", n)
	}
	w.refused(404, `{"message":"404 Namespace Not Found"}`, "guest", "GET", "/namespaces/owner", "")
	w.refused(400, `{"error":"email is missing"}`, "guest", "GET", "/avatar", "")
	w.refused(200, `{"avatar_url":null}`, "", "GET", "/avatar?email=x@example.com&size=32", "")
	for _, tt := range []struct {
		who, field string
		shown      bool
	}{{"guest", "runners_token", false}, {"owner", "runners_token", true}, {"guest", "membership_lock", false}} {
		if _, shown := w.must(200, tt.who, "GET", "/groups/acme?with_projects=false", "")[tt.field]; shown != tt.shown {
			t.Errorf("%s of a group as %s: %t", tt.field, tt.who, shown)
		}
	}
}
