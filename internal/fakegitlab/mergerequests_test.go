package fakegitlab

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestMergeRequestsAndApprovals(t *testing.T) {
	t.Parallel()
	s := seeded(t, Options{Edition: store.Premium}, seed.Handbook)
	w := &world{t: t, s: s}
	const base = "/projects/31/merge_requests"
	for query, want := range map[string]string{
		"":                                  "2 1 3",
		"?state=opened&sort=asc":            "1 2",
		"?author_username=diego":            "1",
		"?search=contractor":                "2",
		"?iids[]=3":                         "3",
		"?order_by=updated_at&sort=asc":     "3 1 2",
		"?labels=none":                      "2 1 3",
		"?labels=Any":                       "",
		"?per_page=2&page=2&sort=asc":       "2",
		"?state=merged&order_by=created_at": "3",
	} {
		if got := fieldOf(w.list("sandbox-maria", base+query), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	mr := w.must(200, "sandbox-maria", "GET", base+"/1", "")
	if mr.str("state") != "opened" || mr.str("web_url") != "http://gitlab.example.test/acme/infrastructure/-/merge_requests/1" {
		t.Errorf("got %v", mr)
	}
	a := w.must(200, "sandbox-maria", "GET", base+"/1/approvals", "")
	if a["approved"] != true || a.num("approvals_left") != 0 || a["user_can_approve"] != true || a["user_has_approved"] != false {
		t.Errorf("got %v", a)
	}
	// The second was approved only by its author, who is in no rule on authentication.
	state := w.must(200, "sandbox-maria", "GET", base+"/2/approval_state", "")
	var got string
	for _, r := range state["rules"].([]any) {
		got += fmt.Sprint(r.(map[string]any)["name"], " ", r.(map[string]any)["approved"], "; ")
	}
	if want := "Authentication changes false; All members true; "; got != want {
		t.Errorf("rules: got %q, want %q", got, want)
	}
	rules := w.list("sandbox-maria", "/projects/31/approval_rules")
	if fieldOf(rules, "approvals_required") != "1 1" {
		t.Errorf("got %v", rules)
	}
	one := w.must(200, "sandbox-maria", "GET", fmt.Sprintf("/projects/31/approval_rules/%d", rules[0].num("id")), "")
	if one.str("rule_type") != "regular" || len(one["eligible_approvers"].([]any)) != 2 {
		t.Errorf("got %v", one)
	}
	settings := w.must(200, "sandbox-maria", "GET", "/projects/31/approvals", "")
	if settings["merge_requests_disable_committers_approval"] != true || settings["reset_approvals_on_push"] != true {
		t.Errorf("got %v", settings)
	}
	const gone = `{"message":"404 Not found"}`
	w.refused(404, gone, "sandbox-maria", "GET", base+"/9", "")
	w.refused(404, gone, "sandbox-maria", "GET", "/projects/31/approval_rules/9", "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "sandbox-oskar", "GET", base, "")
	const forbidden = `{"message":"403 Forbidden"}`
	for _, path := range []string{base, base + "/1", base + "/1/notes", base + "/1/approvals", "/projects/31/approval_rules"} {
		w.refused(403, forbidden, "sandbox-gus", "GET", path, "") // a Guest of a private project
	}
}

func TestDiffs(t *testing.T) {
	t.Parallel()
	w := &world{t: t, s: seeded(t, Options{Edition: store.Premium}, seed.Handbook)}
	const base = "/projects/acme%2Foauth2-proxy-cookbook/merge_requests"
	for path, want := range map[string]string{
		"/1/diffs":                   "attributes/default.rb attributes/default.rb 100644 100644 false false false; templates/default/oauth2_proxy.cfg.erb templates/default/oauth2_proxy.cfg.erb 100644 100644 false false false; ",
		"/1/diffs?per_page=1&page=2": "templates/default/oauth2_proxy.cfg.erb templates/default/oauth2_proxy.cfg.erb 100644 100644 false false false; ",
		"/2/diffs?page=1&per_page=2": "recipes/default.rb recipes/default.rb 100644 100644 false false false; libraries/vault.rb libraries/vault.rb 0 100644 true false false; ",
		"/4/diffs":                   "files/default/cookie.lua files/default/cookie.lua 100644 0 false false true; recipes/cookies.rb recipes/cookie.rb 100644 100644 false true false; ",
	} {
		if got := printDiffs(w.list("sandbox-ines", base+path)); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	mr := w.must(200, "sandbox-noor", "GET", base+"/4/changes", "")
	if mr.num("iid") != 4 || mr["draft"] != true || mr["changes_count"] != "2" || mr["overflow"] != false || len(mr["changes"].([]any)) != 2 {
		t.Errorf("got %v", mr)
	}
	w.refused(404, `{"message":"404 Not found"}`, "sandbox-ines", "GET", base+"/9/diffs", "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "sandbox-oskar", "GET", base+"/1/changes", "")
}

func printDiffs(rows []object) string {
	var b strings.Builder
	for _, d := range rows {
		for _, field := range []string{"new_path", "old_path", "a_mode", "b_mode", "new_file", "renamed_file"} {
			fmt.Fprint(&b, d[field], " ")
		}
		fmt.Fprint(&b, d["deleted_file"], "; ")
	}
	return b.String()
}

// TestManyFiles checks that the list silently leaves out files above the limit, and that the old form says so.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1000: "1000 false", 1001: "1000+ true"} {
		in := seed.Seed{Users: []seed.User{{Username: "u"}}, Projects: []seed.Project{{Path: "u/p", MergeRequests: []seed.MergeRequest{{Title: "large"}}}}}
		for k := range n {
			in.Projects[0].MergeRequests[0].Files = append(in.Projects[0].MergeRequests[0].Files, seed.File{Path: fmt.Sprint(k)})
		}
		w := &world{t: t, s: newTestServer(t, Options{})}
		if err := w.s.Apply(in); err != nil {
			t.Fatal(err)
		}
		if rec := w.ask("sandbox-u", "GET", "/projects/u%2Fp/merge_requests/1/diffs?per_page=100", ""); rec.Header().Get("X-Total") != "1000" {
			t.Errorf("%d files: X-Total %s", n, rec.Header().Get("X-Total"))
		}
		mr := w.must(200, "sandbox-u", "GET", "/projects/u%2Fp/merge_requests/1/changes", "")
		if got := fmt.Sprint(mr["changes_count"], " ", mr["overflow"]); got != want || len(mr["changes"].([]any)) != 1000 {
			t.Errorf("%d files: got %s, want %s", n, got, want)
		}
	}
}

// TestAuthenticationChanges checks that one repository of the handbook enforces the rule and the other does not.
func TestAuthenticationChanges(t *testing.T) {
	t.Parallel()
	w := &world{t: t, s: seeded(t, Options{Edition: store.Premium}, seed.Handbook)}
	const proxy, users = "/projects/acme%2Foauth2-proxy-cookbook", "/projects/acme%2Fusers-cookbook"
	approved := func(path string) string {
		mr := w.must(200, "sandbox-maria", "GET", path, "")
		var who string
		for _, a := range mr["approved_by"].([]any) {
			who += fmt.Sprint(a.(map[string]any)["user"].(map[string]any)["username"], " ")
		}
		for _, r := range mr["approval_rules_left"].([]any) {
			who += "misses " + fmt.Sprint(r.(map[string]any)["name"])
		}
		return who
	}
	for path, want := range map[string]string{
		proxy + "/merge_requests/1/approvals": "sven ", proxy + "/merge_requests/2/approvals": "felix misses Authentication changes",
		proxy + "/merge_requests/3/approvals": "noor ", proxy + "/merge_requests/4/approvals": "misses Authentication changes",
		users + "/merge_requests/1/approvals": "tomas ", users + "/merge_requests/2/approvals": "noor ",
	} {
		if got := approved(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	rule := w.list("sandbox-maria", proxy+"/approval_rules")[0]
	if got := fieldOf(objects(rule["groups"]), "full_path") + " " + fieldOf(objects(rule["users"]), "username"); got != "acme/sre acme/security noor" || rule["contains_hidden_groups"] != false {
		t.Errorf("rule: got %s", got)
	}
	if rule = w.list("sandbox-felix", proxy+"/approval_rules")[0]; len(rule["groups"].([]any)) != 0 || rule["contains_hidden_groups"] != true {
		t.Errorf("a member of no team of the rule sees %v", rule["groups"])
	}
	for path, want := range map[string]string{proxy: "false true", users: "true false"} {
		a := w.must(200, "sandbox-maria", "GET", path+"/approvals", "")
		if got := fmt.Sprint(a["merge_requests_author_approval"], " ", a["reset_approvals_on_push"]); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	for team, want := range map[string]string{"backend": "felix noor", "security": "sven", "staff": "aisha noor"} {
		members := strings.Fields(fieldOf(w.list("sandbox-maria", "/groups/acme%2F"+team+"/members"), "username"))
		slices.Sort(members)
		if got := strings.Join(members, " "); got != want {
			t.Errorf("%s: got %s, want %s", team, got, want)
		}
	}
}

func objects(rows any) []object {
	var all []object
	for _, row := range rows.([]any) {
		all = append(all, row.(map[string]any))
	}
	return all
}

func TestRuleForBranches(t *testing.T) {
	t.Parallel()
	in := seed.Seed{Users: []seed.User{{Username: "u"}}, Projects: []seed.Project{{
		Path: "u/p", ApprovalRules: []seed.ApprovalRule{{Name: "r", Required: 1, Branches: []string{"main", "stable"}}},
	}}}
	w := &world{t: t, s: newTestServer(t, Options{Edition: store.Premium})}
	if err := w.s.Apply(in); err != nil {
		t.Fatal(err)
	}
	rule := w.list("sandbox-u", "/projects/u%2Fp/approval_rules")[0]
	if got := fieldOf(objects(rule["protected_branches"]), "name"); got != "main stable" {
		t.Errorf("got %s", got)
	}
}

func TestNoApprovalRulesOnFree(t *testing.T) {
	t.Parallel()
	w := &world{t: t, s: seeded(t, Options{}, seed.Handbook)}
	const forbidden = `{"message":"403 Forbidden"}`
	w.refused(403, forbidden, "sandbox-maria", "GET", "/projects/31/approval_rules", "")
	w.refused(403, forbidden, "sandbox-maria", "GET", "/projects/31/approval_rules/1", "")
	settings := w.must(200, "sandbox-maria", "GET", "/projects/31/approvals", "")
	if settings["reset_approvals_on_push"] != false || settings["merge_requests_disable_committers_approval"] != false {
		t.Errorf("settings without a license: got %v", settings)
	}
	state := w.must(200, "sandbox-maria", "GET", "/projects/31/merge_requests/1/approval_state", "")
	if len(state["rules"].([]any)) != 0 {
		t.Errorf("state: got %v", state)
	}
}

func TestCommunityEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: Community})
	issue := w.newIssue("")
	for _, path := range []string{"/approvals", "/approval_rules", "/approval_rules/1", "/merge_requests/1/approval_state"} {
		w.refused(404, `{"error":"404 Not Found"}`, "guest", "GET", w.path(w.infra, path), "")
	}
	w.refused(404, `{"message":"404 Not found"}`, "owner", "GET", w.path(w.infra, "/merge_requests/1/approvals"), "")
	w.refused(400, `{"error":"link_type does not have a valid value"}`, "guest", "POST", issue+"/links",
		fmt.Sprintf("target_project_id=%d&target_issue_iid=1&link_type=blocks", w.infra.ID))
}
