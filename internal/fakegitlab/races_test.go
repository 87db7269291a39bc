package fakegitlab

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// meeting returns a world in which n requests whose method and path end like this meet between check and save. Other
// requests are not held up.
func meeting(t *testing.T, n int, what string) *world {
	t.Helper()
	var mu sync.Mutex
	var meet sync.WaitGroup
	meet.Add(n)
	left := n
	return newWorld(t, Options{BetweenCheckAndSave: func(r *http.Request) {
		if !strings.HasSuffix(r.Method+" "+r.URL.Path, what) {
			return
		}
		mu.Lock()
		waits := left > 0
		left--
		mu.Unlock()
		if waits {
			meet.Done()
			meet.Wait()
		}
	}})
}

// together sends n requests at the same time and counts the answers. %d in the body is the number of the request.
func (w *world) together(n int, who, method, path, body string) map[string]int {
	answers := make([]string, n)
	var wg sync.WaitGroup
	for k := range n {
		wg.Go(func() {
			own := body
			if strings.Contains(own, "%d") {
				own = fmt.Sprintf(body, k)
			}
			rec := w.ask(who, method, path, own)
			answers[k] = fmt.Sprint(rec.Code)
			if rec.Code >= 400 {
				answers[k] += " " + rec.Body.String()
			}
		})
	}
	wg.Wait()
	counts := map[string]int{}
	for _, a := range answers {
		counts[a]++
	}
	return counts
}

func TestDuplicateMilestonesOfSimultaneousCreates(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"project", "group"} {
		w := meeting(t, 8, "/milestones")
		path := w.path(w.infra, "/milestones")
		if of == "group" {
			path = w.path(w.acme, "/milestones")
		}
		if got := w.together(8, "reporter", "POST", path, `{"title":"Current"}`); got["201"] != 8 {
			t.Errorf("%s: got %v", of, got)
		}
		if n := len(w.list("guest", path)); n != 8 {
			t.Errorf("%s: %d milestones, want 8", of, n)
		}
		w.refused(400, `{"message":"Failed to create milestone {:title=>[\"already being used for another group or project milestone.\"]}"}`,
			"reporter", "POST", path, `{"title":"Current"}`)
	}
}

// interrupted returns a world in which act runs once, in the middle of the first request with this method.
func interrupted(t *testing.T, method string, act func(w *world)) *world {
	t.Helper()
	var w *world
	done := false
	w = newWorld(t, Options{BetweenCheckAndSave: func(r *http.Request) {
		if r.Method == method && !done {
			done = true
			act(w)
		}
	}})
	return w
}

func TestRenameBesideCreateMakesDuplicate(t *testing.T) {
	t.Parallel()
	w := interrupted(t, "PUT", func(w *world) {
		w.s.MustDo("reporter", "POST", w.path(w.infra, "/milestones"), `{"title":"Current"}`)
	})
	m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), `{"title":"Next"}`)
	w.must(200, "reporter", "PUT", w.path(w.infra, fmt.Sprintf("/milestones/%d", m.num("id"))), `{"title":"Current"}`)
	if got := fieldOf(w.list("guest", w.path(w.infra, "/milestones")), "title"); got != "Current Current" {
		t.Errorf("got %s, want duplicates", got)
	}
}

const lockedBody = `{"message":"Conflict: Resource lock"}`

func TestMilestoneChangedSinceRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ other, own, want string }{
		{`{"title":"theirs"}`, `{"description":"ours"}`, "409"},
		{`{"state_event":"close"}`, `{"description":"ours"}`, "409"},
		{`{"title":"theirs"}`, `{"title":"Next"}`, "200"}, // nothing to save
		{`{"title":"Next"}`, `{"description":"ours"}`, "200"},
	} {
		var path string
		w := interrupted(t, "PUT", func(w *world) { w.s.MustDo("reporter", "PUT", path, tt.other) })
		m := w.must(201, "reporter", "POST", w.path(w.infra, "/milestones"), `{"title":"Next"}`)
		path = w.path(w.infra, fmt.Sprintf("/milestones/%d", m.num("id")))
		rec := w.ask("reporter", "PUT", path, tt.own)
		if got := fmt.Sprint(rec.Code); got != tt.want || got == "409" && rec.Body.String() != lockedBody {
			t.Errorf("%s during %s: got %d %s, want %s", tt.other, tt.own, rec.Code, rec.Body, tt.want)
		}
		if rec.Code == 409 && w.must(200, "guest", "GET", path, "")["description"] != nil {
			t.Errorf("%s during %s: saved after all", tt.other, tt.own)
		}
	}
}

