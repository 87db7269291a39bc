package cli_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Whatever is on the issues: after lint --fix nothing is left that can be fixed, and another lint --fix writes nothing.
func TestLintFixLeavesNothingToFix(t *testing.T) {
	t.Parallel()
	labels := []string{"Planning", "Ready", "Waiting", "In Progress", "S1", "S2", "S4", "AP1", "AP3", "C1", "C2", "goal", "meta", "toil", "unscheduled", "outage", "weight::3", "weight::4"}
	milestones := []string{"", "Current Milestone", "Next Milestone", "2018-08-10 Milestone"}
	checkSome(t, 12, func(rt *rapid.T) {
		l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
			for n := range rapid.IntRange(1, 6).Draw(rt, "issues") {
				s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{
					Title: fmt.Sprint("Task ", n), Author: "dev", CreatedAt: time.Date(2018, 8, rapid.IntRange(1, 23).Draw(rt, "day"), 9, 0, 0, 0, time.UTC),
					Labels:       rapid.SliceOfNDistinct(rapid.SampledFrom(labels), 0, 6, rapid.ID[string]).Draw(rt, "labels"),
					Milestone:    rapid.SampledFrom(milestones).Draw(rt, "milestone"),
					Closed:       rapid.IntRange(0, 3).Draw(rt, "closed") == 0,
					Confidential: rapid.IntRange(0, 5).Draw(rt, "confidential") == 0,
				})
			}
		}})
		l.must(t, "lint", "--fix", "--yes", "-q")
		after := document[jsonv1.Lint](t, l, 0, "lint", "--include-confidential")
		if after.Fixable != 0 {
			rt.Fatalf("%d of these could be fixed: %+v", after.Fixable, after.Findings)
		}
		l.server.ResetRequests()
		l.must(t, "lint", "--fix", "--yes", "-q")
		if _, writes := l.count(); writes != 0 {
			rt.Fatalf("fixing again took %d writes", writes)
		}
	})
}
