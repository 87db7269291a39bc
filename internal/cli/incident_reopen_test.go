package cli_test

import (
	"strings"
	"testing"
)

// The same words the same day are the same incident, until that one is over: what comes back in the afternoon is another one. A key of
// one's own stays with its incident.
func TestIncidentThatComesBack(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	open := []string{"incident", "open", "Registry returns 500s"}
	l.must(t, open...)
	if r := l.must(t, open...); !strings.Contains(r.out, "acme/production#1 was there already") {
		t.Errorf("said again: %s", r.out)
	}
	l.must(t, "incident", "mitigate", "1")
	if r := l.must(t, open...); !strings.Contains(r.out, "#1 was there already") || !strings.Contains(r.out+r.errors, "is mitigated") {
		t.Errorf("mitigated: %s%s", r.out, r.errors)
	}
	l.must(t, "incident", "resolve", "1", "-m", "Disk replaced")
	if r := l.must(t, open...); !strings.Contains(r.out, "opened acme/production#2") {
		t.Errorf("after it was resolved: %s", r.out)
	}
	if r := l.must(t, open...); !strings.Contains(r.out, "#2 was there already") {
		t.Errorf("the second one said again: %s", r.out)
	}
	l.must(t, "incident", "resolve", "2")
	if r := l.must(t, open...); !strings.Contains(r.out, "opened acme/production#3") {
		t.Errorf("the third one: %s", r.out)
	}
	keyed := append(open, "--key", "pager-9")
	l.must(t, keyed...)
	l.must(t, "incident", "resolve", "4")
	if r := l.must(t, keyed...); !strings.Contains(r.out, "#4 was there already") || !strings.Contains(r.out+r.errors, "prodctl incident reopen 4") {
		t.Errorf("by its own key: %s%s", r.out, r.errors)
	}
}
