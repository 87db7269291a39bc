package cli_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// gone is the transport to a GitLab that does not answer.
type gone struct{}

func (gone) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no route to host")
}

// The pipeline of a change that was started with --override is not blocked by what was overridden, but by what came later.
func TestGateOfAnOverriddenChange(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.user = "dev"
	l.must(t, "change", "open", "Move it", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m")
	l.must(t, "incident", "open", "It burns", "-s", "S1")
	l.user = "rep"
	if r := l.run("change", "start", "1"); r.code != 5 || !strings.Contains(r.errors, "acme/production#2") {
		t.Fatalf("exit %d: %s", r.code, r.errors)
	}
	l.must(t, "change", "start", "1", "--override", "it fixes the incident")
	if r := l.run("change", "gate", "--change", "1"); r.code != 0 {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.errors)
	}
	if r := l.run("change", "gate", "--criticality", "C3"); r.code != 5 {
		t.Errorf("for others: exit %d: %s", r.code, r.out)
	}
}

// Locks are known without GitLab: with --fail-open they still close the gate.
func TestFailOpenKnowsLocks(t *testing.T) {
	t.Parallel()
	locked := "locks:\n  - {name: holidays, kind: hard, from: 2018-08-24 00:00, to: 2018-08-25 00:00}\n"
	for config, want := range map[string]int{locked: 5, "": 0} {
		l := newLab(t, setup{config: config})
		l.wire = gone{}
		r := l.run("change", "gate", "--criticality", "C4", "--fail-open", "--timeout", "1s")
		if r.code != want || strings.Contains(r.out, "holidays") != (want == 5) {
			t.Errorf("with %q: exit %d\n%s%s", config, r.code, r.out, r.errors)
		}
		if r := l.run("change", "gate", "--criticality", "C4", "--timeout", "1s"); r.code != 7 || strings.Contains(r.out, "holidays") != (want == 5) {
			t.Errorf("closed, with %q: exit %d\n%s%s", config, r.code, r.out, r.errors)
		}
	}
}
