package gitlab

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Every comment is asked for by its id, 20 at once, so none is lost on a page.
func TestNoteEditors(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	edit := func(note int64, user, body string) {
		l.MustDo(user, "PUT", fmt.Sprintf("/projects/acme%%2Finfra/issues/%d/notes/%d", ref.IID, note), fmt.Sprintf("{\"body\":%q}", body))
	}
	var ids []int64
	for n := range 150 {
		l.addNote(t, "reporter", ref, fmt.Sprintf("Comment %d", n))
	}
	c := l.as(t, "developer", nil)
	notes, err := c.Notes(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for n, note := range notes {
		ids = append(ids, note.ID)
		if n%7 == 0 {
			edit(note.ID, "maintainer", "Other words")
		}
	}
	before := l.sent("POST")
	got, err := c.NoteEditors(t.Context(), ids)
	if err != nil || len(got) != 150 || l.sent("POST")-before != 8 || c.Written() {
		t.Fatalf("%d comments in %d queries, %v", len(got), l.sent("POST")-before, err)
	}
	for n, id := range ids {
		want := ""
		if n%7 == 0 {
			want = "maintainer"
		}
		if editor, known := got[id]; editor != want || !known {
			t.Errorf("comment %d: edited by %q, known %t", n, editor, known)
		}
	}
	if got, err = c.NoteEditors(t.Context(), []int64{ids[0], 99}); len(got) != 1 || err != nil {
		t.Errorf("with a comment that does not exist: %v, %v", got, err)
	}
	edit(ids[1], "maintainer", "Other words")
	edit(ids[1], "reporter", "Comment 1")
	if got, err = c.NoteEditors(t.Context(), ids[1:2]); got[ids[1]] != "reporter" || err != nil {
		t.Errorf("changed back: %v, %v", got, err)
	}
}

// What the answer does not say about a comment is unknown.
func TestNoteEditorsUnknown(t *testing.T) {
	t.Parallel()
	const unedited = `{"id":"gid://gitlab/Note/7","lastEditedBy":null}`
	for body, want := range map[string]string{
		`{"data":{"n7":` + unedited + `,"n8":{"id":"gid://gitlab/DiscussionNote/8","lastEditedBy":{"username":"mara"}}}}`: "7: 8:mara",
		`{"data":{"n7":` + unedited + `,"n8":null}}`:                                             "7:",
		`{"data":{"n7":` + unedited + `}}`:                                                       "7:",
		`{"data":{"n7":` + unedited + `,"n8":{"id":"gid://gitlab/Note/9","lastEditedBy":null}}}`: "7:",
		`{"data":{"n7":` + unedited + `,"n8":{"id":"gid://gitlab/Note/8"}}}`:                     "7:",
		`{"data":{"n7":` + unedited + `,"n8":{"id":"gid://gitlab/Note/8","lastEditedBy":{}}}}`:   "7:",
		`{"data":{"n7":` + unedited + `,"n8":null},"errors":[{"message":"Timeout"}]}`:            "",
		`{"errors":[{"message":"Field 'lastEditedBy' doesn't exist on type 'Note'"}]}`:           "",
		`{"data":{}}`: "",
	} {
		c, _ := serve(t, answering(200, body), nil)
		got, err := c.NoteEditors(t.Context(), []int64{7, 8})
		var lines []string
		for id, editor := range got {
			lines = append(lines, fmt.Sprintf("%d:%s", id, editor))
		}
		slices.Sort(lines)
		if strings.Join(lines, " ") != want || err != nil {
			t.Errorf("%s: %v, %v", body, lines, err)
		}
	}
	for status, kind := range map[int]fault.Kind{http.StatusUnauthorized: fault.Failed, http.StatusForbidden: fault.Failed, http.StatusBadGateway: fault.Unreachable} {
		c, _ := serve(t, answering(status, `{"errors":[{"message":"Invalid token"}]}`), nil)
		got, err := c.NoteEditors(t.Context(), []int64{7, 8})
		if len(got) != 0 || (err != nil) != (kind == fault.Unreachable) || fault.KindOf(err) != kind {
			t.Errorf("%d: %v, %v", status, got, err)
		}
	}
}
