package fakegitlab

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// fullInstance returns an instance in which every pointer that a type can hold is set.
func fullInstance(t *testing.T) *Server {
	t.Helper()
	s := newTestServer(t, Options{Edition: store.Ultimate, RateLimit: 1000})
	if err := s.Apply(seed.Handbook(s.store.Now())); err != nil {
		t.Fatal(err)
	}
	p := s.store.FindProject("acme/infrastructure")
	g, root, i, mr := p.Group, s.store.Users[0], p.Issues[0], p.MergeRequests[0]
	in := s.store.AddMilestone(&store.Milestone{Parent: store.Parent{Group: g}, Title: "Quarter"})
	s.store.SetMilestoneState(in, true, root)
	thumb := &store.Award{ID: store.Next(&s.store.Last.Award), Name: "thumbsup", User: root, CreatedAt: at}
	g.Boards = append(g.Boards, &store.Board{
		ID: store.Next(&s.store.Last.Board), Parent: store.Parent{Group: g}, Name: "Quarter", Milestone: in, Assignee: root, Labels: p.Labels[:1], Weight: new(3),
		Lists: []*store.BoardList{{ID: store.Next(&s.store.Last.List), Milestone: in}, {ID: store.Next(&s.store.Last.List), Assignee: root}},
	})
	i.DiscussionLocked, i.Awards, i.Subscriptions = new(true), []*store.Award{thumb}, map[*store.User]bool{root: true}
	p.Creator, p.Invited, g.Invited = root, []store.Invitation{{Group: g, Level: 30}}, []store.Invitation{{Group: g, Level: 20}}
	i.MovedTo, i.Duplicate, i.UpdatedBy = p.Issues[1], p.Issues[2], root
	edited := &store.Edit{By: root, At: at}
	i.Edited = edited
	s.store.AddTimelineEvent(i, &store.TimelineEvent{Note: "Began", Author: root, Tags: []string{"Start time"}})
	p.Labels[0].Subscribe(root, p, true)
	s.store.SetWeight(i, new(3), root, i.CreatedAt)
	s.store.AddNote(i, &store.Note{Body: "Well said.", Author: root, Awards: []*store.Award{thumb}, ResolvedBy: root, Edited: edited})
	s.store.AddNote(i, &store.Note{Body: "mentioned in issue #2", Author: root, System: true, Mention: p.Issues[1]})
	s.store.AddTodo(&store.Todo{Issue: i, Note: i.Notes[0], User: root, Author: root, Action: "mentioned"})
	mr.Milestone, mr.Assignees, mr.Labels = in, []*store.User{root}, p.Labels[:1]
	mr.ApprovedAt = []time.Time{at}
	mr.ClosedBy, mr.Awards, mr.Notes = root, []*store.Award{thumb}, []*store.Note{{ID: 1, Body: "Fine.", Author: root}}
	p.Rules = append(p.Rules, &store.ApprovalRule{ID: store.Next(&s.store.Last.Rule), Name: "Release", Branches: []string{"main"}})
	p.DisabledTypes = []string{"task"}
	p.Set("squash_option", `"always"`)
	p.FreezePeriods = []*store.FreezePeriod{{ID: 1, Start: "0 23 * * 5", End: "0 7 * * 1", Zone: "UTC"}}
	p.Environments = []*store.Environment{{ID: 2, Name: "production"}}
	p.Branches = []*store.Branch{{Name: "main", Protected: true, Commit: strings.Repeat("a", 40), Files: map[string]string{"README.md": "Hello"}}}
	p.Deployments = []*store.Deployment{{ID: 3, Environment: p.Environments[0], By: root, Job: &store.Job{ID: 4}}}
	s.store.AddProject(&store.Project{Name: "Own", Path: "own", Owner: root})
	s.store.AddToken(&store.Token{Value: "fine", User: root, Scopes: []string{store.GranularScope}, Grants: []*store.Grant{
		{Boundary: store.ProjectBoundary, In: store.Parent{Project: p}, Permissions: []string{"read_work_item"}},
		{Boundary: store.GroupBoundary, In: store.Parent{Group: g}, Permissions: []string{"read_member"}},
	}})
	return s
}

// comparison compares two values field by field and collects differences and shared memory.
type comparison struct {
	copies  map[any]any     // from a pointer on the left to the one on the right
	visited map[string]bool // fields with pointers; true if one was set
	wrong   []string
}

