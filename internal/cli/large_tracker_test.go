package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// A hundred descriptions of a megabyte, which anybody may write, stop nothing: every list of them is larger than an answer may be.
func TestHugeDescriptionsStopNothing(t *testing.T) {
	t.Parallel()
	slow(t)
	huge := strings.Repeat("<", 1<<20-10) // six bytes each in JSON, as GitLab writes it
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		for n := range 100 {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{
				Title: fmt.Sprintf("Nothing %d", n), Description: huge, Author: "stranger", Labels: []string{"incident", "Incident::Active", "change"},
				CreatedAt: time.Date(2018, 8, 24, 15, 0, n%60, 0, time.UTC),
			})
		}
	}})
	for _, args := range [][]string{{"incident", "list"}, {"change", "gate", "--criticality", "C2"}, {"handoff"}, {"incident", "open", "Registry returns 500s"}} {
		if r := l.run(args...); r.code != 0 && r.code != 5 || !strings.Contains(r.errors, "reading it in smaller pages") {
			t.Errorf("%v: exit %d: %.400s", args, r.code, r.errors)
		}
	}
}
