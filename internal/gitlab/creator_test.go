package gitlab

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var (
	_ idempotency.Creator[issue.Issue] = (*issueCreator)(nil)
	_ idempotency.Creator[issue.Note]  = (*noteCreator)(nil)
)

var incident = issue.Draft{Title: "2026-03-02: Registry returns 500s", Description: "## Summary\r\n", Labels: []string{"incident", "S2"}}

func mustKey(t *testing.T, name string) idempotency.Key {
	t.Helper()
	k, err := idempotency.NewKey("incident", name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openIncident creates the incident with the key, as the command does.
func (l *lab) openIncident(t *testing.T, c *Client, k idempotency.Key, unique bool) (issue.Issue, idempotency.Outcome, error) {
	return idempotency.FindOrCreate(t.Context(), k, unique, c.issueCreator("acme/infra", incident, issue.IdempotencyKey{Label: "incident"}))
}

// Whatever happens to the create, with a unique key or the caller's, there is one incident, and a second run with the
// key finds it.
func TestIncidentIsOpenedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for _, unique := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/unique=%v", kind, unique), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, nil)
				if kind != "nothing" {
					l.fault(t, "POST /projects/*/issues nth=1 "+kind)
				}
				c, k := l.as(t, "developer", nil), mustKey(t, "pipeline 17/job 4")
				created, _, err := l.openIncident(t, c, k, unique)
				if err != nil || created.Title != incident.Title {
					t.Fatalf("%+v, %v", created, err)
				}
				second, outcome, err := l.openIncident(t, l.as(t, "developer", nil), k, false)
				if err != nil || outcome != idempotency.Existed || second.Ref != created.Ref {
					t.Errorf("second run: %+v, %v, %v", second, outcome, err)
				}
				issues := l.Snapshot().Project("acme/infra").Issues
				if want := "## Summary\n\n" + k.Trailer(); len(issues) != 1 || issues[0].Description != want {
					t.Errorf("issues %+v", issues)
				}
			})
		}
	}
}

func TestRequestsToOpenAnIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	if _, _, err := l.openIncident(t, c, mustKey(t, "a"), true); err != nil || len(l.Requests()) != 1 {
		t.Errorf("with a unique key: %d requests, want the POST alone (%v)", len(l.Requests()), err)
	}
	l.ResetRequests()
	if _, _, err := l.openIncident(t, c, mustKey(t, "pipeline-18"), false); err != nil || l.sent("POST") != 1 || l.sent("GET") > 6 {
		t.Errorf("with the caller's key: %d requests (%v)", len(l.Requests()), err)
	}
}

// The server's clock may be hours off; what the run created is found all the same.
func TestLostIncidentIsFoundWhateverTheClocksShow(t *testing.T) {
	t.Parallel()
	for _, hours := range []int{-20, -3, 0, 3, 20} {
		l := newLab(t, nil)
		l.fault(t, "POST /projects/*/issues nth=1 drop-after")
		ours := newClock()
		ours.now = ours.now.Add(time.Duration(hours) * time.Hour)
		c := l.as(t, "developer", func(o *Options) { o.Now, o.Sleep = ours.Now, ours.Sleep })
		created, outcome, err := l.openIncident(t, c, mustKey(t, "a"), true)
		if n := len(l.Snapshot().Project("acme/infra").Issues); err != nil || outcome != idempotency.Recovered || created.Ref.IID != 1 || n != 1 {
			t.Errorf("%d hours ahead: %+v, %v, %v; %d issues", hours, created, outcome, err, n)
		}
	}
}

// When GitLab drops the labels, the issue is found without its label.
func TestIncidentWithoutItsLabelIsFound(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "outsider", nil) // may create in the public project, but not label
	l.fault(t, "POST /projects/*/issues nth=1 drop-after")
	created, outcome, err := l.openIncident(t, c, mustKey(t, "pipeline-19"), false)
	if n := len(l.Snapshot().Project("acme/infra").Issues); err != nil || outcome != idempotency.Recovered || n != 1 || len(created.Labels) != 0 {
		t.Errorf("%+v, %v, %v; %d issues", created, outcome, err, n)
	}
}

