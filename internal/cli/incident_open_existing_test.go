package cli_test

import (
	"strings"
	"testing"
	"time"
)

// Input for an incident that already exists is not lost in silence: a note has the command that adds it, until all of it is added.
func TestInputForExistingIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S3", "--service", "registry", "-m", "Alerts fire")
	if r := l.must(t, "incident", "open", "Registry returns 500s", "-s", "S3", "--service", "registry", "-m", "Alerts fire"); strings.Contains(r.errors, "update") {
		t.Errorf("the same input: %s", r.errors)
	}
	more := []string{"incident", "open", "Registry returns 500s", "-s", "S1", "--service", "web", "-m", "Customers call", "--impact", "25%", "--data-loss"}
	const want = "prodctl incident update 1 -s S1 --service registry,web --impact 0.25 --data-loss -m 'Customers call'"
	if r := l.must(t, more...); !strings.Contains(r.errors, want) {
		t.Errorf("other input: %s", r.errors)
	}
	l.must(t, "incident", "update", "1", "-s", "S1", "--service", "registry,web", "--impact", "0.25", "--data-loss", "-m", "Customers call")
	if r := l.must(t, more...); strings.Contains(r.errors, "update") {
		t.Errorf("after the update: %s", r.errors)
	}
}

// Times that an existing incident does not have are in the note, as absolute times.
func TestTimesForExistingIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s")
	times := []string{"--started", l.now.Add(-30 * time.Minute).Format(time.RFC3339), "--detected", l.now.Add(-10 * time.Minute).Format(time.RFC3339)}
	want := "prodctl incident update 1 " + strings.Join(times, " ")
	if r := l.must(t, "incident", "open", "Registry returns 500s", "--started", "30m", "--detected", "10m"); !strings.Contains(r.errors, want) {
		t.Errorf("want %q:\n%s", want, r.errors)
	}
	l.must(t, append([]string{"incident", "update", "1"}, times...)...)
	if r := l.must(t, "incident", "open", "Registry returns 500s", "--started", "20m"); strings.Contains(r.errors, "Not all") {
		t.Errorf("it has a start: %s", r.errors)
	}
}

// An existing incident that should have been confidential and is not is an error.
func TestExistingIncidentNotConfidential(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s")
	before := l.all()
	r := l.run("incident", "open", "Registry returns 500s", "-m", "the token is glpat", "--confidential")
	if r.code != 3 || !strings.Contains(r.errors, "is not confidential") || !strings.Contains(r.errors, "the same command with --new") || strings.Contains(r.errors, "glpat") || l.all() != before {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	l.must(t, "incident", "open", "Registry returns 500s", "-m", "the token is glpat", "--confidential", "--new")
	if i, _ := l.queueIssue(t, 2); !i.Confidential {
		t.Error("the other one is not confidential")
	}
}
