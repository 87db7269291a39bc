package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestMilestoneObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{URL: "https://gitlab.example.test"})
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"),
		`{"title":"Current","start_date":"2018-08-06","due_date":"2018-08-17"}`)
	if m.num("project_id") != w.infra.ID || m.str("state") != "active" || m["description"] != nil {
		t.Errorf("got %v", m)
	}
	if _, ok := m["group_id"]; ok {
		t.Error("a project milestone has a group_id")
	}
	if m["expired"] != true {
		t.Errorf("due 2018-08-17 on 2018-08-24: expired is %v", m["expired"])
	}
	if got, want := m.str("web_url"), "https://gitlab.example.test/acme/infra/-/milestones/1"; got != want {
		t.Errorf("web_url: got %s, want %s", got, want)
	}
	g := w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), `{"title":"Group's"}`)
	if _, ok := g["project_id"]; ok || g.num("group_id") != w.acme.ID {
		t.Errorf("group milestone: got %v", g)
	}
	if got, want := g.str("web_url"), "https://gitlab.example.test/groups/acme/-/milestones/1"; got != want {
		t.Errorf("web_url: got %s, want %s", got, want)
	}
}

func TestMilestoneValidation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	base := w.path(w.infra, "/milestones")
	closed := w.must(201, "reporter", "POST", base, `{"title":"Taken"}`)
	w.must(200, "reporter", "PUT", fmt.Sprintf("%s/%d", base, closed.num("id")), `{"state_event":"close"}`)
	const taken = `{"message":"Failed to create milestone {:title=>[\"already being used for another group or project milestone.\"]}"}`
	for _, tt := range []struct {
		name, body string
		want       string
	}{
		{"closed title is taken", `{"title":"Taken"}`, taken},
		{"taken after trimming", `{"title":" Taken "}`, taken},
		{"blank", `{"title":"  "}`, `{"message":"Failed to create milestone {:title=>[\"can't be blank\"]}"}`},
		{"due equals start", `{"title":"x","start_date":"2018-08-06","due_date":"2018-08-06"}`,
			`{"message":"Failed to create milestone {:due_date=>[\"must be greater than start date\"]}"}`},
		{"far away", `{"title":"x","due_date":"12018-08-06"}`,
			`{"message":"Failed to create milestone {:due_date=>[\"date must not be after 9999-12-31\"]}"}`},
		{"no title", `{}`, `{"error":"title is missing"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.refused(400, tt.want, "reporter", "POST", base, tt.body)
		})
	}
	if n := len(w.infra.Milestones); n != 1 {
		t.Errorf("%d milestones after refused creates, want 1", n)
	}
}

func TestMilestoneTextsAsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"),
		`{"title":" a <b>x</b> &amp; y ","start_date":"tomorrow","due_date":"2026-02-30"}`)
	if got, want := m.str("title"), "a <b>x</b> &amp; y"; got != want {
		t.Errorf("title: got %q, want %q", got, want)
	}
	if m["start_date"] != nil || m["due_date"] != nil {
		t.Errorf("no dates: got %v and %v, want null", m["start_date"], m["due_date"])
	}
}

func TestMilestoneDescriptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	base := w.path(w.infra, "/milestones")
	one := ""
	for n, tt := range []struct {
		method, body string
		want         any
	}{
		{"POST", `{"title":"a"}`, nil},
		{"POST", `{"title":"b","description":null}`, nil},
		{"POST", `{"title":"c","description":""}`, ""},
		{"PUT", `{"description":null}`, nil},
		{"PUT", `{"description":"text"}`, "text"},
		{"PUT", `{"title":"d"}`, "text"},
		{"PUT", `{"description":""}`, ""},
	} {
		path, status := base, 201
		if tt.method == "PUT" {
			path, status = one, 200
		}
		m := w.must(status, "reporter", tt.method, path, tt.body)
		if got := m["description"]; got != tt.want {
			t.Errorf("%d %s %s: got %#v, want %#v", n, tt.method, tt.body, got, tt.want)
		}
		one = fmt.Sprintf("%s/%d", base, m.num("id"))
	}
}

func TestMilestonesOfDescendants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, in := range []any{w.acme, w.sub, w.deep, w.infra} {
		w.must(201, "reporter", "POST", w.path(in, "/milestones"), fmt.Sprintf(`{"title":"%s"}`, w.path(in, "")))
	}
	for path, want := range map[string]int{"": 1, "?include_descendants=true": 4, "?include_descendants=false": 1} {
		if got := len(w.list("guest", w.path(w.acme, "/milestones"+path))); got != want {
			t.Errorf("%q: %d milestones, want %d", path, got, want)
		}
	}
	if got := len(w.list("guest", w.path(w.sub, "/milestones?include_descendants=true&include_ancestors=true"))); got != 3 {
		t.Errorf("both directions: %d milestones, want 3", got)
	}
}

func TestContainingDateNotations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	base := w.path(w.infra, "/milestones")
	w.must(201, "reporter", "POST", base, `{"title":"a","start_date":"2018-8-1","due_date":"24.08.2018"}`)
	for query, want := range map[string]string{
		"2018-08-24": "[{", "2018-8-2": "[{", "24.8.2018": "[{", "2018-08-25": "[]", "": "[{",
	} {
		rec := w.ask("guest", "GET", base+"?containing_date="+query, "")
		if rec.Code != 200 || !strings.HasPrefix(rec.Body.String(), want) {
			t.Errorf("%q: got %d %s", query, rec.Code, rec.Body)
		}
	}
	for _, query := range []string{"x", "tomorrow", "2018-02-30"} {
		w.refused(500, `{"message":"500 Internal Server Error"}`, "guest", "GET", base+"?containing_date="+query, "")
	}
}

func TestMilestoneTitleScope(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		first, next func(w *world) any
		clash       bool
	}{
		{"same project", infraOf, infraOf, true},
		{"sibling project", infraOf, prodOf, false},
		{"group above", acmeOf, infraOf, true},
		{"group two above", acmeOf, deepOf, true},
		{"project below", infraOf, acmeOf, true},
		{"project two below", deepOf, acmeOf, true},
		{"subgroup below", subOf, acmeOf, true},
		{"ancestor group", acmeOf, subOf, true},
		{"project beside the subgroup", infraOf, subOf, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.must(201, "owner", "POST", w.path(tt.first(w), "/milestones"), `{"title":"Current"}`)
			rec := w.ask("owner", "POST", w.path(tt.next(w), "/milestones"), `{"title":"Current"}`)
			if got := rec.Code == 400; got != tt.clash {
				t.Errorf("got %d %s, clash wanted: %v", rec.Code, rec.Body, tt.clash)
			}
			if rec := w.ask("owner", "POST", w.path(tt.next(w), "/milestones"), `{"title":"current"}`); rec.Code != 201 {
				t.Errorf("other case: got %d %s, want 201", rec.Code, rec.Body)
			}
		})
	}
}

func infraOf(w *world) any { return w.infra }

func prodOf(w *world) any { return w.prod }

func deepOf(w *world) any { return w.deep }

func acmeOf(w *world) any { return w.acme }

func subOf(w *world) any { return w.sub }

func TestMilestoneUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	base := w.path(w.infra, "/milestones")
	w.must(201, "reporter", "POST", base, `{"title":"Other"}`)
	m := w.must(201, "reporter", "POST", base, `{"title":"Current","due_date":"2018-08-24"}`)
	one := fmt.Sprintf("%s/%d", base, m.num("id"))

	w.refused(400, `{"error":"title, description, start_date, due_date, state_event are missing, at least one parameter must be provided"}`,
		"reporter", "PUT", one, `{"tittle":"x"}`)
	if got := w.must(200, "reporter", "PUT", one, `{"title":""}`); got.str("title") != "Current" {
		t.Errorf("blank title: got %q, want it ignored", got.str("title"))
	}
	w.must(200, "reporter", "PUT", one, `{"title":"Current"}`)
	if got := w.must(200, "reporter", "PUT", one, `{"due_date":null}`); got["due_date"] != nil {
		t.Errorf("null due date: got %v", got["due_date"])
	}
	w.refused(400, `{"message":"Failed to update milestone {:title=>[\"already being used for another group or project milestone.\"]}"}`,
		"reporter", "PUT", one, `{"title":"Other","state_event":"close"}`)
	if got := w.must(200, "reporter", "GET", one, ""); got.str("state") != "closed" || got.str("title") != "Current" {
		t.Errorf("after a refused rename with state_event: got %s %q, want closed and the old title", got.str("state"), got.str("title"))
	}
	before := w.must(200, "reporter", "GET", one, "").str("updated_at")
	if got := w.must(200, "reporter", "PUT", one, `{"state_event":"close"}`); got.str("updated_at") != before {
		t.Error("closing a closed milestone moved updated_at")
	}
	w.refused(400, `{"error":"state_event does not have a valid value"}`, "reporter", "PUT", one, `{"state_event":"reopen"}`)
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "PUT", w.path(w.prod, fmt.Sprintf("/milestones/%d", m.num("id"))), `{"title":"x"}`)
}

func TestMilestoneOrderAndFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	base := w.path(w.infra, "/milestones")
	for _, body := range []string{
		`{"title":"none1"}`, `{"title":"late","due_date":"2018-09-07"}`, `{"title":"early","due_date":"2018-08-10"}`,
		`{"title":"none2"}`, `{"title":"late2","due_date":"2018-09-07","description":"Findable words"}`,
	} {
		w.must(201, "reporter", "POST", base, body)
	}
	w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), `{"title":"group","due_date":"2018-08-01"}`)
	w.refused(400, `{"error":"include_ancestors, include_parent_milestones are mutually exclusive"}`,
		"reporter", "GET", base+"?include_ancestors=true&include_parent_milestones=true", "")
	for _, tt := range []struct{ query, want string }{
		{"", "early late2 late none2 none1"},
		{"?include_ancestors=true", "group early late2 late none2 none1"},
		{"?include_ancestors=true&iids[]=1", "group early late2 late none2 none1"},
		{"?iids[]=1&iids[]=3", "early none1"},
		{"?iids=1,3", "early none1"},
		{"?title=late", "late"},
		{"?title=Late", ""},
		{"?search=LATE", "late2 late"},
		{"?search=words+findable", "late2"},
		{"?search=words+absent", ""},
		{"?state=closed", ""},
		{"?per_page=2&page=2", "late none2"},
	} {
		if got := fieldOf(w.list("guest", base+tt.query), "title"); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.query, got, tt.want)
		}
	}
	w.refused(400, `{"error":"state does not have a valid value"}`, "guest", "GET", base+"?state=opened", "")
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", w.path(w.open, "/milestones"), "")
}

func TestMilestoneDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), `{"title":"Current"}`)
	i := w.must(201, "reporter", "POST", w.path(w.deep, "/issues"), fmt.Sprintf(`{"title":"x","milestone_id":%d}`, m.num("id")))
	if i["milestone"] == nil {
		t.Fatal("a group milestone was not taken by an issue two levels below")
	}
	one := w.path(w.acme, fmt.Sprintf("/milestones/%d", m.num("id")))
	w.must(204, "reporter", "DELETE", one, "")
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "DELETE", one, "")
	if got := w.must(200, "reporter", "GET", w.path(w.deep, "/issues/1"), ""); got["milestone"] != nil {
		t.Errorf("issue after delete: milestone %v, want null", got["milestone"])
	}
	if n := len(w.deep.IssueByIID[1].MilestoneEvents); n != 2 {
		t.Errorf("%d milestone events, want add and remove", n)
	}
}

func TestMilestoneIssuesByTitle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), `{"title":"Current"}`)
	low := w.s.store.AddLabel(&store.Label{Parent: store.Parent{Project: w.infra}, Name: "low", Color: "#000000"})
	w.infra.Priorities[low] = 2
	high := w.s.store.AddLabel(&store.Label{Parent: store.Parent{Project: w.infra}, Name: "high", Color: "#000000"})
	w.infra.Priorities[high] = 1
	for n, labels := range []string{"", "low", "high", ""} {
		w.must(201, "reporter", "POST", w.path(w.infra, "/issues"),
			fmt.Sprintf(`{"title":"i%d","labels":%q,"milestone_id":%d}`, n, labels, m.num("id")))
	}
	w.must(201, "reporter", "POST", w.path(w.deep, "/issues"), fmt.Sprintf(`{"title":"deep","milestone_id":%d}`, m.num("id")))
	w.must(200, "reporter", "PUT", w.path(w.infra, "/issues/2"), `{"state_event":"close"}`)
	got := fieldOf(w.list("guest", w.path(w.acme, fmt.Sprintf("/milestones/%d/issues", m.num("id")))), "title")
	if want := "i2 i1 i3 i0"; got != want {
		t.Errorf("got %s, want %s (closed ones too, no subgroup, by label priority)", got, want)
	}
}

func TestMilestonePromote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), `{"title":"Current"}`)
	duplicate := w.must(201, "reporter", "POST", w.path(w.prod, "/milestones"), `{"title":"Current"}`)
	w.must(201, "reporter", "POST", w.path(w.prod, "/issues"), fmt.Sprintf(`{"title":"x","milestone_id":%d}`, duplicate.num("id")))
	if rec := w.ask("reporter", "POST", w.path(w.infra, fmt.Sprintf("/milestones/%d/promote", m.num("id"))), ""); rec.Code != 200 {
		t.Fatalf("got %d %s", rec.Code, rec.Body)
	}
	if len(w.infra.Milestones)+len(w.prod.Milestones) != 0 || len(w.acme.Milestones) != 1 {
		t.Error("the duplicates were not merged into one group milestone")
	}
	if got := w.prod.IssueByIID[1].Milestone; got != w.acme.Milestones[0] {
		t.Errorf("the issue of the sibling project has milestone %v", got)
	}
}
