package fakegitlab

import (
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/grant"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestEveryRouteDeclaresAPermission checks that each route needs a permission that a person can pick where the route needs
// it, or says that GitLab declares none.
func TestEveryRouteDeclaresAPermission(t *testing.T) {
	t.Parallel()
	for _, rt := range endpoints(false) {
		name := rt.Method + " " + rt.Path()
		if (rt.Permission != "") == rt.Closed {
			t.Errorf("%s: want either a permission or NoPermission, got %q and %v", name, rt.Permission, rt.Closed)
		}
		if rt.Permission != "" && grant.Pick(rt.Permission, rt.Boundary) == "" {
			t.Errorf("%s: nobody can pick %s at the boundary %s", name, rt.Permission, rt.Boundary)
		}
		if verb, _, _ := strings.Cut(rt.Permission, "_"); rt.Permission != "" && (verb == "read") != (rt.Method == "GET") {
			t.Errorf("%s needs %s", name, rt.Permission)
		}
	}
}

// TestPickedPermissionsAreUsed checks that each group of permissions opens a route, so that none is misspelled.
func TestPickedPermissionsAreUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, rt := range endpoints(false) {
		used[rt.Permission] = true
	}
	for _, permission := range grant.Permissions() {
		if !used[permission] {
			t.Errorf("no route needs %s", permission)
		}
	}
}

// fineWorld is a world of GitLab 18.10 with fine-grained tokens of the developer.
func fineWorld(t *testing.T, version string) *world {
	t.Helper()
	w := newWorld(t, Options{Version: version})
	add := func(value string, grants ...*store.Grant) {
		w.s.store.AddToken(&store.Token{Value: value, User: w.users["developer"], Scopes: []string{store.GranularScope}, Grants: grants})
	}
	everything := []string{"read_work_item", "write_work_item", "delete_work_item", "read_member", "read_group", "read_project"}
	acme, sub := store.Parent{Group: w.acme}, store.Parent{Group: w.sub}
	infra := store.Parent{Project: w.infra}
	add("nothing")
	add("reads", &store.Grant{Boundary: store.GroupBoundary, In: acme, Permissions: []string{"read_work_item"}})
	add("writes", &store.Grant{Boundary: store.GroupBoundary, In: acme, Permissions: []string{"read_work_item", "write_work_item"}})
	add("sub", &store.Grant{Boundary: store.GroupBoundary, In: sub, Permissions: everything})
	add("infra", &store.Grant{Boundary: store.ProjectBoundary, In: infra, Permissions: everything})
	add("self", &store.Grant{Boundary: store.UserBoundary, Permissions: []string{"read_user"}})
	add("instance", &store.Grant{Boundary: store.InstanceBoundary, Permissions: []string{"read_metadata"}})
	add("all",
		&store.Grant{Boundary: store.GroupBoundary, In: acme, Permissions: everything},
		&store.Grant{Boundary: store.UserBoundary, Permissions: []string{"read_user", "read_work_item"}},
		&store.Grant{Boundary: store.InstanceBoundary, Permissions: []string{"read_metadata"}})
	return w
}

// lacks is the refusal of a token without the permission.
func lacks(permission, where string) string {
	if where != "" {
		where = ` for \"` + where + `\"`
	}
	return granularRefusal("Access denied: Your Personal Access Token lacks the required permissions: [" + permission + "]" + where + ".")
}

func granularRefusal(text string) string {
	return `{"error":"insufficient_granular_scope","error_description":"` + text + `"}`
}

const (
	undeclared = "Unable to determine boundaries and permissions for authorization"
	noBoundary = "Unable to determine boundaries for authorization"
)

