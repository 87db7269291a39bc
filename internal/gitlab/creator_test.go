package gitlab

import (
	"errors"
	"fmt"
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

// open makes the incident with the key, as the command will.
func (l *lab) open(t *testing.T, c *Client, k idempotency.Key, fresh bool) (issue.Issue, idempotency.Outcome, error) {
	return idempotency.FindOrCreate(t.Context(), k, fresh, c.issueCreator("acme/infra", incident, issue.IdempotencyKey{Label: "incident"}))
}

// Whatever befalls the create, with and without a key of the caller's, there is one incident, and running again with the
// key finds it.
func TestIncidentIsOpenedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for _, fresh := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/fresh=%v", kind, fresh), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, nil)
				if kind != "nothing" {
					l.fault(t, "POST /projects/*/issues nth=1 "+kind)
				}
				c, k := l.as(t, "developer", nil), mustKey(t, "pipeline 17/job 4")
				made, _, err := l.open(t, c, k, fresh)
				if err != nil || made.Title != incident.Title {
					t.Fatalf("%+v, %v", made, err)
				}
				again, outcome, err := l.open(t, l.as(t, "developer", nil), k, false)
				if err != nil || outcome != idempotency.Existed || again.Ref != made.Ref {
					t.Errorf("again: %+v, %v, %v", again, outcome, err)
				}
				issues := l.Snapshot().Project("acme/infra").Issues
				if want := "## Summary\n\n" + k.Marker(); len(issues) != 1 || issues[0].Description != want {
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
	if _, _, err := l.open(t, c, mustKey(t, "a"), true); err != nil || len(l.Requests()) != 1 {
		t.Errorf("with a fresh key: %d requests, want the POST alone (%v)", len(l.Requests()), err)
	}
	l.ResetRequests()
	if _, _, err := l.open(t, c, mustKey(t, "pipeline-18"), false); err != nil || l.sent("POST") != 1 || l.sent("GET") > 6 {
		t.Errorf("with the caller's key: %d requests (%v)", len(l.Requests()), err)
	}
}

// The server's clock may be hours away from ours; what the run has made is found nevertheless.
func TestLostIncidentIsFoundWhateverTheClocksSay(t *testing.T) {
	t.Parallel()
	for _, hours := range []int{-20, -3, 0, 3, 20} {
		l := newLab(t, nil)
		l.fault(t, "POST /projects/*/issues nth=1 drop-after")
		ours := newClock()
		ours.now = ours.now.Add(time.Duration(hours) * time.Hour)
		c := l.as(t, "developer", func(o *Options) { o.Now, o.Sleep = ours.Now, ours.Sleep })
		made, outcome, err := l.open(t, c, mustKey(t, "a"), true)
		if n := len(l.Snapshot().Project("acme/infra").Issues); err != nil || outcome != idempotency.Recovered || made.Ref.IID != 1 || n != 1 {
			t.Errorf("%d hours ahead: %+v, %v, %v; %d issues", hours, made, outcome, err, n)
		}
	}
}

// Labels that GitLab leaves out keep the issue from being found by its label, but not from being found.
func TestIncidentWithoutItsLabelIsFound(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "outsider", nil) // may create in the public project, but not label
	l.fault(t, "POST /projects/*/issues nth=1 drop-after")
	made, outcome, err := l.open(t, c, mustKey(t, "pipeline-19"), false)
	if n := len(l.Snapshot().Project("acme/infra").Issues); err != nil || outcome != idempotency.Recovered || n != 1 || len(made.Labels) != 0 {
		t.Errorf("%+v, %v, %v; %d issues", made, outcome, err, n)
	}
}

// A key without words that the search could find is found by the label.
func TestIncidentIsFoundByItsLabel(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "1-2")
	for i, user := range []string{"developer", "maintainer"} {
		made, outcome, err := l.open(t, l.as(t, user, nil), k, false)
		if want := []idempotency.Outcome{idempotency.Created, idempotency.Existed}[i]; err != nil || outcome != want || made.Ref.IID != 1 {
			t.Errorf("%s: %+v, %v, %v", user, made, outcome, err)
		}
	}
}

func TestMarkerOfAStrangerDoesNotCount(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "pipeline-20")
	l.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", fmt.Sprintf(`{"title":"spam","description":%q}`, k.Marker()))
	l.MustDo("developer", "PUT", "/projects/acme%2Finfra/issues/1", "add_labels=incident")
	c := l.as(t, "developer", nil)
	made, outcome, err := l.open(t, c, k, false)
	if err != nil || outcome != idempotency.Created || made.Ref.IID != 2 {
		t.Errorf("%+v, %v, %v", made, outcome, err)
	}
	if again, outcome, err := l.open(t, l.as(t, "maintainer", nil), k, false); err != nil || outcome != idempotency.Existed || again.Ref != made.Ref {
		t.Errorf("a colleague's run: %+v, %v, %v", again, outcome, err)
	}
}

