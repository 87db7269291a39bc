package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

const oneAtATime = "parallel: 1\n"

// TestTwoRollsInEveryOrder runs two rolls concurrently, in every order of their requests. There is always one open
// Current and one open Next with the right dates, no issue is lost and no timebox skipped. A third run finds nothing
// to do, or finishes what the two left.
func TestTwoRollsInEveryOrder(t *testing.T) {
	t.Parallel()
	for n, c := range []struct {
		name  string
		setup setup
		args  []string
	}{
		{"nothing carried", setup{done: 1}, nil},
		{"one carried", setup{carried: 1, done: 1}, nil},
		{"one carried to next", setup{carried: 1}, []string{"--carry-over", "next"}},
		{"group", setup{carried: 1, group: true}, nil},
		{"racy titles", setup{done: 1, racy: true}, nil},
		{"racy titles, one carried to next", setup{carried: 1, racy: true}, []string{"--carry-over", "next"}},
		{"catching up", setup{done: 1}, []string{"--catch-up", "--now", "2018-09-07"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if n > 0 {
				slow(t)
			}
			c.setup.config = oneAtATime
			inEveryOrder(t, c.setup, append([]string{"milestone", "roll", "--yes", "-q"}, c.args...))
		})
	}
}

// TestTwoEnsuresInEveryOrder runs the first use twice concurrently: GitLab may then have two of each, and both runs
// or the next one fix that.
func TestTwoEnsuresInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, racy := range []bool{false, true} {
		t.Run(fmt.Sprintf("racy=%v", racy), func(t *testing.T) {
			t.Parallel()
			inEveryOrder(t, setup{racy: racy, config: oneAtATime, seed: func(s *fakegitlab.Seed) {
				s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil
			}}, []string{"milestone", "ensure", "--yes", "-q"})
		})
	}
}

// inEveryOrder runs the command twice concurrently, in every order of requests, and requires the state that a single
// run leaves.
func inEveryOrder(t *testing.T, world setup, args []string) {
	alone := world
	alone.racy = false
	undisturbed := newLab(t, alone)
	undisturbed.must(t, args...)
	want := undisturbed.picture()
	start := newLab(t, world)
	build := func() (*lab, *turnstile) {
		s := newTurnstile(nil)
		l := start.copyWith(func(o *fakegitlab.Options) {
			if world.racy {
				o.BetweenCheckAndSave = s.between
			}
		})
		s.inner, s.remembers, s.whole = l.wire, true, !world.racy
		return l, s
	}
	ends := 0
	var followed states
	n := everySchedule(build, [][]string{args, args}, func(l *lab, results []ran, path []int) {
		ends++
		trouble := ""
		for run, r := range results {
			if r.code != 0 {
				trouble += fmt.Sprintf("run %d ended with %d: %s", run, r.code, r.errors)
			}
		}
		if got := l.picture(); !slices.Equal(want, got) {
			trouble += "state (-want +got):\n" + cmp.Diff(want, got)
		}
		if trouble != "" {
			t.Fatalf("schedule %v: %s\n%s", path, trouble, strings.Join(l.requests(), "\n"))
		}
		if !followed.add(l) {
			return
		}
		l.wire = fakegitlab.Transport(l.server)
		l.server.ResetRequests()
		if r := l.run(args...); r.code != 0 {
			t.Fatalf("schedule %v: a third run ended with %d: %s", path, r.code, r.errors)
		}
		if _, writes := l.count(); writes != 0 {
			t.Fatalf("schedule %v: a third run writes: %s", path, strings.Join(l.requests(), "\n"))
		}
	})
	t.Logf("%d schedules, %d of them different to the end, in %d states", n, ends, len(followed.known))
	if ends < 10 {
		t.Errorf("only %d different schedules: the turnstile does not interleave", ends)
	}
}