func TestFineGrainedTokens(t *testing.T) {
	t.Parallel()
	w := fineWorld(t, "18.10.0-ee")
	hidden := w.s.store.AddGroup(&store.Group{Name: "Hidden", Path: "hidden"})
	w.s.store.AddProject(&store.Project{Name: "Secret", Path: "secret", Group: hidden})
	infra, deep := "/projects/acme%2Finfra", "/projects/acme%2Fsub%2Fdeep"
	w.must(201, "developer", "POST", infra+"/issues", "title=One")
	for _, tt := range []struct {
		token, method, path string
		status              int
		body                string // "" for any
	}{
		// A group covers its subgroups and projects; a project only itself.
		{"reads", "GET", infra + "/issues", 200, ""},
		{"reads", "HEAD", infra + "/issues", 200, ""},
		{"reads", "GET", deep + "/issues", 200, ""},
		{"reads", "GET", "/groups/acme%2Fsub/issues", 200, ""},
		{"sub", "GET", deep + "/issues/1", 404, ""},
		{"sub", "GET", infra + "/issues", 403, lacks("read_issue", "acme/infra")},
		{"sub", "GET", "/groups/acme/milestones", 403, lacks("read_milestone", "acme")},
		{"sub", "GET", "/groups/acme%2Fsub/milestones", 200, ""},
		{"infra", "GET", w.path(w.infra, "/issues/1/notes"), 200, ""},
		{"infra", "GET", w.path(w.prod, "/issues/1/notes"), 403, lacks("read_issue_note", "acme/prod")},
		{"infra", "GET", "/groups/acme/issues", 403, lacks("read_issue", "acme")},
		// What each permission is.
		{"nothing", "GET", infra, 403, lacks("read_project", "acme/infra")},
		{"nothing", "POST", infra + "/issues", 403, lacks("create_issue", "acme/infra")},
		{"reads", "PUT", infra + "/issues/1", 403, lacks("update_issue", "acme/infra")},
		{"reads", "POST", infra + "/issues/1/move", 403, lacks("move_issue", "acme/infra")},
		{"reads", "POST", infra + "/issues/1/notes", 403, lacks("create_issue_note", "acme/infra")},
		{"reads", "GET", infra + "/issues/1/links", 200, ""},
		{"reads", "GET", infra + "/issues/1/resource_state_events", 200, ""},
		{"reads", "GET", infra + "/issues/1/resource_label_events", 403, lacks("read_issue_label_event", "acme/infra")},
		{"reads", "GET", infra + "/boards", 200, ""},
		{"reads", "GET", infra + "/members/all?query=de", 403, lacks("read_member", "acme/infra")},
		{"reads", "GET", infra + "/freeze_periods", 403, lacks("read_freeze_period", "acme/infra")},
		{"reads", "GET", infra + "/deployments", 403, lacks("read_deployment", "acme/infra")},
		{"reads", "GET", infra + "/merge_requests", 403, lacks("read_merge_request", "acme/infra")},
		{"writes", "POST", infra + "/issues?title=Two", 201, ""},
		{"writes", "POST", "/groups/acme/labels?name=toil&color=red", 201, ""},
		{"writes", "DELETE", infra + "/issues/1", 403, lacks("delete_issue", "acme/infra")},
		{"writes", "DELETE", "/groups/acme/labels/toil", 403, lacks("delete_label", "acme")},
		{"all", "DELETE", "/groups/acme/labels/toil", 204, ""},
		{"all", "GET", infra + "/members/all?query=de", 200, ""},
		// The user and the instance.
		{"writes", "GET", "/user", 403, lacks("read_user", "")},
		{"self", "GET", "/user", 200, ""},
		{"self", "GET", "/version", 403, lacks("read_metadata", "")},
		{"instance", "GET", "/version", 200, ""},
		{"instance", "GET", "/metadata", 200, ""},
		{"instance", "GET", "/user", 403, lacks("read_user", "")},
		{"reads", "GET", "/issues", 403, lacks("read_issue", "")},
		{"all", "GET", "/issues", 200, ""},
		// No permission is declared.
		{"all", "GET", "/users?username=developer", 403, granularRefusal(undeclared)},
		{"all", "GET", "/personal_access_tokens/self", 403, granularRefusal(undeclared)},
		{"all", "GET", infra + "/labels", 403, granularRefusal(undeclared)},
		{"all", "POST", infra + "/labels?name=x&color=red", 403, granularRefusal(undeclared)},
		{"all", "GET", "/groups/acme/labels", 200, ""},
		// The permission comes before the parameters, rights and records, and after unknown routes.
		{"writes", "GET", "/projects/hidden%2Fsecret/issues", 403, lacks("read_issue", "hidden/secret")},
		{"writes", "GET", "/projects/HIDDEN%2Fsecret", 403, lacks("read_project", "hidden/secret")},
		{"writes", "GET", "/projects/acme%2Fnone/issues", 403, granularRefusal(noBoundary)},
		{"writes", "GET", "/groups/none/issues", 403, granularRefusal(noBoundary)},
		{"writes", "GET", "/projects/99999/labels", 403, granularRefusal(undeclared)},
		{"reads", "PUT", infra + "/issues/1?confidential=", 403, lacks("update_issue", "acme/infra")},
		{"writes", "PUT", infra + "/issues/1?confidential=", 400, `{"error":"confidential is empty"}`},
		{"writes", "PUT", infra + "/issues/99?title=x", 404, `{"message":"404 Not found"}`},
		{"nothing", "GET", "/nonsense", 404, `{"error":"404 Not Found"}`},
		{"reads", "GET", "/projects/" + "acme%2Fopen/issues", 200, ""},
		{"nothing", "GET", "/projects/" + "acme%2Fopen/issues", 403, lacks("read_issue", "acme/open")},
	} {
		rec := w.ask(tt.token, tt.method, tt.path, "")
		if rec.Code != tt.status || tt.body != "" && rec.Body.String() != tt.body {
			t.Errorf("%s %s with %q: got %d %s, want %d %s", tt.method, tt.path, tt.token, rec.Code, rec.Body, tt.status, tt.body)
		}
	}
}

