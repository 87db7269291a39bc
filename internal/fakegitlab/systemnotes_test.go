package fakegitlab

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestSystemNotesOnlyForChanges checks that unchanged fields get no system note, and that system notes do not count
// as comments.
func TestSystemNotesOnlyForChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	one := w.newIssue("&description=d&due_date=2018-08-31")
	read := func(filter string) string {
		var all []string
		for _, n := range w.list("guest", one+"/notes?sort=asc"+filter) {
			all = append(all, n["author"].(map[string]any)["username"].(string)+" "+n.str("body"))
		}
		return strings.Join(all, "\n")
	}
	for _, step := range []struct{ who, body, want string }{
		{"planner", "description=d&due_date=2018-08-31&confidential=false&discussion_locked=false", ""},
		{"planner", "description=d&title=" + w.infra.IssueByIID[1].Title, ""},
		{"planner", "add_labels=a", ""},
		{"planner", "state_event=close", ""},
		{"planner", "description=e", "planner changed the description"},
		{"reporter", "description=e&discussion_locked=true", "reporter locked the discussion in this issue"},
		{"reporter", "discussion_locked=false", "reporter unlocked the discussion in this issue"},
		{"maintainer", "assignee_ids[]=2&assignee_ids[]=3&assignee_ids[]=4", "maintainer assigned to @guest, @planner, and @reporter"},
		{"maintainer", "assignee_ids[]=5&assignee_ids[]=2", "maintainer assigned to @developer and unassigned @planner and @reporter"},
	} {
		before := read("&activity_filter=only_activity")
		w.must(200, step.who, "PUT", one, step.body)
		got := strings.TrimPrefix(strings.TrimPrefix(read("&activity_filter=only_activity"), before), "\n")
		if got != step.want {
			t.Errorf("%s: got %q, want %q", step.body, got, step.want)
		}
	}
	if first, _, _ := strings.Cut(read(""), "\n"); !strings.HasSuffix(first, "changed due date to August 31, 2018") {
		t.Errorf("first note %q", first)
	}
	if i := w.must(200, "guest", "GET", one, ""); i.num("user_notes_count") != 0 {
		t.Errorf("user_notes_count %v", i["user_notes_count"])
	}
}
