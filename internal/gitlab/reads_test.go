package gitlab

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestVersionAndUser(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *fakegitlab.Options) { o.Version = "17.3.0" })
	c := l.as(t, "developer", nil)
	v, err := c.Version(t.Context())
	if err != nil || v.Version != "17.3.0" {
		t.Errorf("version %+v, %v", v, err)
	}
	l.fault(t, "GET /metadata status=404") // before GitLab 15.2
	if v, err := c.Version(t.Context()); err != nil || v.Version != "17.3.0" || v.Enterprise {
		t.Errorf("old version %+v, %v", v, err)
	}
	l.ResetRequests()
	for range 3 {
		u, err := c.CurrentUser(t.Context())
		if err != nil || u.Username != "developer" || u.ID == 0 {
			t.Errorf("user %+v, %v", u, err)
		}
	}
	if n := len(l.Requests()); n != 1 {
		t.Errorf("%d requests for one user", n)
	}
}

// A name is looked up among the members, with those of parent groups and invited groups, and on the instance only if it is not theirs. A
// known one is not requested again.
func TestUserByName(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	if err := l.Apply(fakegitlab.Seed{
		Users:    []fakegitlab.SeedUser{{Username: "ann.lee"}, {Username: "ann.leeds", Blocked: true}},
		Groups:   []fakegitlab.SeedGroup{{Path: "ops", Members: []fakegitlab.SeedMember{{User: "ann.lee", Role: "developer"}, {User: "ann.leeds", Role: "guest"}}}},
		Projects: []fakegitlab.SeedProject{{Path: "acme/helped", Invited: []fakegitlab.SeedInvitation{{Group: "ops", Role: "reporter"}}}},
	}); err != nil {
		t.Fatal(err)
	}
	helped := target.ProjectAt("acme/helped")
	for name, lists := range map[string][]string{ // what is requested
		"reporter": {"members/all"}, "@Reporter": {"members/all"}, "ann.lee": {"members/all"}, "ann.leeds": {"members/all"},
		"Outsider": {"members/all", "users"}, "nobody": {"members/all", "users"}, "report": {"members/all", "users"}, "ann": {"members/all", "users"},
	} {
		c := l.as(t, "developer", nil)
		l.ResetRequests()
		u, err := c.UserByName(t.Context(), helped, name)
		if known := !slices.Contains([]string{"nobody", "report", "ann"}, name); known {
			if err != nil || !strings.EqualFold(u.Username, strings.TrimPrefix(name, "@")) {
				t.Errorf("%s: %+v, %v", name, u, err)
			}
			_, _ = c.UserByName(t.Context(), infra, name) // costs no request
		} else if !errors.Is(err, fault.NotFound) || err.Error() != "user @"+name+" not found" {
			t.Errorf("%s: %v, want not found", name, err)
		}
		sent := l.Requests()
		ends := func(n int, list string) bool { return strings.HasSuffix(sent[n].Path, "/"+list) }
		if len(sent) != len(lists) || !ends(0, lists[0]) || !ends(len(sent)-1, lists[len(lists)-1]) {
			t.Errorf("%s: sent %v, want %v", name, sent, lists)
		}
	}
	c := l.as(t, "developer", nil)
	if _, err := c.MemberByName(t.Context(), helped, "outsider"); !errors.Is(err, fault.NotFound) || err.Error() != "user @outsider not found among the members of acme/helped" {
		t.Error(err)
	}
}

