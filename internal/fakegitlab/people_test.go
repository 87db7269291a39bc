package fakegitlab

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestProjectLookup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, tt := range []struct {
		who, path string
		status    int
		body      string
	}{
		{"guest", "/projects/acme%2Finfra", 200, ""},
		{"guest", "/projects/ACME%2FInfra", 200, ""},
		{"guest", "/projects/acme%2Fsub%2Fdeep", 200, ""},
		{"guest", fmt.Sprintf("/projects/%d", w.infra.ID), 200, ""},
		{"", w.path(w.open, ""), 200, ""},
		{"guest", "/projects/infra", 404, `{"message":"404 Project Not Found"}`},
		{"guest", "/projects/acme/infra", 404, `{"error":"404 Not Found"}`},
		{"outsider", "/projects/acme%2Finfra", 404, `{"message":"404 Project Not Found"}`},
		{"guest", "/groups/acme", 200, ""},
		{"guest", "/groups/acme%2Fsub", 200, ""},
		{"guest", "/groups/guest", 404, `{"message":"404 Group Not Found"}`},
		{"outsider", "/groups/acme", 404, `{"message":"404 Group Not Found"}`},
	} {
		rec := w.ask(tt.who, "GET", tt.path, "")
		if rec.Code != tt.status || tt.body != "" && rec.Body.String() != tt.body {
			t.Errorf("%s as %s: got %d %s, want %d %s", tt.path, tt.who, rec.Code, rec.Body, tt.status, tt.body)
		}
	}
}

func TestProjectObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.infra.Members = append(w.infra.Members, &store.Member{User: w.users["guest"], Level: store.Developer})
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	p := w.must(200, "guest", "GET", w.path(w.infra, ""), "")
	perms := p["permissions"].(map[string]any)
	if fmt.Sprint(perms["project_access"]) != "map[access_level:30 notification_level:3]" ||
		fmt.Sprint(perms["group_access"]) != "map[access_level:10 notification_level:3]" {
		t.Errorf("permissions: got %v", perms)
	}
	if p.num("open_issues_count") != 1 || p.str("path_with_namespace") != "acme/infra" || p["issues_enabled"] != true {
		t.Errorf("got %v", p)
	}
	if p = w.must(200, "owner", "GET", w.path(w.open, ""), ""); p["permissions"].(map[string]any)["project_access"] != nil {
		t.Errorf("no direct membership: got %v", p["permissions"])
	}
}

func TestProjectAndGroupLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.sub.Members = append(w.sub.Members, &store.Member{User: w.users["outsider"], Level: store.Guest})
	for _, tt := range []struct{ who, path, field, want string }{
		{"guest", "/projects", "path", "open deep prod infra"},
		{"guest", "/projects?order_by=id&sort=asc", "path", "infra prod deep open"},
		{"outsider", "/projects", "path", "open deep"},
		{"outsider", "/projects?membership=true", "path", "deep"},
		{"", "/projects?simple=true", "path", "open"},
		{"guest", "/projects?search=INF", "path", "infra"},
		{"guest", "/projects?search=acme", "path", ""},
		{"guest", "/projects?search=acme&search_namespaces=true&visibility=private", "path", "deep prod infra"},
		{"guest", "/projects?min_access_level=20", "path", ""},
		{"developer", "/projects?min_access_level=30&per_page=1", "path", "open"},
		{"guest", "/groups", "full_path", "acme acme/sub"},
		{"guest", "/groups?top_level_only=true", "full_path", "acme"},
		{"outsider", "/groups", "full_path", "acme acme/sub"},
		{"guest", "/groups?search=sub", "full_path", "acme/sub"},
		{"guest", "/groups/acme/subgroups", "full_path", "acme/sub"},
		{"guest", "/groups/acme/projects", "path", "open prod infra"},
		{"guest", "/groups/acme/projects?include_subgroups=true", "path", "open deep prod infra"},
	} {
		if got := fieldOf(w.list(tt.who, tt.path), tt.field); got != tt.want {
			t.Errorf("%s as %q: got %q, want %q", tt.path, tt.who, got, tt.want)
		}
	}
	rec := w.ask("guest", "GET", "/projects?pagination=keyset&order_by=id&sort=asc&per_page=3", "")
	if link := rec.Header().Get("Link"); !strings.Contains(link, fmt.Sprintf("id_after=%d&", w.deep.ID)) || strings.Contains(link, "prev") {
		t.Errorf("keyset: Link %s", link)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.infra.Members = append(w.infra.Members,
		&store.Member{User: w.users["guest"], Level: store.Maintainer, CreatedBy: w.users["owner"]},
		&store.Member{User: w.users["owner"], Level: store.Guest}, &store.Member{User: w.users["outsider"], Level: store.Reporter})
	if got := fieldOf(w.list("guest", w.path(w.infra, "/members")), "username"); got != "guest owner outsider" {
		t.Errorf("direct: got %s", got)
	}
	all := w.list("guest", w.path(w.infra, "/members/all"))
	if got, want := fieldOf(all, "access_level"), "15 20 30 40 50 40 20"; got != want {
		t.Errorf("all, once each with the highest level: got %s, want %s", got, want)
	}
	if got := fieldOf(w.list("guest", w.path(w.infra, "/members/all?query=plan")), "username"); got != "planner" {
		t.Errorf("query: got %s", got)
	}
	one := fmt.Sprintf("/members/all/%d", w.users["planner"].ID)
	if m := w.must(200, "guest", "GET", w.path(w.deep, one), ""); m.num("access_level") != store.Planner {
		t.Errorf("inherited: got %v", m)
	}
	w.refused(404, `{"message":"404 Not found"}`, "guest", "GET", w.path(w.deep, fmt.Sprintf("/members/%d", w.users["planner"].ID)), "")
	if _, shown := all[0]["email"]; shown {
		t.Error("a guest sees mail addresses")
	}
}

