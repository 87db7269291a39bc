package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
)

// withoutWords is a queue with three incidents of a release that wrote keys without the id word, one of which people have written below the
// key, and an issue without a key.
func withoutWords() setup {
	return setup{seed: func(s *fakegitlab.Seed) {
		queue := &s.Projects[1]
		for n, text := range []string{"First words.\n\n<!-- prodctl:key=incident/pager-1 -->", "<!-- prodctl:key=incident/pager-2 -->\n\nWritten below, about prodctl.",
			"Closed.\n\n<!-- prodctl:key=incident/pager-3 -->"} {
			queue.Issues = append(queue.Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("2018-07-0%d: Pager", n+1), Description: text, Author: "dev",
				Labels: []string{"incident"}, Closed: n == 2})
		}
		queue.Issues = append(queue.Issues, fakegitlab.SeedIssue{Title: "By hand", Description: "We use prodctl.", Author: "dev"})
	}}
}

// TestDoctorFix: doctor names the issues whose key a search does not find, with one request; --fix appends the hidden line and nothing else,
// after which the key finds the issue again.
func TestDoctorFix(t *testing.T) {
	t.Parallel()
	l := newLab(t, withoutWords())
	r := l.must(t, "doctor", "--jq", `.checks[] | select(.id == "keys") | .status + " " + .message + " " + .fix`)
	if want := "warn 3 issues lack the hidden word by which a retry finds a key: acme/production#1, acme/production#2, acme/production#3 prodctl doctor --fix"; !strings.Contains(r.out, want) {
		t.Errorf("doctor: %s", r.out)
	}
	searches := 0
	for _, line := range l.requests() {
		searches += strings.Count(line, "production/issues") + strings.Count(line, "production%2Fissues")
	}
	if reads, writes := l.count(); searches > 1 || writes != 0 && writes != 1 {
		t.Errorf("%d searches, %d reads, %d writes\n%s", searches, reads, writes, strings.Join(l.requests(), "\n"))
	}
	if r := l.run("doctor", "--fix"); r.code != 5 || !strings.Contains(r.errors, "--yes") {
		t.Errorf("without a terminal and --yes: exit %d\n%s", r.code, r.errors)
	}
	before := map[int]string{}
	for n := 1; n <= 4; n++ {
		before[n] = l.incident(t, n).Description
	}
	if r := l.must(t, "doctor", "--fix", "--dry-run"); !strings.Contains(r.out, "pager") && !strings.Contains(r.out, "Pager") {
		t.Errorf("--dry-run: %s", r.out)
	}
	l.must(t, "doctor", "--fix", "--yes")
	for n, old := range before {
		now := l.incident(t, n).Description
		key, keyed := idempotency.Read(old)
		added, begins := strings.CutPrefix(now, old)
		if want := "<!-- prodctl:id=" + key.Word() + " -->"; !begins || keyed && strings.TrimSpace(added) != want || !keyed && added != "" {
			t.Errorf("#%d: %q became %q", n, old, now)
		}
	}
	if r := l.must(t, "incident", "open", "Pager", "--key", "pager-2", "-q"); !strings.Contains(r.out, "/issues/2") {
		t.Errorf("the key finds nothing: %s", r.out)
	}
	l.server.ResetRequests()
	r = l.must(t, "doctor", "--fix", "--yes")
	if reads, writes := l.count(); reads != 1 || writes != 0 {
		t.Errorf("again: %d reads, %d writes: %s", reads, writes, r.errors)
	}
	if r := l.must(t, "doctor", "--jq", `.checks[] | select(.id == "keys") | .status`); !strings.Contains(r.out, "ok") {
		t.Errorf("doctor after the fix: %s", r.out)
	}
}
