package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// trailer is the end of the text of what was created with a key: KIND/NAME.
func trailer(key string) string {
	kind, name, _ := strings.Cut(key, "/")
	k, err := idempotency.NewKey(kind, name)
	if err != nil {
		panic(err)
	}
	return "\n\n" + k.Trailer()
}

// eventsOf returns the verbs and texts of an incident's events.
func (l *lab) eventsOf(t *testing.T, iid int64) []string {
	t.Helper()
	var list []string
	_, notes := l.queueIssue(t, iid)
	for _, e := range eventlog.Events(notes, incident.Kind) {
		list = append(list, e.Verb+": "+e.Text)
	}
	return list
}

// TestOneKeyForSeveralVerbs checks a pipeline that gives one key to all its commands: each verb is recorded with it,
// and none mistakes another's comment for its own.
func TestOneKeyForSeveralVerbs(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2", "--key", "pipe-7")
	l.must(t, "incident", "update", "1", "-m", "Looking", "--key", "pipe-7")
	l.must(t, "incident", "mitigate", "1", "-m", "Failed over", "--key", "pipe-7")
	r := l.must(t, "incident", "resolve", "1", "-m", "Replaced", "--key", "pipe-7")
	if got := strings.Join(l.eventsOf(t, 1), "\n"); got != "update: Looking\nmitigate: Failed over\nresolve: Replaced" {
		t.Errorf("recorded:\n%s", got)
	}
	if i, _ := l.queueIssue(t, 1); !i.Has("Incident::Resolved") || strings.Contains(strings.ToLower(r.out), "already") {
		t.Errorf("labels %q after\n%s", i.Labels, r.out)
	}
	for _, c := range [][]string{{"update", "Looking"}, {"mitigate", "Failed over"}, {"resolve", "Replaced"}} {
		before := l.all()
		if r := l.must(t, "incident", c[0], "1", "-m", c[1], "--key", "pipe-7"); l.all() != before || !strings.Contains(strings.ToLower(r.out), "already") {
			t.Errorf("%s a second time records a second event:\n%s", c[0], r.out)
		}
	}
}

// TestTextsAndKeys checks that the same text with another key, or with --new, is recorded again, and that another
// text with the same key is recorded too, once, which is reported.
func TestTextsAndKeys(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2")
	for _, more := range [][]string{nil, {"--new"}, {"--key", "a"}, {"--key", "b"}} {
		l.must(t, append([]string{"incident", "update", "1", "-m", "Still failing"}, more...)...)
	}
	if got := l.eventsOf(t, 1); len(got) != 4 {
		t.Errorf("recorded %q", got)
	}
	l.must(t, "incident", "update", "1", "-m", "Still failing", "--key", "b")
	r := l.must(t, "incident", "update", "1", "-m", "Better now", "--key", "b")
	if got := l.eventsOf(t, 1); len(got) != 5 || got[4] != "update: Better now" || !strings.Contains(r.errors, "was used before with other words") {
		t.Errorf("recorded %q, printed\n%s%s", got, r.out, r.errors)
	}
	for _, text := range []string{"Better now", "Still failing"} {
		before := l.all()
		if r := l.must(t, "incident", "update", "1", "-m", text, "--key", "b"); l.all() != before || !strings.Contains(strings.ToLower(r.out), "already") {
			t.Errorf("%s a second time:\n%s%s", text, r.out, r.errors)
		}
	}
}