const crash = `500 {"message":"500 Internal Server Error"}`

func TestSimultaneousCreatesOfOneLabel(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"project", "group"} {
		w := meeting(t, 4, "/labels")
		path := w.path(w.infra, "/labels")
		if of == "group" {
			path = w.path(w.acme, "/labels")
		}
		if got := w.together(4, "reporter", "POST", path, `{"name":"toil","color":"red"}`); got["201"] != 1 || got[crash] != 3 {
			t.Errorf("%s: got %v", of, got)
		}
		if n := len(w.list("guest", path)); n != 1 {
			t.Errorf("%s: %d labels, want 1", of, n)
		}
		w.refused(409, `{"message":"Label already exists"}`, "reporter", "POST", path, `{"name":"toil","color":"red"}`)
	}
}

func TestIssueBesideTheCreationOfItsLabel(t *testing.T) {
	t.Parallel()
	w := interrupted(t, "POST", func(w *world) {
		w.s.MustDo("reporter", "POST", w.path(w.infra, "/labels"), `{"name":"toil","color":"red"}`)
	})
	issue := `{"title":"x","labels":"fresh,toil"}`
	w.refused(409, `{"message":"Duplicated issue"}`, "reporter", "POST", w.path(w.infra, "/issues"), issue)
	if n := len(w.infra.Issues); n != 0 {
		t.Errorf("%d issues, want none", n)
	}
	if got := fieldOf(w.list("guest", w.path(w.infra, "/labels")), "name"); got != "toil" {
		t.Errorf("labels %s", got)
	}
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), issue)
}

// TestUpdatesBesideTheCreationOfALabel updates several issues at the same time with a label that does not exist yet.
func TestUpdatesBesideTheCreationOfALabel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for range 3 {
		w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	}
	var meet, all sync.WaitGroup
	meet.Add(3)
	atLabel := sync.Map{}
	s := w.s.Clone(func(o *Options) {
		o.BetweenCheckAndSave = func(r *http.Request) {
			if _, again := atLabel.LoadOrStore(r.URL.Path, true); !again {
				meet.Done()
				meet.Wait()
			}
		}
	})
	statuses := [4]int{}
	for iid := 1; iid <= 3; iid++ {
		all.Go(func() {
			statuses[iid], _ = s.Do("reporter", "PUT", w.path(w.infra, fmt.Sprintf("/issues/%d", iid)), `{"title":"y","add_labels":"toil"}`)
		})
	}
	all.Wait()
	failed := 0
	for iid := 1; iid <= 3; iid++ {
		answer := s.MustDo("guest", "GET", w.path(w.infra, fmt.Sprintf("/issues/%d", iid)), "")
		switch done := strings.Contains(answer, `"labels":["toil"]`) && strings.Contains(answer, `"title":"y"`); {
		case statuses[iid] == 500 && strings.Contains(answer, `"labels":[]`) && strings.Contains(answer, `"title":"x"`):
			failed++
			s.MustDo("reporter", "PUT", w.path(w.infra, fmt.Sprintf("/issues/%d", iid)), `{"title":"y","add_labels":"toil"}`)
		case statuses[iid] != 200 || !done:
			t.Errorf("#%d: %d, now %s", iid, statuses[iid], answer)
		}
	}
	if failed != 2 {
		t.Errorf("%d updates failed, want 2", failed)
	}
}

