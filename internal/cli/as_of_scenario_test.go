package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// story is a random history of both trackers: what people do with prodctl, and what they do in GitLab directly.
type story struct {
	*lab
	rt        *rapid.T
	incidents []int    // numbers in the queue
	changes   []int    // likewise
	all       []string // paths of all issues, /projects/acme%2Fproduction/issues/1
	comments  []string // paths of comments of people
	trace     []string // all steps, for failure messages
	traceable bool     // only steps that GitLab keeps a trace of
}

// newStory returns a lab whose GitLab uses the lab's clock, so that all writes of one step have the same time.
func newStory(t testing.TB, rt *rapid.T, traceable bool, config string) *story {
	l := newLab(t, setup{config: config})
	l.now = time.Date(2018, 8, 24, 14, 30, 0, 0, time.UTC)
	edition := rapid.SampledFrom([]fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium}).Draw(rt, "edition")
	l.server = fakegitlab.New(fakegitlab.Options{Edition: edition, Now: func() time.Time { return l.now }, Tick: time.Nanosecond, URL: "https://gitlab.example.test"})
	if err := l.server.Apply(labSeed(setup{})); err != nil {
		t.Fatal(err)
	}
	l.wire = fakegitlab.Transport(l.server)
	return &story{lab: l, rt: rt, traceable: traceable}
}

func (s *story) pick(what string, from ...string) string {
	return rapid.SampledFrom(from).Draw(s.rt, what)
}

func (s *story) one(what string, from []int) string {
	return fmt.Sprint(rapid.SampledFrom(from).Draw(s.rt, what))
}

// wait advances the clock: not at all, a little, or past the next hand-over.
func (s *story) wait() {
	s.now = s.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, 40 * time.Second, 7 * time.Minute, 90 * time.Minute, 13 * time.Hour}).Draw(s.rt, "wait"))
}

// step runs one random action, which may be refused.
func (s *story) step() {
	s.user = s.pick("who", "mara", "dev", "rep")
	acts := []string{"open incident", "open issue", "open change"}
	if len(s.incidents) > 0 {
		acts = append(acts, "update", "update", "mitigate", "resolve", "resolve", "reopen", "review")
	}
	if len(s.changes) > 0 {
		acts = append(acts, "approve", "start", "start", "finish", "abort")
	}
	if len(s.all) > 0 {
		acts = append(acts, "label", "label", "unlabel", "close", "reopen issue", "assign", "rename", "comment", "comment", "due", "mark", "mark", "take", "take")
		if !s.traceable {
			acts = append(acts, "secret", "visible", "edit description", "delete label", "overwrite")
		}
	}
	if len(s.comments) > 0 && !s.traceable {
		acts = append(acts, "edit comment")
	}
	act := s.pick("act", acts...)
	s.trace = append(s.trace, s.now.Format("02 15:04:05 ")+s.user+" "+act)
	if !s.runs(act) {
		s.edits(act)
	}
}

// runs performs an action with prodctl; false if it is another kind of action.
func (s *story) runs(act string) bool {
	switch act {
	case "open incident":
		s.creates(&s.incidents, append([]string{"incident", "open", "Down", "--new"}, s.some("--severity=S1", "--severity=S3", "--service=web", "--service=web,api", "--data-loss", "--started=10m", "--assign=dev", "--confidential")...)...)
	case "open change":
		s.creates(&s.changes, append([]string{"change", "open", "Move it", "--new", "--criticality=" + s.pick("class", "C2", "C4"), "--start=" + s.now.Add(rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Hour, 20 * time.Hour}).Draw(s.rt, "start")).Format(time.RFC3339),
			"--duration=30m", "--rollback=back"}, s.some("--service=db", "--executor=dev")...)...)
	case "update":
		s.prodctl(append([]string{"incident", "update", s.one("incident", s.incidents), "-m", s.text(), "--new"}, s.some("--impact=0.5", "--cause=A full disk")...)...)
	case "overwrite":
		if len(s.incidents) > 0 {
			s.prodctl(append([]string{"incident", "update", s.one("incident", s.incidents), "-m", s.text(), "--new"}, s.some("--severity=S2", "--service=db", "--started=20m", "--detected=5m", "--data-loss")...)...)
		}
	case "mitigate", "reopen":
		s.prodctl("incident", act, s.one("incident", s.incidents), "-m", s.text())
	case "resolve":
		s.prodctl(append([]string{"incident", act, s.one("incident", s.incidents)}, s.some("--close", "--at=3m")...)...)
	case "review":
		s.prodctl("incident", act, s.one("incident", s.incidents), "--done", "--force")
	case "approve":
		s.prodctl("change", act, s.one("change", s.changes))
	case "start":
		s.prodctl("change", act, s.one("change", s.changes), "--override=It has to be")
	case "finish", "abort":
		s.prodctl("change", act, s.one("change", s.changes), "-m", s.text())
	case "mark":
		s.prodctl("handoff", act, s.ref(), "--left-off", s.text(), "--next", s.text())
	case "take":
		s.prodctl("handoff", act, s.ref())
	default:
		return false
	}
	return true
}