func TestIncidentFailsClosed(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]string{
		"before": {"GET /projects/*/issues status=502"},
		"after":  {"POST /projects/*/issues error-after=502", "GET /projects/*/issues nth=3 status=403"},
		"always": {"POST /projects/*/issues drop-before"},
	} {
		l := newLab(t, nil)
		for _, f := range faults {
			l.fault(t, f)
		}
		_, _, err := l.open(t, l.as(t, "developer", nil), mustKey(t, "pipeline-21"), false)
		failed, ok := errors.AsType[*idempotency.Error](err)
		if !ok || errors.Is(err, fault.Unknown) != (name != "before") || failed.Sent != (name != "before") || !strings.Contains(fault.HintOf(err), "--key pipeline-21") {
			t.Errorf("%s: %v; hint %q", name, err, fault.HintOf(err))
		}
		if name == "before" && l.sent("POST") != 0 || l.sent("POST") > 3 {
			t.Errorf("%s: %d POSTs", name, l.sent("POST"))
		}
	}
}

// Of two incidents that simultaneous runs made the younger is closed, loses the labels that would count it, and says why.
func TestTwinIncidents(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	k := mustKey(t, "pipeline-22")
	var other issue.Issue
	var otherErr error
	overtaken := false
	c := l.as(t, "developer", func(o *Options) {
		o.Trace = func(e Exchange) { // between this run's look and its create the other one runs
			if e.Method == "GET" && strings.Contains(e.URL, "search") && !overtaken {
				overtaken = true
				other, _, otherErr = l.open(t, l.as(t, "developer", nil), k, false)
			}
		}
	})
	made, outcome, err := l.open(t, c, k, false)
	if err != nil || otherErr != nil || outcome != idempotency.Existed || made.Ref != other.Ref {
		t.Fatalf("%+v, %v, %v; other %+v, %v", made, outcome, err, other, otherErr)
	}
	issues := l.Snapshot().Project("acme/infra").Issues
	if len(issues) != 2 || issues[0].State != "opened" || issues[1].State != "closed" || len(issues[1].Labels) != 0 || len(issues[0].Labels) != 2 {
		t.Fatalf("issues %+v", issues)
	}
	if notes := fmt.Sprint(issues[1].Notes); !strings.Contains(notes, "acme/infra#1 is the one that stays") {
		t.Errorf("notes %s", notes)
	}
	if len(issues[0].Notes) != 0 && strings.Contains(fmt.Sprint(issues[0].Notes), "twice") {
		t.Errorf("notes on the one that stays: %+v", issues[0].Notes)
	}
}

func TestNoteIsMadeOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for _, fresh := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/fresh=%v", kind, fresh), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, nil)
				l.made("/projects/acme%2Finfra/issues", "title=x")
				l.made("/projects/acme%2Finfra/issues/1/notes", "body=earlier")
				ref := issue.Ref{Project: "acme/infra", IID: 1}
				if kind != "nothing" {
					l.fault(t, "POST /projects/*/issues/*/notes nth=1 "+kind)
				}
				k := mustKey(t, "note-1")
				draft := issue.NoteDraft{Body: "Mitigated.", Internal: true}
				made, _, err := idempotency.FindOrCreate(t.Context(), k, fresh, l.as(t, "developer", nil).noteCreator(ref, draft, issue.IdempotencyKey{}))
				if err != nil || !made.Internal {
					t.Fatalf("%+v, %v", made, err)
				}
				again, outcome, err := idempotency.FindOrCreate(t.Context(), k, false, l.as(t, "developer", nil).noteCreator(ref, draft, issue.IdempotencyKey{}))
				if err != nil || outcome != idempotency.Existed || again.ID != made.ID {
					t.Errorf("again: %+v, %v, %v", again, outcome, err)
				}
				if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; len(notes) != 2 || notes[1].Body != "Mitigated.\n\n"+k.Marker() {
					t.Errorf("notes %+v", notes)
				}
			})
		}
	}
}

func TestTwinNotes(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.made("/projects/acme%2Finfra/issues", "title=x")
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
	if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; err != nil || outcome != idempotency.Existed || got.ID != ids[0] || len(notes) != 1 {
		t.Errorf("%+v, %v, %v; notes %+v", got, outcome, err, notes)
	}
}

// For a fresh key the comments are read only as far back as the run began.
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
	if pages := l.sent("GET") - 1; err != nil || outcome != idempotency.Recovered || pages != 1 { // and one for the token's user
		t.Errorf("%v, %v; %d pages read", outcome, err, pages)
	}
}
