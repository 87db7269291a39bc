package cli_test

import (
	"strings"
	"testing"
)

// The same title on the same day is the same incident until it is over: a problem that comes back later is another one. A --key stays with
// its incident.
func TestIncidentOpenAfterResolve(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	open := []string{"incident", "open", "Registry returns 500s"}
	l.must(t, open...)
	if r := l.must(t, open...); !strings.Contains(r.out, "Already opened: acme/production#1") {
		t.Errorf("retried: %s", r.out)
	}
	l.must(t, "incident", "mitigate", "1")
	if r := l.must(t, open...); !strings.Contains(r.out, "Already opened: acme/production#1") || !strings.Contains(r.out+r.errors, "is mitigated") {
		t.Errorf("mitigated: %s%s", r.out, r.errors)
	}
	l.must(t, "incident", "resolve", "1", "-m", "Disk replaced")
	if r := l.must(t, open...); !strings.Contains(r.out, "Opened acme/production#2") {
		t.Errorf("after it was resolved: %s", r.out)
	}
	if r := l.must(t, open...); !strings.Contains(r.out, "Already opened: acme/production#2") {
		t.Errorf("the second one retried: %s", r.out)
	}
	l.must(t, "incident", "resolve", "2")
	if r := l.must(t, open...); !strings.Contains(r.out, "Opened acme/production#3") {
		t.Errorf("the third one: %s", r.out)
	}
	keyed := append(open, "--key", "pager-9")
	l.must(t, keyed...)
	l.must(t, "incident", "resolve", "4")
	if r := l.must(t, keyed...); !strings.Contains(r.out, "Already opened: acme/production#4") || !strings.Contains(r.out+r.errors, "prodctl incident reopen 4") {
		t.Errorf("by its key: %s%s", r.out, r.errors)
	}
}
