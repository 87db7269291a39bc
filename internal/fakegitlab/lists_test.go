package fakegitlab

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// linkQuery returns the query of the first link of an answer, without the path of the project or group.
func linkQuery(t *testing.T, w *world, path string) string {
	t.Helper()
	rec := w.ask("root", "GET", path, "")
	if rec.Code != 200 {
		t.Fatalf("%s: got %d %s", path, rec.Code, rec.Body)
	}
	_, after, _ := strings.Cut(rec.Header().Get("Link"), "?")
	query, _, _ := strings.Cut(after, ">")
	query, err := url.QueryUnescape(query)
	if err != nil {
		t.Fatal(err)
	}
	return query
}

// TestLinksNameDeclaredParameters checks that links have the parameters as the route understands them, and its defaults.
func TestLinksNameDeclaredParameters(t *testing.T) {
	t.Parallel()
	const defaults = "order_by=created_at&page=1&per_page=20&sort=desc&state=all&with_labels_details=false"
	for _, tt := range []struct {
		edition     store.Edition
		path, query string
	}{
		{store.Free, "/projects/31/issues", "id=31&" + defaults},
		{store.Free, "/projects/31/issues?labels=b,a,b", "id=31&labels[]=b&labels[]=a&labels[]=b&" + defaults},
		{store.Free, "/projects/31/issues?labels[]=b,c&labels[]=a", "id=31&labels[]=b&labels[]=c&labels[]=a&" + defaults},
		{store.Free, "/projects/31/issues?labels=", "id=31&" + defaults},
		{store.Free, "/projects/31/issues?not[labels]=b,a", "id=31&not[labels][]=b&not[labels][]=a&" + defaults},
		{store.Free, "/projects/31/issues?not[milestone]=x&not[author_id]=007", "id=31&not[author_id]=7&not[milestone]=x&" + defaults},
		{store.Free, "/projects/31/issues?iids=3,1", "id=31&iids[]=3&iids[]=1&" + defaults},
		{store.Free, "/projects/31/issues?assignee_username=dev", "assignee_username[]=dev&id=31&" + defaults},
		{store.Free, "/projects/31/issues?confidential=1&author_id=09", "author_id=9&confidential=true&id=31&" + defaults},
		{store.Free, "/projects/31/issues?created_after=2026-09-01", "created_after=2026-09-01T00:00:00+00:00&id=31&" + defaults},
		{
			store.Free, "/projects/31/issues?created_before=2026-09-01T10:00:00.5%2B02:00",
			"created_before=2026-09-01T10:00:00+02:00&id=31&" + defaults,
		},
		{
			store.Free, "/projects/31/issues?unknown[b]=1&unknown[a][]=2&per_page=7",
			"id=31&" + strings.ReplaceAll(strings.ReplaceAll(defaults, "per_page=20", "per_page=7"), "with_", "unknown[a][]=2&unknown[b]=1&with_"),
		},
		{store.Free, "/groups/11/issues", "id=11&non_archived=true&" + defaults},
		{
			store.Free, "/issues",
			strings.Replace("non_archived=true&"+defaults, "&sort", "&scope=created_by_me&sort", 1),
		},
		{
			store.Free, "/projects/31/milestones?include_parent_milestones=true",
			"id=31&include_ancestors=true&page=1&per_page=20&state=all",
		},
		{store.Free, "/projects/31/labels", "id=31&include_ancestor_groups=true&page=1&per_page=20&with_counts=false"},
		{
			store.Free, "/groups/11/labels?search=x",
			"id=11&include_ancestor_groups=true&include_descendant_groups=false&only_group_labels=true&page=1&per_page=20&search=x&with_counts=false",
		},
		{store.Free, "/projects/31/members/all", "id=31&page=1&per_page=20"},
		{store.Community, "/users?username=x", usersQuery("", "")},
		{store.Free, "/users?username=x", usersQuery("auditors=false&", "skip_ldap=false&")},
		{
			store.Free, "/projects/31/merge_requests",
			"id=31&order_by=created_at&page=1&per_page=20&sort=desc&state=all&with_labels_details=false&with_merge_status_recheck=false",
		},
	} {
		w := newWorld(t, Options{Edition: tt.edition})
		if got := linkQuery(t, w, tt.path); got != tt.query {
			t.Errorf("%s:\n got %s\nwant %s", tt.path, got, tt.query)
		}
	}
}

