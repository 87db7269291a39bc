package fakegitlab

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestBoardLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	boards := w.path(w.infra, "/boards")
	if got := w.list("guest", boards); len(got) != 0 {
		t.Errorf("a new project has %v", got)
	}
	b := w.must(201, "reporter", "POST", boards, "name=Weekly")
	path := fmt.Sprintf("%s/%d", boards, b.num("id"))
	project, _ := b["project"].(map[string]any)
	if b.str("name") != "Weekly" || object(project).str("path_with_namespace") != "acme/infra" || b["group"] != nil {
		t.Errorf("got %v", b)
	}
	if b = w.must(200, "reporter", "PUT", path, "hide_backlog_list=true"); b["hide_backlog_list"] != true || b.str("name") != "Weekly" {
		t.Errorf("got %v", b)
	}
	w.must(201, "reporter", "POST", boards, "name=Weekly") // names need not be unique
	w.must(204, "reporter", "DELETE", path, "")
	for _, tt := range []struct {
		who, method, path, body string
		status                  int
		want                    string
	}{
		{"guest", "GET", path, "", 404, `{"message":"404 Not found"}`},
		{"reporter", "DELETE", path, "", 404, `{"message":"404 Not found"}`},
		{"guest", "POST", boards, "name=x", 403, `{"message":"403 Forbidden"}`},
		{"reporter", "POST", boards, "", 400, `{"error":"name is missing"}`},
		{"reporter", "PUT", path, "milestone_id=1", 400,
			`{"error":"name, hide_backlog_list, hide_closed_list are missing, at least one parameter must be provided"}`},
		{"outsider", "GET", boards, "", 404, `{"message":"404 Project Not Found"}`},
	} {
		w.refused(tt.status, tt.want, tt.who, tt.method, tt.path, tt.body)
	}
}

// TestUnsavedBoards creates boards that GitLab does not save: it answers as if it had, with an object without an id.
func TestUnsavedBoards(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	boards := w.path(w.infra, "/boards")
	for _, name := range []string{"", "  ", strings.Repeat("ü", 256)} {
		b := w.must(201, "reporter", "POST", boards, `{"name":"`+name+`"}`)
		if id, ok := b["id"]; !ok || id != nil || b.str("name") != name {
			t.Errorf("%q: got %v", name, b)
		}
	}
	kept := w.must(201, "reporter", "POST", boards, `{"name":"`+strings.Repeat("ü", 255)+`"}`)
	if rows := w.list("guest", boards); len(rows) != 1 || rows[0].num("id") != kept.num("id") {
		t.Errorf("boards: %v", rows)
	}
	w.refused(400, `{"message":"400 Bad request - Failed to save board {:name=>[\"can't be blank\"]}"}`, "reporter", "PUT",
		fmt.Sprintf("%s/%d", boards, kept.num("id")), "name=")
}

// TestBoardFields checks which fields each edition shows.
func TestBoardFields(t *testing.T) {
	t.Parallel()
	const common, paid = "hide_backlog_list hide_closed_list id lists name project", "assignee labels milestone weight"
	for edition, want := range map[store.Edition]string{
		store.Community: common, store.Free: "group " + common, store.Premium: "group " + common + " " + paid,
	} {
		w := newWorld(t, Options{Edition: edition})
		b := w.must(201, "reporter", "POST", w.path(w.infra, "/boards"), "name=x")
		fields := strings.Fields(want)
		slices.Sort(fields)
		if got := slices.Sorted(maps.Keys(b)); !slices.Equal(got, fields) {
			t.Errorf("%s: got %v, want %v", edition, got, fields)
		}
		l := w.must(201, "reporter", "POST", w.path(w.infra, fmt.Sprintf("/boards/%d/lists", b.num("id"))),
			fmt.Sprintf("label_id=%d", w.newLabel(w.infra, "x")))
		if _, limited := l["max_issue_count"]; limited != edition.Paid() {
			t.Errorf("%s: list %v", edition, l)
		}
	}
}

// TestListsWithoutLicence names what only the Enterprise Edition knows.
func TestListsWithoutLicence(t *testing.T) {
	t.Parallel()
	for edition, want := range map[store.Edition]string{
		store.Community: `{"error":"label_id is missing"}`,
		store.Free:      `{"message":{"error":"Milestone lists not available with your current license"}}`,
	} {
		w := newWorld(t, Options{Edition: edition})
		b := w.must(201, "reporter", "POST", w.path(w.infra, "/boards"), "name=x")
		w.refused(400, want, "reporter", "POST", w.path(w.infra, fmt.Sprintf("/boards/%d/lists", b.num("id"))), "milestone_id=1")
	}
}

func TestGroupBoards(t *testing.T) {
	t.Parallel()
	for edition, status := range map[store.Edition]int{store.Free: 400, store.Premium: 201} {
		w := newWorld(t, Options{Edition: edition})
		b := w.must(201, "reporter", "POST", w.path(w.acme, "/boards"), "name=first")
		group, _ := b["group"].(map[string]any)
		if object(group).num("id") != w.acme.ID || b["project"] != nil {
			t.Errorf("got %v", b)
		}
		if rec := w.ask("reporter", "POST", w.path(w.acme, "/boards"), "name=second"); rec.Code != status {
			t.Errorf("%s: a second board: got %d %s", edition, rec.Code, rec.Body)
		}
	}
}

func TestBoardScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	w.newLabel(w.acme, "team")
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=M").num("id")
	boards := w.path(w.infra, "/boards")
	b := w.must(201, "reporter", "POST", boards, "name=b")
	path := fmt.Sprintf("%s/%d", boards, b.num("id"))
	b = w.must(200, "reporter", "PUT", path, fmt.Sprintf("milestone_id=%d&assignee_id=%d&labels=team&weight=3", m, w.users["guest"].ID))
	labels, _ := b["labels"].([]any)
	if b["milestone"] == nil || b["assignee"] == nil || len(labels) != 1 || b.num("weight") != 3 {
		t.Errorf("got %v", b)
	}
	b = w.must(200, "reporter", "PUT", path, `{"milestone_id":null,"assignee_id":null,"labels":"","weight":null}`)
	labels, _ = b["labels"].([]any)
	if b["milestone"] != nil || b["assignee"] != nil || len(labels) != 0 || b["weight"] != nil {
		t.Errorf("got %v", b)
	}
}

func TestBoardLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	a, b, c := w.newLabel(w.infra, "a"), w.newLabel(w.acme, "b"), w.newLabel(w.infra, "c")
	foreign := w.newLabel(w.prod, "foreign")
	lists := w.path(w.infra, fmt.Sprintf("/boards/%d/lists", w.must(201, "reporter", "POST", w.path(w.infra, "/boards"), "name=x").num("id")))
	var ids []int
	for n, id := range []int{a, b, c} {
		l := w.must(201, "reporter", "POST", lists, fmt.Sprintf("label_id=%d", id))
		if l.num("position") != n {
			t.Errorf("list %d is at %v", n, l["position"])
		}
		ids = append(ids, l.num("id"))
	}
	first := fmt.Sprintf("%s/%d", lists, ids[0])
	moved := `{"message":{"error":"List could not be moved!"}}`
	for _, tt := range []struct {
		who, method, path, body string
		status                  int
		want                    string
	}{
		{"reporter", "POST", lists, fmt.Sprintf("label_id=%d", a), 400, `{"message":{"error":"Label has already been taken"}}`},
		{"reporter", "POST", lists, fmt.Sprintf("label_id=%d", foreign), 400, `{"message":{"error":"Label not found"}}`},
		{"guest", "POST", lists, fmt.Sprintf("label_id=%d", foreign), 403, `{"message":"403 Forbidden"}`},
		{"guest", "POST", lists, fmt.Sprintf("label_id=%d", a), 403, `{"message":"403 Forbidden"}`},
		{"reporter", "POST", lists, "", 400,
			`{"error":"label_id, milestone_id, iteration_id, assignee_id are missing, exactly one parameter must be provided"}`},
		{"reporter", "PUT", first, "position=0", 400, moved},
		{"reporter", "PUT", first, "position=3", 400, moved},
		{"reporter", "PUT", first, "position=-1", 400, moved},
		{"reporter", "PUT", first, "", 400, `{"error":"position is missing"}`},
		{"guest", "PUT", first, "position=1", 403, `{"message":"403 Forbidden"}`},
	} {
		w.refused(tt.status, tt.want, tt.who, tt.method, tt.path, tt.body)
	}
	if l := w.must(200, "reporter", "PUT", first, "position=2"); l.num("position") != 2 {
		t.Errorf("got %v", l)
	}
	w.refused(400, moved, "reporter", "PUT", first, "position=2") // a repeated move
	if got, want := fieldOf(w.list("guest", lists), "id"), fmt.Sprint(ids[1], ids[2], ids[0]); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	if got := fieldOf(w.list("guest", lists), "position"); got != "0 1 2" {
		t.Errorf("positions %s", got)
	}
	if l := w.must(200, "guest", "GET", first, ""); l.num("position") != 2 {
		t.Errorf("got %v", l)
	}
	if rec := deleteSince(w, "/api/v4"+first, "Thu, 01 Jan 1970 00:00:00 GMT"); rec.Code != 412 {
		t.Errorf("If-Unmodified-Since: got %d", rec.Code)
	}
	w.must(204, "reporter", "DELETE", first, "")
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "DELETE", first, "")
}

func TestPaidLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	m := w.must(201, "reporter", "POST", w.path(w.acme, "/milestones"), "title=M").num("id")
	lists := w.path(w.infra, fmt.Sprintf("/boards/%d/lists", w.must(201, "reporter", "POST", w.path(w.infra, "/boards"), "name=x").num("id")))
	if l := w.must(201, "reporter", "POST", lists, fmt.Sprintf("milestone_id=%d", m)); l["label"] != nil || l["milestone"] == nil {
		t.Errorf("got %v", l)
	}
	if l := w.must(201, "reporter", "POST", lists, fmt.Sprintf("assignee_id=%d", w.users["guest"].ID)); l["assignee"] == nil {
		t.Errorf("got %v", l)
	}
	for body, want := range map[string]string{
		"":                             `{"error":"label_id, milestone_id, iteration_id, assignee_id are missing, exactly one parameter must be provided"}`,
		"label_id=1&milestone_id=1":    `{"error":"label_id, milestone_id are mutually exclusive"}`,
		"milestone_id=1":               `{"message":{"error":"Milestone not found"}}`,
		"assignee_id=0":                `{"message":{"error":"Assignee not found"}}`,
		fmt.Sprint("milestone_id=", m): `{"message":{"error":"Milestone has already been taken"}}`,
	} {
		w.refused(400, want, "reporter", "POST", lists, body)
	}
}
