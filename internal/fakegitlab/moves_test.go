package fakegitlab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// moveWorld has an issue acme/infra#1 with everything that a move takes along or leaves behind, and acme/infra#2 linked
// with it. The target acme/prod has two of its three labels, one of them through the group.
func moveWorld(t *testing.T, now *time.Time) *world {
	t.Helper()
	w := newWorld(t, Options{Now: func() time.Time { return *now }})
	for _, p := range []*store.Project{w.infra, w.prod} {
		w.must(201, "reporter", "POST", w.path(p, "/milestones"), "title=Current")
		w.newLabel(p, "both")
	}
	w.newLabel(w.acme, "shared")
	insider := w.user("insider") // sees only the source
	w.infra.Members = append(w.infra.Members, &store.Member{User: insider, Level: store.Developer, CreatedAt: at})
	w.must(201, "developer", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":"x","labels":"both,shared,source",`+
		`"milestone_id":%d,"assignee_ids":[%d],"due_date":"2018-09-01","confidential":true,`+
		`"description":"See #2, `+"`#2`"+`, #99 and acme/sub/deep#1."}`, w.infra.Milestones[0].ID, w.users["guest"].ID))
	w.must(201, "developer", "POST", w.path(w.infra, "/issues"), `{"title":"y"}`)
	w.must(201, "developer", "POST", w.path(w.infra, "/issues/1/links"),
		fmt.Sprintf(`{"target_project_id":%d,"target_issue_iid":2}`, w.infra.ID))
	*now = now.Add(time.Hour)
	w.must(201, "planner", "POST", w.path(w.infra, "/issues/1/notes"), `{"body":"A word on #2"}`)
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/notes"), `{"body":"quietly","internal":true}`)
	w.must(201, "planner", "POST", w.path(w.infra, "/issues/1/award_emoji"), "name=thumbsup")
	w.must(200, "planner", "PUT", w.path(w.infra, "/issues/1"), `{"discussion_locked":true}`)
	*now = now.Add(time.Hour)
	return w
}

func (w *world) moveTo(p *store.Project) string { return fmt.Sprintf(`{"to_project_id":%d}`, p.ID) }

func TestMoveTakesAlong(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	source := w.must(200, "reporter", "GET", w.path(w.infra, "/issues/1"), "")
	notes := w.list("reporter", w.path(w.infra, "/issues/1/notes?sort=asc"))
	answer := w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	if references := object(answer["references"].(map[string]any)); references.str("relative") != "prod#1" {
		t.Errorf("the answer refers to %v, want it as seen from the source", references)
	}
	if answer["assignee"] != nil || fmt.Sprint(answer["assignees"]) != "[]" {
		t.Errorf("the answer has assignees: %v", answer["assignees"])
	}
	moved := w.must(200, "reporter", "GET", w.path(w.prod, "/issues/1"), "")
	for _, same := range []string{"title", "created_at", "updated_at", "due_date", "confidential", "author", "assignees", "upvotes", "state"} {
		if fmt.Sprint(moved[same]) != fmt.Sprint(source[same]) {
			t.Errorf("%s: got %v, want %v", same, moved[same], source[same])
		}
	}
	want := "See infra#2, `#2`, #99 and acme/sub/deep#1."
	if moved.str("description") != want || fmt.Sprint(moved["labels"]) != "[both shared]" || moved["discussion_locked"] != nil {
		t.Errorf("got %q, %v, locked %v", moved["description"], moved["labels"], moved["discussion_locked"])
	}
	if m := object(moved["milestone"].(map[string]any)); m.num("project_id") != w.prod.ID {
		t.Errorf("milestone %v", m)
	}
	fresh := w.list("reporter", w.path(w.prod, "/issues/1/notes?sort=asc"))
	if len(fresh) != len(notes)+1 || fresh[len(notes)].str("body") != "moved from infra#1" {
		t.Fatalf("notes: %s", fieldOf(fresh, "body"))
	}
	for n, old := range notes {
		got := fresh[n]
		body := strings.ReplaceAll(old.str("body"), "#2", "infra#2")
		if got.str("body") != body || fmt.Sprint(got["author"], got["created_at"], got["updated_at"], got["internal"]) !=
			fmt.Sprint(old["author"], old["created_at"], old["updated_at"], old["internal"]) {
			t.Errorf("note %d: got %v, want the same as %v", n, got, old)
		}
	}
}

