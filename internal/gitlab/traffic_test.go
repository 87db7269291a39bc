package gitlab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/permission"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// unchanged is a reconciler that wants no change.
type unchanged struct{}

func (unchanged) Reconcile(issue.Issue, []issue.Note) (issue.Change, error) {
	return issue.Change{}, nil
}

// everyMethod calls each method of the client, on objects that exist: the label, the board with its list, issue 1 and milestone m.
func everyMethod(ctx context.Context, c *Client, owner, lb, m, board, list int64) map[string]func() {
	const users = "acme/users"
	ref := issue.Ref{Project: infra.Path, IID: 1}
	key := issue.IdempotencyKey{Kind: "incident", Name: "k1"}
	both := func(read func(in target.Target)) { read(infra); read(acme) }
	return map[string]func(){
		"Host":            func() { c.Host() },
		"Written":         func() { c.Written() },
		"Reconciles":      func() { c.Reconciles(nil) },
		"Watching":        func() { c.Watching() },
		"Watch":           func() { c.Watch(ctx) },
		"Duplicates":      func() { c.Duplicates() },
		"NextRound":       func() { c.NextRound() },
		"Limited":         func() { c.Limited() },
		"KeepDuplicate":   func() { c.KeepDuplicate(errors.New("twice")) },
		"Version":         func() { c.Version(ctx) },
		"CurrentUser":     func() { c.CurrentUser(ctx) },
		"Token":           func() { c.Token(ctx) },
		"UserByName":      func() { c.UserByName(ctx, infra, "outsider") },
		"MemberByName":    func() { c.MemberByName(ctx, infra, "guest") },
		"Project":         func() { c.Project(ctx, infra.Path) },
		"RememberProject": func() { c.RememberProject("acme/other", 7) },
		"Place":           func() { c.Place("project", 1) },
		"Projects":        func() { c.Projects(ctx, "") },
		"Group":           func() { c.Group(ctx, "acme") },
		"Access":          func() { both(func(in target.Target) { c.Access(ctx, in, owner) }) },
		"AccessOf":        func() { both(func(in target.Target) { c.AccessOf(ctx, in, []int64{owner}) }) },
		"MayReadRoles":    func() { c.MayReadRoles(ctx, infra.Path) },
		"OwnAccess":       func() { c.OwnAccess(ctx, infra.Path) },
		"GroupMember":     func() { c.GroupMember(ctx, "acme", owner) },
		"Issue":           func() { c.Issue(ctx, ref) },
		"Issues":          func() { both(func(in target.Target) { readAll(ctx, c, in) }) },
		"CreateIssue":     func() { c.CreateIssue(ctx, infra.Path, issue.Draft{Title: "t"}, key) },
		"FindIssue":       func() { c.FindIssue(ctx, infra.Path, key) },
		"FindIssueAmong":  func() { c.FindIssueAmong(ctx, infra.Path, key) },
		"OpenSince":       func() { c.OpenSince(ctx, infra.Path, time.Time{}, issue.Titled("t")) },
		"Timeline":        func() { c.Timeline(ctx, issue.Issue{Ref: ref, ID: 1}) },
		"UpdateIncident":  func() { c.UpdateIncident(ctx, issue.Issue{Ref: ref, ID: 1}, issue.High, nil) },
		"FormerTitles":    func() { c.FormerTitles(ctx, issue.Issue{Ref: ref}) },
		"MayEdit":         func() { c.MayEdit(ctx, infra.Path, owner) },
		"UpdateIssue":     func() { c.UpdateIssue(ctx, ref, issue.Change{AddLabels: []string{"u"}}) },
		"Notes":           func() { c.Notes(ctx, ref) },
		"TrustedNotes":    func() { c.TrustedNotes(ctx, ref) },
		"LastNotes":       func() { c.LastNotes(ctx, ref) },
		"IssuePage":       func() { c.IssuePage(ctx, target.ProjectAt(ref.Project), issue.Query{}) },
		"CreateNote":      func() { c.CreateNote(ctx, ref, issue.NoteDraft{Body: "b"}, key) },
		"UpdateNote":      func() { c.UpdateNote(ctx, ref, 1, "b") },
		"UpsertNote":      func() { c.UpsertNote(ctx, ref, issue.NoteDraft{Body: "c"}, key) },
		"NoteEditors":     func() { c.NoteEditors(ctx, []int64{1}) },
		"LastNotesOf":     func() { c.LastNotesOf(ctx, []int64{1}) },
		"FindNote":        func() { c.FindNote(ctx, ref, key) },
		"ReconcileIssue": func() {
			c.ReconcileIssue(ctx, ref, unchanged{})
		},
		"Members":         func() { c.Members(ctx, infra.Path) },
		"MoveIssue":       func() { c.MoveIssue(ctx, ref, target.ProjectAt("acme/other")) },
		"MovedTo":         func() { c.MovedTo(ctx, issue.Issue{Ref: ref, MovedToID: 1 << 30}) },
		"IssueLinks":      func() { c.IssueLinks(ctx, ref) },
		"CreateLink":      func() { c.CreateLink(ctx, ref, issue.Ref{Project: infra.Path, IID: 2}) },
		"LabelEvents":     func() { c.LabelEvents(ctx, ref) },
		"MilestoneEvents": func() { c.MilestoneEvents(ctx, ref) },
		"StateEvents":     func() { c.StateEvents(ctx, ref) },
		"Labels":          func() { both(func(in target.Target) { c.Labels(ctx, in, true) }) },
		"CreateLabel": func() {
			both(func(in target.Target) { c.CreateLabel(ctx, in, label.Label{Name: "n", Color: "#112233"}) })
		},
		"UpdateLabel": func() {
			c.UpdateLabel(ctx, infra, lb, label.Change{})
			c.UpdateLabel(ctx, infra, lb, label.Change{Name: new("m")})
		},
		"DeleteLabel":     func() { c.DeleteLabel(ctx, infra, 1) },
		"Milestones":      func() { both(func(in target.Target) { c.Milestones(ctx, in, milestone.Query{}) }) },
		"CreateMilestone": func() { both(func(in target.Target) { c.CreateMilestone(ctx, in, milestone.Draft{Title: "n"}) }) },
		"UpdateMilestone": func() { c.UpdateMilestone(ctx, infra, m, milestone.Change{Title: new("o")}) },
		"EditMilestone": func() {
			c.EditMilestone(ctx, infra, m, milestone.Edit{Before: milestone.Milestone{Title: "o"}, Change: milestone.Change{Title: new("p")}})
		},
		"DeleteMilestone":     func() { c.DeleteMilestone(ctx, infra, 1) },
		"Boards":              func() { c.Boards(ctx, infra) },
		"CreateBoard":         func() { c.CreateBoard(ctx, infra, "b") },
		"DeleteBoard":         func() { c.DeleteBoard(ctx, infra, 1) },
		"Freezes":             func() { c.Freezes(ctx, infra.Path) },
		"CreateFreeze":        func() { c.CreateFreeze(ctx, infra, lock.Freeze{Start: "0 23 * * 5", End: "0 7 * * 1", Zone: "UTC"}) },
		"DeleteFreeze":        func() { c.DeleteFreeze(ctx, infra, lock.Freeze{ID: 1}) },
		"MayMaintain":         func() { c.MayMaintain(ctx, infra.Path) },
		"CreateBoardList":     func() { c.CreateBoardList(ctx, infra, board, lb) },
		"MoveBoardList":       func() { c.MoveBoardList(ctx, infra, board, list, 7) },
		"MergeRequest":        func() { c.MergeRequest(ctx, users, 1) },
		"NewestMergeRequests": func() { c.NewestMergeRequests(ctx, users) },
		"ChangedPaths":        func() { c.ChangedPaths(ctx, users, 1) },
		"Approvals":           func() { c.Approvals(ctx, users, 1) },
		"ApprovalSettings":    func() { c.ApprovalSettings(ctx, users) },
		"LastPush":            func() { c.LastPush(ctx, users, 1) },
		"ApprovalTimes":       func() { c.ApprovalTimes(ctx, users, 1) },
		"Deployments":         func() { c.Deployments(ctx, users, deployment.Query{}) },
		"Branch":              func() { c.Branch(ctx, users, "main") },
		"File":                func() { c.File(ctx, users, ".prodctl.yaml", "main") },
		"ApprovalRules":       func() { c.ApprovalRules(ctx, users) },
	}
}

