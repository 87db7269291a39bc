package fakegitlab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestIssueObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{URL: "https://gitlab.example.test/root"})
	w.s.SetURL("http://127.0.0.1:8929")
	i := w.must(201, "reporter", "POST", w.path(w.infra, "/issues"),
		`{"title":" Rotate certificates ","description":"- [x] a\n- [ ] b","labels":"toil,Apple","assignee_ids":[3,4]}`)
	if i.str("title") != "Rotate certificates" || i.str("state") != "opened" || i.num("iid") != 1 || i.num("id") == 1 {
		t.Errorf("got %v", i)
	}
	if got := fmt.Sprint(i["labels"]); got != "[Apple toil]" {
		t.Errorf("labels: got %s, want them by title", got)
	}
	if n := len(i["assignees"].([]any)); n != 1 {
		t.Errorf("%d assignees on Free, want the first one", n)
	}
	if got := fmt.Sprint(i["task_completion_status"]); got != "map[completed_count:1 count:2]" {
		t.Errorf("task_completion_status: got %s", got)
	}
	if _, ok := i["task_status"]; ok || i["has_tasks"] != false {
		t.Errorf("has_tasks %v, task_status %v: GitLab has them the wrong way round", i["has_tasks"], i["task_status"])
	}
	if got := i["_links"].(map[string]any)["self"]; got != fmt.Sprintf("http://127.0.0.1:8929/api/v4/projects/%d/issues/1", w.infra.ID) {
		t.Errorf("self: got %v", got)
	}
	if got := i["references"].(map[string]any); got["short"] != "#1" || got["relative"] != "#1" || got["full"] != "acme/infra#1" {
		t.Errorf("references: got %v", got)
	}
	if i["subscribed"] != true {
		t.Errorf("the author is not subscribed: %v", i["subscribed"])
	}
	if _, ok := i["weight"]; ok {
		t.Error("weight is there on Free")
	}
	row := w.list("reporter", w.path(w.acme, "/issues"))[0]
	if _, ok := row["subscribed"]; ok {
		t.Error("subscribed is there on a row of a list")
	}
	if got := row["references"].(map[string]any)["relative"]; got != "infra#1" {
		t.Errorf("relative reference in the group: got %v", got)
	}
}

func TestIssueCreateRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	w.must(201, "owner", "POST", issues, `{"title":"x","iid":7}`)
	for _, tt := range []struct {
		name, who, path, body string
		status                int
		want                  string
	}{
		{"token before parameters", "", issues, `{}`, 401, `{"message":"401 Unauthorized"}`},
		{"parameters before parent", "guest", "/projects/999/issues", `{}`, 400, `{"error":"title is missing"}`},
		{"several joined", "guest", issues, `{"confidential":"maybe"}`, 400, `{"error":"title is missing, confidential is invalid"}`},
		{"unknown parent", "guest", "/projects/999/issues", `{"title":"x"}`, 404, `{"message":"404 Project Not Found"}`},
		{"invisible parent", "outsider", issues, `{"title":"x"}`, 404, `{"message":"404 Project Not Found"}`},
		{"blank title", "guest", issues, `{"title":"  "}`, 400, `{"message":{"title":["can't be blank"]}}`},
		{"long title", "guest", issues, `{"title":"` + strings.Repeat("ü", 256) + `"}`, 400,
			`{"message":{"title":["is too long (maximum is 255 characters)"]}}`},
		{"unknown kind", "guest", issues, `{"title":"x","issue_type":"epic"}`, 400, `{"error":"issue_type does not have a valid value"}`},
		{"bad time", "owner", issues, `{"title":"x","created_at":"yesterday-ish"}`, 400, `{"error":"created_at is invalid"}`},
		{"not a number", "guest", issues, `{"title":"x","milestone_id":"Current"}`, 400, `{"error":"milestone_id is invalid"}`},
		{"iid in use", "owner", issues, `{"title":"x","iid":7}`, 409, `{"message":"Duplicated issue"}`},
		{"no JSON", "guest", issues, `{"title":`, 400, `{"error":"Invalid JSON format"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.refused(tt.status, tt.want, tt.who, "POST", tt.path, tt.body)
		})
	}
	if n := len(w.infra.Issues); n != 1 {
		t.Errorf("%d issues after refused creates, want 1", n)
	}
}

func TestIssueCreateSilentDrops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	foreign := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.prod}, Title: "foreign"})
	closed := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "closed", Closed: true})
	fine := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Group: w.acme}, Title: "fine"})
	for _, id := range []int{foreign.ID, closed.ID, 99999} {
		if i := w.must(201, "reporter", "POST", issues, fmt.Sprintf(`{"title":"x","milestone_id":%d}`, id)); i["milestone"] != nil {
			t.Errorf("milestone %d was taken: %v", id, i["milestone"])
		}
	}
	i := w.must(201, "guest", "POST", issues, fmt.Sprintf(
		`{"title":"x","milestone_id":%d,"labels":"unknown","due_date":"2018-09-01","iid":500,"created_at":"2018-01-01T00:00:00Z","titel":"y"}`, fine.ID))
	if i["milestone"] == nil || i.str("due_date") != "2018-09-01" {
		t.Errorf("a guest member may set metadata while creating: got %v and %v", i["milestone"], i["due_date"])
	}
	if i.num("iid") == 500 || strings.HasPrefix(i.str("created_at"), "2018-01") {
		t.Errorf("iid and created_at of a guest were kept: %v %v", i["iid"], i["created_at"])
	}
	if len(i["labels"].([]any)) != 0 || len(w.infra.Labels) != 0 {
		t.Errorf("a guest created a label: %v", i["labels"])
	}
	i = w.must(201, "outsider", "POST", w.path(w.open, "/issues"), fmt.Sprintf(
		`{"title":"x","milestone_id":%d,"due_date":"2018-09-01","confidential":true}`, fine.ID))
	if i["milestone"] != nil || i["due_date"] != nil || i["confidential"] != true {
		t.Errorf("outsider on a public project: got %v %v %v", i["milestone"], i["due_date"], i["confidential"])
	}
	i = w.must(201, "owner", "POST", issues, `{"title":"x","iid":500,"created_at":"2018-01-01T10:00:00Z"}`)
	if i.num("iid") != 500 || i.str("created_at") != "2018-01-01T10:00:00.000Z" {
		t.Errorf("owner: got iid %v created_at %v", i["iid"], i["created_at"])
	}
	if i = w.must(201, "guest", "POST", issues, `{"title":"next"}`); i.num("iid") != 501 {
		t.Errorf("the iid after 500 is %v", i["iid"])
	}
}

func TestLabelsByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	w.s.store.AddLabel(&store.Label{Parent: store.Parent{Group: w.acme}, Name: "bug", Color: "#ff0000"})
	i := w.must(201, "reporter", "POST", issues, `{"title":"x","labels":["Bug, new one ","bug"]}`)
	if got := fmt.Sprint(i["labels"]); got != "[Bug bug new one]" {
		t.Errorf("labels: got %s", got)
	}
	if n := len(w.infra.Labels); n != 2 {
		t.Errorf("%d labels were created, want Bug and new one", n)
	}
	one := issues + "/1"
	i = w.must(200, "reporter", "PUT", one, `{"add_labels":"urgent,bug","remove_labels":"Bug,no such"}`)
	if got := fmt.Sprint(i["labels"]); got != "[bug new one urgent]" {
		t.Errorf("after add and remove: got %s", got)
	}
	i = w.must(200, "reporter", "PUT", one, `{"labels":"a,b","add_labels":"c","remove_labels":"a"}`)
	if got := fmt.Sprint(i["labels"]); got != "[b c]" {
		t.Errorf("labels, then add, then remove: got %s", got)
	}
	if i = w.must(200, "reporter", "PUT", one, `labels=`); len(i["labels"].([]any)) != 0 {
		t.Errorf("labels= left %v", i["labels"])
	}
	w.refused(400, `{"message":{"title":["can't be blank"]}}`, "reporter", "PUT", one, `{"title":"","add_labels":"left behind"}`)
	if w.infra.LabelNamed("left behind") == nil {
		t.Error("labels are created before the issue is validated")
	}
}

func TestLabelNamesAreCleaned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	body := `{"title":"x","labels":["<b>bold</b>","R&amp;D"]}`
	if i := w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), body); fmt.Sprint(i["labels"]) != "[R&D bold]" {
		t.Errorf("got %v", i["labels"])
	}
	for _, name := range []string{"<b>bold</b>", "<i></i>"} { // taken after cleaning, blank after cleaning
		w.refused(500, `{"message":"500 Internal Server Error"}`, "reporter", "POST", w.path(w.infra, "/issues"),
			`{"title":"x","labels":"`+name+`"}`)
	}
}

func TestAssignees(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	guest, outsider := w.users["guest"].ID, w.users["outsider"].ID
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":"x","assignee_id":%d}`, guest))
	for _, tt := range []struct {
		body string
		want int
	}{
		{fmt.Sprintf(`{"assignee_ids":[%d]}`, outsider), 1},
		{`{"assignee_ids":[99999]}`, 1},
		{`{"assignee_ids":[0]}`, 0},
		{fmt.Sprintf(`{"assignee_ids":[%d,%d]}`, outsider, guest), 1},
		{`assignee_ids=`, 0},
		{fmt.Sprintf(`assignee_ids[]=%d`, guest), 1},
		{`{"assignee_id":0}`, 0},
	} {
		if got := len(w.must(200, "reporter", "PUT", one, tt.body)["assignees"].([]any)); got != tt.want {
			t.Errorf("%s: %d assignees, want %d", tt.body, got, tt.want)
		}
	}
}