func (l *comparison) report(at, format string, args ...any) {
	if len(l.wrong) < 20 {
		l.wrong = append(l.wrong, at+": "+fmt.Sprintf(format, args...))
	}
}

func (l *comparison) compare(at string, a, b reflect.Value) {
	if a.Type() == reflect.TypeFor[time.Time]() {
		if fmt.Sprint(a) != fmt.Sprint(b) { // it points to its time zone, which nobody writes to
			l.report(at, "%v and %v", a, b)
		}
		return
	}
	switch a.Kind() {
	case reflect.Pointer:
		l.pointers(at, a, b)
	case reflect.Struct:
		for n := range a.NumField() {
			f := a.Type().Field(n)
			name := a.Type().Name() + "." + f.Name
			if k := f.Type.Kind(); k == reflect.Pointer || k == reflect.Slice || k == reflect.Map {
				l.visited[name] = l.visited[name] || !a.Field(n).IsZero()
			}
			l.compare(at+"."+f.Name, a.Field(n), b.Field(n))
		}
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			l.report(at, "%d and %d items", a.Len(), b.Len())
			return
		}
		if a.Cap() > 0 && b.Cap() > 0 && a.UnsafePointer() == b.UnsafePointer() {
			l.report(at, "one array")
		}
		for n := range a.Len() {
			l.compare(fmt.Sprintf("%s[%d]", at, n), a.Index(n), b.Index(n))
		}
	case reflect.Map:
		l.indexes(at, a, b)
	case reflect.Func: // the clock, which both share
	default:
		if !a.Equal(b) {
			l.report(at, "%v and %v", a, b)
		}
	}
}

func (l *comparison) pointers(at string, a, b reflect.Value) {
	if a.IsNil() || b.IsNil() {
		if a.IsNil() != b.IsNil() {
			l.report(at, "only one is nil")
		}
		return
	}
	if a.Pointer() == b.Pointer() {
		l.report(at, "one object")
		return
	}
	left, right := a.UnsafePointer(), b.UnsafePointer()
	if copied, ok := l.copies[left]; ok {
		if copied != right {
			l.report(at, "two copies of one object")
		}
		return
	}
	l.copies[left] = right
	l.compare(at, a.Elem(), b.Elem())
}

// indexes compares maps. If the key is an object, the other map has its copy, which was visited before.
func (l *comparison) indexes(at string, a, b reflect.Value) {
	if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
		l.report(at, "%d and %d entries", a.Len(), b.Len())
		return
	}
	if !a.IsNil() && a.UnsafePointer() == b.UnsafePointer() {
		l.report(at, "one map")
	}
	byCopy := map[any]reflect.Value{}
	for _, key := range b.MapKeys() {
		if key.Kind() == reflect.Pointer {
			byCopy[key.UnsafePointer()] = b.MapIndex(key)
		} else {
			byCopy[fmt.Sprint(key)] = b.MapIndex(key)
		}
	}
	for _, key := range a.MapKeys() {
		var other reflect.Value
		if key.Kind() == reflect.Pointer {
			other = byCopy[l.copies[key.UnsafePointer()]]
		} else {
			other = byCopy[fmt.Sprint(key)]
		}
		if !other.IsValid() {
			l.report(at, "the key %v has no copy", key)
			continue
		}
		l.compare(fmt.Sprintf("%s[%v]", at, key), a.MapIndex(key), other)
	}
}

// TestCloneIsDeep checks that a clone is equal at every level and shares no object, list or map.
func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	s := fullInstance(t)
	c := s.Clone(nil)
	l := comparison{copies: map[any]any{}, visited: map[string]bool{}}
	l.compare("store", reflect.ValueOf(s.store), reflect.ValueOf(c.store))
	if len(l.wrong) > 0 {
		t.Error(strings.Join(l.wrong, "\n"))
	}
	for name, visited := range l.visited {
		if !visited {
			t.Errorf("%s is empty everywhere, so its copy was not checked", name)
		}
	}
	if s.Digest() != c.Digest() {
		t.Error("the digests differ")
	}
	if len(l.copies) < 400 || len(l.visited) < 60 {
		t.Errorf("only %d objects and %d fields were compared", len(l.copies), len(l.visited))
	}
}

