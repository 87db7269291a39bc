package fakegitlab

import (
	"fmt"
	"strings"
	"testing"
)

// systemNotes returns the texts of the system notes on an issue that a user can read, the oldest first.
func (w *world) systemNotes(who, issue string) string {
	w.t.Helper()
	return fieldOf(w.list(who, issue+"/notes?activity_filter=only_activity&sort=asc"), "body")
}

// TestMentionedIn checks which texts of an issue write a system note on another issue that they refer to.
func TestMentionedIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ title, description, want string }{
		{"see #1", "", "mentioned in issue #2"},
		{"x", "as in acme/infra#1, #1", "mentioned in issue #2"},
		{"x", "> quoted #1", "mentioned in issue #2"},
		{"x", "http://gitlab.test/acme/infra/-/issues/1#note_5", "mentioned in issue #2"},
		{"x", "`#1`", ""},
		{"x", "```\n#1\n```", ""},
		{"x", "<!-- #1 -->", ""},
		{"x", `\#1`, ""},
		{"`#1`", "", ""},
		{"x", "#2 #77 prod#1", ""},
	} {
		w := newWorld(t, Options{})
		target := w.newIssue("")
		w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), fmt.Sprintf(`{"title":%q,"description":%q}`, tt.title, tt.description))
		if got := w.systemNotes("guest", target); got != tt.want {
			t.Errorf("%q %q: got %q, want %q", tt.title, tt.description, got, tt.want)
		}
	}
}

func TestMentionedOnceAndForReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	target, other := w.newIssue(""), w.newIssue("")
	secret := w.newIssue("&confidential=true&description=%231")
	n := w.must(201, "reporter", "POST", secret+"/notes", `{"body":"#1 and #2"}`)
	w.must(200, "maintainer", "PUT", fmt.Sprintf("%s/notes/%d", secret, n.num("id")), `{"body":"#1 and #2 and prod#1 and #1"}`)
	deep := w.must(201, "guest", "POST", w.path(w.deep, "/issues"), `{"title":"acme/infra#1"}`)
	w.must(200, "guest", "PUT", w.path(w.deep, fmt.Sprintf("/issues/%d", deep.num("iid"))), `{"description":"acme/infra#1 acme/infra#3"}`)
	for _, tt := range []struct{ who, issue, want string }{
		{"reporter", target, "mentioned in issue #3 mentioned in issue acme/sub/deep#1"},
		{"guest", target, "mentioned in issue acme/sub/deep#1"},
		{"reporter", other, "mentioned in issue #3"},
		{"guest", other, ""},
		{"reporter", secret, ""}, // the Guest who mentioned it may not read it
	} {
		if got := w.systemNotes(tt.who, tt.issue); got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.issue, tt.who, got, tt.want)
		}
	}
	hidden := w.list("reporter", other+"/notes")[0]
	w.refused(404, `{"message":"404 Note Not Found"}`, "guest", "GET", fmt.Sprintf("%s/notes/%d", other, hidden.num("id")), "")
	if author, _ := hidden["author"].(map[string]any); object(author).str("username") != "reporter" {
		t.Errorf("written by %v", author)
	}
	w.must(200, "reporter", "PUT", target, `{"title":"renamed","description":"#1"}`)
	if got := w.systemNotes("reporter", target); strings.Contains(got, "issue #1") {
		t.Errorf("an issue mentions itself: %q", got)
	}
}