func TestScopedLabels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		edition store.Edition
		want    string
	}{{store.Free, "[p::1 p::2]"}, {store.Premium, "[p::2]"}, {store.Ultimate, "[p::2]"}} {
		w := newWorld(t, Options{Edition: tt.edition})
		w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","labels":"p::1"}`)
		i := w.must(200, "reporter", "PUT", w.path(w.infra, "/issues/1"), `{"add_labels":"p::2"}`)
		if got := fmt.Sprint(i["labels"]); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.edition, got, tt.want)
		}
	}
}

func TestEditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	body := fmt.Sprintf(`{"title":"x","weight":5,"assignee_ids":[%d,%d]}`, w.users["guest"].ID, w.users["owner"].ID)
	i := w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), body)
	if i.num("weight") != 5 || len(i["assignees"].([]any)) != 2 {
		t.Errorf("premium: weight %v, assignees %v", i["weight"], i["assignees"])
	}
	free := newWorld(t, Options{})
	free.must(201, "reporter", "POST", free.path(free.infra, "/issues"), `{"title":"x"}`)
	i = free.must(200, "reporter", "PUT", free.path(free.infra, "/issues/1"), `{"weight":5}`)
	if _, there := i["weight"]; there || free.infra.IssueByIID[1].Weight != nil {
		t.Errorf("a weight on Free was not dropped: %v", i["weight"])
	}
	ce := newWorld(t, Options{Edition: Community})
	ce.must(201, "reporter", "POST", ce.path(ce.infra, "/issues"), `{"title":"x"}`)
	ce.refused(400, `{"error":"assignee_id, assignee_ids, confidential, created_at, description, discussion_locked, due_date, `+
		`labels, add_labels, remove_labels, milestone_id, state_event, title, issue_type are missing, at least one parameter must be provided"}`,
		"reporter", "PUT", ce.path(ce.infra, "/issues/1"), `{"weight":5}`)
}