func usersQuery(auditors, ldap string) string {
	return "active=false&admins=false&" + auditors + "blocked=false&exclude_active=false&exclude_external=false&exclude_humans=false&" +
		"exclude_internal=false&external=false&humans=false&order_by=id&page=1&per_page=20&" + ldap + "sort=desc&username=x&" +
		"with_custom_attributes=false&without_project_bots=false&without_projects=false"
}

// TestLinksOfIssue checks the lists of one issue, whose links have another name for its number.
func TestLinksOfIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "owner", "POST", "/projects/31/issues", `{"title":"x"}`)
	for path, want := range map[string]string{
		"notes?sort=asc":        "activity_filter=all_notes&id=31&noteable_id=1&order_by=created_at&page=1&per_page=20&sort=asc",
		"resource_label_events": "eventable_id=1&id=31&page=1&per_page=20",
		"award_emoji":           "id=31&issue_iid=1&page=1&per_page=20",
	} {
		if got := linkQuery(t, w, "/projects/31/issues/1/"+path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestPageNumbers has pages that are out of range.
func TestPageNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n := range 5 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Title: fmt.Sprint(n), Author: w.users["owner"]})
	}
	for _, tt := range []struct{ query, page, per, prev, next, total string }{
		{"page=0&per_page=2", "1", "2", "", "2", "5"},
		{"page=-3&per_page=2", "1", "2", "", "2", "5"},
		{"page=3&per_page=2", "3", "2", "2", "", "5"},
		{"page=4&per_page=2", "4", "2", "", "", "5"},
		{"per_page=-2", "1", "20", "", "", "5"},
		{"page=2&labels=none&milestone=x", "2", "20", "", "", "0"},
	} {
		h := w.ask("guest", "GET", "/projects/31/issues?"+tt.query, "").Header()
		got := []string{h.Get("X-Page"), h.Get("X-Per-Page"), h.Get("X-Prev-Page"), h.Get("X-Next-Page"), h.Get("X-Total")}
		if want := []string{tt.page, tt.per, tt.prev, tt.next, tt.total}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %q, want %q", tt.query, got, want)
		}
		if hasPrev := strings.Contains(h.Get("Link"), `rel="prev"`); hasPrev != (tt.prev != "") {
			t.Errorf("%s: %s", tt.query, h.Get("Link"))
		}
	}
	for query, want := range map[string]string{
		"per_page=0":            "per_page has a value not allowed",
		"per_page=0&state=open": "state does not have a valid value, per_page has a value not allowed",
	} {
		w.refused(400, `{"error":"`+want+`"}`, "guest", "GET", "/projects/31/issues?"+query, "")
	}
}

// TestEditionsOfFilters has what the Community Edition does not know.
func TestEditionsOfFilters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		edition store.Edition
		query   string
		want    int // rows, or the status if refused
	}{
		{store.Community, "weight=5", 2},
		{store.Community, "epic_id=1", 2},
		{store.Community, "not[weight]=None", 2},
		{store.Community, "order_by=weight", 400},
		{store.Free, "weight=5", 0},
		{store.Free, "weight=None", 2},
		{store.Free, "epic_id=1", 0},
		{store.Free, "order_by=weight", 2},
		{store.Free, "labels=p::*", 0},
		{store.Premium, "labels=p::*", 1},
		{store.Free, "assignee_username=a,b", 400},
		{store.Premium, "assignee_username=a,b", 0},
	} {
		w := newWorld(t, Options{Edition: tt.edition})
		w.must(201, "owner", "POST", "/projects/31/issues", `{"title":"a","labels":"p::1"}`)
		w.must(201, "owner", "POST", "/projects/31/issues", `{"title":"b"}`)
		path := "/projects/31/issues?" + tt.query
		if tt.want >= 400 {
			if rec := w.ask("guest", "GET", path, ""); rec.Code != tt.want {
				t.Errorf("%s %s: got %d", tt.edition, tt.query, rec.Code)
			}
		} else if n := len(w.list("guest", path)); n != tt.want {
			t.Errorf("%s %s: got %d rows, want %d", tt.edition, tt.query, n, tt.want)
		}
	}
}

