package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// flowLab is a tracker with two issues that people moved over the board: #1 is finished, #2 is in progress.
func flowLab(t *testing.T, more ...fakegitlab.SeedIssue) *lab {
	t.Helper()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Issues = append([]fakegitlab.SeedIssue{
			{Title: "Patch the balancers", Author: "dev", CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)},
			{Title: "Rotate the leaked-key", Author: "dev", Confidential: true, CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)},
		}, more...)
	}})
	l.must(t, "board", "move", "infrastructure#1", "In Progress")
	l.must(t, "board", "move", "infrastructure#2", "In Progress")
	l.must(t, "board", "move", "infrastructure#1", "Completed")
	return l
}

// A confidential issue is its reference and its column in every format, unless it is asked for.
func TestFlowWithholdsConfidentialIssues(t *testing.T) {
	t.Parallel()
	l := flowLab(t)
	for _, form := range []string{"table", "json", "yaml", "csv", "md", "html"} {
		if out := l.must(t, "report", "flow", "-o", form).out; strings.Contains(out, "leaked-key") || !strings.Contains(out, "acme/infrastructure#2") {
			t.Errorf("%s:\n%s", form, out)
		}
		if out := l.must(t, "report", "flow", "-o", form, "--include-confidential").out; !strings.Contains(out, "leaked-key") {
			t.Errorf("%s with --include-confidential:\n%s", form, out)
		}
	}
}

// Events that a server does not have are counted as missing. A refusal is an error.
func TestFlowWithoutEvents(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string]string{
		"GET /projects/*/issues/*/resource_label_events status=404": "Events are missing for 1 issue",
		"GET /projects/*/issues/*/resource_state_events status=404": "Events are missing for 2 issues",
		"GET /projects/*/issues/*/resource_label_events status=403": "",
	} {
		l := flowLab(t)
		l.fault(t, fault)
		r := l.run("report", "flow", "-o", "md")
		switch {
		case want == "" && r.code != 4:
			t.Errorf("%s: exit %d\n%s", fault, r.code, r.out)
		case want != "" && (r.code != 0 || !strings.Contains(r.out, want)):
			t.Errorf("%s: exit %d\n%s%s", fault, r.code, r.out, r.errors)
		}
	}
}

// Above 500 issues their events are read only if that was asked for. The lists are read in pages of 100.
func TestFlowAsksBeforeThousandsOfRequests(t *testing.T) {
	t.Parallel()
	var many []fakegitlab.SeedIssue
	for n := range 499 {
		many = append(many, fakegitlab.SeedIssue{Title: fmt.Sprint("Task ", n), Author: "dev", Closed: true, CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)})
	}
	l := flowLab(t, many...)
	l.server.ResetRequests()
	if r := l.run("report", "flow"); r.code != 6 || !strings.Contains(r.errors, "the events of 501 issues take 1002 requests") || len(l.requests()) != 7 {
		t.Errorf("exit %d after %d requests: %s", r.code, len(l.requests()), r.errors)
	}
	l.server.ResetRequests()
	if r := l.run("report", "flow", "--yes", "--jq", ".finished"); r.out != "500\n" || len(l.requests()) != 1009 {
		t.Errorf("%d requests: %s%s", len(l.requests()), r.out, r.errors)
	}
}