// TestDigest checks that any change of the state, even of one time stamp or counter, changes the digest, and that
// reads do not.
func TestDigest(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	if err := s.Apply(seed.Handbook(s.store.Now())); err != nil {
		t.Fatal(err)
	}
	before := s.Digest()
	const issues = "/projects/acme%2Finfrastructure/issues"
	ask(t, s, "sandbox-root", http.MethodGet, issues+"?per_page=100", "")
	if s.Digest() != before {
		t.Error("a read changed the state")
	}
	seen := map[[32]byte]string{before: "nothing"}
	for name, change := range map[string]func(*Server){
		"title":    func(s *Server) { s.store.Projects[0].Issues[0].Title += "!" },
		"stamp":    func(s *Server) { s.store.Stamp() },
		"counter":  func(s *Server) { s.store.Last.Note++ },
		"event":    func(s *Server) { s.store.Projects[0].Issues[0].LabelEvents[0].Added = false },
		"index":    func(s *Server) { delete(s.store.IssueByID, s.store.Projects[0].Issues[0].ID) },
		"order":    func(s *Server) { i := s.store.Projects[0].Issues; i[0], i[1] = i[1], i[0] },
		"identity": func(s *Server) { i := s.store.Projects[0].Issues[0]; i.Author = new(*i.Author) },
	} {
		c := s.Clone(nil)
		change(c)
		if other, ok := seen[c.Digest()]; ok {
			t.Errorf("a change of %s has the digest of %s", name, other)
		}
		seen[c.Digest()] = name
	}
}

// TestCloneIsIndependent checks that a clone gives the same answers as the original, and that neither sees the
// other's changes.
func TestCloneIsIndependent(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	if err := s.Apply(seed.Handbook(s.store.Now())); err != nil {
		t.Fatal(err)
	}
	s.AddFault(fault.Fault{Path: "**", Kind: fault.DropBefore})
	c, before := s.Clone(nil), s.Snapshot()
	s.ClearFaults()
	const issues = "/projects/acme%2Finfrastructure/issues"
	var answers [2][]string
	work := func(on *Server, n int) {
		for _, r := range [][3]string{
			{http.MethodPost, issues, `{"title":"Another","labels":"toil,quite new"}`},
			{http.MethodPost, issues + "/1/notes", `{"body":"Looked at.\n\n/label ~goal"}`},
			{http.MethodPut, issues + "/1", `{"title":"Other words","state_event":"close","milestone_id":0,"assignee_ids":[1]}`},
			{http.MethodPut, "/projects/acme%2Finfrastructure/labels/toil", `{"new_name":"drudgery"}`},
			{http.MethodDelete, "/projects/acme%2Finfrastructure/labels/goal", ""},
			{http.MethodPost, "/projects/acme%2Finfrastructure/milestones", `{"title":"Another"}`},
			{http.MethodGet, issues + "?per_page=100", ""},
		} {
			rec := ask(t, on, "sandbox-root", r[0], r[1], r[2])
			answers[n] = append(answers[n], fmt.Sprint(r[0], " ", r[1], " ", rec.Code, " ", rec.Header(), rec.Body))
		}
	}
	work(c, 0)
	if diff := cmp.Diff(before, s.Snapshot()); diff != "" || len(s.Requests()) != 0 {
		t.Errorf("%d requests to the clone have reached the original:\n%s", len(s.Requests()), diff)
	}
	work(s, 1)
	if diff := cmp.Diff(answers[1], answers[0]); diff != "" {
		t.Errorf("the clone answers differently (-original +clone):\n%s", diff)
	}
	if after := s.Snapshot(); reflect.DeepEqual(before, after) || !reflect.DeepEqual(after, c.Snapshot()) {
		t.Error("the requests changed nothing, or changed the two differently")
	}
}

// TestCloneWithOtherOptions checks that a clone can have other hooks and limits.
func TestCloneWithOtherOptions(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{RateLimit: 1})
	logged := 0
	c := s.Clone(func(o *Options) { o.RateLimit, o.Log = 0, func(Entry) { logged++ } })
	for range 2 {
		if rec := ask(t, c, "sandbox-root", http.MethodGet, "/user", ""); rec.Code != http.StatusOK {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
	if logged != 2 || s.opts.RateLimit != 1 || s.opts.Log != nil {
		t.Errorf("%d requests are logged; the original's limit is %d", logged, s.opts.RateLimit)
	}
}
