package gitlab

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The comments of several issues are those that a request for each has, with their authors. Who may not read an internal comment does not
// get it.
func TestLastNotesOf(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	var ids []int64
	var refs []issue.Ref
	all := l.as(t, "developer", nil)
	for n := range 2 {
		ref := l.createToyIssue(t)
		for k := range 21 + n {
			l.addNote(t, "reporter", ref, fmt.Sprintf("Comment %d of %d\n\n> quoted \"text\"", k, n))
		}
		path := fmt.Sprintf("/projects/acme%%2Finfra/issues/%d", ref.IID)
		l.MustDo("developer", "POST", path+"/notes", `{"body":"Between us","internal":true}`)
		l.MustDo("developer", "PUT", path, `{"title":"Another title"}`) // a system note
		i, err := all.Issue(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		ids, refs = append(ids, i.ID), append(refs, ref)
	}
	for _, user := range []string{"developer", "guest"} {
		c := l.as(t, user, nil)
		before := l.sent("POST")
		got, err := c.LastNotesOf(t.Context(), append(ids, 999))
		if err != nil || len(got) != 2 || l.sent("POST")-before != 1 || c.Written() {
			t.Fatalf("%s: %d issues in %d requests, %v", user, len(got), l.sent("POST")-before, err)
		}
		for n, ref := range refs {
			want, err := c.LastNotes(t.Context(), ref)
			if err != nil || len(want) < 19 { // internal ones are taken off the page
				t.Fatalf("%d comments, %v", len(want), err)
			}
			if diff := cmp.Diff(want, got[ids[n]][:len(want)], cmpopts.EquateApproxTime(time.Second), cmpopts.IgnoreFields(issue.Note{}, "AuthorID", "UpdatedAt")); diff != "" {
				t.Errorf("%s, %s:\n%s", user, ref, diff)
			}
		}
	}
}

// What the answer does not have is unknown, and no issue without comments.
func TestLastNotesOfUnknown(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":{"n7":{"id":"gid://gitlab/Issue/7","notes":{"nodes":[]}},"n8":null}}`:                        "map[7:[]] <nil>",
		`{"data":{"n7":{"id":"gid://gitlab/Issue/9","notes":{"nodes":[]}}}}`:                                  "map[] <nil>",
		`{"data":{"n7":{"id":"gid://gitlab/Issue/7","notes":null},"n8":{"id":"gid://gitlab/Issue/8"}}}`:       "map[] <nil>",
		`{"data":{"n7":{"id":"gid://gitlab/Issue/7","notes":{"nodes":[{"id":"Note/x"}]}}}}`:                   `map[] the comments of an issue have the invalid id "Note/x"`,
		`{"data":{"n7":{"id":"gid://gitlab/Issue/7","notes":{"nodes":[]}}},"errors":[{"message":"Timeout"}]}`: "map[] query GraphQL: unexpected answer: Timeout",
		`{"errors":[{"message":"Field 'internal' doesn't exist on type 'Note'"}]}`:                            "map[] query GraphQL: unexpected answer: Field 'internal' doesn't exist on type 'Note'",
	} {
		c, _ := serve(t, answering(200, body), nil)
		got, err := c.LastNotesOf(t.Context(), []int64{7, 8})
		if text := fmt.Sprint(got, err); text != want {
			t.Errorf("%s: %s, want %s", body, text, want)
		}
	}
}