// A key that comes from arguments is the same for every spelling of the path, also for a token that may not read the project. The client
// asks for the id once, or not at all when it is known.
func TestDerivedKeyNamesTheProject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault string
		known bool
		reads int
	}{"asked": {reads: 1}, "known": {known: true}, "forbidden": {fault: "GET /projects/* status=403", reads: 1}} {
		l := newLab(t, nil)
		if c.fault != "" {
			l.fault(t, c.fault)
		}
		o := issue.IdempotencyKey{Kind: "incident", Name: "auto-20260302-c4d7d4318a0c", Derived: true, Since: l.clock.Now().Add(-24 * time.Hour)}
		for n, path := range []string{"acme/infra", "Acme/INFRA"} {
			client := l.as(t, "developer", nil)
			if c.known {
				client.RememberProject("ACME/infra", 77)
			}
			l.ResetRequests()
			created, existed, err := client.CreateIssue(t.Context(), path, incident, o)
			if err != nil && !errors.Is(err, fault.Dropped) || created.Ref.IID != 1 || existed != (n == 1) {
				t.Errorf("%s, %s: %+v, %v, %v", name, path, created, existed, err)
			}
			if _, found, err := client.FindIssue(t.Context(), path, o); !found || err != nil {
				t.Errorf("%s, %s: found %v, %v", name, path, found, err)
			}
			reads := 0
			for _, e := range l.Requests() {
				if strings.HasSuffix(strings.ToLower(e.Path), "/projects/acme%2finfra") {
					reads++
				}
			}
			if c.fault == "" && reads != c.reads {
				t.Errorf("%s: %d reads of the project", name, reads)
			}
		}
	}
}

// Whatever the caller's key looks like, a colleague's run finds the issue, also when somebody has taken its labels off and closed it.
func TestKeyIsFoundByItsWord(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"1-2", "pager-9911", "PD-Q1ABC", "my key", "v1.2.3", "job/123/456", "a:b", "ünï-côde", "https://x.example/alert?id=5", "50%off", "a--b", "the"} {
		l := newLab(t, nil)
		k := mustKey(t, name)
		l.MustDo("maintainer", "POST", "/projects/acme%2Finfra/issues", fmt.Sprintf(`{"title":"x","description":%q}`, idempotency.Stamp("", mustKey(t, name+"0"))))
		for i, user := range []string{"developer", "maintainer"} {
			created, outcome, err := l.openIncident(t, l.as(t, user, nil), k, false)
			if want := []idempotency.Outcome{idempotency.Created, idempotency.Existed}[i]; err != nil || outcome != want || created.Ref.IID != 2 {
				t.Errorf("%q, %s: %+v, %v, %v", name, user, created, outcome, err)
			}
			l.MustDo("maintainer", "PUT", "/projects/acme%2Finfra/issues/2", `{"labels": "", "state_event": "close"}`)
		}
	}
}

// A key with a day takes exact lists only, any other one search: neither asks for labels or a state, and no look-up searches twice.
func TestLookUps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key  issue.IdempotencyKey
		want []string
	}{
		"with a day":     {issue.IdempotencyKey{Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}, []string{"created_after=2026-03-01T00:00:00Z", "created_after"}},
		"without a day":  {issue.IdempotencyKey{}, []string{"search", "created_after"}},
		"after a search": {issue.IdempotencyKey{Searched: true}, []string{"created_after"}},
		"unique":         {issue.IdempotencyKey{Unique: true}, nil},
	} {
		for _, lost := range []bool{false, true} {
			l := newLab(t, nil)
			want := c.want
			if lost {
				l.fault(t, "POST /projects/*/issues nth=1 drop-after")
				if want == nil {
					want = []string{"created_after scope=created_by_me"}
				}
			}
			c.key.Kind, c.key.Name, c.key.Label = "incident", "deploy-7", "incident"
			if i, _, err := l.as(t, "developer", nil).CreateIssue(t.Context(), "acme/infra", incident, c.key); err != nil || i.Ref.IID != 1 {
				t.Errorf("%s: %+v, %v", name, i, err)
			}
			var got []string
			for _, e := range l.Requests() {
				if e.Method == "GET" && strings.HasSuffix(e.Path, "/issues") {
					got = append(got, lookUp(e.Query, mustKey(t, "deploy-7").Word()))
				}
			}
			for n := range want {
				if len(got) != len(want) || !strings.HasPrefix(got[n], want[n]) {
					t.Errorf("%s, answer lost %v: lists %q, want %q", name, lost, got, want)
					break
				}
			}
		}
	}
}

