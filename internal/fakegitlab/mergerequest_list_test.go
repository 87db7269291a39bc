package fakegitlab

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// mergeRequests is a world whose project acme/infra has three merge requests: an open draft of ann's, a merged one of bob's
// with much attached to it, and one that bob closed.
func mergeRequests(t *testing.T, edition store.Edition) *world {
	t.Helper()
	day := func(n int) time.Time { return time.Date(2018, 8, n, 9, 0, 0, 0, time.UTC) }
	s := newTestServer(t, Options{Edition: edition})
	err := s.Apply(seed.Seed{
		Users: []seed.User{{Username: "ann"}, {Username: "bob"}, {Username: "gus"}},
		Groups: []seed.Group{{Path: "acme", Members: []seed.Member{
			{User: "ann", Role: "maintainer"}, {User: "bob", Role: "reporter"}, {User: "gus", Role: "guest"},
		}}},
		Projects: []seed.Project{
			{Path: "acme/infra", Labels: []seed.Label{{Name: "later"}, {Name: "now", Priority: new(1)}}, Milestones: []seed.Milestone{
				{Title: "Current", StartDate: "2018-08-01", DueDate: "2018-08-31"}, {Title: "Far", StartDate: "2028-01-01", DueDate: "2028-02-01"},
			}, MergeRequests: []seed.MergeRequest{
				{Title: "Draft: Rotate keys", Author: "ann", Assignees: []string{"bob"}, SourceBranch: "keys", Labels: []string{"later"},
					Milestone: "Far", CreatedAt: day(1), Notes: []seed.Note{{Author: "bob", Body: "Not yet."}, {Body: "hidden", Internal: true}}},
				{Title: "Cache lookups", Description: "Saves half the time.\n\n- [x] measured\n- [ ] told", Author: "bob", Reviewers: []string{"ann"},
					SourceBranch: "cache", TargetBranch: "stable", Labels: []string{"now", "later"}, Milestone: "Current", State: "merged",
					CreatedAt: day(2), MergedAt: day(9), MergedBy: "ann", ApprovedBy: []string{"ann"}, Awards: []seed.Award{{Name: "thumbsup", User: "ann"}}},
				{Title: "Another way", Author: "bob", SourceBranch: "way", State: "closed", CreatedAt: day(3), ClosedAt: day(4), ClosedBy: "bob"},
			}},
			{Path: "acme/old", Archived: true, MergeRequests: []seed.MergeRequest{{Title: "Old", Author: "ann", CreatedAt: day(5)}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, s: s}
}

func TestMergeRequestFilters(t *testing.T) {
	t.Parallel()
	w := mergeRequests(t, store.Premium)
	ann, bob := w.s.store.UserNamed("ann").ID, w.s.store.UserNamed("bob").ID
	project := w.s.store.FindProject("acme/infra").ID
	for query, want := range map[string]string{
		"":                                           "3 2 1",
		fmt.Sprintf("author_id=%d", ann):             "1",
		"author_username=BOB":                        "3 2",
		fmt.Sprintf("assignee_id=%d", bob):           "1",
		"assignee_id=None":                           "3 2",
		"assignee_id=any":                            "1",
		"assignee_username[]=bob":                    "1",
		"reviewer_username=ann":                      "2",
		"reviewer_username=None":                     "3 1",
		"reviewer_id=Any":                            "2",
		fmt.Sprintf("reviewer_id=%d", bob):           "",
		"labels=now,later":                           "2",
		"labels=None":                                "3",
		"labels=Any":                                 "2 1",
		"milestone=Current":                          "2",
		"milestone=none":                             "3",
		"milestone=Any":                              "2 1",
		"milestone=%23upcoming":                      "1",
		"milestone=%23started":                       "2",
		"my_reaction_emoji=thumbsup":                 "2",
		"my_reaction_emoji=None":                     "3 1",
		"my_reaction_emoji=rocket":                   "",
		"state=merged":                               "2",
		"state=locked":                               "",
		"created_after=2018-08-02T09:00:00Z":         "3 2",
		"created_before=2018-08-02":                  "1",
		"updated_after=2018-08-05":                   "2",
		"updated_before=2018-08-05":                  "3 1",
		"scope=created_by_me":                        "1",
		"scope=assigned-to-me":                       "",
		"scope=reviews_for_me":                       "2",
		"scope=all":                                  "3 2 1",
		"source_branch=way":                          "3",
		"target_branch=stable":                       "2",
		fmt.Sprintf("source_project_id=%d", project): "3 2 1",
		"source_project_id=7":                        "",
		"search=half":                                "2",
		"search=half&in=title":                       "",
		"search=cache&in=title,description":          "2",
		"wip=yes":                                    "1",
		"wip=no":                                     "3 2",
		"not[author_username]=bob":                   "1",
		fmt.Sprintf("not[author_id]=%d", ann):        "3 2",
		"not[assignee_username]=bob":                 "3 2",
		"not[reviewer_username]=ann":                 "3 1",
		"not[labels]=now":                            "3 1",
		"not[milestone]=Current":                     "3 1",
		"not[my_reaction_emoji]=thumbsup":            "3 1",
		"deployed_after=2018-01-01":                  "",
		"deployed_before=2028-01-01":                 "",
		"environment=production":                     "",
		"approved=yes":                               "2",
		"approved=no":                                "3 1",
		fmt.Sprintf("merge_user_id=%d", ann):         "2",
		"merge_user_username=bob":                    "",
		fmt.Sprintf("approved_by_ids[]=%d", ann):     "2",
		"approved_by_ids=None":                       "3 1",
		"approved_by_usernames[]=ann":                "2",
		"approver_ids=Any":                           "",
		"iids[]=1&iids[]=3":                          "3 1",
		"order_by=title&sort=asc":                    "3 2 1",
		"order_by=title":                             "1 2 3",
		"order_by=merged_at&sort=asc":                "2 3 1",
		"order_by=merged_at":                         "2 3 1",
		"order_by=updated_at":                        "2 3 1",
		"order_by=popularity":                        "2 3 1",
		"order_by=milestone_due":                     "1 2 3",
		"order_by=milestone_due&sort=asc":            "2 1 3",
		"order_by=label_priority":                    "2 3 1",
		"order_by=priority&sort=asc":                 "2 1 3",
	} {
		if got := fieldOf(w.list("sandbox-ann", "/projects/acme%2Finfra/merge_requests?"+query), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"author_id=1&author_username=x":         "author_id, author_username are mutually exclusive",
		"assignee_id=x":                         "assignee_id should be an integer, none, or any, however got x",
		"merge_user_id=1&merge_user_username=x": "merge_user_id, merge_user_username are mutually exclusive",
		"wip=maybe":                             "wip does not have a valid value",
		"order_by=weight":                       "order_by does not have a valid value",
		"view=full":                             "view does not have a valid value",
		"created_after=never":                   "created_after is invalid",
	} {
		w.refused(400, `{"error":"`+want+`"}`, "sandbox-gus", "GET", "/projects/acme%2Finfra/merge_requests?"+query, "")
	}
}

func TestMergeRequestLists(t *testing.T) {
	t.Parallel()
	w := mergeRequests(t, store.Free)
	for _, tt := range []struct{ who, path, field, want string }{
		{"sandbox-bob", "/merge_requests", "iid", "3 2"},
		{"sandbox-bob", "/merge_requests?scope=all", "title", "Old Another way Cache lookups Draft: Rotate keys"},
		{"sandbox-gus", "/merge_requests?scope=all", "iid", ""},
		{"sandbox-bob", "/groups/acme/merge_requests", "iid", "3 2 1"},
		{"sandbox-bob", "/groups/acme/merge_requests?non_archived=false", "iid", "1 3 2 1"},
		{"sandbox-bob", "/groups/acme/merge_requests?state=merged", "reference", "acme/infra!2"},
		{"sandbox-bob", "/projects/acme%2Finfra/merge_requests?state=merged", "reference", "!2"},
		{"sandbox-bob", "/projects/acme%2Finfra/merge_requests/2/participants", "username", "bob ann"},
	} {
		if got := fieldOf(w.list(tt.who, tt.path), tt.field); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.who, got, tt.want)
		}
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", "/merge_requests", "")
	row := w.list("sandbox-bob", "/projects/acme%2Finfra/merge_requests?view=simple")[0]
	if got := slices.Sorted(maps.Keys(row)); !slices.Equal(got, []string{
		"created_at", "description", "id", "iid", "project_id", "state", "title", "updated_at", "web_url",
	}) {
		t.Errorf("simple: got %v", got)
	}
	row = w.list("sandbox-bob", "/projects/acme%2Finfra/merge_requests?with_labels_details=true&labels=now")[0]
	if got := fieldOf(objects(row["labels"]), "name"); got != "later now" {
		t.Errorf("labels as objects: got %s", got)
	}
}

// TestMergeRequestObject checks the fields that a merge request always has, and their values in three states.
func TestMergeRequestObject(t *testing.T) {
	t.Parallel()
	inv := readInventory(t)
	for _, edition := range []store.Edition{store.Community, store.Premium} {
		w := mergeRequests(t, edition)
		absent := []string{"title_html", "description_html", "allow_collaboration", "allow_maintainer_to_push", "rebase_in_progress",
			"diverged_commits_count", "changes", "overflow"}
		if edition == store.Community {
			absent = append(absent, "approvals_before_merge")
		}
		var want []string
		for field := range inv.Definitions["API_Entities_MergeRequestChanges"] {
			if !slices.Contains(absent, field) {
				want = append(want, field)
			}
		}
		mr := w.must(200, "sandbox-bob", "GET", "/projects/acme%2Finfra/merge_requests/2", "")
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(mr)); !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", edition, got, want)
		}
		if tasks := fmt.Sprint(mr["task_completion_status"]); tasks != "map[completed_count:1 count:2]" || mr.num("upvotes") != 1 || mr["draft"] != false {
			t.Errorf("got %v", mr)
		}
		if can := mr["user"].(map[string]any)["can_merge"]; can != false || mr["assignee"] != nil || mr["merge_commit_sha"] == nil {
			t.Errorf("got %v", mr)
		}
		draft := w.must(200, "sandbox-ann", "GET", "/projects/acme%2Finfra/merge_requests/1?include_rebase_in_progress=true", "")
		if draft["work_in_progress"] != true || draft.str("detailed_merge_status") != "draft_status" || draft["rebase_in_progress"] != false {
			t.Errorf("got %v", draft)
		}
		if closed := w.must(200, "sandbox-ann", "GET", "/projects/acme%2Finfra/merge_requests/3", ""); closed["closed_at"] == nil || closed["merged_at"] != nil {
			t.Errorf("got %v", closed)
		}
	}
}

func TestMergeRequestNotes(t *testing.T) {
	t.Parallel()
	w := mergeRequests(t, store.Free)
	const one = "/projects/acme%2Finfra/merge_requests/1"
	notes := w.list("sandbox-bob", one+"/notes?sort=asc")
	if got := fieldOf(notes, "body"); got != "Not yet. hidden" || notes[0].str("noteable_type") != "MergeRequest" || notes[0].num("noteable_iid") != 1 {
		t.Errorf("got %v", notes)
	}
	if n := w.must(200, "sandbox-bob", "GET", fmt.Sprintf("%s/notes/%d", one, notes[0].num("id")), ""); n.str("body") != "Not yet." {
		t.Errorf("got %v", n)
	}
	discussions := w.list("sandbox-bob", one+"/discussions")
	if len(discussions) != 2 || discussions[0]["individual_note"] != true || fieldOf(objects(discussions[0]["notes"]), "body") != "Not yet." {
		t.Fatalf("got %v", discussions)
	}
	if d := w.must(200, "sandbox-bob", "GET", one+"/discussions/"+discussions[1].str("id"), ""); fieldOf(objects(d["notes"]), "body") != "hidden" {
		t.Errorf("got %v", d)
	}
	w.refused(404, `{"message":"404 Discussion Not Found"}`, "sandbox-bob", "GET", one+"/discussions/0", "")
	w.refused(404, `{"message":"404 Not found"}`, "sandbox-bob", "GET", one+"/notes/1", "")
	w.refused(403, `{"message":"403 Forbidden"}`, "sandbox-gus", "GET", one+"/notes", "")
}

func TestProjectEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), "title=Current")
	w.must(201, "guest", "POST", issues, "title=seen")
	w.must(201, "owner", "POST", issues, "title=secret&confidential=true")
	w.must(201, "owner", "POST", issues+"/1/notes", "body=hello")
	w.must(201, "owner", "POST", issues+"/1/notes", "body=among+us&internal=true")
	w.must(200, "owner", "PUT", issues+"/1", "state_event=close")
	current := fmt.Sprint(w.path(w.infra, "/milestones/"), w.infra.Milestones[0].ID)
	for _, event := range []string{"activate", "close", "close", "activate"} {
		w.must(200, "developer", "PUT", current, "state_event="+event)
	}
	path := w.path(w.infra, "/events")
	for _, tt := range []struct{ who, query, want string }{
		{"guest", "", "opened closed closed commented on opened opened"},
		{"owner", "", "opened closed closed commented on commented on opened opened opened"},
		{"owner", "?sort=asc&per_page=2&page=2", "opened commented on"},
		{"owner", "?action=closed", "closed closed"},
		{"owner", "?action=reopened", "opened"},
		{"owner", "?action=created", "opened opened opened"},
		{"owner", "?target_type=milestone", "opened closed opened"},
		{"owner", "?target_type=note&action=commented", "commented on commented on"},
		{"owner", "?before=2001-01-01", ""},
		{"owner", "?after=2099-01-01", ""},
	} {
		if got := fieldOf(w.list(tt.who, path+tt.query), "action_name"); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.query, tt.who, got, tt.want)
		}
	}
	if e := w.list("owner", path+"?target_type=milestone&action=created")[0]; e.str("author_username") != "owner" || e["author_id"] == float64(0) {
		t.Errorf("the event of a milestone has no author: %v", e)
	}
	comment := w.list("guest", path+"?target_type=note")[0]
	if comment["note"].(map[string]any)["body"] != "hello" || comment.str("target_title") != "seen" || comment.str("author_username") != "owner" {
		t.Errorf("got %v", comment)
	}
	w.refused(400, `{"error":"action does not have a valid value"}`, "guest", "GET", path+"?action=seen", "")
}