func readAll(ctx context.Context, c *Client, in target.Target) {
	for range c.Issues(ctx, in, issue.Query{}) {
		continue
	}
}

// TestRequestsWithoutRecording finds the requests of the client that no recorded exchange covers. docs/sandbox.md lists them as
// "from documentation", and no others.
func TestRequestsWithoutRecording(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, name := range []string{"tour-18.9-ce", "tour-18.9-ee-free"} {
		steps, err := recording.Load("../../testdata/gitlab/" + name + ".jsonl.gz")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			covered[routeOf(s.Method, s.Path)] = true
		}
	}
	sent := map[string]bool{}
	for _, route := range routesSent(t) {
		if !covered[route] {
			sent[route] = true
		}
	}
	text, err := os.ReadFile("../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z]+ [^`]+)` \\|.*from documentation").FindAllStringSubmatch(string(text), -1) {
		listed[row[1]] = true
	}
	if got, want := slices.Sorted(maps.Keys(sent)), slices.Sorted(maps.Keys(listed)); !slices.Equal(got, want) {
		t.Errorf("requests without a recorded exchange:\n%s\ndocs/sandbox.md lists:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Every request of the client has a permission, or is one of those for which GitLab 18.10 offers none.
func TestPermissionOfEveryRequest(t *testing.T) {
	t.Parallel()
	none := map[string]bool{}
	for _, route := range routesSent(t) {
		method, path, _ := strings.Cut(strings.NewReplacer(":id", "acme%2Finfra", ":n", "7").Replace(route), " ")
		if p, ok := permission.Of(method, path); !ok {
			none[route] = true
		} else if p.Boundary == "" {
			t.Errorf("%s needs %s, but nobody knows where", route, p.Name)
		}
	}
	want := []string{
		"DELETE /projects/:id/labels/:n", "GET /personal_access_tokens/self", "GET /projects/:id/labels", "GET /projects/:id/labels/:n",
		"GET /projects/:id/repository/branches/:n", "GET /projects/:id/repository/files/:n", "GET /users", "POST /../graphql",
		"POST /projects/:id/labels", "PUT /projects/:id/labels/:n",
	}
	if got := slices.Sorted(maps.Keys(none)); !slices.Equal(got, want) {
		t.Errorf("requests without a permission: %q, want %q", got, want)
	}
}

// routesSent calls every method of the client, and fails when one is missing here.
func routesSent(t *testing.T) []string {
	t.Helper()
	l := authLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Premium })
	l.create("/projects/acme%2Finfra/issues", "title=one")
	l.create("/projects/acme%2Finfra/issues", "title=two")
	m := l.create("/projects/acme%2Finfra/milestones", "title=Current")
	lb := l.create("/projects/acme%2Finfra/labels", "name=S1&color=%23112233")
	board := l.create("/projects/acme%2Finfra/boards", "name=Team")
	list := l.create(fmt.Sprintf("/projects/acme%%2Finfra/boards/%d/lists", board), fmt.Sprintf("label_id=%d", lb))
	var routes []string
	c := l.as(t, "owner", func(o *Options) {
		direct := o.Transport
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			routes = append(routes, routeOf(r.Method, strings.TrimPrefix(r.URL.EscapedPath(), "/api/v4")))
			return direct.RoundTrip(r)
		})
	})
	owner, err := c.UserByName(t.Context(), infra, "owner")
	if err != nil {
		t.Fatal(err)
	}
	calls := everyMethod(t.Context(), c, owner.ID, lb, m, board, list)
	var methods []string
	for method := range reflect.TypeFor[*Client]().Methods() {
		methods = append(methods, method.Name)
	}
	if got := slices.Sorted(maps.Keys(calls)); !slices.Equal(got, methods) {
		t.Fatalf("calls of %v, but the client has %v", got, methods)
	}
	for _, name := range methods {
		calls[name]()
	}
	return routes
}

// routeOf is a request's method and path, with :id for the project or group and :n for what has a number or name in it.
func routeOf(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	path = strings.Replace(path, "/api/graphql", "/../graphql", 1) // which is beside the root of the REST API
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch {
		case i == 2 && (parts[1] == "projects" || parts[1] == "groups"):
			parts[i] = ":id"
		case i > 2 && slices.Contains([]string{"labels", "branches", "files"}, parts[i-1]), part != "" && (part[0] == '{' || strings.Trim(part, "0123456789") == ""):
			parts[i] = ":n"
		}
	}
	return method + " " + strings.Join(parts, "/")
}
