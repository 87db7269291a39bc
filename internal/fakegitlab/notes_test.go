package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// newIssue opens an issue in acme/infra as the reporter and returns its path.
func (w *world) newIssue(fields string) string {
	w.t.Helper()
	i := w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), "title=An+issue"+fields)
	return w.path(w.infra, fmt.Sprintf("/issues/%d", i.num("iid")))
}

func TestNoteLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "guest", "POST", issue+"/notes", `{"body":"  Looks\r\n good. \r\n "}`)
	if n.str("body") != "  Looks\n good." {
		t.Errorf("body %q", n.str("body"))
	}
	if n["system"] != false || n["internal"] != false || n.str("noteable_type") != "Issue" || n.num("noteable_iid") != 1 {
		t.Errorf("got %v", n)
	}
	note := fmt.Sprintf("%s/notes/%d", issue, n.num("id"))
	if got := w.must(200, "reporter", "GET", note, ""); got.num("id") != n.num("id") {
		t.Errorf("got %v", got)
	}
	w.refused(403, `{"message":"403 Forbidden"}`, "developer", "PUT", note, "body=mine")
	w.refused(403, `{"message":"403 Forbidden"}`, "developer", "DELETE", note, "")
	w.refused(400, `{"error":"body is empty"}`, "guest", "PUT", note, "body=")
	if got := w.must(200, "maintainer", "PUT", note, "body=theirs"); got.str("body") != "theirs" || got.str("updated_at") == n.str("updated_at") {
		t.Errorf("got %v", got)
	}
	w.must(204, "guest", "DELETE", note, "")
	w.refused(404, `{"message":"404 Not found"}`, "guest", "DELETE", note, "")
}

func TestNoteRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	secret := w.newIssue("&confidential=true")
	locked := w.must(201, "reporter", "POST", w.path(w.open, "/issues"), "title=x&discussion_locked=true")
	openPath := w.path(w.open, fmt.Sprintf("/issues/%d/notes", locked.num("iid")))
	const blank = `{"message":"400 Bad request - Note {:note=>[\"can't be blank\"]}"}`
	for _, tt := range []struct {
		name, who, path, body string
		status                int
		want                  string
	}{
		{"no body", "guest", issue + "/notes", "", 400, `{"error":"body is missing"}`},
		{"no body and no project", "guest", "/projects/77/issues/1/notes", "", 400, `{"error":"body is missing"}`},
		{"no project", "guest", "/projects/77/issues/1/notes", "body=x", 404, `{"message":"404 Project Not Found"}`},
		{"no issue", "guest", w.path(w.infra, "/issues/77/notes"), "body=x", 404, `{"message":"404 Not found"}`},
		{"confidential", "guest", secret + "/notes", "body=x", 404, `{"message":"404 Not found"}`},
		{"no token", "", issue + "/notes", "body=x", 401, `{"message":"401 Unauthorized"}`},
		{"empty", "guest", issue + "/notes", "body=", 400, blank},
		{"blanks", "guest", issue + "/notes", "body=+%0A+", 400, blank},
		{"too long", "guest", issue + "/notes", "body=" + strings.Repeat("x", 1_000_001), 400,
			`{"message":"400 Bad request - Note {:note=>[\"is too long (maximum is 1000000 characters)\"]}"}`},
		{"locked", "outsider", openPath, "body=x", 403, `{"message":"403 Forbidden"}`},
		{"only a command without effect and message", "reporter", issue + "/notes", "body=/title", 400,
			`{"message":"400 Bad request - Failed to apply commands."}`},
		{"a word as a number", "guest", w.path(w.infra, "/issues/x/notes"), "body=x", 400, `{"error":"noteable_id is invalid"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.refused(tt.status, tt.want, tt.who, "POST", tt.path, tt.body)
		})
	}
	if n := len(w.list("reporter", issue+"/notes?activity_filter=only_comments")); n != 0 {
		t.Errorf("%d notes after refusals only", n)
	}
	w.must(201, "guest", "POST", openPath, "body=a+member")
}

func TestNoteOrderAndShortPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	for _, body := range []string{"a", "b&internal=true", "c", "d&created_at=2018-01-01T00:00:00Z"} {
		w.must(201, "owner", "POST", issue+"/notes", "body="+body)
	}
	for _, tt := range []struct{ who, query, want string }{
		{"reporter", "", "d c b a"},
		{"reporter", "?sort=asc", "a b c d"},
		{"reporter", "?order_by=updated_at&sort=asc", "d a b c"},
		{"reporter", "?sort=asc&per_page=2&page=2", "c d"},
		{"guest", "?sort=asc&per_page=2", "a"}, // b is internal, and it is dropped after paging
		{"reporter", "?activity_filter=only_activity", ""},
	} {
		if got := fieldOf(w.list(tt.who, issue+"/notes"+tt.query), "body"); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.query, tt.who, got, tt.want)
		}
	}
	if total := w.ask("guest", "GET", issue+"/notes", "").Header().Get("X-Total"); total != "4" {
		t.Errorf("X-Total %s counts only what may be read", total)
	}
	internal := w.list("reporter", issue+"/notes?sort=asc")[1].num("id")
	w.refused(404, `{"message":"404 Note Not Found"}`, "guest", "GET", fmt.Sprintf("%s/notes/%d", issue, internal), "")
	backdated := w.list("reporter", issue+"/notes")[0]
	if backdated.str("created_at") != "2018-01-01T00:00:00.000Z" || backdated["updated_at"] != backdated["created_at"] {
		t.Errorf("created_at of the owner's: got %v", backdated)
	}
	if ignored := w.must(201, "developer", "POST", issue+"/notes", "body=e&created_at=2018-01-01"); ignored.str("created_at") < "2018-08" {
		t.Errorf("created_at of a developer's is %v", ignored["created_at"])
	}
}

func TestSystemNotesStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	w.must(200, "reporter", "PUT", issue, "title=Another")
	notes := w.list("reporter", issue+"/notes")
	if len(notes) != 1 || notes[0]["system"] != true {
		t.Fatalf("got %v", notes)
	}
	path := fmt.Sprintf("%s/notes/%d", issue, notes[0].num("id"))
	w.refused(403, `{"message":"403 Forbidden"}`, "root", "PUT", path, "body=x")
	w.refused(403, `{"message":"403 Forbidden"}`, "root", "DELETE", path, "")
}

func TestNoteOfCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	rec := w.ask("reporter", "POST", issue+"/notes", "body=/close")
	if want := `{"commands_changes":{"state_event":"close"},"summary":["Closed this issue."]}`; rec.Code != 202 || rec.Body.String() != want {
		t.Errorf("got %d %s, want 202 %s", rec.Code, rec.Body, want)
	}
	if i := w.must(200, "reporter", "GET", issue, ""); i.str("state") != "closed" || i.num("user_notes_count") != 0 {
		t.Errorf("issue after /close: %v", i)
	}
	n := w.must(201, "reporter", "POST", issue+"/notes", `{"body":"Not yet.\n/reopen\n/title New"}`)
	if n.str("body") != "Not yet." || fmt.Sprint(n["commands_changes"]) != "map[state_event:reopen title:New]" {
		t.Errorf("got %v", n)
	}
	if i := w.must(200, "reporter", "GET", issue, ""); i.str("state") != "opened" || i.str("title") != "New" {
		t.Errorf("issue after /reopen: %v", i)
	}
	// The same text from a user without the right: the line is removed, and nothing happens.
	n = w.must(201, "guest", "POST", issue+"/notes", `{"body":"Please\n/close"}`)
	if n.str("body") != "Please" || w.must(200, "guest", "GET", issue, "").str("state") != "opened" {
		t.Errorf("a guest's command: %v", n)
	}
}

func TestNoteEditedIntoCommandsIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "reporter", "POST", issue+"/notes", "body=text")
	path := fmt.Sprintf("%s/notes/%d", issue, n.num("id"))
	if got := w.must(200, "reporter", "PUT", path, `{"body":"other text\n/title Named"}`); got.str("body") != "other text" {
		t.Errorf("got %v", got)
	}
	w.must(202, "reporter", "PUT", path, "body=/close")
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "GET", path, "")
	if i := w.must(200, "reporter", "GET", issue, ""); i.str("state") != "closed" || i.str("title") != "Named" {
		t.Errorf("issue: %v", i)
	}
}

func TestNoteUnmodifiedSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "reporter", "POST", issue+"/notes", "body=text")
	path := fmt.Sprintf("/api/v4%s/notes/%d", issue, n.num("id"))
	for _, tt := range []struct {
		since string
		want  int
	}{{at.Add(-1e10).Format(http.TimeFormat), 412}, {at.Format(http.TimeFormat), 204}} {
		rec := deleteSince(w, path, tt.since)
		if rec.Code != tt.want {
			t.Errorf("since %s: got %d %s, want %d", tt.since, rec.Code, rec.Body, tt.want)
		}
	}
}

func TestTooManyComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	i := w.infra.Issues[0]
	for range 5000 {
		w.s.store.AddNote(i, &store.Note{Body: "x", Author: i.Author})
	}
	w.refused(400, `{"message":"400 Bad request - Note {:base=>[\"Maximum number of comments exceeded\"]}"}`,
		"reporter", "POST", issue+"/notes", "body=x")
}