// TestWordsOfFilters has the words that filters take for labels, milestones and people.
func TestWordsOfFilters(t *testing.T) {
	t.Parallel()
	w := listWorld(t)
	m := w.must(201, "owner", "POST", "/projects/31/milestones", `{"title":"None"}`)
	w.must(201, "owner", "POST", "/projects/31/issues", fmt.Sprintf(`{"title":"zeta","labels":"Any","milestone_id":%d}`, m.num("id")))
	w.must(200, "owner", "PUT", "/projects/31/issues/4", `{"state_event":"reopen"}`)
	w.must(200, "owner", "PUT", "/projects/31/issues/4", `{"state_event":"close"}`)
	for _, tt := range []struct{ query, want string }{
		{"labels=None,toil", "epsilon delta gamma"},
		{"labels=toil,NONE", "epsilon delta gamma"},
		{"labels=any,nope", "zeta beta alpha"},
		{"labels=Any,None", "epsilon delta gamma"},
		{"labels=toil,toil", ""},
		{"labels=toil,", "beta alpha"},
		{"labels=,toil", ""},
		{"labels=", "zeta epsilon delta gamma beta alpha"},
		{"not[labels]=Any", "epsilon delta gamma beta alpha"},
		{"not[labels]=any", "zeta epsilon delta gamma beta alpha"},
		{"not[labels]=None", "zeta epsilon delta gamma beta alpha"},
		{"not[labels]=toil,toil", "zeta epsilon delta gamma"},
		{"milestone=No+Milestone", "epsilon delta"},
		{"milestone=no+milestone", ""},
		{"milestone=Any+Milestone", "zeta gamma beta alpha"},
		{"milestone=%23started", "alpha"},
		{"milestone=%23upcoming", "alpha"},
		{"not[milestone]=Any", "zeta epsilon delta gamma beta alpha"},
		{"not[milestone]=None", "epsilon delta gamma beta alpha"},
		{"not[milestone]=%23started", "beta"},
		{"not[milestone_id]=Started", "beta"},
		{"not[milestone_id]=Upcoming", ""},
		{"not[search]=alpha", "zeta epsilon delta gamma beta alpha"},
		{"not[assignee_username]=guest,owner", "zeta epsilon delta beta alpha"},
		{"assignee_id=none", "zeta epsilon delta beta alpha"},
		{"assignee_id=0", ""},
		{fmt.Sprintf("closed_by_id=%d", w.users["owner"].ID), "delta"},
		{fmt.Sprintf("closed_by_id=%d", w.users["guest"].ID), ""},
		{"search=alpha&in=nonsense", "alpha"},
	} {
		if got := fieldOf(w.list("reporter", "/projects/31/issues?"+tt.query), "title"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.query, got, tt.want)
		}
	}
	if got := fieldOf(w.list("reporter", "/issues?scope=all&labels=toil,toil"), "title"); got != "beta alpha" {
		t.Errorf("the list of the instance looks up no labels: got %q", got)
	}
}

func TestSearchThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, path := range []string{"/projects/31/issues", "/groups/11/issues", "/projects/31/issues_statistics"} {
		w.refused(500, `{"message":"500 Internal Server Error"}`, "guest", "GET", path+"?search=%5C", "")
	}
	w.refused(404, `{"message":"404 Project Not Found"}`, "outsider", "GET", "/projects/31/issues?search=%5C", "")
}

