package fakegitlab

import (
	"fmt"
	"testing"
)

func TestResourceEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), "title=M")
	issue := w.newIssue(fmt.Sprintf("&labels=a&milestone_id=%d", m.num("id")))
	w.must(200, "developer", "PUT", issue, "remove_labels=a&add_labels=b&milestone_id=0&state_event=close")
	w.must(200, "developer", "PUT", issue, "state_event=reopen")
	w.must(200, "developer", "PUT", issue, "state_event=reopen") // no second event

	labels := w.list("guest", issue+"/resource_label_events")
	got := ""
	for _, ev := range labels {
		label, _ := ev["label"].(map[string]any)
		user, _ := ev["user"].(map[string]any)
		got += fmt.Sprintf("%s %s %s, ", object(user).str("username"), ev.str("action"), object(label).str("name"))
	}
	if want := "reporter add a, developer add b, developer remove a, "; got != want {
		t.Errorf("label events: got %q, want %q", got, want)
	}
	milestones := w.list("guest", issue+"/resource_milestone_events")
	if got := fieldOf(milestones, "action"); got != "add remove" {
		t.Errorf("milestone events: %s", got)
	}
	if got := fieldOf(milestones, "state"); got != "opened closed" {
		t.Errorf("state in the milestone events: %s", got)
	}
	states := w.list("guest", issue+"/resource_state_events")
	if got := fieldOf(states, "state"); got != "closed reopened" {
		t.Errorf("state events: %s", got)
	}
	for kind, events := range map[string][]object{"label": labels, "milestone": milestones, "state": states} {
		base := issue + "/resource_" + kind + "_events/"
		one := w.must(200, "guest", "GET", base+fmt.Sprint(events[1].num("id")), "")
		if one.num("id") != events[1].num("id") || one.str("resource_type") != "Issue" || one.num("resource_id") != 90001 {
			t.Errorf("%s event: %v", kind, one)
		}
		w.refused(404, `{"message":"404 Not found"}`, "guest", "GET", base+"1", "")
	}
	if n := len(w.list("guest", issue+"/notes")); n != 0 {
		t.Errorf("%d system notes for changes that have events", n)
	}
	if rec := w.ask("guest", "GET", issue+"/resource_label_events?per_page=1&page=2", ""); rec.Header().Get("X-Total") != "3" {
		t.Errorf("paging: %v", rec.Header())
	}
	w.must(204, "reporter", "DELETE", w.path(w.infra, fmt.Sprintf("/milestones/%d", m.num("id"))), "")
	if ev := w.list("guest", issue+"/resource_milestone_events")[0]; ev["milestone"] != nil {
		t.Errorf("a deleted milestone shows: %v", ev)
	}
}