func TestProjectsAndGroups(t *testing.T) {
	t.Parallel()
	c := newLab(t, nil).as(t, "developer", nil)
	p, err := c.Project(t.Context(), "acme/infra")
	if err != nil || p.Path != "acme/infra" || p.GroupPath != "acme" || !p.IssuesEnabled || p.Archived {
		t.Errorf("project %+v, %v", p, err)
	}
	g, err := c.Group(t.Context(), "acme/sub")
	if err != nil || g.Path != "acme/sub" {
		t.Errorf("group %+v, %v", g, err)
	}
	all, err := c.Projects(t.Context(), "")
	if err != nil || len(all) != 2 || all[0].Path != "acme/infra" || all[1].Path != "acme/sub/deep" {
		t.Errorf("projects %+v, %v", all, err)
	}
	some, err := c.Projects(t.Context(), "deep")
	if err != nil || len(some) != 1 || some[0].Path != "acme/sub/deep" {
		t.Errorf("search %+v, %v", some, err)
	}
	for _, hidden := range []string{"acme/nothing", "acme/sub/deep"} {
		if _, err := newLab(t, nil).as(t, "outsider", nil).Project(t.Context(), hidden); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", hidden, err)
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	for user, want := range map[string]instance.Access{
		"guest": instance.Guest, "planner": instance.Planner, "developer": instance.Developer, "owner": instance.Owner, "outsider": instance.NoAccess,
	} {
		u, err := c.UserByName(t.Context(), infra, user)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []target.Target{infra, acme, target.ProjectAt("acme/sub/deep")} {
			if got, err := c.Access(t.Context(), in, u.ID); err != nil || got != want {
				t.Errorf("%s in %s: %v, %v; want %v", user, in, got, err, want)
			}
		}
	}
	if a, err := c.Access(t.Context(), target.ProjectAt("acme/nothing"), 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("in a project that does not exist: %v, %v; want not found", a, err)
	}
}

func TestMilestones(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.MustDo("owner", "POST", "/groups/acme/milestones", "title=Above&due_date=2026-03-13")
	ownID := l.create("/projects/acme%2Finfra/milestones", `{"title":"Own ::(ü) / 50%","description":"Week 10","start_date":"2026-03-02","due_date":"2026-03-13"}`)
	done := l.create("/projects/acme%2Finfra/milestones", "title=Done")
	l.MustDo("owner", "PUT", "/projects/acme%2Finfra/milestones/"+id(done), "state_event=close")
	c := l.as(t, "guest", nil)
	titles := func(q milestone.Query) (all []string) {
		ms, err := c.Milestones(t.Context(), infra, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ms {
			all = append(all, m.Title)
		}
		slices.Sort(all)
		return all
	}
	for _, tt := range []struct {
		query milestone.Query
		want  []string
	}{
		{milestone.Query{}, []string{"Done", "Own ::(ü) / 50%"}},
		{milestone.Query{Ancestors: true}, []string{"Above", "Done", "Own ::(ü) / 50%"}},
		{milestone.Query{State: milestone.Active}, []string{"Own ::(ü) / 50%"}},
		{milestone.Query{State: milestone.Closed}, []string{"Done"}},
		{milestone.Query{Title: "Own ::(ü) / 50%"}, []string{"Own ::(ü) / 50%"}},
		{milestone.Query{Title: "own ::(ü) / 50%"}, nil},
	} {
		if diff := cmp.Diff(tt.want, titles(tt.query)); diff != "" {
			t.Errorf("%+v: %s", tt.query, diff)
		}
	}
	got, err := c.Milestones(t.Context(), infra, milestone.Query{Title: "Own ::(ü) / 50%"})
	want := milestone.Milestone{ID: ownID, IID: 1, Owner: 31, Title: "Own ::(ü) / 50%", Description: "Week 10", State: milestone.Active,
		Start: day("2026-03-02"), Due: day("2026-03-13"), WebURL: "https://gitlab.example.test/acme/infra/-/milestones/1"}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	above, err := c.Milestones(t.Context(), acme, milestone.Query{})
	if err != nil || len(above) != 1 || !above[0].Group || !above[0].Start.IsZero() {
		t.Errorf("group's: %+v, %v", above, err)
	}
}

// manyIssues creates issues whose fields a query can distinguish.
func manyIssues(t *testing.T) *lab {
	l := newLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Premium })
	err := l.Apply(fakegitlab.Seed{Groups: []fakegitlab.SeedGroup{}, Projects: []fakegitlab.SeedProject{{
		Path: "acme/queue", Milestones: []fakegitlab.SeedMilestone{{Title: "Current Milestone"}},
		Issues: []fakegitlab.SeedIssue{
			{Title: "one", Author: "guest", Labels: []string{"a b", "S::1 (x/y)", "ünï"}, Milestone: "Current Milestone", Weight: new(5), CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Assignees: []string{"developer", "owner"}},
			{Title: "two", Author: "developer", Labels: []string{"a b"}, Closed: true, ClosedAt: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), CreatedAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)},
			{Title: "three registry", Description: "x\n\n<!-- prodctl:id=p0123456789abcdef0123 -->", Author: "owner", Confidential: true, CreatedAt: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)},
		},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestIssuesByQuery(t *testing.T) {
	t.Parallel()
	c := manyIssues(t).as(t, "developer", nil)
	tests := []struct {
		name  string
		query issue.Query
		want  []string
	}{
		{"all", issue.Query{}, []string{"one", "two", "three registry"}},
		{"open", issue.Query{State: issue.Opened}, []string{"one", "three registry"}},
		{"closed", issue.Query{State: issue.Closed}, []string{"two"}},
		{"labels", issue.Query{Labels: []string{"a b", "S::1 (x/y)", "ünï"}}, []string{"one"}},
		{"not labels", issue.Query{NotLabels: []string{"S::1 (x/y)", "none"}}, []string{"two", "three registry"}},
		{"label with a reserved name", issue.Query{Labels: []string{"Any"}}, nil},
		{"milestone", issue.Query{Milestone: "Current Milestone"}, []string{"one"}},
		{"any milestone", issue.Query{AnyMilestone: true}, []string{"one"}},
		{"word", issue.Query{Word: "p0123456789abcdef0123"}, []string{"three registry"}},
		{"word in the title", issue.Query{Word: "registry"}, nil},
		{"since", issue.Query{CreatedAfter: time.Date(2026, 1, 2, 2, 0, 0, 0, time.FixedZone("", 7200))}, []string{"two", "three registry"}},
		{"mine", issue.Query{CreatedByMe: true}, []string{"two"}},
		{"numbers", issue.Query{IIDs: []int64{3, 1, 99}}, []string{"one", "three registry"}},
	}
	for _, tt := range tests {
		for _, in := range []target.Target{target.ProjectAt("acme/queue"), acme} {
			var got []string
			for i, err := range c.Issues(t.Context(), in, tt.query) {
				if err != nil {
					t.Fatal(err)
				}
				if i.Ref.Project != "acme/queue" {
					t.Errorf("%s: project %s", tt.name, i.Ref.Project)
				}
				got = append(got, i.Title)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s in %s: %s", tt.name, in, diff)
			}
		}
	}
}

func TestAllFieldsOfIssue(t *testing.T) {
	t.Parallel()
	l := manyIssues(t)
	got, err := l.as(t, "developer", nil).Issue(t.Context(), issue.Ref{Project: "acme/queue", IID: 1})
	if err != nil {
		t.Fatal(err)
	}
	created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	userID := func(name string) int64 {
		u, err := l.as(t, "developer", nil).UserByName(t.Context(), infra, name)
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	want := issue.Issue{
		Ref: issue.Ref{Project: "acme/queue", IID: 1}, ID: got.ID, Title: "one", State: issue.Opened, Labels: []string{"a b", "S::1 (x/y)", "ünï"},
		MilestoneID: got.MilestoneID, Milestone: "Current Milestone", Assignees: []string{"developer", "owner"}, Author: "guest", Weight: new(5),
		AssigneeIDs: []int64{userID("developer"), userID("owner")}, AuthorID: userID("guest"),
		CreatedAt: created, UpdatedAt: got.UpdatedAt, WebURL: "https://gitlab.example.test/acme/queue/-/issues/1",
	}
	slices.Sort(got.Labels)
	slices.Sort(want.Labels)
	if diff := cmp.Diff(want, got, sameDay); diff != "" || got.ID == 0 || got.MilestoneID == 0 {
		t.Error(diff)
	}
	closed, err := l.as(t, "developer", nil).Issue(t.Context(), issue.Ref{Project: "acme/queue", IID: 2})
	if err != nil || !closed.ClosedAt.Equal(time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC)) || closed.Weight != nil || closed.MilestoneID != 0 {
		t.Errorf("closed: %+v, %v", closed, err)
	}
	if _, err := l.as(t, "guest", nil).Issue(t.Context(), issue.Ref{Project: "acme/queue", IID: 3}); !errors.Is(err, fault.NotFound) {
		t.Errorf("confidential: %v, want not found", err)
	}
}

func TestInvalidLabelNames(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "owner", nil)
	for _, q := range []issue.Query{{Labels: []string{"a,b"}}, {NotLabels: []string{"a,b"}}, {Labels: []string{""}}} {
		for _, err := range c.Issues(t.Context(), infra, q) {
			if fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
				t.Errorf("%+v: kind %v: %v", q, fault.KindOf(err), err)
			}
		}
	}
	_, err := c.UpdateIssue(t.Context(), issue.Ref{Project: "acme/infra", IID: 1}, issue.Change{AddLabels: []string{"a,b"}})
	_, _, err2 := c.CreateLabel(t.Context(), infra, label.Label{Name: "a,b", Color: "#000000"})
	_, err3 := c.UpdateLabel(t.Context(), infra, 1, label.Change{Name: new("a,b")})
	_, err4 := c.postIssue(t.Context(), "acme/infra", issue.Draft{Title: "t", Labels: []string{"a,b"}})
	for _, err := range []error{err, err2, err3, err4} {
		if fault.KindOf(err) != fault.Usage {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests for invalid names", n)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.MustDo("owner", "POST", "/projects/acme%2Finfra/issues", "title=x&labels=toil")
	if err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{{Path: "acme/requests", Labels: []fakegitlab.SeedLabel{{Name: "used"}},
		MergeRequests: []fakegitlab.SeedMergeRequest{{Title: "m", Labels: []string{"used"}}}}}}); err != nil {
		t.Fatal(err)
	}
	c := l.as(t, "guest", nil)
	if used, err := c.Labels(t.Context(), target.ProjectAt("acme/requests"), true); err != nil || used[len(used)-1].Requests != 1 {
		t.Errorf("open merge requests: %+v, %v", used, err)
	}
	got, err := c.Labels(t.Context(), infra, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i].ID = 0
	}
	want := []label.Label{
		{Name: "group label", Color: "#aabbcc", FromGroup: true},
		{Name: "toil", Color: "#d9534f", Description: "by hand", Priority: new(2), Open: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for in, want := range map[target.Target]map[string]bool{ // FromGroup by name
		acme:                              {"group label": false},
		sub:                               {"group label": true, "sub label": false},
		target.ProjectAt("acme/sub/deep"): {"group label": true, "sub label": true},
	} {
		all, err := c.Labels(t.Context(), in, false)
		got := map[string]bool{}
		for _, l := range all {
			got[l.Name] = l.FromGroup
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", in, err, diff)
		}
	}
	l.ResetRequests()
	c.Labels(t.Context(), infra, false)
	c.Labels(t.Context(), acme, false)
	if n := len(l.Requests()); n != 2 {
		t.Errorf("%d requests for two lists of a page each", n)
	}
}

func TestBoards(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "guest", nil)
	if none, err := c.Boards(t.Context(), infra); err != nil || len(none) != 0 {
		t.Errorf("got %v, %v; want none", none, err)
	}
	if err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{{Path: "acme/b",
		Labels: []fakegitlab.SeedLabel{{Name: "Ready"}, {Name: "In Progress"}},
		Boards: []fakegitlab.SeedBoard{{Name: "Weekly", Lists: []string{"In Progress", "Ready"}}}}}}); err != nil {
		t.Fatal(err)
	}
	got, err := c.Boards(t.Context(), target.ProjectAt("acme/b"))
	if err != nil || len(got) != 1 || len(got[0].Lists) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	first, second := got[0].Lists[0], got[0].Lists[1]
	if first.Label != "In Progress" || first.Position != 0 || second.Label != "Ready" || second.Position != 1 || first.LabelID == 0 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]board.Board{{ID: got[0].ID, Name: "Weekly", Lists: got[0].Lists}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	do := func(method, path, body string) { l.MustDo("owner", method, "/projects/acme%2Finfra"+path, body) }
	m := id(l.create("/projects/acme%2Finfra/milestones", "title=M"))
	do("POST", "/issues", "title=x&labels=toil")
	do("PUT", "/issues/1", "milestone_id="+m+"&remove_labels=toil")
	do("PUT", "/issues/1", "milestone_id=0&state_event=close")
	do("PUT", "/issues/1", "state_event=reopen")
	do("POST", "/issues/1/notes", "body=first")
	do("POST", "/issues/1/notes", "body=second&internal=true")
	c, ref := l.as(t, "reporter", nil), issue.Ref{Project: "acme/infra", IID: 1}
	brief := func(events []issue.Event, err error) (all []string) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.User != "owner" || e.At.IsZero() || e.At.Location() != time.UTC {
				t.Errorf("%+v", e)
			}
			all = append(all, e.Action+" "+e.Name)
		}
		return all
	}
	if diff := cmp.Diff([]string{"add M", "remove M"}, brief(c.MilestoneEvents(t.Context(), ref))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"add toil", "remove toil"}, brief(c.LabelEvents(t.Context(), ref))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"closed ", "reopened "}, brief(c.StateEvents(t.Context(), ref))); diff != "" {
		t.Error(diff)
	}
	notes, err := c.Notes(t.Context(), ref)
	notes = slices.DeleteFunc(notes, func(n issue.Note) bool { return n.System })
	if err != nil || len(notes) != 2 || notes[0].Body != "first" || !notes[1].Internal || notes[0].Author != "owner" || notes[0].AuthorID == 0 {
		t.Errorf("notes %+v, %v", notes, err)
	}
	l.MustDo("owner", "DELETE", "/projects/acme%2Finfra/milestones/"+m, "")
	events, err := c.MilestoneEvents(t.Context(), ref)
	if err != nil || len(events) != 2 || events[0].Name != "" {
		t.Errorf("events of a deleted milestone: %+v, %v", events, err)
	}
}