func TestSearchForIssues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "guest", "POST", w.path(w.infra, "/issues"), "title=Registry+fails")
	w.must(201, "guest", "POST", w.path(w.prod, "/issues"), "title=Registry+secret&confidential=true")
	for _, tt := range []struct{ who, path, want string }{
		{"developer", "/search?scope=issues&search=registry", "Registry fails Registry secret"},
		{"outsider", "/search?scope=issues&search=registry", ""},
		{"guest", "/groups/acme/search?scope=issues&search=registry&confidential=false", "Registry fails"},
		{"guest", w.path(w.infra, "/search?scope=issues&search=registry&state=closed"), ""},
		{"guest", w.path(w.infra, "/search?scope=issues&search=fails"), "Registry fails"},
	} {
		rows := w.list(tt.who, tt.path)
		slices.SortFunc(rows, func(a, b object) int { return a.num("id") - b.num("id") })
		if got := fieldOf(rows, "title"); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.path, tt.who, got, tt.want)
		}
	}
	if rec := w.ask("guest", "GET", "/search?scope=issues&search=registry", ""); rec.Header().Get("X-Total") != "" || rec.Header().Get("X-Page") != "1" {
		t.Errorf("headers: got %v", rec.Header())
	}
	w.refused(400, `{"error":"search is missing, scope is missing"}`, "guest", "GET", "/search", "")
	w.refused(400, `{"error":"scope does not have a valid value"}`, "guest", "GET", "/search?search=x&scope=everything", "")
}
