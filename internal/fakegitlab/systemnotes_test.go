package fakegitlab

import (
	"strings"
	"testing"
)

func TestTitleNote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, after, want string }{
		{"x", "y", "changed title from **{-x-}** to **{+y+}**"},
		{"Web is down", "Web is slow", "changed title from **Web is {-down-}** to **Web is {+slow+}**"},
		{"Web is down", "The Web is down", "changed title from **Web is down** to **{+The +}Web is down**"},
		{"aa", "a", "changed title from **a{-a-}** to **a**"},
		{"ÄÖ", "ÄÜ", "changed title from **Ä{-Ö-}** to **Ä{+Ü+}**"},
	} {
		if got := titleNote(tt.before, tt.after); got != tt.want {
			t.Errorf("%q to %q: got %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}

func TestDescriptionNotes(t *testing.T) {
	t.Parallel()
	const changed = "changed the description"
	for _, tt := range []struct{ name, before, after, want string }{
		{"prose", "a", "b", changed},
		{"one ticked", "- [ ] a\n- [ ] b", "- [ ] a\n- [x] b", "marked the checklist item **b** as completed"},
		{"one cleared", "1. [X] a", "1. [ ] a", "marked the checklist item **a** as incomplete"},
		{"ticked, and prose", "- [ ] a", "- [x] a\n\nmore", "marked the checklist item **a** as completed"},
		{"two", "* [ ] a\n* [x] b", "* [x] a\n* [ ] b", "marked the checklist item **a** as completed|marked the checklist item **b** as incomplete"},
		{"renamed and ticked", "- [ ] a", "- [x] b", changed},
		{"one more", "- [x] a", "- [x] a\n- [ ] b", changed},
		{"no list", "[ ] a", "[x] a", changed},
		{"no text", "- [ ]", "- [x]", changed},
	} {
		if got := strings.Join(descriptionNotes(tt.before, tt.after), "|"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestSystemNotesAreOfWhatChanged: nothing is written for what is as it was, and nothing of it counts as a comment.
func TestSystemNotesAreOfWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: Premium})
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
		{"planner", "description=d&title=" + w.infra.issueByIID[1].title, ""},
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