func TestIssueUpdateOrderOfEffects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","description":"old"}`)
	w.refused(400, `{"message":{"title":["is too long (maximum is 255 characters)"]}}`, "reporter", "PUT", one,
		`{"state_event":"close","title":"`+strings.Repeat("x", 300)+`","description":"new"}`)
	i := w.must(200, "reporter", "GET", one, "")
	if i.str("state") != "closed" || i.str("title") != "x" || i.str("description") != "old" {
		t.Errorf("got %s %q %q, want closed and otherwise untouched", i.str("state"), i.str("title"), i.str("description"))
	}
	if i["closed_at"] == nil || i["closed_by"].(map[string]any)["username"] != "reporter" {
		t.Errorf("closed_at %v by %v", i["closed_at"], i["closed_by"])
	}
	before := i.str("updated_at")
	if i = w.must(200, "reporter", "PUT", one, `{"state_event":"close"}`); i.str("updated_at") != before {
		t.Error("closing twice moved updated_at")
	}
	if i = w.must(200, "reporter", "PUT", one, `{"state_event":"reopen"}`); i["closed_at"] != nil || i.str("state") != "opened" {
		t.Errorf("reopened: %v %v", i["state"], i["closed_at"])
	}
}

func TestIssueUpdateMilestone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "Current"})
	closed := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "Old", Closed: true})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":"x","milestone_id":%d}`, m.ID))
	for _, id := range []int{closed.ID, 12345} {
		i := w.must(200, "reporter", "PUT", one, fmt.Sprintf(`{"milestone_id":%d}`, id))
		if got, _ := i["milestone"].(map[string]any); got["title"] != "Current" {
			t.Errorf("milestone_id %d: got %v, want it ignored", id, i["milestone"])
		}
	}
	for _, clear := range []string{`{"milestone_id":0}`, `{"milestone_id":null}`, `{"milestone_id":""}`, `milestone_id=`} {
		w.must(200, "reporter", "PUT", one, fmt.Sprintf(`{"milestone_id":%d}`, m.ID))
		if i := w.must(200, "reporter", "PUT", one, clear); i["milestone"] != nil {
			t.Errorf("%s left %v", clear, i["milestone"])
		}
	}
}