// TestOneLabelTwiceOnAnIssue adds a label in the middle of another request that adds it.
func TestOneLabelTwiceOnAnIssue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, before, other, who, body string
		status                         int
		labels, title                  string
	}{
		{"first change of the issue", "", "reporter", "reporter", `{"add_labels":"Ready"}`, 409, "[Ready Ready]", "x"},
		{"last changed by the same user", "reporter", "reporter", "reporter", `{"add_labels":"Ready"}`, 200, "[Ready Ready]", "x"},
		{"by somebody else", "reporter", "planner", "developer", `{"add_labels":"Ready"}`, 409, "[Ready Ready]", "x"},
		{"with another field", "reporter", "planner", "reporter", `{"add_labels":"Other","title":"y"}`, 409, "[Other Ready]", "x"},
		{"removes another label", "reporter", "reporter", "reporter", `{"remove_labels":"old"}`, 200, "[Ready]", "x"},
		{"replaces the labels", "reporter", "reporter", "reporter", `{"labels":"Other"}`, 200, "[Other Ready]", "x"},
		{"changes nothing", "reporter", "reporter", "reporter", `{"add_labels":"old"}`, 200, "[Ready old]", "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var issue string
			armed := false
			var w *world
			w = newWorld(t, Options{BetweenCheckAndSave: func(r *http.Request) {
				if r.Method == "PUT" && armed {
					armed = false
					w.s.MustDo(tt.other, "PUT", issue, `{"add_labels":"Ready"}`)
				}
			}})
			w.newLabel(w.infra, "Ready")
			w.newLabel(w.infra, "Other")
			w.must(201, "developer", "POST", w.path(w.infra, "/issues"), `{"title":"x","labels":"old"}`)
			issue = w.path(w.infra, "/issues/1")
			if tt.before != "" {
				w.must(200, tt.before, "PUT", issue, `{"remove_labels":"none","description":"seen"}`)
			}
			armed = true
			rec := w.ask(tt.who, "PUT", issue, tt.body)
			if rec.Code != tt.status || rec.Code == 409 && rec.Body.String() != lockedBody {
				t.Errorf("got %d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			got := w.must(200, "guest", "GET", issue, "")
			want := strings.Replace(tt.labels, "]", " old]", 1)
			if tt.name == "removes another label" || tt.name == "replaces the labels" || tt.name == "changes nothing" {
				want = tt.labels
			}
			if fmt.Sprint(got["labels"]) != want || got.str("title") != tt.title {
				t.Errorf("now %v %q, want %s %q", got["labels"], got["title"], want, tt.title)
			}
			w.must(200, "reporter", "PUT", issue, `{"remove_labels":"Ready"}`)
			if after := fmt.Sprint(w.must(200, "guest", "GET", issue, "")["labels"]); strings.Contains(after, "Ready") {
				t.Errorf("after a removal: %s", after)
			}
		})
	}
}

// TestLockedIssueKeepsItsState refuses to close an issue that has changed, before anything is saved.
func TestLockedIssueKeepsItsState(t *testing.T) {
	t.Parallel()
	w := interrupted(t, "PUT", func(w *world) {
		w.s.MustDo("planner", "PUT", w.path(w.infra, "/issues/1"), `{"title":"theirs"}`)
	})
	w.newLabel(w.infra, "Ready")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.refused(409, lockedBody, "reporter", "PUT", w.path(w.infra, "/issues/1"), `{"state_event":"close","add_labels":"Ready"}`)
	i := w.must(200, "guest", "GET", w.path(w.infra, "/issues/1"), "")
	if i.str("state") != "opened" || fmt.Sprint(i["labels"]) != "[]" || i.str("title") != "theirs" {
		t.Errorf("got %v", i)
	}
}

func TestIssueDeletedSinceRead(t *testing.T) {
	t.Parallel()
	w := interrupted(t, "PUT", func(w *world) { w.s.MustDo("owner", "DELETE", w.path(w.infra, "/issues/1"), "") })
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	w.refused(409, lockedBody, "reporter", "PUT", w.path(w.infra, "/issues/1"), `{"title":"y"}`)
}

