package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestUpdatedAt checks that edits always move updated_at, changes of attached objects only once a minute, and that
// nothing moves it back.
func TestUpdatedAt(t *testing.T) {
	t.Parallel()
	now := at
	w := newWorld(t, Options{Now: func() time.Time { return now }})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	updated := func() string { return w.must(200, "guest", "GET", one, "").str("updated_at") }
	for _, tt := range []struct {
		name         string
		wait         time.Duration
		method, path string
		body         string
		moves        bool
	}{
		{"note immediately", time.Second, "POST", one + "/notes", `{"body":"n"}`, false},
		{"label by somebody else", time.Second, "PUT", one, `{"add_labels":"a"}`, true},
		{"label immediately", time.Second, "PUT", one, `{"add_labels":"c"}`, false},
		{"assignee immediately", time.Second, "PUT", one, `{"assignee_ids":[2]}`, false},
		{"title immediately", time.Second, "PUT", one, `{"title":"y"}`, true},
		{"same title", time.Second, "PUT", one, `{"title":"y"}`, false},
		{"note after a minute", time.Minute, "POST", one + "/notes", `{"body":"n"}`, true},
		{"label after a minute", time.Minute, "PUT", one, `{"add_labels":"b"}`, true},
		{"same label", time.Minute, "PUT", one, `{"add_labels":"b"}`, false},
		{"assignee after a minute", time.Minute, "PUT", one, `{"assignee_ids":[3]}`, true},
		{"closing", time.Second, "PUT", one, `{"state_event":"close"}`, true},
		{"chosen by an owner", time.Second, "PUT", one, `{"title":"y","updated_at":"2018-01-02T03:04:05Z"}`, true},
	} {
		before := updated()
		now = now.Add(tt.wait)
		if rec := w.ask("owner", tt.method, tt.path, tt.body); rec.Code >= 300 {
			t.Fatalf("%s: %d %s", tt.name, rec.Code, rec.Body)
		}
		if got := updated() != before; got != tt.moves {
			t.Errorf("%s: updated_at moved: %v, want %v", tt.name, got, tt.moves)
		}
	}
	if got := updated(); got != "2018-01-02T03:04:05.000Z" {
		t.Errorf("chosen: got %s", got)
	}
	w.must(200, "owner", "PUT", one, `{"created_at":"2018-01-01T00:00:00Z"}`)
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"older","created_at":"2017-01-01T00:00:00Z"}`)
	if got := fieldOf(w.list("guest", w.path(w.infra, "/issues?sort=asc")), "title"); got != "older y" {
		t.Errorf("order of back-dated issues: got %s", got)
	}
}

// TestUpdatedAtBySomebodyElse checks that the first update by another user moves updated_at, even if all of it is dropped or
// nothing changes, and that actions in the text of a new issue do not count as one.
func TestUpdatedAtBySomebodyElse(t *testing.T) {
	t.Parallel()
	now := at
	w := newWorld(t, Options{Now: func() time.Time { return now }})
	o := w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x","description":"a\n/due 2019-01-01\n/label ~new"}`)
	if o.str("due_date") != "2019-01-01" || o.str("updated_at") != o.str("created_at") {
		t.Errorf("due %s, created at %s, updated at %s", o.str("due_date"), o.str("created_at"), o.str("updated_at"))
	}
	one, before := w.path(w.infra, "/issues/1"), o.str("updated_at")
	for _, tt := range []struct {
		who, body string
		moves     bool
	}{
		{"guest", `{"add_labels":"dropped"}`, true},
		{"guest", `{"add_labels":"dropped"}`, false},
		{"reporter", `{"milestone_id":99999}`, true},
		{"reporter", `{"milestone_id":99999}`, false},
		{"guest", `{"title":"x"}`, true},
		{"developer", `{"state_event":"reopen"}`, true},
	} {
		now = now.Add(time.Second)
		after := w.must(200, tt.who, "PUT", one, tt.body).str("updated_at")
		if got := after != before; got != tt.moves {
			t.Errorf("%s by %s: updated_at moved: %v, want %v", tt.body, tt.who, got, tt.moves)
		}
		before = after
	}
}

