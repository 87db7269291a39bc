package cli_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// tell runs commands a minute apart; each must succeed.
func (l *lab) runAll(t *testing.T, story ...invocation) {
	t.Helper()
	for _, step := range story {
		own := *l
		own.user = step.user
		own.must(t, step.args...)
		l.now = l.now.Add(time.Minute)
	}
}

// relabelled changes the labels of the first issue of the queue in the web interface.
func (l *lab) relabelled(body string) {
	l.server.MustDo("mara", "PUT", "/projects/acme%2Fproduction/issues/1", body)
}

// verbsOf returns the verbs of the events in comments.
func verbsOf(notes []issue.Note, kind string) (verbs []string) {
	for _, e := range eventlog.Events(notes, kind) {
		verbs = append(verbs, e.Verb)
	}
	return verbs
}

// TestIncidentThatRecurs checks an incident that recurs within minutes and is resolved with the same text as before,
// or none: that is a new event.
func TestIncidentThatRecurs(t *testing.T) {
	t.Parallel()
	opened, resolve, reopen := says("mara", "incident", "open", "Registry", "-s", "S2"), says("mara", "incident", "resolve", "1"), says("mara", "incident", "reopen", "1")
	backOnTheBoard := `{"add_labels":"Incident::Active","remove_labels":"Incident::Resolved","state_event":"reopen"}`
	for name, c := range map[string]struct {
		play  func(t *testing.T, l *lab)
		state incident.State
		verbs []string
	}{
		"resolved again": {func(t *testing.T, l *lab) { l.runAll(t, opened, resolve, reopen, resolve) }, incident.Resolved, []string{"resolve", "reopen", "resolve"}},
		"reopened again": {func(t *testing.T, l *lab) { l.runAll(t, opened, resolve, reopen, resolve, reopen) }, incident.Active,
			[]string{"resolve", "reopen", "resolve", "reopen"}},
		"run twice": {func(t *testing.T, l *lab) { l.runAll(t, opened, resolve, resolve, reopen, reopen, resolve, resolve) }, incident.Resolved,
			[]string{"resolve", "reopen", "resolve"}},
		"moved back on the board": {func(t *testing.T, l *lab) {
			l.runAll(t, opened, resolve)
			l.relabelled(backOnTheBoard)
			l.runAll(t, resolve)
		}, incident.Resolved, []string{"resolve", "resolve"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			c.play(t, l)
			i, notes := l.queueIssue(t, 1)
			if got := incident.Of(i, incidentRules).State; got != c.state {
				t.Errorf("it is %s", got)
			}
			if got := verbsOf(notes, incident.Kind); !slices.Equal(got, c.verbs) {
				t.Errorf("events in the comments: %q", got)
			}
		})
	}
}

// TestChangeThatIsPutBack checks that a change that a person has put back starts over, although the text is the
// same. Events that still hold are not recorded a second time.
func TestChangeThatIsPutBack(t *testing.T) {
	t.Parallel()
	opened := func(class string) invocation {
		return says("rep", "change", "open", "Move it", "--criticality", class, "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "back", "--service", "db")
	}
	start, finish, approve := says("rep", "change", "start", "1"), says("rep", "change", "finish", "1"), says("mara", "change", "approve", "1")
	putBack := `{"add_labels":"change::scheduled","remove_labels":"change::complete,change::in-progress,change::approved","state_event":"reopen"}`
	for name, c := range map[string]struct {
		play  func(t *testing.T, l *lab)
		state change.State
		verbs []string
	}{
		"without approvals": {func(t *testing.T, l *lab) {
			l.runAll(t, opened("C4"), start, start, finish, finish)
			l.relabelled(putBack)
			l.runAll(t, start, start)
		}, change.InProgress, []string{"start", "finish", "start"}},
		"approved again": {func(t *testing.T, l *lab) {
			l.runAll(t, opened("C2"), approve, start, finish)
			l.relabelled(putBack)
			l.runAll(t, approve, start)
		}, change.InProgress, []string{"approve", "start", "finish", "approve", "start"}},
		"edited and approved again": {func(t *testing.T, l *lab) {
			l.runAll(t, opened("C2"), approve)
			editedNow(l.server, "plan", func(d string) string { return "More to do.\n\n" + d })
			l.runAll(t, approve, start)
		}, change.InProgress, []string{"approve", "approve", "start"}},
		"two with the same words": {func(t *testing.T, l *lab) {
			l.runAll(t, opened("C1"), says("dev", "change", "approve", "1"), approve, start)
		}, change.InProgress,
			[]string{"approve", "approve", "start"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{edition: fakegitlab.Premium})
			c.play(t, l)
			i, notes := l.queueIssue(t, 1)
			if got := change.Of(i, changeRules).State; got != c.state {
				t.Errorf("it is %s", got)
			}
			if got := verbsOf(notes, change.Kind); !slices.Equal(got, c.verbs) {
				t.Errorf("events in the comments: %q", strings.Join(got, " "))
			}
		})
	}
}
