package cli_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTwoRunsOfTheSameWords runs every command that writes twice at the same time, as the same user, in random orders of their requests.
// Both end with exit code 0 in the state of a single run, and no document that is complete has steps that were not started.
func TestTwoRunsOfTheSameWords(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
			undisturbed := start.copy()
			undisturbed.must(t, args...)
			want := undisturbed.picture()
			args = slices.DeleteFunc(slices.Clone(args), func(word string) bool { return word == "-q" })
			args = append(args, "-o", "json")
			for order := range 40 {
				if !sampled(10, s.name, order) {
					continue
				}
				l := start.copy()
				draw := drawn(order, len(want))
				results, _ := l.schedule(newTurnstile(l.wire), [][]string{args, args}, func(waiting []int) int { return draw.IntN(len(waiting)) })
				for n, r := range results {
					if r.code != 0 && !(r.code == 3 && strings.Contains(r.errors, "freeze periods exist twice")) { // see TestTwoLockSyncsAtOnce
						t.Errorf("order %d: run %d: exit %d: %s", order, n, r.code, r.errors)
					}
					checkComplete(t, r)
				}
				if diff := cmp.Diff(want, l.picture()); diff != "" {
					t.Fatalf("order %d:\n%s\n%s", order, diff, strings.Join(l.requests(), "\n"))
				}
			}
		})
	}
}

// checkComplete checks that a complete document has no step that was not started.
func checkComplete(t *testing.T, r ran) {
	t.Helper()
	var doc struct {
		Complete bool
		Steps    []struct{ Outcome, Action string }
	}
	if json.Unmarshal([]byte(r.out), &doc) != nil { // several documents: of a creation
		return
	}
	for _, s := range doc.Steps {
		if doc.Complete && s.Outcome != "done" && s.Outcome != "unchanged" && s.Outcome != "done_by_another_run" {
			t.Errorf("complete, but %s is %s", s.Action, s.Outcome)
		}
	}
}

// TestCrowdOfTheSameWords runs commands that create an issue five times at the same moment, with one token, in random orders of their
// requests. One issue is left, and each duplicate has one comment, which names it.
func TestCrowdOfTheSameWords(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "incident open", args: []string{"incident", "open", "Registry returns 500s", "-s", "S2"}},
		{name: "change record", args: []string{"change", "record", "--type", "deployment", "--outcome", "success", "--key", "deploy-7"}},
		{name: "handoff --post", setup: shiftEnd(""), args: []string{"handoff", "--post"}},
		{name: "report weekly --post", args: []string{"report", "weekly", "--post"}},
		{name: "rad open", setup: setup{config: drills}, args: []string{"rad", "open"}},
	} {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepare(t)
			l := start.copy()
			l.must(t, args...)
			want, duplicates := l.picture(), 0
			for order := range 15 {
				l, draw := start.copy(), drawn(order, len(want))
				results, _ := l.schedule(newTurnstile(l.wire), [][]string{args, args, args, args, args}, func(waiting []int) int { return draw.IntN(len(waiting)) })
				for n, r := range results {
					if r.code != 0 {
						t.Errorf("order %d: run %d: exit %d: %s", order, n, r.code, r.errors)
					}
				}
				if diff := cmp.Diff(want, l.picture()); diff != "" {
					t.Errorf("order %d:\n%s", order, diff)
				}
				l.checkRetired(t, s.name)
				for _, i := range slices.Concat(l.server.Snapshot().Project(prod).Issues, l.server.Snapshot().Project(infra).Issues) {
					if retired(i.State, i.Description, i.Labels) {
						duplicates++
					}
				}
			}
			if duplicates < 5 {
				t.Errorf("only %d duplicates: the runs are not simultaneous", duplicates)
			}
		})
	}
}