// TestTies checks that of equal issues the newest comes first, in every order and either direction.
func TestTies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	for range 5 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Title: "same", Author: w.users["owner"], CreatedAt: at, UpdatedAt: at})
		w.s.store.AddIssue(&store.Issue{Project: w.prod, Title: "same", Author: w.users["owner"], CreatedAt: at, UpdatedAt: at})
	}
	for _, order := range []string{
		"created_at", "updated_at", "priority", "due_date", "relative_position", "label_priority", "milestone_due", "popularity", "title", "weight",
	} {
		for _, sort := range []string{"asc", "desc"} {
			query := "?order_by=" + order + "&sort=" + sort + "&per_page="
			if got := fieldOf(w.list("guest", "/projects/31/issues"+query+"100"), "iid"); got != "5 4 3 2 1" {
				t.Errorf("%s %s: got %s", order, sort, got)
			}
			if got := fieldOf(w.list("guest", "/projects/31/issues"+query+"2&page=2"), "iid"); got != "3 2" {
				t.Errorf("%s %s, page 2: got %s", order, sort, got)
			}
			if got := fieldOf(w.list("guest", "/groups/11/issues"+query+"6"), "iid"); got != "5 5 4 4 3 3" {
				t.Errorf("%s %s, group: got %s", order, sort, got)
			}
		}
	}
}

// TestPriorityWithoutLabelsAskedFor checks that the labels of the filter do not count for the order by priority.
func TestPriorityWithoutLabelsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n, name := range []string{"first", "second", "third"} {
		w.must(201, "owner", "POST", "/projects/31/labels", fmt.Sprintf(`{"name":%q,"color":"red","priority":%d}`, name, n))
	}
	for _, labels := range []string{"first,third", "first,second", "second"} {
		w.must(201, "owner", "POST", "/projects/31/issues", fmt.Sprintf(`{"title":"x","labels":%q}`, labels))
	}
	for query, want := range map[string]string{"": "2 1 3", "&labels=first": "2 1", "&labels=second": "2 3"} {
		if got := fieldOf(w.list("guest", "/projects/31/issues?order_by=label_priority&sort=asc"+query), "iid"); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n := range 3 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Title: "x", Author: w.users["owner"], CreatedAt: at.Add(time.Duration(n) * time.Hour)})
	}
	query, err := url.ParseQuery(linkQuery(t, w, "/projects/31/issues?pagination=keyset&per_page=2"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.URLEncoding.DecodeString(query.Get("cursor"))
	form := regexp.MustCompile(`^\{"created_at":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000","id":"\d+","_kd":"n"\}$`)
	if err != nil || !form.Match(text) || query.Get("page") != "1" {
		t.Errorf("got %s, %v, page %s", text, err, query.Get("page"))
	}
}

func TestSearchOfProject(t *testing.T) {
	t.Parallel()
	w := listWorld(t)
	const search = "/projects/31/search?scope=issues&search="
	for words, want := range map[string]string{"words": "epsilon", "alph": "alpha", "lpha": "", "alpha+gamma": ""} {
		if got := fieldOf(w.list("reporter", search+words), "title"); got != want {
			t.Errorf("%s: got %q, want %q", words, got, want)
		}
	}
	if got := w.list("guest", search+"words"); len(got) != 0 {
		t.Error("a guest finds a confidential issue")
	}
	h := w.ask("reporter", "GET", search+"alpha", "").Header()
	if h.Get("X-Total") != "" || strings.Contains(h.Get("Link"), `rel="last"`) || !strings.Contains(h.Get("Link"), `rel="first"`) {
		t.Errorf("got %v", h)
	}
	w.refused(400, `{"error":"search is missing, scope is missing"}`, "guest", "GET", "/projects/31/search", "")
	w.refused(400, `{"error":"scope does not have a valid value"}`, "guest", "GET", "/projects/31/search?search=x&scope=y", "")
}