// TestRefusedFieldsKeepTheLabels checks that labels are stored although another field is refused.
func TestRefusedFieldsKeepTheLabels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","labels":"old"}`)
	issue := w.path(w.infra, "/issues/1")
	long := strings.Repeat("ü", 1<<19) + "!"
	w.refused(400, `{"message":{"description":["is too long (1 MiB). The maximum size is 1 MiB."]}}`, "reporter", "PUT", issue,
		`{"add_labels":"Ready","remove_labels":"old","description":"`+long+`"}`)
	if got := w.must(200, "guest", "GET", issue, ""); fmt.Sprint(got["labels"]) != "[Ready]" || got["description"] != nil {
		t.Errorf("got %v, %v", got["labels"], got["description"])
	}
	if n := len(w.list("guest", issue+"/resource_label_events")); n != 1 {
		t.Errorf("%d label events, want only that of the create", n)
	}
	w.must(200, "reporter", "PUT", issue, `{"description":"`+long[:1<<20]+`"}`)
}

// TestLabelsThatCannotBeMade checks GitLab's 500s, after which nothing is created or changed.
func TestLabelsThatCannotBeMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.infra, "old")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","labels":"old"}`)
	issues, issue := w.path(w.infra, "/issues"), w.path(w.infra, "/issues/1")
	long := strings.Repeat("y", 256)
	for _, names := range []string{
		`"fresh,fresh"`, `"old,fresh, fresh"`, `["fresh","old","fresh"]`, `"old,` + long + `"`, `" , ,old"`, `"old,,fresh"`, `["old"," "]`,
	} {
		w.refused(500, `{"message":"500 Internal Server Error"}`, "reporter", "POST", issues, `{"title":"y","labels":`+names+`}`)
		for _, field := range []string{"labels", "add_labels"} {
			w.refused(500, `{"message":"500 Internal Server Error"}`, "reporter", "PUT", issue,
				`{"title":"y","state_event":"close","`+field+`":`+names+`}`)
		}
		w.must(201, "guest", "POST", w.path(w.prod, "/issues"), `{"title":"y","labels":`+names+`}`) // may create no label
	}
	if got := w.must(200, "guest", "GET", issue, ""); got.str("title") != "x" || got.str("state") != "opened" || fmt.Sprint(got["labels"]) != "[old]" {
		t.Errorf("the issue has changed: %v", got)
	}
	if len(w.infra.Issues) != 1 || len(w.infra.Labels) != 1 {
		t.Errorf("%d issues and %d labels, want 1 and 1", len(w.infra.Issues), len(w.infra.Labels))
	}
	for names, want := range map[string]string{
		`"old,old"`: "[old]", `"old,"`: "[old]", `"old,a,"`: "[a old]", `""`: "[]", `","`: "[]", `[]`: "[]", `["",""]`: "[]", `null`: "[]",
	} {
		if got := w.must(201, "reporter", "POST", issues, `{"title":"z","labels":`+names+`}`); fmt.Sprint(got["labels"]) != want {
			t.Errorf("%s: got %v, want %s", names, got["labels"], want)
		}
	}
	w.must(200, "reporter", "PUT", issue, `{"remove_labels":" ,none,none,`+long+`"}`) // never creates one
}

// TestIssueDescriptions tells a description that was not sent from an empty one.
func TestIssueDescriptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n, tt := range []struct {
		method, body string
		want         any
	}{
		{"POST", `{"title":"x"}`, nil},
		{"PUT", `{"title":"y"}`, nil},
		{"PUT", `{"description":""}`, ""},
		{"PUT", `{"description":null}`, nil},
		{"PUT", `{"description":"/close"}`, ""},
		{"PUT", `{"description":"text"}`, "text"},
		{"PUT", `{"description":null}`, nil},
		{"POST", `{"title":"x","description":""}`, ""},
		{"POST", `{"title":"x","description":null}`, nil},
		{"POST", `{"title":"x","description":"text"}`, "text"},
	} {
		path, status := w.path(w.infra, "/issues"), 201
		if tt.method == "PUT" {
			path, status = w.path(w.infra, "/issues/1"), 200
		}
		if got := w.must(status, "reporter", tt.method, path, tt.body)["description"]; got != tt.want {
			t.Errorf("%d: %s %s: got %#v, want %#v", n, tt.method, tt.body, got, tt.want)
		}
	}
}
