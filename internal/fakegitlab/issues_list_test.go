package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// listWorld has a few issues that differ in the fields that lists filter by. The clock stands at Friday 2018-08-24.
func listWorld(t *testing.T) *world {
	w := newWorld(t, Options{Edition: store.Premium})
	current := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "Current", StartDate: "2018-08-20", DueDate: "2018-08-31"})
	later := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Project: w.infra}, Title: "Later", StartDate: "2018-09-03", DueDate: "2018-09-14"})
	team := w.s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Group: w.acme}, Title: "Team"})
	mk := func(p *store.Project, title string, edit func(i *store.Issue)) *store.Issue {
		i := &store.Issue{Project: p, Title: title, Author: w.users["developer"]}
		edit(i)
		labels, m := i.Labels, i.Milestone
		i.Labels, i.Milestone = nil, nil
		w.s.store.AddIssue(i)
		w.s.store.SetLabels(i, labels, i.Author, i.CreatedAt)
		w.s.store.SetMilestone(i, m, i.Author, i.CreatedAt)
		return i
	}
	toil := w.s.store.AddLabel(&store.Label{Parent: store.Parent{Project: w.infra}, Name: "toil", Color: "#000000"})
	p1 := w.s.store.AddLabel(&store.Label{Parent: store.Parent{Group: w.acme}, Name: "p::1", Color: "#000000"})
	day := func(n int) time.Time { return at.AddDate(0, 0, -n) }
	mk(w.infra, "alpha", func(i *store.Issue) { i.CreatedAt, i.Milestone, i.Labels = day(9), current, []*store.Label{toil, p1} })
	mk(w.infra, "beta", func(i *store.Issue) {
		i.CreatedAt, i.Milestone, i.Labels, i.DueDate = day(8), later, []*store.Label{toil}, "2018-08-25"
	})
	mk(w.infra, "gamma", func(i *store.Issue) {
		i.CreatedAt, i.Milestone, i.Assignees, i.Weight = day(7), team, []*store.User{w.users["guest"]}, new(5)
	})
	mk(w.infra, "delta", func(i *store.Issue) {
		i.CreatedAt, i.Closed, i.DueDate, i.Kind = day(6), true, "2018-08-23", "incident"
	})
	mk(w.infra, "epsilon", func(i *store.Issue) {
		i.CreatedAt, i.Confidential, i.Description = day(5), true, "Some words of importance"
	})
	w.s.mustAward(w.infra.IssueByIID[3], "thumbsup", w.users["guest"])
	w.infra.IssueByIID[1].UpdatedAt = at.AddDate(0, 0, -1)
	return w
}

func (s *Server) mustAward(i *store.Issue, name string, u *store.User) {
	i.Awards = append(i.Awards, &store.Award{ID: store.Next(&s.store.Last.Award), Name: name, User: u, CreatedAt: s.store.Stamp()})
}

