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
	l.user = "rep"
	l.must(t, "change", "open", "Move it", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m")
	l.must(t, "incident", "open", "It burns", "-s", "S1")
	l.user = "dev"
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

// A gate that --fail-open opens says so in one line.
func TestFailOpenOutput(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.wire = gone{}
	r := l.run("change", "gate", "--criticality", "C4", "--fail-open", "--timeout", "1s")
	if want := "Open: GitLab did not answer (--fail-open); only locks were checked\nChecked 2018-08-24 16:00 UTC\n"; r.out != want || strings.Contains(r.errors, "--fail-open") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// A start can be repeated while the change is in progress. Somebody else's start is refused, and so is any start of a change that is over.
func TestStartOnce(t *testing.T) {
	t.Parallel()
	for _, end := range [][]string{{"abort", "1", "-m", "no"}, {"finish", "1"}} {
		l := newLab(t, setup{})
		l.must(t, "change", "open", "Move it", "--criticality", "C4")
		l.must(t, "change", "start", "1")
		if r := l.run("change", "start", "1"); r.code != 0 || !strings.HasPrefix(r.out, "Already started: acme/production#1") {
			t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
		}
		r := l.as("dev").run("change", "start", "1")
		if r.code != 5 || !strings.Contains(r.errors, "acme/production#1 cannot be started: it is in progress") {
			t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
		}
		l.must(t, append([]string{"change"}, end...)...)
		for _, user := range []string{"mara", "dev"} {
			for _, more := range [][]string{nil, {"--override", "it must be"}} {
				r := l.as(user).run(append([]string{"change", "start", "1"}, more...)...)
				if r.code != 5 || !strings.Contains(r.errors, "acme/production#1 cannot be started: already ") {
					t.Errorf("%s %q after %s: exit %d\n%s%s", user, more, end[0], r.code, r.out, r.errors)
				}
			}
		}
	}
}

// A start lists all reasons, the worst first, and the hint fits the state. An override needs a reason, and is one note.
func TestStartRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.user = "dev"
	l.must(t, "change", "open", "Move it", "--criticality", "C3", "--start", "2018-08-24 17:00", "--duration", "30m")
	l.must(t, "incident", "open", "It burns", "-s", "S1")
	l.user = "rep"
	want := `prodctl: acme/production#1 cannot be started:
  acme/production#2: active S1 incident
  1 approval needed (manager, lead or peer)
  window opens 2018-08-24 17:00 UTC
hint: To start it anyway, with a reason: prodctl change start acme/production#1 --override "reason"
`
	if r := l.run("change", "start", "1"); r.code != 5 || r.errors != want {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	for _, reason := range []string{"", " "} {
		if r := l.run("change", "start", "1", "--override", reason); r.code != 6 || !strings.Contains(r.errors, "--override needs a reason") {
			t.Errorf("%q: exit %d\n%s", reason, r.code, r.errors)
		}
	}
	if r := l.run("change", "start", "1", "--override", "it fixes it", "-o", "json", "--jq", ".notes|length"); r.code != 0 || r.out != "1\n" {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.run("change", "approve", "1"); r.code != 5 || !strings.Contains(r.errors, "executor of the change (whoever starts it)") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	l.must(t, "change", "abort", "1", "-m", "no")
	if r := l.run("change", "start", "1", "-m", "again"); r.code != 5 || !strings.Contains(r.errors, "already aborted\nhint: To retry it, open a new change from its file: prodctl change open -f change.yaml --retry-of acme/production#1\n") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if r := l.run("change", "approve", "--help"); strings.Contains(r.out, "--at") {
		t.Errorf("approve offers --at:\n%s", r.out)
	}
}
