package fakegitlab

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// threads prints the discussions of an issue: the bodies of each, in brackets if it is a thread.
func (w *world) threads(who, issue, query string) string {
	w.t.Helper()
	var all []string
	for _, d := range w.list(who, issue+"/discussions"+query) {
		var bodies []string
		for _, n := range d["notes"].([]any) {
			bodies = append(bodies, object(n.(map[string]any)).str("body"))
		}
		text := strings.Join(bodies, " ")
		if d["individual_note"] == false {
			text = "[" + text + "]"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestDiscussions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	w.must(201, "guest", "POST", issue+"/notes", "body=plain")
	d := w.must(201, "guest", "POST", issue+"/discussions", "body=thread&internal=true")
	one := issue + "/discussions/" + d.str("id")
	first := object(d["notes"].([]any)[0].(map[string]any))
	if len(d.str("id")) != 40 || d["individual_note"] != false || first.str("type") != "DiscussionNote" || first["internal"] != false ||
		first["resolvable"] != true || first["resolved"] != false {
		t.Errorf("new discussion: %v", d)
	}
	w.must(201, "owner", "POST", issue+"/notes", "body=old&created_at=2018-01-01T00:00:00Z")
	if reply := w.must(201, "reporter", "POST", one+"/notes", "body=reply"); reply.str("type") != "DiscussionNote" {
		t.Errorf("reply: %v", reply)
	}
	if got, want := w.threads("guest", issue, ""), "old plain [thread reply]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := w.threads("guest", issue, "?per_page=2&page=2"), "[thread reply]"; got != want {
		t.Errorf("second page: got %s, want %s", got, want)
	}
	if got := w.must(200, "guest", "GET", one, ""); got.str("id") != d.str("id") || len(got["notes"].([]any)) != 2 {
		t.Errorf("got %v", got)
	}
	if got := fieldOf(w.list("guest", one+"/notes"), "body"); got != "thread reply" {
		t.Errorf("notes: %s", got)
	}
	if got := fieldOf(w.list("guest", issue+"/notes?sort=asc"), "body"); got != "plain thread old reply" {
		t.Errorf("as notes: %s", got)
	}
	missing := issue + "/discussions/" + strings.Repeat("0", 40)
	w.refused(404, `{"message":"404 Discussion Not Found"}`, "guest", "GET", missing, "")
	w.refused(404, `{"message":"404 Discussion Not Found"}`, "guest", "POST", missing+"/notes", "body=x")
	w.refused(400, `{"error":"body is missing"}`, "guest", "POST", issue+"/discussions", "")
	w.refused(400, `{"message":"400 Bad request - Note {:note=>[\"can't be blank\"]}"}`, "guest", "POST", one+"/notes", "body=")
	w.refused(404, `{"message":"404 Not found"}`, "guest", "GET", w.path(w.infra, "/issues/77/discussions"), "")
}

// TestReplyToPlainNote checks that a reply makes a thread of a note, which moves its time; a reply in a thread does not.
func TestReplyToPlainNote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "guest", "POST", issue+"/notes", "body=plain")
	note := func() object { return w.must(200, "guest", "GET", fmt.Sprintf("%s/notes/%d", issue, n.num("id")), "") }
	id := w.list("guest", issue+"/discussions")[0].str("id")
	w.must(201, "reporter", "POST", issue+"/discussions/"+id+"/notes", "body=reply")
	replied := note()
	if replied.str("type") != "DiscussionNote" || replied.str("updated_at") == n.str("updated_at") {
		t.Errorf("after a reply: %v", replied)
	}
	w.must(201, "guest", "POST", issue+"/discussions/"+id+"/notes", "body=more")
	if again := note(); again.str("updated_at") != replied.str("updated_at") {
		t.Errorf("after a reply in the thread: %v", again)
	}
	if got, want := w.threads("guest", issue, ""), "[plain reply more]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w.must(200, "reporter", "PUT", issue, "title=Other")
	system := w.list("guest", issue+"/discussions")[1].str("id")
	w.refused(400, `{"message":"400 Bad request - Discussion can not be replied to."}`, "guest", "POST", issue+"/discussions/"+system+"/notes", "body=x")
}

// TestInternalDiscussions checks that replies to internal notes are internal and that a Guest sees neither.
func TestInternalDiscussions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	n := w.must(201, "reporter", "POST", issue+"/notes", "body=secret&internal=true")
	d := w.list("reporter", issue+"/discussions")[0].str("id")
	if got := w.must(201, "developer", "POST", issue+"/discussions/"+d+"/notes", "body=more"); got["internal"] != true {
		t.Errorf("reply: %v", got)
	}
	if got := w.threads("guest", issue, ""); got != "" {
		t.Errorf("a guest reads %s", got)
	}
	path := fmt.Sprintf("%s/notes/%d", issue, n.num("id"))
	w.refused(404, `{"message":"404 Discussion Not Found"}`, "guest", "GET", issue+"/discussions/"+d, "")
	w.refused(404, `{"message":"404 Notes Not Found"}`, "guest", "GET", issue+"/discussions/"+d+"/notes", "")
	w.refused(404, `{"message":"404 Note Not Found"}`, "guest", "GET", path, "")
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "PUT", path, "body=x")
	w.refused(404, `{"message":"404 Award Emoji Not Found"}`, "guest", "GET", path+"/award_emoji", "")
}

func TestResolveDiscussions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	d := w.must(201, "guest", "POST", issue+"/discussions", "body=thread")
	one := issue + "/discussions/" + d.str("id")
	reply := w.must(201, "guest", "POST", one+"/notes", "body=reply")
	note := fmt.Sprintf("%s/notes/%d", one, reply.num("id"))
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "PUT", one, "resolved=true")
	w.refused(400, `{"error":"resolved is missing"}`, "developer", "PUT", one, "")
	w.refused(400, `{"error":"body, resolved are missing, exactly one parameter must be provided"}`, "guest", "PUT", note, "")
	resolved := func() string {
		rec := w.ask("guest", "GET", one+"/notes", "")
		var notes []struct {
			Resolved bool
			By       object `json:"resolved_by"`
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &notes); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(notes[0].Resolved, notes[0].By.str("username"), notes[1].Resolved)
	}
	w.must(200, "reporter", "PUT", one, "resolved=true") // the author of the issue
	if got := resolved(); got != "truereportertrue" && got != "true reporter true" {
		t.Errorf("resolved: %s", got)
	}
	w.must(200, "developer", "PUT", note, "resolved=false")
	if got := resolved(); !strings.HasSuffix(got, "false") {
		t.Errorf("one note not resolved: %s", got)
	}
	if got := w.must(200, "guest", "PUT", note, "body=edited"); got.str("body") != "edited" {
		t.Errorf("edited: %v", got)
	}
	w.must(204, "guest", "DELETE", note, "")
	if got := w.threads("guest", issue, ""); got != "[thread]" {
		t.Errorf("left: %s", got)
	}
}