func TestMembersByID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.infra.Members = append(w.infra.Members, &store.Member{User: w.users["owner"], Level: store.Guest})
	some := fmt.Sprintf("user_ids[]=%d&user_ids[]=%d&user_ids[]=9999", w.users["planner"].ID, w.users["owner"].ID)
	if got := fieldOf(w.list("guest", w.path(w.infra, "/members/all?"+some)), "access_level"); got != "15 50" {
		t.Errorf("user_ids: got %s", got)
	}
	if got := fieldOf(w.list("guest", w.path(w.deep, "/members/all?"+some)), "username"); got != "planner owner" {
		t.Errorf("user_ids, two levels up: got %s", got)
	}
	if got := fieldOf(w.list("guest", w.path(w.infra, "/members?"+some)), "username"); got != "owner" {
		t.Errorf("user_ids among the direct ones: got %s", got)
	}
	if got := fieldOf(w.list("guest", w.path(w.infra, fmt.Sprintf("/members/all?user_ids=%d,%d", w.users["planner"].ID, w.users["owner"].ID))), "username"); got != "planner owner" {
		t.Errorf("user_ids with a comma: got %s", got)
	}
}

// An invited group brings its members and those of its parents with at most its role, but not those of groups that it invited itself.
func TestInvitedGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	member := func(name string, level int) *store.Member { return &store.Member{User: w.user(name), Level: level} }
	ops := w.s.store.AddGroup(&store.Group{Name: "Ops", Path: "ops", Members: []*store.Member{member("olga", store.Owner)}})
	team := w.s.store.AddGroup(&store.Group{Name: "Team", Path: "team", Parent: ops, Members: []*store.Member{member("tim", store.Guest)}})
	far := w.s.store.AddGroup(&store.Group{Name: "Far", Path: "far", Members: []*store.Member{member("fay", store.Owner)}})
	team.Invited = []store.Invitation{{Group: far, Level: store.Owner}}
	w.acme.Invited = []store.Invitation{{Group: team, Level: store.Developer}}
	for path, want := range map[string]string{
		w.path(w.infra, "/members/all?query=olga"): "30", w.path(w.deep, "/members/all?query=tim"): "10",
		w.path(w.sub, "/members/all?query=olga"): "30", w.path(w.infra, "/members?query=olga"): "", w.path(w.infra, "/members/all?query=fay"): "",
	} {
		if got := fieldOf(w.list("guest", path), "access_level"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := fieldOf(w.list("outsider", w.path(w.open, "/members/all?query=olga")), "access_level"); got != "" {
		t.Errorf("an outsider sees a private group that was invited: %s", got)
	}
	w.must(201, "olga", "POST", w.path(w.infra, "/milestones"), "title=m")
	w.refused(403, `{"message":"403 Forbidden"}`, "tim", "POST", w.path(w.infra, "/milestones"), "title=n")
	w.refused(404, `{"message":"404 Project Not Found"}`, "fay", "GET", w.path(w.infra, ""), "")
	shared := fmt.Sprint(w.must(200, "guest", "GET", w.path(w.acme, ""), "")["shared_with_groups"])
	if want := fmt.Sprintf("[map[expires_at:<nil> group_access_level:30 group_full_path:ops/team group_id:%d group_name:Team]]", team.ID); shared != want {
		t.Errorf("got %s, want %s", shared, want)
	}
}

func TestGroupMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.sub.Members = append(w.sub.Members, &store.Member{User: w.users["outsider"], Level: store.Guest}, &store.Member{User: w.users["guest"], Level: store.Developer})
	for path, want := range map[string]string{
		w.path(w.sub, "/members"):                                                     "10 30",
		w.path(w.sub, "/members/all?query=outsider"):                                  "10",
		w.path(w.sub, fmt.Sprintf("/members/all?user_ids[]=%d", w.users["guest"].ID)): "30",
		w.path(w.deep, "/members/all?query=outsider"):                                 "10",
	} {
		all := w.list("owner", path)
		slices.SortFunc(all, func(a, b object) int { return a.num("access_level") - b.num("access_level") })
		if got := fieldOf(all, "access_level"); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	for _, path := range []string{"/members/all/%d", "/members/%d"} {
		if m := w.must(200, "owner", "GET", w.path(w.sub, fmt.Sprintf(path, w.users["guest"].ID)), ""); m.num("access_level") != store.Developer {
			t.Errorf("one member of the group: got %v", m)
		}
	}
	w.refused(404, `{"message":"404 Not found"}`, "owner", "GET", w.path(w.acme, fmt.Sprintf("/members/all/%d", w.users["outsider"].ID)), "")
	w.refused(404, `{"message":"404 Group Not Found"}`, "outsider", "GET", "/groups/9999/members/all/1", "")
}

func TestUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	if got := fieldOf(w.list("guest", "/users?username=PLANNER"), "name"); got != "The planner" {
		t.Errorf("got %s", got)
	}
	if got := w.list("guest", "/users?username=nobody"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	self := w.must(200, "guest", "GET", "/user", "")
	if _, shown := self["is_admin"]; shown || self.str("email") != "guest@acme.test" || self["bot"] != false {
		t.Errorf("got %v", self)
	}
	w.refused(404, `{"message":"404 User Not Found"}`, "guest", "GET", "/users/9999", "")
}

func TestOldAndForeignPaths(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	for path, want := range map[string]int{"/api/v3/version": 410, "/": 404, "/api/v4/": 404, "/api/v4": 404, "/users/sign_in": 404} {
		r := request("sandbox-root", "GET", "", "")
		r.URL.Path = path
		if rec := serve(s, r); rec.Code != want {
			t.Errorf("%s: got %d %s, want %d", path, rec.Code, rec.Body, want)
		}
	}
}

func TestUnreadableRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"NUL in JSON", "POST", issues, `{"title":"a\u0000b"}`, 400, "Bad Request"},
		{"NUL in a nested name", "POST", issues, `{"x":[{"a\u0000":1}]}`, 400, "Bad Request"},
		{"NUL in the query", "GET", issues + "?search=%00", "", 400, "Bad Request"},
		{"no UTF-8", "GET", issues + "?search=%ff", "", 400, "Bad Request"},
		{"no UTF-8 in the path", "GET", "/projects/%ff", "", 400, "Bad Request"},
		{"long address", "GET", issues + "?search=" + strings.Repeat("x", 9000), "", 414, "414 Request-URI Too Large"},
	} {
		rec := w.ask("guest", tt.method, tt.path, tt.body)
		if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
			t.Errorf("%s: got %d %s, want %d", tt.name, rec.Code, rec.Body, tt.status)
		}
	}
}

func TestStampsAreStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	last := ""
	for range 5 {
		i := w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
		if i.str("created_at") <= last {
			t.Fatalf("%s is not after %s though the clock stands still", i.str("created_at"), last)
		}
		last = i.str("created_at")
	}
}

// TestParallelRequests is for the race detector. It also checks that each request is carried out exactly once, in
// any order.
func TestParallelRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Ultimate})
	issues := w.path(w.infra, "/issues")
	w.must(201, "owner", "POST", issues, `{"title":"shared"}`)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for k := range 10 {
				w.ask("owner", "POST", issues, fmt.Sprintf(`{"title":"i%d-%d","labels":"l%d"}`, n, k, k))
				w.ask("owner", "PUT", issues+"/1", fmt.Sprintf(`{"add_labels":"l%d-%d"}`, n, k))
				w.ask("guest", "GET", issues+"?labels=l3&order_by=updated_at", "")
				w.ask("guest", "GET", "/projects", "")
				w.s.Snapshot()
			}
		})
	}
	wg.Wait()
	shot := w.s.Snapshot().Project("acme/infra")
	if len(shot.Issues) != 81 || len(shot.Issues[0].Labels) != 80 || len(shot.Labels) != 90 {
		t.Errorf("%d issues, %d labels on the first, %d labels in all; want 81, 80, 90",
			len(shot.Issues), len(shot.Issues[0].Labels), len(shot.Labels))
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	picture := func(frozen int) string {
		w := newWorld(t, Options{Edition: store.Premium})
		m := w.must(201, "owner", "POST", w.path(w.acme, "/milestones"), `{"title":"Current","due_date":"2018-08-31"}`)
		for range frozen {
			w.list("owner", w.path(w.acme, "/milestones"))
		}
		w.must(201, "owner", "POST", w.path(w.infra, "/issues"),
			fmt.Sprintf(`{"title":"x","labels":"b,a","weight":3,"milestone_id":%d,"description":"text"}`, m.num("id")))
		before := w.s.Snapshot()
		w.must(200, "owner", "PUT", w.path(w.infra, "/issues/1"), `{"weight":5,"remove_labels":"b"}`)
		if i := before.Project("acme/infra").Issues[0]; *i.Weight != 3 || len(i.Labels) != 2 {
			t.Errorf("the picture changed with the state: %+v", i)
		}
		i := before.Project("acme/infra").Issues[0]
		i.Weight = nil
		return fmt.Sprintf("%+v %+v", i, before.Group("acme").Milestones)
	}
	a, b := picture(0), picture(3)
	if a != b {
		t.Errorf("two runs with the same writes differ:\n%s\n%s", a, b)
	}
	want := `{IID:1 Title:x Author:owner Type:issue State:opened Labels:[a b] MilestoneID:401 Milestone:Current Description:text Assignees:[] DueDate: ` +
		`Weight:<nil> Confidential:false Locked:false DuplicateOf: MovedTo: Notes:[] Links:[]} [{ID:401 Title:Current State:active StartDate: DueDate:2018-08-31 Description:}]`
	if a != want {
		t.Errorf("got %s\nwant %s", a, want)
	}
}

