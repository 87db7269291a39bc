package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// eventTexts are verb and text of an incident's events.
func (l *lab) eventTexts(t *testing.T, iid int64) []string {
	t.Helper()
	var list []string
	_, notes := l.queueIssue(t, iid)
	for _, e := range eventlog.Events(notes, incident.Kind) {
		list = append(list, e.Verb+": "+e.Text)
	}
	return list
}

// A pipeline may pass one key to all its commands. Each verb records its own event, and none takes another's comment for its own.
func TestOneKeyForSeveralVerbs(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2", "--key", "pipe-7")
	l.must(t, "incident", "update", "1", "-m", "Looking", "--key", "pipe-7")
	l.must(t, "incident", "mitigate", "1", "-m", "Failed over", "--key", "pipe-7")
	r := l.must(t, "incident", "resolve", "1", "-m", "Replaced", "--key", "pipe-7")
	if got := strings.Join(l.eventTexts(t, 1), "\n"); got != "update: Looking\nmitigate: Failed over\nresolve: Replaced" {
		t.Errorf("events:\n%s", got)
	}
	if i, _ := l.queueIssue(t, 1); !i.Has("Incident::Resolved") || strings.Contains(strings.ToLower(r.out), "already") {
		t.Errorf("labels %q after\n%s", i.Labels, r.out)
	}
	for _, c := range [][]string{{"update", "Looking"}, {"mitigate", "Failed over"}, {"resolve", "Replaced"}} {
		before := l.all()
		if r := l.must(t, "incident", c[0], "1", "-m", c[1], "--key", "pipe-7"); l.all() != before || !strings.Contains(strings.ToLower(r.out), "already") {
			t.Errorf("the retry of %s adds another event:\n%s", c[0], r.out)
		}
	}
}

// The same input with another key, or with --new, is added again; other input with the same key is not, and a note says so.
func TestSameInputOtherKey(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2")
	for _, more := range [][]string{nil, {"--new"}, {"--key", "a"}, {"--key", "b"}} {
		l.must(t, append([]string{"incident", "update", "1", "-m", "Still failing"}, more...)...)
	}
	if got := l.eventTexts(t, 1); len(got) != 4 {
		t.Errorf("events %q", got)
	}
	l.must(t, "incident", "update", "1", "-m", "Still failing", "--key", "b")
	r := l.must(t, "incident", "update", "1", "-m", "Better now", "--key", "b")
	if got := l.eventTexts(t, 1); len(got) != 4 || !strings.Contains(r.errors, "was used before with other input") {
		t.Errorf("events %q, output\n%s%s", got, r.out, r.errors)
	}
}
