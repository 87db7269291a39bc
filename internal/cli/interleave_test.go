package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

const oneAtATime = "parallel: 1\n"

// Two rolls at once, in every order of their requests: always one open Current and one open Next, the right dates, no issue lost,
// no timebox skipped; and a third run finds nothing to do, or finishes what two colliding runs left.
func TestTwoRollsInEveryOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
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
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.setup.config = oneAtATime
			args := append([]string{"milestone", "roll", "--yes", "-q"}, c.args...)
			undisturbed := newLab(t, setup{carried: c.setup.carried, done: c.setup.done, group: c.setup.group})
			undisturbed.must(t, args...)
			want := undisturbed.picture()
			build := func() (*lab, *turnstile) {
				s := newTurnstile(nil)
				own := c.setup
				own.between = s.between
				l := newLab(t, own)
				s.inner = l.wire
				return l, s
			}
			ends := 0
			n := everySchedule(build, [][]string{args, args}, func(l *lab, results []ran, path []int) {
				ends++
				trouble := ""
				for run, r := range results {
					if r.code != 0 {
						trouble += fmt.Sprintf("run %d ended with %d: %s", run, r.code, r.errors)
					}
				}
				if diff := cmp.Diff(want, l.picture()); diff != "" {
					trouble += "state (-want +got):\n" + diff
				}
				if trouble != "" {
					t.Fatalf("schedule %v: %s\n%s", path, trouble, strings.Join(l.requests(), "\n"))
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
			t.Logf("%d schedules, %d of them different to the end", n, ends)
			if ends < 10 {
				t.Errorf("only %d different schedules: the turnstile does not interleave", ends)
			}
		})
	}
}

var _ http.RoundTripper = gate{}