// lookUp is what the query of a list selects by.
func lookUp(query, word string) string {
	v, err := url.ParseQuery(query)
	switch {
	case err != nil || v.Has("labels") || v.Has("state"):
		return "bad " + query
	case v.Has("search") && v.Get("search") == word && v.Get("in") == "description" && !v.Has("created_after"):
		return "search"
	case v.Has("search") || !v.Has("created_after"):
		return "bad " + query
	case v.Has("scope"):
		return "created_after scope=" + v.Get("scope")
	}
	return "created_after=" + v.Get("created_after")
}

func TestMarkerWithoutRoleDoesNotCount(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "pipeline-20")
	l.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", fmt.Sprintf(`{"title":"spam","description":%q}`, k.Marker()))
	l.MustDo("developer", "PUT", "/projects/acme%2Finfra/issues/1", "add_labels=incident")
	c := l.as(t, "developer", nil)
	created, outcome, err := l.openIncident(t, c, k, false)
	if err != nil || outcome != idempotency.Created || created.Ref.IID != 2 {
		t.Errorf("%+v, %v, %v", created, outcome, err)
	}
	if second, outcome, err := l.openIncident(t, l.as(t, "maintainer", nil), k, false); err != nil || outcome != idempotency.Existed || second.Ref != created.Ref {
		t.Errorf("a colleague's run: %+v, %v, %v", second, outcome, err)
	}
}

func TestIncidentFailsClosed(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]string{
		"before": {"GET /projects/*/issues status=502"},
		"after":  {"POST /projects/*/issues error-after=502", "GET /projects/*/issues nth=2 status=403"},
		"always": {"POST /projects/*/issues drop-before"},
	} {
		l := newLab(t, nil)
		for _, f := range faults {
			l.fault(t, f)
		}
		_, _, err := l.openIncident(t, l.as(t, "developer", nil), mustKey(t, "pipeline-21"), false)
		failed, ok := errors.AsType[*idempotency.Error](err)
		if !ok || errors.Is(err, fault.Unknown) != (name != "before") || failed.Sent != (name != "before") || !strings.Contains(fault.HintOf(err), "--key pipeline-21") {
			t.Errorf("%s: %v; hint %q", name, err, fault.HintOf(err))
		}
		if name == "before" && l.sent("POST") != 0 || l.sent("POST") > 3 {
			t.Errorf("%s: %d POSTs", name, l.sent("POST"))
		}
	}
}

// Of two incidents of simultaneous runs the newer one is closed, loses the labels that would count it, and names the other.
func TestDuplicateIncidents(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "pipeline-22")
	var other issue.Issue
	var otherErr error
	otherRan := false
	c := l.as(t, "developer", func(o *Options) {
		o.Trace = func(e Exchange) { // the other run happens between this run's lookup and its create
			if e.Method == "GET" && strings.Contains(e.URL, "search") && !otherRan {
				otherRan = true
				other, _, otherErr = l.openIncident(t, l.as(t, "developer", nil), k, false)
			}
		}
	})
	created, outcome, err := l.openIncident(t, c, k, false)
	if err != nil || otherErr != nil || outcome != idempotency.Existed || created.Ref != other.Ref {
		t.Fatalf("%+v, %v, %v; other %+v, %v", created, outcome, err, other, otherErr)
	}
	issues := l.Snapshot().Project("acme/infra").Issues
	if len(issues) != 2 || issues[0].State != "opened" || issues[1].State != "closed" || len(issues[1].Labels) != 0 || len(issues[0].Labels) != 2 {
		t.Fatalf("issues %+v", issues)
	}
	if notes := fmt.Sprint(issues[1].Notes); !strings.Contains(notes, "Duplicate of acme/infra#1") {
		t.Errorf("notes %s", notes)
	}
	if len(issues[0].Notes) != 0 && strings.Contains(fmt.Sprint(issues[0].Notes), "Duplicate") {
		t.Errorf("notes on the original: %+v", issues[0].Notes)
	}
}

func TestNoteIsCreatedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for _, unique := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/unique=%v", kind, unique), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, nil)
				l.create("/projects/acme%2Finfra/issues", "title=x")
				l.create("/projects/acme%2Finfra/issues/1/notes", "body=earlier")
				ref := issue.Ref{Project: "acme/infra", IID: 1}
				if kind != "nothing" {
					l.fault(t, "POST /projects/*/issues/*/notes nth=1 "+kind)
				}
				k := mustKey(t, "note-1")
				draft := issue.NoteDraft{Body: "Mitigated.", Internal: true}
				created, _, err := idempotency.FindOrCreate(t.Context(), k, unique, l.as(t, "developer", nil).noteCreator(ref, draft, issue.IdempotencyKey{}))
				if err != nil || !created.Internal {
					t.Fatalf("%+v, %v", created, err)
				}
				second, outcome, err := idempotency.FindOrCreate(t.Context(), k, false, l.as(t, "developer", nil).noteCreator(ref, draft, issue.IdempotencyKey{}))
				if err != nil || outcome != idempotency.Existed || second.ID != created.ID {
					t.Errorf("second run: %+v, %v, %v", second, outcome, err)
				}
				if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; len(notes) != 2 || notes[1].Body != "Mitigated.\n\n"+k.Trailer() {
					t.Errorf("notes %+v", notes)
				}
			})
		}
	}
}

func TestDuplicateNotes(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.create("/projects/acme%2Finfra/issues", "title=x")
	ref, k := issue.Ref{Project: "acme/infra", IID: 1}, mustKey(t, "note-2")
	c := l.as(t, "developer", nil)
	var ids []int64
	for range 2 {
		n, err := c.postNote(t.Context(), ref, issue.NoteDraft{Body: idempotency.Stamp("x", k)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, n.ID)
	}
	got, outcome, err := idempotency.FindOrCreate(t.Context(), k, false, c.noteCreator(ref, issue.NoteDraft{Body: "x"}, issue.IdempotencyKey{}))
	if err == nil {
		err = c.Watch(t.Context())
	}
	if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; err != nil || outcome != idempotency.Existed || got.ID != ids[0] || len(notes) != 1 {
		t.Errorf("%+v, %v, %v; notes %+v", got, outcome, err, notes)
	}
}

// For a unique key the comments are read back to the start of the run only.
func TestOldNotesAreNotRead(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	old := fakegitlab.SeedIssue{Title: "log"}
	for i := range 350 {
		old.Notes = append(old.Notes, fakegitlab.SeedNote{Body: fmt.Sprint(i), CreatedAt: l.clock.Now().AddDate(0, -1, 0)})
	}
	if err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{{Path: "acme/log", Issues: []fakegitlab.SeedIssue{old}}}}); err != nil {
		t.Fatal(err)
	}
	l.fault(t, "POST /projects/*/issues/*/notes nth=1 drop-after")
	c := l.as(t, "developer", func(o *Options) { o.Parallel = 1 })
	_, outcome, err := idempotency.FindOrCreate(t.Context(), mustKey(t, "a"), true, c.noteCreator(issue.Ref{Project: "acme/log", IID: 1}, issue.NoteDraft{Body: "x"}, issue.IdempotencyKey{}))
	if pages := l.sent("GET") - 1; err != nil || outcome != idempotency.Recovered || pages != 1 { // one GET is for the token's user
		t.Errorf("%v, %v; %d pages read", outcome, err, pages)
	}
}
