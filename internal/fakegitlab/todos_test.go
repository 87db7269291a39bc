package fakegitlab

import (
	"fmt"
	"strings"
	"testing"
)

// todos prints the pending to-do items of a user, the latest first.
func (w *world) todos(who, query string) string {
	w.t.Helper()
	var all []string
	for _, t := range w.list(who, "/todos"+query) {
		author, _ := t["author"].(map[string]any)
		all = append(all, fmt.Sprintf("%s by %s: %s", t.str("action_name"), object(author).str("username"), t.str("body")))
	}
	return strings.Join(all, "; ")
}

func TestTodosOfMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for _, tt := range []struct{ title, fields, who, want string }{
		{"ask @guest", "", "guest", "mentioned by reporter: ask @guest"},
		{"@planner: look", "", "planner", "directly_addressed by reporter: @planner: look"},
		{"a", "description=all+of+@acme", "owner", "mentioned by reporter: a"},
		{"b", "description=`@maintainer`+mail@maintainer", "maintainer", ""},
		{"c @developer", "confidential=true", "developer", "mentioned by reporter: c @developer"},
		{"d @outsider", "", "outsider", ""},
	} {
		for _, u := range w.users {
			w.must(204, u.Username, "POST", "/todos/mark_as_done", "")
		}
		w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), "title="+strings.ReplaceAll(tt.title, " ", "+")+"&"+tt.fields)
		if got := w.todos(tt.who, ""); got != tt.want {
			t.Errorf("%s %s: %s has %q, want %q", tt.title, tt.fields, tt.who, got, tt.want)
		}
	}
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), "title=secret+@guest&confidential=true")
	if got := w.todos("guest", ""); got != "" {
		t.Errorf("an issue that a guest may not read: %q", got)
	}
}

// TestTodosOfNotes checks that an edit tells only those who were not mentioned before, and that an internal note tells
// nobody who may not read it.
func TestTodosOfNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "reporter", "POST", issue+"/notes", "body=see+@developer")
	note := fmt.Sprintf("%s/notes/%d", issue, n.num("id"))
	item := w.list("developer", "/todos")[0]
	if !strings.HasSuffix(item.str("target_url"), fmt.Sprintf("/acme/infra/-/issues/1#note_%d", n.num("id"))) || item.str("state") != "pending" {
		t.Errorf("got %v", item)
	}
	w.must(201, "developer", "POST", fmt.Sprintf("/todos/%d/mark_as_done", item.num("id")), "")
	w.must(200, "reporter", "PUT", note, "body=see+@developer+and+@guest")
	if got := w.todos("developer", "") + w.todos("guest", ""); got != "mentioned by reporter: see @developer and @guest" {
		t.Errorf("after the edit: %q", got)
	}
	w.must(201, "guest", "POST", issue+"/notes", "body=ok")
	if got := w.todos("guest", "") + w.todos("guest", "?state=done"); got != "mentioned by reporter: see @developer and @guest" {
		t.Errorf("a comment leaves nothing to do: %q", got)
	}
	w.must(201, "reporter", "POST", issue+"/notes", "body=psst+@guest+@planner&internal=true")
	if got := w.todos("guest", "") + w.todos("planner", ""); got != "mentioned by reporter: psst @guest @planner" {
		t.Errorf("of an internal note: %q", got)
	}
}

func TestTodosOfAssignments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	guest := w.users["guest"].ID
	issue := w.newIssue(fmt.Sprintf("&assignee_ids[]=%d", guest))
	if got := w.todos("guest", "?action=assigned&type=Issue"); got != "assigned by reporter: An issue" {
		t.Errorf("got %q", got)
	}
	for query, want := range map[string]int{
		"?action=mentioned": 0, "?type=MergeRequest": 0, fmt.Sprintf("?project_id=%d", w.infra.ID): 1, fmt.Sprintf("?project_id=%d", w.prod.ID): 0,
		fmt.Sprintf("?group_id=%d", w.acme.ID): 1, fmt.Sprintf("?author_id=%d", guest): 0, "?state=done": 0,
	} {
		if got := len(w.list("guest", "/todos"+query)); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
	w.refused(400, `{"error":"state does not have a valid value"}`, "guest", "GET", "/todos?state=open", "")
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", "/todos", "")
	if rec := w.ask("guest", "POST", issue+"/todo", ""); rec.Code != 304 {
		t.Errorf("another item: got %d %s", rec.Code, rec.Body)
	}
	w.must(200, "guest", "PUT", issue, "state_event=close")
	if got := w.todos("guest", ""); got != "" {
		t.Errorf("after closing: %q", got)
	}
	if got := w.must(201, "guest", "POST", issue+"/todo", ""); got.str("action_name") != "marked" || got.str("target_type") != "Issue" {
		t.Errorf("got %v", got)
	}
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "POST", fmt.Sprintf("/todos/%d/mark_as_done", w.list("guest", "/todos")[0].num("id")), "")
}

// TestParticipants checks the order of participants: assignees, writers of notes, the author, and who is mentioned.
func TestParticipants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue(fmt.Sprintf("&assignee_ids[]=%d&description=for+@developer+@outsider", w.users["owner"].ID))
	w.must(201, "planner", "POST", issue+"/notes", "body=hello")
	n := w.must(201, "guest", "POST", issue+"/notes", "body=hello")
	w.must(201, "maintainer", "POST", fmt.Sprintf("%s/notes/%d/award_emoji", issue, n.num("id")), "name=eyes")
	if got, want := fieldOf(w.list("guest", issue+"/participants"), "username"), "owner planner guest maintainer reporter developer"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	got := w.must(201, "guest", "POST", "/markdown", "text=a+_b_").str("html")
	if want := `<p data-sourcepos="1:1-1:5">a <em data-sourcepos="1:3-1:5">b</em></p>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w.refused(400, `{"error":"text is missing"}`, "guest", "POST", "/markdown", "")
	w.refused(404, `{"message":"404 Project Not Found"}`, "outsider", "POST", "/markdown", "text=x&project=acme/infra")
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "POST", "/markdown", "text=x")
}