func TestMoveLeavesTheSource(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	moved := w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	source := w.must(200, "reporter", "GET", w.path(w.infra, "/issues/1"), "")
	if source.str("state") != "closed" || source.num("moved_to_id") != moved.num("id") || fmt.Sprint(source["labels"]) != "[both shared source]" ||
		source["milestone"] == nil || len(source["assignees"].([]any)) != 1 {
		t.Errorf("source: %v", source)
	}
	notes := w.list("reporter", w.path(w.infra, "/issues/1/notes"))
	if got := notes[0].str("body"); got != "moved to prod#1" {
		t.Errorf("last note of the source: %q", got)
	}
	for path, want := range map[string]string{
		w.path(w.infra, "/issues/2/links"): "1 1", // the source keeps its link
		w.path(w.infra, "/issues/1/links"): "2",
		w.path(w.prod, "/issues/1/links"):  "2",
	} {
		if got := fieldOf(w.list("reporter", path), "iid"); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/notes"), `{"body":"afterwards"}`)
	if got := fieldOf(w.list("reporter", w.path(w.prod, "/issues/1/notes")), "body"); strings.Contains(got, "afterwards") {
		t.Error("a comment on the source shows at the new issue")
	}
}

func (w *world) trail(path, of string) string {
	w.t.Helper()
	var all []string
	for _, ev := range w.list("reporter", path) {
		name := "gone"
		if of == "state" {
			name = ev.str("state")
		} else if x, ok := ev[of].(map[string]any); ok {
			name = fmt.Sprint(x["name"], x["title"], " ", x["project_id"])
		}
		all = append(all, strings.ReplaceAll(name, "<nil>", "")+" "+ev.str("action")+" "+ev.str("created_at")[11:16])
	}
	return strings.Join(all, ", ")
}

// TestMoveWritesLabelEventsAgain checks that label events are copied, and that at the time of the move the source's
// labels are removed and the target's added. A label of the group is the same in both.
func TestMoveWritesLabelEventsAgain(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	got := w.trail(w.path(w.prod, "/issues/1/resource_label_events"), "label")
	want := "both  add 15:00, shared  add 15:00, source  add 15:00, both  add 17:00, both  remove 17:00, source  remove 17:00"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	events := w.list("reporter", w.path(w.prod, "/issues/1/resource_label_events"))
	theirs := events[3]["label"].(map[string]any)["id"]
	if before := events[0]["label"].(map[string]any)["id"]; theirs == before || events[4]["label"].(map[string]any)["id"] != before {
		t.Errorf("events name %v, then %v", before, theirs)
	}
	if events[0].str("created_at") == "" || events[0]["user"].(map[string]any)["username"] != "developer" ||
		events[5]["user"].(map[string]any)["username"] != "reporter" {
		t.Error("copied events keep their user, new ones have the one who moves")
	}
}

func TestMoveCopiesOtherEvents(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	other := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=Only+here").num("id")
	for _, body := range []string{fmt.Sprintf(`{"milestone_id":%d}`, other), `{"milestone_id":null}`, `{"state_event":"close"}`} {
		w.must(200, "reporter", "PUT", w.path(w.infra, "/issues/1"), body)
	}
	moved := w.must(201, "planner", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	if moved.str("state") != "closed" || moved["milestone"] != nil || object(moved["closed_by"].(map[string]any)).str("username") != "reporter" {
		t.Errorf("a closed issue stays so: %v", moved)
	}
	issue := w.path(w.prod, "/issues/1")
	if got, want := w.trail(issue+"/resource_milestone_events", "milestone"), fmt.Sprintf("Current %d add 15:00, gone remove 17:00", w.prod.ID); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := w.trail(issue+"/resource_state_events", "state"); got != "closed  17:00" {
		t.Errorf("got %s", got)
	}
	if got := w.trail(w.path(w.infra, "/issues/1/resource_state_events"), "state"); got != "closed  17:00" {
		t.Errorf("source: %s", got)
	}
	if n := w.prod.OpenIssues; n != 0 {
		t.Errorf("%d open issues in the target", n)
	}
}

func TestMoveToOtherPlaces(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	w.must(200, "reporter", "PUT", w.path(w.prod, fmt.Sprintf("/milestones/%d", w.prod.Milestones[0].ID)), "state_event=close")
	w.must(201, "reporter", "POST", w.path(w.deep, "/issues"), "title=first")
	moved := w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.deep))
	if want := "See acme/infra#2, `#2`, #99 and acme/sub/deep#1."; moved.str("description") != want {
		t.Errorf("got %q, want %q", moved.str("description"), want)
	}
	if fmt.Sprint(moved["labels"]) != "[shared]" || moved["milestone"] != nil {
		t.Errorf("got %v %v", moved["labels"], moved["milestone"])
	}
	again := w.must(201, "reporter", "POST", w.path(w.deep, "/issues/2/move"), w.moveTo(w.prod))
	if want := "See infra#2, `#2`, #99 and acme/sub/deep#1."; again.str("description") != want || again["milestone"] != nil {
		t.Errorf("got %q with %v, want %q and not the closed milestone", again.str("description"), again["milestone"], want)
	}
}