// TestUpdateEventsAndNotes checks the events and system notes of an update.
func TestUpdateEventsAndNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	next := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "Next"})
	current := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Group: w.acme}, Title: "Current"})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":"x","labels":"a","milestone_id":%d}`, next.ID))
	w.must(200, "reporter", "PUT", one, fmt.Sprintf(
		`{"title":"y","description":"d","labels":"b","milestone_id":%d,"due_date":"2018-09-01","assignee_ids":[%d],"confidential":true,"state_event":"close"}`,
		current.ID, w.users["guest"].ID))
	w.must(200, "reporter", "PUT", one, `{"milestone_id":0,"due_date":"","assignee_ids":[],"confidential":false,"state_event":"reopen"}`)
	w.refused(400, `{"message":{"work_item_type_id":["can not be changed to Incident"]}}`, "reporter", "PUT", one, `{"issue_type":"incident"}`)
	i := w.infra.IssueByIID[1]
	var trail []string
	for _, e := range i.LabelEvents {
		trail = append(trail, fmt.Sprint(e.Label.Name, e.Added))
	}
	for _, e := range i.MilestoneEvents {
		trail = append(trail, fmt.Sprint(e.Milestone.Title, e.Added, e.Closed))
	}
	for _, e := range i.StateEvents {
		trail = append(trail, fmt.Sprint("closed ", e.Closed))
	}
	for _, n := range i.Notes {
		if !n.System || n.Author != w.users["reporter"] {
			t.Errorf("note %+v is not a system note of the caller", n)
		}
		trail = append(trail, n.Body)
	}
	want := []string{
		"atrue", "btrue", "afalse", "Nexttrue false", "Currenttrue true", "Currentfalse false", "closed true", "closed false",
		`<p>changed title from <code class="idiff"><span class="idiff left right deletion">x</span></code> to <code class="idiff">` +
			`<span class="idiff left right addition">y</span></code></p>`,
		"changed the description", "assigned to @guest", "changed due date to September 1, 2018",
		"made the issue confidential", "unassigned @guest", "removed due date September 1, 2018", "made the issue visible to everyone",
	}
	if got := strings.Join(trail, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// TestIssueHistory checks what the API says about an issue's earlier state.
func TestIssueHistory(t *testing.T) {
	t.Parallel()
	now := at
	w := newWorld(t, Options{Now: func() time.Time { return now }, Tick: time.Nanosecond})
	one := w.path(w.infra, "/issues/1")
	created := w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":"x","labels":"a,b","assignee_ids":[%d]}`, w.users["guest"].ID))
	for _, e := range w.list("guest", one+"/resource_label_events") {
		if e.str("created_at") != created.str("created_at") || e.str("action") != "add" {
			t.Errorf("a label of the new issue is of %s, want %s", e.str("created_at"), created.str("created_at"))
		}
	}
	if n := w.list("guest", one+"/notes"); len(n) != 0 {
		t.Errorf("the assignment of a new issue has a note: %v", n)
	}
	note := w.must(201, "guest", "POST", one+"/notes", `{"body":"n"}`)
	now = now.Add(time.Hour)
	w.must(200, "reporter", "PUT", one, `{"remove_labels":"a"}`)
	changed := w.must(200, "guest", "GET", one, "").str("updated_at")
	now = now.Add(time.Hour)
	if rec := w.ask("maintainer", "DELETE", w.path(w.infra, "/labels/b"), ""); rec.Code != 204 {
		t.Fatalf("delete label: %d", rec.Code)
	}
	var trail []string
	for _, e := range w.list("guest", one+"/resource_label_events") {
		name := "gone"
		if l, ok := e["label"].(map[string]any); ok {
			name = fmt.Sprint(l["name"])
		}
		trail = append(trail, name+" "+e.str("action"))
	}
	if got := strings.Join(trail, ", "); got != "a add, gone add, a remove" {
		t.Errorf("events: %s", got)
	}
	if got := w.must(200, "guest", "GET", one, "").str("updated_at"); got != changed || changed == created.str("updated_at") {
		t.Errorf("updated at %s, after the label was deleted %s", changed, got)
	}
	for after, want := range map[string]int{changed: 1, strings.Replace(changed, ".000Z", ".001Z", 1): 0} {
		if got := len(w.list("guest", w.path(w.infra, "/issues?updated_after="+after))); got != want {
			t.Errorf("changed since %s: %d, want %d", after, got, want)
		}
	}
	edited := w.must(200, "guest", "PUT", one+fmt.Sprintf("/notes/%d", note.num("id")), `{"body":"m"}`)
	if edited.str("created_at") != note.str("created_at") || edited.str("updated_at") == note.str("updated_at") {
		t.Errorf("an edited note is of %s, changed %s", edited.str("created_at"), edited.str("updated_at"))
	}
}

func TestMoveCopiesNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.must(201, "guest", "POST", w.path(w.infra, "/issues/1/notes"), `{"body":"a word"}`)
	body := fmt.Sprintf(`{"to_project_id":%d}`, w.prod.ID)
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/clone"), body)
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), body)
	shot := w.s.Snapshot().Project("acme/prod")
	if n := shot.Issues[0].Notes; len(n) != 1 || n[0].Body != "cloned from infra#1" {
		t.Errorf("clone: notes %+v, want only its origin", n)
	}
	n := shot.Issues[1].Notes
	if len(n) != 3 || n[0].Body != "a word" || n[0].Author != "guest" || n[2].Body != "moved from infra#1" {
		t.Errorf("moved: notes %+v", n)
	}
}

func TestDeleteRemovesLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for range 2 {
		w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	}
	w.must(201, "owner", "POST", w.path(w.infra, "/issues/1/links"), fmt.Sprintf(`{"target_project_id":%d,"target_issue_iid":2}`, w.infra.ID))
	w.must(204, "owner", "DELETE", w.path(w.infra, "/issues/1"), "")
	if n := len(w.list("owner", w.path(w.infra, "/issues/2/links"))); n != 0 {
		t.Errorf("%d links to a deleted issue", n)
	}
	if w.infra.OpenIssues != 1 {
		t.Errorf("%d open issues, want 1", w.infra.OpenIssues)
	}
}

func TestPersonalProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	own := w.s.store.AddProject(&store.Project{Name: "Own", Path: "own", Owner: w.users["guest"]})
	p := w.must(200, "guest", "GET", "/projects/guest%2Fown", "")
	if ns := p["namespace"].(map[string]any); ns["kind"] != "user" || ns["full_path"] != "guest" || p.str("name_with_namespace") != "The guest / Own" {
		t.Errorf("got %v", p)
	}
	m := w.must(201, "guest", "POST", w.path(own, "/milestones"), `{"title":"Current"}`)
	w.must(201, "guest", "POST", w.path(own, "/issues"), fmt.Sprintf(`{"title":"x","milestone_id":%d,"labels":"a"}`, m.num("id")))
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "POST", w.path(own, fmt.Sprintf("/milestones/%d/promote", m.num("id"))), "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "owner", "GET", w.path(own, ""), "")
}

func TestPriorityOrders(t *testing.T) {
	t.Parallel()
	w := listWorld(t)
	w.infra.Priorities[w.infra.LabelNamed("p::1")] = 1
	w.infra.Priorities[w.infra.LabelNamed("toil")] = 10
	for query, want := range map[string]string{
		"order_by=label_priority&sort=asc": "alpha beta epsilon delta gamma",
		"order_by=label_priority":          "beta alpha epsilon delta gamma",
		"order_by=priority&sort=asc":       "alpha beta epsilon delta gamma",
	} {
		if got := fieldOf(w.list("reporter", w.path(w.infra, "/issues?")+query), "title"); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestContainingDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, body := range []string{
		`{"title":"both","start_date":"2018-08-13","due_date":"2018-08-24"}`, `{"title":"due","due_date":"2018-08-20"}`,
		`{"title":"start","start_date":"2018-08-27"}`, `{"title":"none"}`,
	} {
		w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), body)
	}
	for day, want := range map[string]string{"2018-08-13": "due both", "2018-08-24": "both", "2018-08-27": "start", "2018-08-25": ""} {
		if got := fieldOf(w.list("guest", w.path(w.infra, "/milestones?containing_date="+day)), "title"); got != want {
			t.Errorf("%s: got %q, want %q", day, got, want)
		}
	}
}

// TestPreconditions checks that some DELETEs use If-Unmodified-Since, and that nothing uses If-Match.
func TestPreconditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), `{"title":"x"}`)
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	send := func(method, path, body string) int {
		r := request("owner", method, path, body)
		r.Header.Set("If-Unmodified-Since", at.Add(-time.Hour).Format(http.TimeFormat))
		r.Header.Set("If-Match", `"nonsense"`)
		return serve(w.s, r).Code
	}
	if got := send("PUT", w.path(w.infra, "/issues/1"), `{"title":"y"}`); got != 200 {
		t.Errorf("PUT issue: got %d", got)
	}
	if got := send("DELETE", w.path(w.infra, fmt.Sprintf("/milestones/%d", m.num("id"))), ""); got != 204 {
		t.Errorf("DELETE milestone: got %d", got)
	}
	if got := send("DELETE", w.path(w.infra, "/issues/1"), ""); got != 412 {
		t.Errorf("DELETE issue: got %d", got)
	}
}

// TestDoBypassesFaultsAndLog checks that Do is neither hit by faults nor in the request log.
func TestDoBypassesFaultsAndLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{RateLimit: 1})
	w.s.AddFault(fault.Fault{Method: "ANY", Path: "/**", Kind: fault.Status, Status: 502})
	for range 3 {
		w.s.MustDo("guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	}
	if status, body := w.s.Do("outsider", "GET", w.path(w.infra, "/issues"), ""); status != 404 || body != `{"message":"404 Project Not Found"}` {
		t.Errorf("got %d %s", status, body)
	}
	if len(w.s.Requests()) != 0 || len(w.infra.Issues) != 3 {
		t.Errorf("%d requests in the log, %d issues", len(w.s.Requests()), len(w.infra.Issues))
	}
}
