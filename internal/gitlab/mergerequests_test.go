package gitlab

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

// authLab has a project with a merge request that two people approved.
func authLab(t *testing.T, edit func(*fakegitlab.Options)) *lab {
	t.Helper()
	l := newLab(t, edit)
	err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{{
		Path:          "acme/users",
		MergeRequests: []fakegitlab.SeedMergeRequest{{Title: "Let Ines in", Author: "guest", ApprovedBy: []string{"reporter", "owner"}}},
		Approvals:     fakegitlab.SeedApprovals{KeepOnPush: true, AuthorMayApprove: true},
		ApprovalRules: []fakegitlab.SeedApprovalRule{{Name: "auth", Required: 2, Users: []string{"owner"}, Groups: []string{"acme/sub"}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestMergeRequest(t *testing.T) {
	t.Parallel()
	l := authLab(t, nil)
	c := l.as(t, "developer", nil)
	got, err := c.MergeRequest(t.Context(), "acme/users", 1)
	want := mergerequest.MergeRequest{Project: "acme/users", IID: 1, Title: "Let Ines in", Author: "guest", AuthorID: got.AuthorID, State: "opened",
		WebURL: "https://gitlab.example.test/acme/users/-/merge_requests/1"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || got.AuthorID == 0 || got.String() != "acme/users!1" {
		t.Errorf("%v %s", err, diff)
	}
	users, err := c.Approvals(t.Context(), "acme/users", 1)
	if err != nil || len(users) != 2 || users[0].By.Username != "reporter" || users[1].By.Username != "owner" || users[0].By.ID == 0 || users[0].At.IsZero() {
		t.Errorf("%+v, %v", users, err)
	}
	if _, err := c.MergeRequest(t.Context(), "acme/users", 9); !errors.Is(err, fault.NotFound) {
		t.Errorf("one that does not exist: %v", err)
	}
	if _, err := c.Approvals(t.Context(), "acme/users", 9); !errors.Is(err, fault.NotFound) || errors.Is(err, fault.NotOffered) {
		t.Errorf("approvals of one that does not exist: %v", err)
	}
}

func TestApprovalSettingsAndRules(t *testing.T) {
	t.Parallel()
	l := authLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Premium })
	c := l.as(t, "maintainer", nil)
	settings, err := c.ApprovalSettings(t.Context(), "acme/users")
	if diff := cmp.Diff(mergerequest.Settings{AuthorMayApprove: true, CommittersMayApprove: true, RulesMayBeChanged: true}, settings); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	strict, err := c.ApprovalSettings(t.Context(), "acme/infra")
	if diff := cmp.Diff(mergerequest.Settings{CommittersMayApprove: true, ResetOnPush: true, RulesMayBeChanged: true}, strict); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	rules, err := c.ApprovalRules(t.Context(), "acme/users")
	if err != nil || len(rules) != 1 {
		t.Fatalf("%+v, %v", rules, err)
	}
	owner, err := c.UserByName(t.Context(), infra, "owner")
	if err != nil {
		t.Fatal(err)
	}
	want := mergerequest.Rule{ID: rules[0].ID, Name: "auth", Type: "regular", Required: 2, Users: []string{"owner"}, UserIDs: []int64{owner.ID}, Groups: []string{"acme/sub"}}
	if diff := cmp.Diff(want, rules[0]); diff != "" || rules[0].ID == 0 {
		t.Error(diff)
	}
	free := authLab(t, nil)
	if _, err := free.as(t, "maintainer", nil).ApprovalRules(t.Context(), "acme/users"); !errors.Is(err, fault.NotOffered) || fault.KindOf(err) != fault.Failed {
		t.Errorf("on Free: %v", err)
	}
	if _, err := l.as(t, "guest", nil).ApprovalRules(t.Context(), "acme/users"); errors.Is(err, fault.NotOffered) || fault.KindOf(err) != fault.Auth {
		t.Errorf("by a Guest: %v", err)
	}
	c, _ = serve(t, answering(200, `[{"id":3,"name":"main","rule_type":"any_approver","approvals_required":1,"protected_branches":[{"id":1,"name":"main"},{"id":2,"name":"stable-*"}]}]`), nil)
	rules, err = c.ApprovalRules(t.Context(), "acme/users")
	if diff := cmp.Diff([]mergerequest.Rule{{ID: 3, Name: "main", Type: "any_approver", Required: 1, Branches: []string{"main", "stable-*"}}}, rules); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestApprovalsInCommunityEdition(t *testing.T) {
	t.Parallel()
	l := authLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Community })
	c := l.as(t, "maintainer", nil)
	if users, err := c.Approvals(t.Context(), "acme/users", 1); err != nil || len(users) != 2 {
		t.Errorf("approvals of a merge request: %v, %v", users, err)
	}
	_, errSettings := c.ApprovalSettings(t.Context(), "acme/users")
	_, errRules := c.ApprovalRules(t.Context(), "acme/users")
	for _, err := range []error{errSettings, errRules} {
		if !errors.Is(err, fault.NotOffered) || fault.KindOf(err) != fault.Failed {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
	}
}

// diffs serves n changed files in pages, some of them renamed.
func diffs(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, size := 0, pageSize
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Page", fmt.Sprint(page))
		if page*size < n {
			w.Header().Set("X-Next-Page", fmt.Sprint(page+1))
		}
		var rows []string
		for i := (page - 1) * size; i < min(n, page*size); i++ {
			rows = append(rows, fmt.Sprintf(`{"old_path":"f%04d","new_path":"f%04d","diff":""}`, i, i+i/250))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(rows, ","))
	}
}

func TestChangedPaths(t *testing.T) {
	t.Parallel()
	const renamed = `{"old_path":"b","new_path":"a"},{"old_path":"c","new_path":"c"}`
	old := func(overflow bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/diffs") {
				answering(404, `{"error":"404 Not Found"}`)(w, r)
				return
			}
			answering(200, fmt.Sprintf(`{"id":70,"iid":4,"author":{"id":2},"changes":[%s],"overflow":%v}`, renamed, overflow))(w, r)
		}
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		paths   int
		says    string
	}{
		"a few":                      {answering(200, "["+renamed+"]"), 3, ""},
		"none":                       {answering(200, "[]"), 0, ""},
		"several pages":              {diffs(251), 252, ""},
		"too many":                   {diffs(1000), 0, "more files than GitLab lists"},
		"an old GitLab":              {old(false), 3, ""},
		"too many for an old GitLab": {old(true), 0, "more files than GitLab lists"},
		"not found":                  {answering(404, `{"message":"404 Not Found"}`), 0, "404 Not Found"},
		"forbidden":                  {answering(403, `{"message":"403 Forbidden"}`), 0, "403"},
	} {
		c, _ := serve(t, tt.handler, nil)
		got, err := c.ChangedPaths(t.Context(), "acme/users", 4)
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) || len(got) != tt.paths {
			t.Errorf("%s: %d paths, %v", name, len(got), err)
		}
	}
	c, _ := serve(t, answering(200, "["+renamed+"]"), nil)
	if got, _ := c.ChangedPaths(t.Context(), "acme/users", 4); !cmp.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("paths %q", got)
	}
}