// TestSnapshotOfAnIssue checks that a snapshot has everything about an issue that a command could break.
func TestSnapshotOfAnIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one, two := w.newIssue(""), w.newIssue("")
	look := func() string { return fmt.Sprintf("%+v", w.s.Snapshot()) }
	for _, step := range []struct{ method, path, body string }{
		{"PUT", one, "description=d"},
		{"PUT", one, "title=t"},
		{"PUT", one, "confidential=true"},
		{"PUT", one, "discussion_locked=true"},
		{"PUT", one, "due_date=2018-09-01"},
		{"PUT", one, "assignee_ids[]=2"},
		{"PUT", one, "add_labels=l"},
		{"PUT", one, "issue_type=incident"},
		{"PUT", one, "state_event=close"},
		{"POST", two + "/notes", "body=a+word"},
		{"POST", two + "/notes", "body=a+word&internal=true"},
		{"POST", two + "/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=1", w.infra.ID)},
		{"POST", two + "/notes", "body=%2Fduplicate+%231"},
		{"POST", one + "/move", fmt.Sprintf("to_project_id=%d", w.prod.ID)},
	} {
		before := look()
		if rec := w.ask("maintainer", step.method, step.path, step.body); rec.Code/100 != 2 {
			t.Fatalf("%s %s: got %d %s", step.path, step.body, rec.Code, rec.Body)
		}
		if look() == before {
			t.Errorf("%s %s %s: the picture is as before", step.method, step.path, step.body)
		}
	}
	shot := w.s.Snapshot().Project("acme/infra").Issues
	if shot[1].DuplicateOf != "acme/infra#1" || shot[0].MovedTo != "acme/prod#1" || !shot[0].Locked || shot[0].Type != "incident" {
		t.Errorf("got %+v", shot)
	}
	if n := shot[1].Notes[1]; n != (store.NoteState{Author: "maintainer", Body: "a word", Internal: true}) {
		t.Errorf("got %+v", n)
	}
}