func TestIssueFilters(t *testing.T) {
	t.Parallel()
	w := listWorld(t)
	guest, dev := w.users["guest"].ID, w.users["developer"].ID
	for _, tt := range []struct{ query, want string }{
		{"", "epsilon delta gamma beta alpha"},
		{"sort=asc", "alpha beta gamma delta epsilon"},
		{"state=opened", "epsilon gamma beta alpha"},
		{"state=closed", "delta"},
		{"labels=toil", "beta alpha"},
		{"labels=toil,p::1", "alpha"},
		{"labels[]=toil&labels[]=p::1", "alpha"},
		{"labels=Toil", ""},
		{"labels=p::*", "alpha"},
		{"labels=none", "epsilon delta gamma"},
		{"labels=ANY", "beta alpha"},
		{"not[labels]=toil", "epsilon delta gamma"},
		{"not[labels]=toil,p::1", "epsilon delta gamma"},
		{"milestone=Current", "alpha"},
		{"milestone=current", ""},
		{"milestone=Team", "gamma"},
		{"milestone=None", "epsilon delta"},
		{"milestone=any", "gamma beta alpha"},
		{"milestone_id=None", "epsilon delta"},
		{"milestone_id=Upcoming", "alpha"},
		{"milestone_id=Started", "alpha"},
		{"not[milestone]=Current", "epsilon delta gamma beta"},
		{"iids[]=1&iids[]=4", "delta alpha"},
		{"iids=1,4", "delta alpha"},
		{"not[iids]=1,4", "epsilon gamma beta"},
		{"author_username=DEVELOPER", "epsilon delta gamma beta alpha"},
		{fmt.Sprintf("author_id=%d", guest), ""},
		{fmt.Sprintf("not[author_id]=%d", dev), ""},
		{fmt.Sprintf("assignee_id=%d", guest), "gamma"},
		{"assignee_username=guest", "gamma"},
		{"assignee_username[]=guest&assignee_username[]=owner", ""},
		{"assignee_id=None", "epsilon delta beta alpha"},
		{"assignee_id=Any", "gamma"},
		{"scope=assigned_to_me", ""},
		{"scope=created-by-me", ""},
		{"my_reaction_emoji=thumbsup", ""},
		{"my_reaction_emoji=None", "epsilon delta gamma beta alpha"},
		{"search=WORDS+some", "epsilon"},
		{"search=%22words+of%22", "epsilon"},
		{"search=%22some+of%22", ""},
		{"search=words&in=title", ""},
		{"search=al", "alpha"},
		{"search=lpha", ""},
		{"search=words+of", "epsilon"},
		{"search=some+of", ""},
		{"search=of", ""},
		{"search=words&in=description,x", "epsilon"},
		{"search=words&in=x", "epsilon"},
		{"search=important", "epsilon"},
		{"search=alp", "alpha"},
		{"created_after=2018-08-17T15:00:00Z", "epsilon delta gamma"},
		{"created_before=2018-08-17T15:00:00Z", "gamma beta alpha"},
		{"created_after=2018-08-17T16:00:00%2B01:00&created_before=2018-08-17T15:00:00Z", "gamma"},
		{"updated_after=2018-08-23", "alpha"},
		{"due_date=0", "epsilon gamma alpha"},
		{"due_date=any", "delta beta"},
		{"due_date=overdue", "delta"},
		{"due_date=tomorrow", "beta"},
		{"due_date=week", "delta beta"},
		{"due_date=month", "delta beta"},
		{"confidential=true", "epsilon"},
		{"confidential=0", "delta gamma beta alpha"},
		{"issue_type=incident", "delta"},
		{"weight=5", "gamma"},
		{"not[weight]=5", "epsilon delta beta alpha"},
		{"iteration_id=Any", ""},
		{"epic_id=None&labels=toil", "beta alpha"},
		{"weight=None", "epsilon delta beta alpha"},
		{"labells=toil", "epsilon delta gamma beta alpha"},
		{"order_by=due_date&sort=asc", "delta beta epsilon gamma alpha"},
		{"order_by=milestone_due&sort=asc", "alpha beta epsilon delta gamma"},
		{"order_by=title&sort=asc", "alpha beta delta epsilon gamma"},
		{"order_by=updated_at", "alpha epsilon delta gamma beta"},
		{"order_by=popularity", "gamma epsilon delta beta alpha"},
		{"order_by=weight", "gamma epsilon delta beta alpha"},
		{"per_page=2&page=2", "gamma beta"},
		{"per_page=2&page=9", ""},
	} {
		got := fieldOf(w.list("reporter", w.path(w.infra, "/issues?")+tt.query), "title")
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.query, got, tt.want)
		}
	}
}

func TestIssueFilterRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for query, want := range map[string]string{
		"milestone_id=412":                "milestone_id does not have a valid value",
		"milestone=a&milestone_id=None":   "milestone, milestone_id are mutually exclusive",
		"author_id=1&author_username=a":   "author_id, author_username are mutually exclusive",
		"assignee_id=someone":             "assignee_id should be an integer, none, or any, however got someone",
		"assignee_username=a,b":           "assignee_username allows one value, but found 2: a, b",
		"state=open":                      "state does not have a valid value",
		"order_by=id":                     "order_by does not have a valid value",
		"due_date=2018-08-24":             "due_date does not have a valid value",
		"created_after=sometime":          "created_after is invalid",
		"author_id=x":                     "author_id is invalid",
		"page=x":                          "page is invalid",
		"confidential=2nd&scope=everyone": "scope does not have a valid value, confidential is invalid",
		"not[milestone_id]=3":             "not[milestone_id] does not have a valid value",
	} {
		w.refused(400, `{"error":"`+want+`"}`, "guest", "GET", w.path(w.infra, "/issues?")+query, "")
	}
}

func TestGlobalAndGroupLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n, p := range []*store.Project{w.infra, w.deep, w.prod, w.open} {
		w.must(201, "developer", "POST", w.path(p, "/issues"), fmt.Sprintf(`{"title":"i%d"}`, n))
	}
	w.must(201, "root", "POST", w.path(w.infra, "/issues"), `{"title":"root's","confidential":true}`)
	for _, tt := range []struct{ who, path, want string }{
		{"developer", "/issues", "i3 i2 i1 i0"},
		{"reporter", "/issues", ""},
		{"reporter", "/issues?scope=all", "root's i3 i2 i1 i0"},
		{"guest", "/issues?scope=all", "i3 i2 i1 i0"},
		{"outsider", "/issues?scope=all", "i3"},
		{"", "/issues?scope=all", "i3"},
		{"", w.path(w.open, "/issues"), "i3"},
		{"guest", w.path(w.acme, "/issues"), "i3 i2 i1 i0"},
		{"guest", w.path(w.sub, "/issues"), "i1"},
		{"guest", w.path(w.acme, "/issues?sort=asc"), "i0 i1 i2 i3"},
		{"guest", w.path(w.acme, "/issues?order_by=updated_at"), "i3 i2 i1 i0"},
	} {
		if got := fieldOf(w.list(tt.who, tt.path), "title"); got != tt.want {
			t.Errorf("%s as %q: got %q, want %q", tt.path, tt.who, got, tt.want)
		}
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", "/issues", "")
	rec := w.ask("guest", "GET", "/issues?scope=all&per_page=2", "")
	if total := rec.Header().Get("X-Total"); total != "5" {
		t.Errorf("X-Total %s: want the unreadable row counted", total)
	}
	if n := len(w.list("guest", "/issues?scope=all&per_page=2")); n != 1 {
		t.Errorf("a page of %d rows, want it short by the unreadable one", n)
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	w := listWorld(t)
	for path, want := range map[string]string{
		w.path(w.infra, "/issues_statistics"):             `{"statistics":{"counts":{"all":5,"closed":1,"opened":4}}}`,
		w.path(w.acme, "/issues_statistics?labels=toil"):  `{"statistics":{"counts":{"all":2,"closed":0,"opened":2}}}`,
		"/issues_statistics":                              `{"statistics":{"counts":{"all":0,"closed":0,"opened":0}}}`,
		"/issues_statistics?scope=all&milestone=Current":  `{"statistics":{"counts":{"all":1,"closed":0,"opened":1}}}`,
		w.path(w.infra, "/issues_statistics?search=word"): `{"statistics":{"counts":{"all":1,"closed":0,"opened":1}}}`,
	} {
		if rec := w.ask("reporter", "GET", path, ""); rec.Body.String() != want {
			t.Errorf("%s: got %s, want %s", path, rec.Body, want)
		}
	}
}

func TestPageHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{URL: "https://gitlab.example.test:8443/git"})
	for n := range 5 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Title: fmt.Sprint(n), Author: w.users["owner"]})
	}
	r := request("guest", "GET", "/projects/acme%2Finfra/issues?per_page=2&page=2&labels=None&private_token=guest", "")
	r.URL.Path, r.URL.RawPath = "/git"+r.URL.Path, "/git"+r.URL.RawPath
	rec := serve(w.s, r)
	if rec.Code != 200 {
		t.Fatalf("got %d %s", rec.Code, rec.Body)
	}
	for name, want := range map[string]string{
		"X-Page": "2", "X-Per-Page": "2", "X-Next-Page": "3", "X-Prev-Page": "1", "X-Total": "5", "X-Total-Pages": "3",
	} {
		if got := rec.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	link := func(page, rel string) string {
		return "<https://gitlab.example.test:8443/git/api/v4/projects/acme%2Finfra/issues?id=acme%2Finfra&labels%5B%5D=None&order_by=created_at&page=" +
			page + "&per_page=2&sort=desc&state=all&with_labels_details=false>; rel=\"" + rel + `"`
	}
	want := strings.Join([]string{link("1", "prev"), link("3", "next"), link("1", "first"), link("3", "last")}, ", ")
	if got := rec.Header().Get("Link"); got != want {
		t.Errorf("Link:\n got %s\nwant %s", got, want)
	}
}

func TestLastPageAndCaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	rec := w.ask("guest", "GET", w.path(w.infra, "/issues?per_page=500"), "")
	if got := rec.Header().Get("X-Per-Page"); got != "100" {
		t.Errorf("X-Per-Page %s, want 100", got)
	}
	next, there := rec.Header()["X-Next-Page"]
	if !there || next[0] != "" {
		t.Errorf("X-Next-Page on the last page: %v %v, want it present and empty", there, next)
	}
	if got := rec.Header().Get("X-Total-Pages"); got != "1" {
		t.Errorf("X-Total-Pages of an empty list: %s, want 1", got)
	}
	for n := range rest.MaxCounted + 1 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Author: w.users["owner"], Closed: n%2 == 0})
	}
	check := func(query string, counted bool, nextPage string) {
		t.Helper()
		h := w.ask("guest", "GET", w.path(w.infra, "/issues?")+query, "").Header()
		if _, total := h["X-Total"]; total != counted || strings.Contains(h.Get("Link"), `rel="last"`) != counted {
			t.Errorf("%s: X-Total %v, Link %s", query, h["X-Total"], h.Get("Link"))
		}
		if got := h.Get("X-Next-Page"); got != nextPage {
			t.Errorf("%s: X-Next-Page %q, want %q", query, got, nextPage)
		}
	}
	check("per_page=100", false, "2")
	check("per_page=100&page=101", false, "")
	check("per_page=100&page=100&labels=None", false, "101")
	check("per_page=100&page=101&labels=None", false, "")
	check("per_page=100&page=100&labels=None&order_by=updated_at", false, "101")
	check("per_page=100&state=opened", true, "2")
	if n := len(w.list("guest", w.path(w.infra, "/issues?per_page=100&page=101&labels=None"))); n != 1 {
		t.Errorf("%d rows on the last page, want 1", n)
	}
}

func TestKeyset(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n := range 7 {
		w.s.store.AddIssue(&store.Issue{Project: w.infra, Title: fmt.Sprint(n), Author: w.users["owner"], CreatedAt: at.Add(time.Duration(n/2) * time.Hour)})
	}
	for _, sort := range []string{"asc", "desc"} {
		for _, order := range []string{"created_at", "updated_at"} {
			got, path := "", w.path(w.infra, "/issues?pagination=keyset&per_page=3&sort="+sort+"&order_by="+order)
			for pages := 0; path != "" && pages < 9; pages++ {
				rec := w.ask("guest", "GET", path, "")
				if rec.Header().Get("X-Total") != "" {
					t.Error("totals with keyset")
				}
				got += fieldOf(w.list("guest", path), "title") + " "
				path = ""
				if link, ok := strings.CutPrefix(rec.Header().Get("Link"), "<http://gitlab.example.test/api/v4"); ok {
					path, _, _ = strings.Cut(link, ">")
				}
			}
			want := "1 0 3 2 5 4 6 "
			if sort == "desc" {
				want = "6 5 4 3 2 1 0 "
			}
			if got != want {
				t.Errorf("%s %s: got %s, want %s", order, sort, got, want)
			}
		}
	}
	w.refused(400, `{"error":"cursor is invalid"}`, "guest", "GET", w.path(w.infra, "/issues?pagination=keyset&cursor=%21"), "")
	if h := w.ask("guest", "GET", w.path(w.infra, "/issues?pagination=keyset&order_by=title"), "").Header(); h.Get("X-Page") != "1" {
		t.Error("an order without keyset does not fall back to pages")
	}
	w.refused(405, `{"error":"Keyset pagination is not yet available for this type of request"}`, "guest", "GET", "/projects?pagination=keyset", "")
}

func TestConditionalGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "/issues")
	tag := w.ask("guest", "GET", path, "").Header().Get("ETag")
	r := request("guest", "GET", path, "")
	r.Header.Set("If-None-Match", tag)
	if rec := serve(w.s, r); rec.Code != http.StatusNotModified || rec.Body.Len() != 0 || !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("got %d with %d bytes for %s", rec.Code, rec.Body.Len(), tag)
	}
	w.must(201, "guest", "POST", path, `{"title":"x"}`)
	if rec := serve(w.s, r); rec.Code != 200 {
		t.Errorf("after a change: got %d", rec.Code)
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "/issues")
	rec := w.ask("guest", "HEAD", path, "")
	if rec.Code != 200 || rec.Body.Len() != 0 || rec.Header().Get("X-Total") != "0" || rec.Header().Get("Content-Length") != "2" {
		t.Errorf("got %d, %d bytes, %v", rec.Code, rec.Body.Len(), rec.Header())
	}
}
