package fakegitlab

import (
	"fmt"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestLinkLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one, two := w.newIssue(""), w.newIssue("")
	other := w.must(201, "reporter", "POST", w.path(w.prod, "/issues"), "title=x")
	l := w.must(201, "guest", "POST", one+"/links", "target_project_id=acme%2Fprod&target_issue_iid=1")
	source, _ := l["source_issue"].(map[string]any)
	target, _ := l["target_issue"].(map[string]any)
	if object(source).num("iid") != 1 || object(target).num("id") != other.num("id") || l.str("link_type") != "relates_to" {
		t.Errorf("got %v", l)
	}
	w.must(201, "guest", "POST", two+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=1", w.infra.ID))
	rows := w.list("guest", one+"/links")
	if len(rows) != 2 || rows[0].num("id") != other.num("id") || rows[0].num("issue_link_id") != l.num("id") || rows[1].num("iid") != 2 {
		t.Errorf("got %v", rows)
	}
	path := fmt.Sprintf("%s/links/%d", one, l.num("id"))
	if got := w.must(200, "guest", "GET", path, ""); got.num("id") != l.num("id") {
		t.Errorf("got %v", got)
	}
	if got := w.must(200, "guest", "DELETE", path, ""); got.num("id") != l.num("id") {
		t.Errorf("DELETE gave %v", got)
	}
	w.refused(404, `{"message":"404 Not found"}`, "guest", "DELETE", path, "")
	for _, issue := range []string{one, w.path(w.prod, "/issues/1")} {
		notes := fieldOf(w.list("guest", issue+"/notes?sort=asc&activity_filter=only_activity"), "body")
		if want := "marked this issue as related to"; len(notes) < len(want) || notes[:len(want)] != want {
			t.Errorf("system notes of %s: %s", issue, notes)
		}
	}
}

func TestLinkRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.newIssue("")
	w.newIssue("")
	w.newIssue("&confidential=true")
	only := w.user("only")
	w.infra.Members = append(w.infra.Members, &store.Member{User: only, Level: store.Guest, CreatedAt: at})
	w.user("onlooker")
	for range 2 {
		w.must(201, "reporter", "POST", w.path(w.open, "/issues"), "title=x")
	}
	w.must(201, "reporter", "POST", w.path(w.open, "/issues/2/links"), fmt.Sprintf("target_project_id=%d&target_issue_iid=1", w.open.ID))
	w.must(201, "guest", "POST", one+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=2", w.infra.ID))
	target := func(p *store.Project, iid int) string {
		return fmt.Sprintf("target_project_id=%d&target_issue_iid=%d", p.ID, iid)
	}
	for _, tt := range []struct {
		name, who, path, body string
		status                int
		want                  string
	}{
		{"nothing", "guest", one, "", 400, `{"error":"target_project_id is missing, target_issue_iid is missing"}`},
		{"kind", "guest", one, target(w.infra, 2) + "&link_type=x", 400, `{"error":"link_type does not have a valid value"}`},
		{"again", "guest", one, target(w.infra, 2), 409, `{"message":"Issue(s) already assigned"}`},
		{"again from the other side", "guest", w.path(w.infra, "/issues/2"), target(w.infra, 1), 409, `{"message":"Issue(s) already assigned"}`},
		{"itself", "guest", one, target(w.infra, 1), 422, `{"message":"#1 cannot be added: cannot be related to itself"}`},
		{"unreadable target", "guest", one, target(w.infra, 3), 404, `{"message":"404 Not found"}`},
		{"unreadable source", "guest", w.path(w.infra, "/issues/3"), target(w.infra, 1), 404, `{"message":"404 Not found"}`},
		{"no project", "guest", one, "target_project_id=77&target_issue_iid=1", 404, `{"message":"404 Project Not Found"}`},
		{"no member there", "only", one, target(w.open, 1), 403,
			`{"message":"Couldn't link issue. You must have at least the Guest role in both projects."}`},
		{"again without the right", "onlooker", w.path(w.open, "/issues/1"), target(w.open, 2), 409, `{"message":"Issue(s) already assigned"}`},
		{"paid kind", "guest", one, target(w.infra, 2) + "&link_type=blocks", 403, `{"message":"Blocked issues not available for current license"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.refused(tt.status, tt.want, tt.who, "POST", tt.path+"/links", tt.body)
		})
	}
}

// TestNoLinks checks that without links their routes are unknown, and that nothing else creates one.
func TestNoLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{NoLinks: true})
	one := w.newIssue("")
	w.newIssue("")
	const unknown = `{"error":"404 Not Found"}`
	w.refused(404, unknown, "owner", "GET", one+"/links", "")
	w.refused(404, unknown, "owner", "POST", one+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=2", w.infra.ID))
	w.refused(404, unknown, "owner", "DELETE", one+"/links/1", "")
	w.refused(202, `{"commands_changes":{},"summary":["Could not apply relate command."]}`, "owner", "POST", one+"/notes", "body=/relate+%232")
	w.must(202, "owner", "POST", one+"/notes", "body=/duplicate+%232")
	if i := w.infra.IssueByIID[1]; len(i.Links) != 0 || i.Duplicate == nil {
		t.Errorf("links %v, duplicate of %v", i.Links, i.Duplicate)
	}
	if err := w.s.Apply(seed.Seed{Projects: []seed.Project{{Path: "acme/seeded", Issues: []seed.Issue{{IID: 1, Title: "a", Links: []seed.Link{{IID: 2}}}, {IID: 2, Title: "b"}}}}}); err != nil {
		t.Fatal(err)
	}
	if links := w.s.Snapshot().Project("acme/seeded").Issues[0].Links; links != nil {
		t.Errorf("seeded links %v", links)
	}
}

func TestLinkKinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: store.Premium})
	one, two := w.newIssue(""), w.newIssue("")
	l := w.must(201, "guest", "POST", one+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=2&link_type=is_blocked_by", w.infra.ID))
	if l.str("link_type") != "is_blocked_by" {
		t.Errorf("got %v", l)
	}
	for issue, want := range map[string]string{one: "is_blocked_by", two: "blocks"} {
		if got := fieldOf(w.list("guest", issue+"/links"), "link_type"); got != want {
			t.Errorf("%s: got %s, want %s", issue, got, want)
		}
	}
	if i := w.must(200, "guest", "GET", two, ""); i.num("blocking_issues_count") != 1 {
		t.Errorf("blocking_issues_count %v", i["blocking_issues_count"])
	}
}

func TestLinkLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.newIssue("")
	for n := range 101 {
		w.newIssue("")
		body := fmt.Sprintf("target_project_id=%d&target_issue_iid=%d", w.infra.ID, n+2)
		if n < 100 {
			w.must(201, "guest", "POST", one+"/links", body)
			continue
		}
		w.refused(422, `{"message":"#102 cannot be added: This item would exceed the maximum number of linked issues (100)."}`,
			"guest", "POST", one+"/links", body)
	}
}

func TestLinksHideWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.newIssue("")
	w.newIssue("&confidential=true")
	w.must(201, "reporter", "POST", one+"/links", fmt.Sprintf("target_project_id=%d&target_issue_iid=2", w.infra.ID))
	if rows := w.list("guest", one+"/links"); len(rows) != 0 {
		t.Errorf("a guest sees %v", rows)
	}
	if rows := w.list("reporter", one+"/links"); len(rows) != 1 {
		t.Errorf("a reporter sees %v", rows)
	}
}