// edits performs an action in GitLab directly.
func (s *story) edits(act string) {
	labels := []string{"outage", "oncall", "(perceived) data loss", "Ready_to_Handoff", "critical", "toil", "incident", "Incident::Mitigated", "S2"}
	if act == "open issue" {
		path := "/projects/" + s.pick("tracker", "acme%2Fproduction", "acme%2Finfrastructure") + "/issues"
		s.created(path, s.web(path, "POST", map[string]any{"title": s.text(), "description": s.pick("description", "", "By hand."), "labels": s.some(labels...)}))
		return
	}
	at := s.pick("issue", s.all...)
	put := func(fields map[string]any) { s.web(at, "PUT", fields) }
	switch act {
	case "label":
		put(map[string]any{"add_labels": s.pick("label", labels...)})
	case "unlabel":
		put(map[string]any{"remove_labels": s.pick("label", labels...)})
	case "close":
		put(map[string]any{"state_event": "close"})
	case "reopen issue":
		put(map[string]any{"state_event": "reopen"})
	case "assign":
		put(map[string]any{"assignee_ids": []int{s.userID(s.pick("assignee", "nobody", "mara", "dev", "rep"))}})
	case "rename":
		put(map[string]any{"title": s.text()})
	case "due":
		put(map[string]any{"due_date": s.pick("date", "", "2018-09-01", "2018-10-02")})
	case "secret", "visible":
		put(map[string]any{"confidential": act == "secret"})
	case "edit description":
		put(map[string]any{"description": "By hand.\n\n" + s.read(at).Description})
	case "delete label":
		s.server.Do("mara", "DELETE", "/projects/acme%2Finfrastructure/labels/toil", "")
	case "comment":
		answer := s.web(at+"/notes", "POST", map[string]any{"body": s.text()})
		var note struct{ ID int }
		if json.Unmarshal([]byte(answer), &note) == nil && note.ID > 0 {
			s.comments = append(s.comments, fmt.Sprintf("%s/notes/%d", at, note.ID))
		}
	case "edit comment":
		s.web(s.pick("comment", s.comments...), "PUT", map[string]any{"body": s.text() + " after all"})
	}
}

// ref returns a random issue as a command-line argument.
func (s *story) ref() string {
	return strings.NewReplacer("/projects/acme%2F", "", "/issues/", "#").Replace(s.pick("issue", s.all...))
}

// some returns a random selection of the words, in order.
func (s *story) some(words ...string) []string {
	var list []string
	for _, w := range words {
		if rapid.IntRange(0, 2).Draw(s.rt, w) == 0 {
			list = append(list, w)
		}
	}
	return list
}

func (s *story) text() string {
	return s.pick("text", "Roll out", "Roll back", "It is the disk", "a", "ab ** to **b", "{-x-} {+y+}", "Größer")
}

func (s *story) prodctl(args ...string) {
	r := s.run(append(args, "-q")...)
	s.trace[len(s.trace)-1] += fmt.Sprintf(" %q: %d", args, r.code)
	if r.code == 1 || r.code == 2 || r.code == 6 {
		s.rt.Fatalf("%s\n%q: %s%s", strings.Join(s.trace, "\n"), args, r.out, r.errors)
	}
}

// creates runs prodctl and remembers the issues it created.
func (s *story) creates(list *[]int, args ...string) {
	before := len(s.server.Snapshot().Project(prod).Issues)
	s.prodctl(args...)
	for _, i := range s.server.Snapshot().Project(prod).Issues[before:] {
		*list = append(*list, i.IID)
		s.all = append(s.all, fmt.Sprintf("%s/issues/%d", prodAPI, i.IID))
	}
}

func (s *story) web(path, method string, fields map[string]any) string {
	body, err := json.Marshal(fields)
	if err != nil {
		s.rt.Fatal(err)
	}
	status, answer := s.server.Do(s.user, method, path, string(body))
	s.trace[len(s.trace)-1] += fmt.Sprintf(" %s %s: %d", path, body, status)
	return answer
}

type readIssue struct {
	ID, IID     int
	Description string
	Labels      []string
}

func (s *story) read(path string) (i readIssue) {
	_ = json.Unmarshal([]byte(s.server.MustDo("mara", "GET", path, "")), &i)
	return i
}

func (s *story) created(path, answer string) {
	var i readIssue
	if json.Unmarshal([]byte(answer), &i) == nil && i.IID > 0 {
		s.all = append(s.all, fmt.Sprintf("%s/%d", path, i.IID))
		if slices.Contains(i.Labels, "incident") && strings.HasPrefix(path, prodAPI) { // prodctl can work with it from now on
			s.incidents = append(s.incidents, i.IID)
		}
	}
}

// userID returns the ID of a user; 0 for nobody.
func (s *story) userID(name string) int {
	var users []struct {
		ID       int
		Username string
	}
	_ = json.Unmarshal([]byte(s.server.MustDo("mara", "GET", "/users?username="+name, "")), &users)
	if len(users) == 0 {
		return 0
	}
	return users[0].ID
}
