package fakegitlab

import (
	"fmt"
	"testing"
)

func TestMergeRequestsAndApprovals(t *testing.T) {
	t.Parallel()
	s := seeded(t, Options{Edition: Premium}, HandbookSeed)
	w := &world{t: t, s: s}
	const base = "/projects/31/merge_requests"
	for query, want := range map[string]string{
		"":                                  "2 1 3",
		"?state=opened&sort=asc":            "1 2",
		"?author_username=diego":            "1",
		"?search=contractor":                "2",
		"?iids[]=3":                         "3",
		"?order_by=updated_at&sort=asc":     "3 1 2",
		"?labels=none":                      "",
		"?per_page=2&page=2&sort=asc":       "2",
		"?state=merged&order_by=created_at": "3",
	} {
		if got := fieldOf(w.list("sandbox-gus", base+query), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	mr := w.must(200, "sandbox-gus", "GET", base+"/1", "")
	if mr.str("state") != "opened" || mr.str("web_url") != "http://gitlab.example.test/acme/infrastructure/-/merge_requests/1" {
		t.Errorf("got %v", mr)
	}
	a := w.must(200, "sandbox-maria", "GET", base+"/1/approvals", "")
	if a["approved"] != true || a.num("approvals_left") != 0 || a["user_can_approve"] != true || a["user_has_approved"] != false {
		t.Errorf("got %v", a)
	}
	// The second was approved by its author alone, who is in no rule on authentication.
	state := w.must(200, "sandbox-maria", "GET", base+"/2/approval_state", "")
	var got string
	for _, r := range state["rules"].([]any) {
		got += fmt.Sprint(r.(map[string]any)["name"], " ", r.(map[string]any)["approved"], "; ")
	}
	if want := "Authentication changes false; All members true; "; got != want {
		t.Errorf("rules: got %q, want %q", got, want)
	}
	rules := w.list("sandbox-gus", "/projects/31/approval_rules")
	if fieldOf(rules, "approvals_required") != "1 1" {
		t.Errorf("got %v", rules)
	}
	one := w.must(200, "sandbox-gus", "GET", fmt.Sprintf("/projects/31/approval_rules/%d", rules[0].num("id")), "")
	if one.str("rule_type") != "regular" || len(one["eligible_approvers"].([]any)) != 2 {
		t.Errorf("got %v", one)
	}
	settings := w.must(200, "sandbox-gus", "GET", "/projects/31/approvals", "")
	if settings["merge_requests_disable_committers_approval"] != true || settings["reset_approvals_on_push"] != true {
		t.Errorf("got %v", settings)
	}
	const gone = `{"message":"404 Not found"}`
	w.refused(404, gone, "sandbox-gus", "GET", base+"/9", "")
	w.refused(404, gone, "sandbox-gus", "GET", "/projects/31/approval_rules/9", "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "sandbox-oskar", "GET", base, "")
}

func TestNoApprovalRulesOnFree(t *testing.T) {
	t.Parallel()
	w := &world{t: t, s: seeded(t, Options{}, HandbookSeed)}
	if rules := w.list("sandbox-gus", "/projects/31/approval_rules"); len(rules) != 0 {
		t.Errorf("got %v", rules)
	}
}

func TestCommunityEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Version: "18.6.1"})
	issue := w.newIssue("")
	for _, path := range []string{"/approvals", "/approval_rules", "/approval_rules/1", "/merge_requests/1/approvals"} {
		w.refused(404, `{"error":"404 Not Found"}`, "guest", "GET", w.path(w.infra, path), "")
	}
	w.refused(400, `{"error":"link_type does not have a valid value"}`, "guest", "POST", issue+"/links",
		fmt.Sprintf("target_project_id=%d&target_issue_iid=1&link_type=blocks", w.infra.id))
}