func TestMoveDropsAssignees(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	w.must(200, "reporter", "PUT", w.path(w.infra, "/issues/1"), fmt.Sprintf(`{"assignee_ids":[%d]}`, w.users["insider"].ID))
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	if got := w.must(200, "reporter", "GET", w.path(w.prod, "/issues/1"), "")["assignees"].([]any); len(got) != 0 {
		t.Errorf("an assignee who cannot see the target: %v", got)
	}
}

func TestMoveAndCloneRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "guest", "POST", w.path(w.infra, "/issues"), `{"title":"own"}`)
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"task","issue_type":"task"}`)
	for _, verb := range []string{"move", "clone"} {
		refused := `{"message":"Unable to ` + verb + `. You have insufficient permissions."}`
		w.refused(400, refused, "guest", "POST", w.path(w.infra, "/issues/1/")+verb, w.moveTo(w.prod))
		w.refused(400, refused, "guest", "POST", w.path(w.infra, "/issues/1/")+verb, w.moveTo(w.infra))
		w.refused(400, `{"message":"Unable to `+verb+`. `+map[string]string{"move": "Moving", "clone": "Cloning"}[verb]+` 'Task' is not supported."}`,
			"reporter", "POST", w.path(w.infra, "/issues/2/")+verb, w.moveTo(w.prod))
		w.refused(404, `{"message":"404 Project Not Found"}`, "reporter", "POST", w.path(w.infra, "/issues/1/")+verb, `{"to_project_id":999999}`)
		w.refused(400, `{"error":"to_project_id is invalid"}`, "reporter", "POST", w.path(w.infra, "/issues/1/")+verb, `{"to_project_id":"acme/prod"}`)
	}
	w.must(201, "planner", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.prod))
	for _, verb := range []string{"move", "clone"} {
		w.refused(400, `{"message":"Unable to `+verb+`. You have insufficient permissions."}`, "owner", "POST", w.path(w.infra, "/issues/1/")+verb, w.moveTo(w.prod))
	}
	w.refused(400, `{"message":"Unable to move. You have insufficient permissions."}`, "owner", "POST", w.path(w.infra, "/issues/1/move"), w.moveTo(w.infra))
}

func TestIssueClone(t *testing.T) {
	t.Parallel()
	now := at
	w := moveWorld(t, &now)
	w.must(200, "reporter", "PUT", w.path(w.infra, "/issues/1"), `{"state_event":"close"}`)
	answer := w.must(201, "maintainer", "POST", w.path(w.infra, "/issues/1/clone"), w.moveTo(w.prod))
	if object(answer["references"].(map[string]any)).str("relative") != "#1" || fmt.Sprint(answer["assignees"]) != "[]" {
		t.Errorf("answer: %v", answer)
	}
	i := w.must(200, "reporter", "GET", w.path(w.prod, "/issues/1"), "")
	if i.str("state") != "opened" || i["closed_by"] != nil || i.str("created_at")[11:16] != "17:00" || i.str("updated_at") != i.str("created_at") ||
		object(i["author"].(map[string]any)).str("username") != "maintainer" || i.num("upvotes") != 0 || i.str("due_date") != "2018-09-01" ||
		i["confidential"] != true || fmt.Sprint(i["labels"]) != "[both shared]" || len(i["assignees"].([]any)) != 1 {
		t.Errorf("clone: %v", i)
	}
	if got := fieldOf(w.list("reporter", w.path(w.prod, "/issues/1/notes")), "body"); got != "cloned from infra#1" {
		t.Errorf("notes: %s", got)
	}
	if n := len(w.list("reporter", w.path(w.prod, "/issues/1/links"))); n != 0 {
		t.Errorf("%d links", n)
	}
	source := w.must(200, "reporter", "GET", w.path(w.infra, "/issues/1"), "")
	if got := w.list("reporter", w.path(w.infra, "/issues/1/notes"))[0].str("body"); got != "cloned to prod#1" || source["moved_to_id"] != nil {
		t.Errorf("source: %s, moved to %v", got, source["moved_to_id"])
	}
	full := w.must(201, "maintainer", "POST", w.path(w.infra, "/issues/1/clone"), fmt.Sprintf(`{"to_project_id":%d,"with_notes":true}`, w.infra.ID))
	own := w.path(w.infra, fmt.Sprintf("/issues/%d", full.num("iid")))
	bodies := fieldOf(w.list("reporter", own+"/notes?sort=asc"), "body")
	if !strings.Contains(bodies, "A word on #2") || !strings.HasSuffix(bodies, "cloned from #1") {
		t.Errorf("notes of a clone with notes: %s", bodies)
	}
	if n := len(w.list("reporter", own+"/resource_label_events")); n != 3 {
		t.Errorf("%d label events of a clone in the same project, want the copied ones", n)
	}
}