func TestIssueRights(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who            string
		edit, own, del bool
		see            bool // someone else's confidential issue
		confidential   int  // status of a PUT on it
	}{
		{"guest", false, true, false, false, 403},
		{"planner", true, true, true, true, 200},
		{"reporter", true, true, false, true, 200},
		{"developer", true, true, false, true, 200},
		{"maintainer", true, true, false, true, 200},
		{"owner", true, true, true, true, 200},
	} {
		t.Run(tt.who, func(t *testing.T) {
			w := newWorld(t, Options{})
			issues := w.path(w.infra, "/issues")
			w.must(201, "root", "POST", issues, `{"title":"root's"}`)
			w.must(201, tt.who, "POST", issues, `{"title":"own"}`)
			w.must(201, "root", "POST", issues, `{"title":"secret","confidential":true}`)
			status := func(ok bool, yes int) int {
				if ok {
					return yes
				}
				return 403
			}
			check := func(what string, got, want int) {
				if got != want {
					t.Errorf("%s: got %d, want %d", what, got, want)
				}
			}
			check("edit", w.ask(tt.who, "PUT", issues+"/1", `{"title":"y"}`).Code, status(tt.edit, 200))
			check("edit own", w.ask(tt.who, "PUT", issues+"/2", `{"title":"y"}`).Code, status(tt.own, 200))
			see := 404
			if tt.see {
				see = 200
			}
			check("see", w.ask(tt.who, "GET", issues+"/3", "").Code, see)
			check("edit confidential", w.ask(tt.who, "PUT", issues+"/3", `{"title":"y"}`).Code, tt.confidential)
			check("delete", w.ask(tt.who, "DELETE", issues+"/2", "").Code, status(tt.del, 204))
			if got := len(w.list(tt.who, issues)); got != len(w.infra.Issues)-btoi(!tt.see) {
				t.Errorf("list of %d rows out of %d", got, len(w.infra.Issues))
			}
		})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestAuthorSetsNoMetadataLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"mine"}`)
	i := w.must(200, "guest", "PUT", w.path(w.infra, "/issues/1"),
		`{"title":"ours","labels":"a","due_date":"2018-09-01","confidential":true,"discussion_locked":true}`)
	if i.str("title") != "ours" || len(i["labels"].([]any)) != 0 || i["due_date"] != nil || i["confidential"] != false || i["discussion_locked"] != nil {
		t.Errorf("got %v", i)
	}
}

func TestArchivedAndDisabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.infra.Archived = true
	for _, req := range [][3]string{
		{"POST", "/issues", `{"title":"x"}`}, {"PUT", "/issues/1", `{"title":"y"}`}, {"DELETE", "/issues/1", ""},
		{"POST", "/milestones", `{"title":"x"}`},
	} {
		w.refused(403, `{"message":"403 Forbidden"}`, "owner", req[0], w.path(w.infra, req[1]), req[2])
	}
	w.must(200, "guest", "GET", w.path(w.infra, "/issues/1"), "")
	if n := len(w.list("owner", w.path(w.acme, "/issues"))); n != 0 {
		t.Errorf("the group's list shows %d issues of an archived project", n)
	}
	if n := len(w.list("owner", w.path(w.acme, "/issues?non_archived=false"))); n != 1 {
		t.Errorf("with non_archived=false: %d issues, want 1", n)
	}
	w.prod.Set(store.IssuesFeature, `"disabled"`)
	w.refused(403, `{"message":"403 Forbidden"}`, "owner", "POST", w.path(w.prod, "/issues"), `{"title":"x"}`)
	if n := len(w.list("owner", w.path(w.prod, "/issues"))); n != 0 {
		t.Errorf("issues disabled: %d rows", n)
	}
}

func TestIssueDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	w.must(201, "owner", "POST", issues, `{"title":"x"}`)
	w.refused(404, `{"message":"404 Issue Not Found"}`, "owner", "DELETE", issues+"/9", "")
	w.refused(400, `{"error":"issue_iid is invalid"}`, "owner", "DELETE", issues+"/nine", "")
	del := func(since time.Time) int {
		r := request("owner", "DELETE", issues+"/1", "")
		r.Header.Set("If-Unmodified-Since", since.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
		return serve(w.s, r).Code
	}
	if got := del(at.Add(-time.Hour)); got != 412 {
		t.Errorf("modified since: got %d, want 412", got)
	}
	if got := del(at); got != 204 {
		t.Errorf("modified within the same second: got %d, want 204", got)
	}
	w.refused(404, `{"message":"404 Issue Not Found"}`, "owner", "DELETE", issues+"/1", "")
	if i := w.must(201, "owner", "POST", issues, `{"title":"y"}`); i.num("iid") != 2 {
		t.Errorf("iid %d was used again", i.num("iid"))
	}
}

func TestIssueMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, p := range []*store.Project{w.infra, w.prod} {
		w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: p}, Title: "Current"})
	}
	w.s.store.AddLabel(&store.Label{Parent: store.Parent{Project: w.prod}, Name: "both", Color: "#000000"})
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"),
		fmt.Sprintf(`{"title":"x","labels":"both,only here","milestone_id":%d}`, w.infra.Milestones[0].ID))
	move := w.path(w.infra, "/issues/1/move")
	to := func(p *store.Project) string { return fmt.Sprintf(`{"to_project_id":%d}`, p.ID) }
	w.refused(400, `{"error":"to_project_id is missing"}`, "reporter", "POST", move, "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "reporter", "POST", move, `{"to_project_id":99}`)
	if same := w.must(201, "reporter", "POST", move, to(w.infra)); same.num("iid") != 1 || same.str("state") != "opened" || len(w.infra.Issues) != 1 {
		t.Errorf("moved to its own project: %v", same)
	}
	w.refused(400, `{"message":"Unable to move. You have insufficient permissions."}`, "guest", "POST", move, to(w.prod))
	moved := w.must(201, "reporter", "POST", move, to(w.prod))
	if moved.num("project_id") != w.prod.ID || fmt.Sprint(moved["labels"]) != "[both]" || moved["milestone"] == nil {
		t.Errorf("moved: %v %v %v", moved["project_id"], moved["labels"], moved["milestone"])
	}
	old := w.must(200, "reporter", "GET", w.path(w.infra, "/issues/1"), "")
	if old.str("state") != "closed" || old.num("moved_to_id") != moved.num("id") {
		t.Errorf("old one: %v, moved to %v", old["state"], old["moved_to_id"])
	}
	w.refused(400, `{"message":"Unable to move. You have insufficient permissions."}`, "reporter", "POST", move, to(w.prod))
	for range 2 {
		w.must(201, "reporter", "POST", w.path(w.prod, "/issues/1/clone"), to(w.prod))
	}
	if n := len(w.prod.Issues); n != 3 {
		t.Errorf("%d issues after two clones, want 3", n)
	}
}

func TestIssueByGlobalID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	i := w.must(201, "owner", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	path := fmt.Sprintf("/issues/%d", i.num("id"))
	w.must(200, "root", "GET", path, "")
	w.refused(403, `{"message":"403 Forbidden"}`, "owner", "GET", path, "")
	w.refused(404, `{"message":"404 Not found"}`, "owner", "GET", w.path(w.infra, path), "")
}

func TestReorder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	for n := range 3 {
		w.must(201, "reporter", "POST", issues, fmt.Sprintf(`{"title":"i%d"}`, n))
	}
	for _, sort := range []string{"asc", "desc"} {
		if got := fieldOf(w.list("guest", issues+"?order_by=relative_position&sort="+sort), "title"); got != "i2 i1 i0" {
			t.Errorf("%s, before anybody dragged one: got %s", sort, got)
		}
	}
	w.must(200, "reporter", "PUT", issues+"/1/reorder", fmt.Sprintf(`{"move_after_id":%d}`, w.infra.IssueByIID[3].ID))
	if got := fieldOf(w.list("guest", issues+"?order_by=relative_position"), "title"); got != "i2 i0 i1" {
		t.Errorf("got %s", got)
	}
	w.must(200, "reporter", "PUT", issues+"/3/reorder", fmt.Sprintf(`{"move_before_id":%d}`, w.infra.IssueByIID[2].ID))
	if got := fieldOf(w.list("guest", issues+"?order_by=relative_position"), "title"); got != "i0 i2 i1" {
		t.Errorf("got %s", got)
	}
	w.refused(422, `{"message":{"error":"Unprocessable Entity"}}`, "reporter", "PUT", issues+"/3/reorder", `{"move_after_id":1}`)
}

func TestDescriptionTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.infra.IssueTemplate = "## What"
	if i := w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`); i.str("description") != "## What" {
		t.Errorf("got %q", i.str("description"))
	}
}

func TestUpdateStripsStoredCommandLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","description":"Text\r\n/confidential\r\n"}`)
	i := w.must(200, "reporter", "GET", one, "")
	if i.str("description") != "Text" || i["confidential"] != true {
		t.Errorf("created: %q, confidential %v", i.str("description"), i["confidential"])
	}
	w.infra.IssueByIID[1].Description = "Old\n/close"
	i = w.must(200, "reporter", "PUT", one, `{"due_date":"2018-09-01"}`)
	if i.str("description") != "Old" || i.str("state") != "opened" {
		t.Errorf("update of another field: %q and %s, want the line gone and not carried out", i.str("description"), i.str("state"))
	}
	i = w.must(200, "reporter", "PUT", one, `{"description":"New\n/close"}`)
	if i.str("description") != "New" || i.str("state") != "closed" {
		t.Errorf("update with a command: %q and %s", i.str("description"), i.str("state"))
	}
}