// TestFineGrainedTokensAndTheirUser checks the order of a grant and the state of token and user, and that a grant gives no right.
func TestFineGrainedTokensAndTheirUser(t *testing.T) {
	t.Parallel()
	w := fineWorld(t, "18.11.0")
	all := w.s.store.Tokens["all"].Grants
	add := func(value, user string, change func(*store.Token)) {
		tok := &store.Token{Value: value, User: w.users[user], Scopes: []string{store.GranularScope}, Grants: all}
		if change != nil {
			change(tok)
		}
		w.s.store.AddToken(tok)
	}
	add("old", "developer", func(t *store.Token) { t.Expires = "2018-01-01" })
	add("revoked", "developer", func(t *store.Token) { t.Revoked = true })
	add("blocked", w.user("gone").Username, nil)
	add("stranger", "outsider", nil)
	add("admin", "root", nil)
	add("guest with grants", "guest", nil)
	w.users["gone"].Blocked = true
	issues := w.path(w.infra, "/issues")
	const users = "/users?username=x"
	w.refused(401, `{"message":"401 Unauthorized"}`, "unknown", "GET", users, "")
	for token, reason := range map[string]string{"old": "Token is expired", "revoked": "Token was revoked"} {
		if rec := w.ask(token, "GET", users, ""); rec.Code != 401 || !strings.Contains(rec.Body.String(), reason) {
			t.Errorf("%s: got %d %s", token, rec.Code, rec.Body)
		}
	}
	w.refused(403, granularRefusal(undeclared), "blocked", "GET", users, "")
	w.refused(403, `{"message":"403 Forbidden - Your account has been blocked."}`, "blocked", "GET", issues, "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "stranger", "GET", issues, "")
	w.refused(403, `{"message":"403 Forbidden"}`, "guest with grants", "POST", w.path(w.infra, "/milestones?title=x"), "")
	if rec := w.ask("admin", "GET", issues+"?sudo=guest", ""); rec.Code != 403 || !strings.Contains(rec.Body.String(), `"scope":"sudo"`) {
		t.Errorf("sudo: got %d %s", rec.Code, rec.Body)
	}
	bearer := request("", "GET", "/user", "")
	bearer.Header.Set("Authorization", "Bearer all")
	if rec := serve(w.s, bearer); rec.Code != 200 {
		t.Errorf("as a bearer token: got %d %s", rec.Code, rec.Body)
	}
}

// TestNoFineGrainedTokensBefore1810 checks that older versions refuse the tokens of newer ones.
func TestNoFineGrainedTokensBefore1810(t *testing.T) {
	t.Parallel()
	for version, supported := range map[string]bool{
		"": false, "18.9.0-ee": false, "18.9.11": false, "17.11.0": false, "9.10.0": false, "18.x": false, "18.10.0": true, "18.10": true, "18.11.2-ee": true, "19.0.0-ee": true,
	} {
		w := fineWorld(t, version)
		rec := w.ask("all", "GET", "/user", "")
		if refused := rec.Body.String() == granularRefusal(store.NoFineGrained); refused == supported || (rec.Code == 200) != supported {
			t.Errorf("version %q: got %d %s", version, rec.Code, rec.Body)
		}
	}
	w := fineWorld(t, "18.10.0-ee")
	other := w.s.Clone(func(o *Options) { o.Edition = Community })
	if rec := ask(t, other, "instance", "GET", "/version", ""); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"version":"18.10.0"`) {
		t.Errorf("a copy of another edition: got %d %s", rec.Code, rec.Body)
	}
}

// TestFineGrainedTokensAndGraphQL checks that each field is refused, and that nothing is written.
func TestFineGrainedTokensAndGraphQL(t *testing.T) {
	t.Parallel()
	w := fineWorld(t, "18.10.0-ee")
	w.must(201, "developer", "POST", w.path(w.infra, "/issues"), "title=One&issue_type=incident")
	refusal := func(line, column, field string) string {
		return `{"message":"Granular tokens are not yet supported","locations":[{"line":` + line + `,"column":` + column + `}],"path":["` + field + `"]}`
	}
	w.answers("all", `{__typename currentUser{username} p:project(fullPath:"acme/infra"){name}}`, "",
		`{"errors":[`+refusal("1", "13", "currentUser")+`,`+refusal("1", "35", "p")+`],"data":{"__typename":"Query","currentUser":null,"p":null}}`)
	w.answers("all", `mutation{issueSetSeverity(input:{projectPath:"acme/infra",iid:"1",severity:HIGH}){errors}}`, "",
		`{"errors":[`+refusal("1", "10", "issueSetSeverity")+`],"data":{"issueSetSeverity":null}}`)
	if severity := w.infra.IssueByIID[1].Severity(); severity != "UNKNOWN" {
		t.Errorf("severity %q was set", severity)
	}
	w.answers("developer", `{currentUser{username}}`, "", `{"data":{"currentUser":{"username":"developer"}}}`)
}

// TestTokensOfASeed checks further tokens of a seed, with and without grants.
func TestTokensOfASeed(t *testing.T) {
	t.Parallel()
	tokens := []seed.Token{
		{Value: "reader", Scopes: []string{"read_api"}},
		{Value: "fine", Name: "bot", GranularScopes: []seed.GranularScope{
			{Group: "ours", Permissions: []string{"read_work_item"}},
			{Project: "ours/work", Permissions: []string{"read_member"}},
			{User: true, Permissions: []string{"read_user"}},
			{Instance: true, Permissions: []string{"read_metadata"}},
		}},
		{Value: "gone", Revoked: true},
	}
	world := seed.Seed{
		Users:    []seed.User{{Username: "ada", Tokens: tokens}},
		Groups:   []seed.Group{{Path: "ours", Members: []seed.Member{{User: "ada", Role: "maintainer"}}}},
		Projects: []seed.Project{{Path: "ours/work"}},
	}
	s := newTestServer(t, Options{Version: "18.10.0"})
	if err := s.Apply(world); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		token, method, path string
		status              int
	}{
		{"sandbox-ada", "POST", "/projects/ours%2Fwork/issues?title=x", 201},
		{"reader", "GET", "/projects/ours%2Fwork/issues", 200},
		{"reader", "POST", "/projects/ours%2Fwork/issues?title=x", 403},
		{"gone", "GET", "/user", 401},
		{"fine", "GET", "/projects/ours%2Fwork/issues", 200},
		{"fine", "POST", "/projects/ours%2Fwork/issues?title=x", 403},
		{"fine", "GET", "/projects/ours%2Fwork/members", 200},
		{"fine", "GET", "/groups/ours/members", 403},
		{"fine", "GET", "/user", 200},
		{"fine", "GET", "/version", 200},
	} {
		if rec := ask(t, s, tt.token, tt.method, tt.path, ""); rec.Code != tt.status {
			t.Errorf("%s %s with %s: got %d %s, want %d", tt.method, tt.path, tt.token, rec.Code, rec.Body, tt.status)
		}
	}
	if at := slices.IndexFunc(s.Accounts(), func(a Account) bool { return a.Username == "ada" }); s.Accounts()[at].Token != "sandbox-ada" {
		t.Errorf("the first token of ada is %s", s.Accounts()[at].Token)
	}
}

func TestInvalidTokensOfASeed(t *testing.T) {
	t.Parallel()
	fine := func(scopes ...seed.GranularScope) seed.Token {
		return seed.Token{Value: "fine", GranularScopes: scopes}
	}
	pick := func(permissions ...string) []string { return permissions }
	for _, tt := range []struct {
		version string
		token   seed.Token
		want    string
	}{
		{"18.10.0", seed.Token{}, `users[0].tokens[0]: value "" is empty or taken`},
		{"18.10.0", seed.Token{Value: "sandbox-ada"}, `value "sandbox-ada" is empty or taken`},
		{"18.9.0", fine(seed.GranularScope{User: true}), "version 18.9.0 of GitLab has no fine-grained tokens: use 18.10 or later"},
		{"18.10.0", fine(seed.GranularScope{}), "tokens[0].granular_scopes[0]: exactly one of group, project, user and instance is required"},
		{"18.10.0", fine(seed.GranularScope{User: true, Group: "ours"}), "exactly one of group, project, user and instance is required"},
		{"18.10.0", fine(seed.GranularScope{Group: "theirs"}), `group "theirs" not found`},
		{"18.10.0", fine(seed.GranularScope{Project: "ours"}), `project "ours" not found`},
		{"18.10.0", fine(seed.GranularScope{Group: "ours", Permissions: pick("read_issue")}), "permission read_issue is part of read_work_item, which can be picked"},
		{"18.10.0", fine(seed.GranularScope{Group: "ours", Permissions: pick("fly")}), `permission "fly" not found`},
		{"18.10.0", fine(seed.GranularScope{Group: "ours", Permissions: pick("read_user")}), "permission read_user is for: user"},
		{"18.10.0", fine(seed.GranularScope{User: true, Permissions: pick("write_work_item")}), "permission write_work_item is for: project, group"},
		{"18.10.0", seed.Token{Value: "x", Scopes: pick("api"), GranularScopes: []seed.GranularScope{{User: true}}}, "scopes and granular_scopes cannot be combined"},
	} {
		s := newTestServer(t, Options{Version: tt.version})
		err := s.Apply(seed.Seed{
			Users: []seed.User{{Username: "ada", Tokens: []seed.Token{tt.token}}}, Groups: []seed.Group{{Path: "ours"}},
		})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
