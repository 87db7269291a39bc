package cli_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// TestLateDeliveries runs every command that creates an issue or a comment while one of these creates is carried out late: from a moment to
// 64 seconds after it was sent, while its connection was given up at once or after 30 seconds. The state when the run ends is that of an
// undisturbed run. If it comes after 70 seconds, the next run of the same command leaves that state.
func TestLateDeliveries(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
			l := start.copy()
			l.must(t, args...)
			want, cases := timeless(l.picture()), 0
			for nth, path := range l.creates() {
				for n, late := range []time.Duration{time.Second, 5 * time.Second, 11 * time.Second, 33 * time.Second, 64 * time.Second, 70 * time.Second} {
					given := []time.Duration{0, 30 * time.Second}[(nth+n)%2]
					cases++
					l := start.moving()
					name := fmt.Sprintf("%s carried out after %v, given up after %v", path, late, given)
					l.armLate(path, late, given)
					r := l.run(args...)
					if r.code != 0 {
						t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
					}
					l.server.ClearFaults()
					if late > 65*time.Second {
						l.clock.pass(2 * time.Minute)
						next := *l
						next.clock = nil // the same time of day gives the same report
						if r := next.run(args...); r.code != 0 {
							t.Errorf("%s: the next run: exit %d\n%s", name, r.code, r.errors)
						}
					}
					if diff := cmp.Diff(want, timeless(l.picture())); diff != "" {
						t.Errorf("%s:\n%s\n%s", name, diff, r.errors)
					}
					l.checkRetired(t, name)
				}
			}
			t.Logf("%d cases", cases)
		})
	}
}

// timeless removes the times of day of events: an action is recorded when its issue was created.
func timeless(lines []string) []string {
	for n, line := range lines {
		lines[n] = eventTimes.ReplaceAllString(line, "24T")
	}
	return lines
}

var eventTimes = regexp.MustCompile(`24T\d\d:\d\d:\d\dZ`)

// TestDuplicateDeliveries runs every command that creates an issue or a comment while one of these creates is carried out twice, the second
// time a moment or 40 seconds later, which no answer shows. The next run of the same command leaves the state of an undisturbed run.
func TestDuplicateDeliveries(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
			l := start.copy()
			l.must(t, args...)
			want := timeless(l.picture())
			for _, path := range l.creates() {
				for _, again := range []time.Duration{time.Second, 40 * time.Second} {
					l := start.moving()
					name := fmt.Sprintf("%s carried out again after %v", path, again)
					l.fault(t, "POST "+path+" again="+again.String())
					if r := l.run(args...); r.code != 0 {
						t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
					}
					l.server.ClearFaults()
					l.clock.pass(3 * time.Minute)
					next := *l
					next.clock = nil
					if r := next.run(args...); r.code != 0 {
						t.Errorf("%s: the next run: exit %d\n%s", name, r.code, r.errors)
					}
					if diff := cmp.Diff(want, timeless(l.picture())); diff != "" {
						t.Errorf("%s:\n%s", name, diff)
					}
					l.checkRetired(t, name)
				}
			}
		})
	}
}

// creates returns the paths of the requests since the last reset that created an issue or a comment, with the number of
// each among those to the same path.
func (l *lab) creates() (paths []string) {
	seen := map[string]int{}
	for _, e := range l.server.Requests() {
		path := strings.TrimPrefix(e.Path, "/api/v4")
		if e.Method == http.MethodPost && (strings.HasSuffix(path, "/issues") || strings.HasSuffix(path, "/notes")) {
			seen[path]++
			paths = append(paths, fmt.Sprintf("%s nth=%d", path, seen[path]))
		}
	}
	return paths
}

// armLate makes a create late. path has the number of the create.
func (l *lab) armLate(path string, late, given time.Duration) {
	for _, spec := range []string{"late=" + late.String(), "delay=" + given.String()} {
		if f, err := fakegitlab.ParseFault("POST " + path + " " + spec); err == nil { // no delay of 0
			l.server.AddFault(f)
		}
	}
}

// checkRetired checks that each retired duplicate has one comment, and that it names the issue that stays.
func (l *lab) checkRetired(t testing.TB, name string) {
	t.Helper()
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			if !retired(i.State, i.Description, i.Labels) {
				continue
			}
			all := commentsOf(i)
			about := slices.DeleteFunc(slices.Clone(all), func(c string) bool { return !strings.HasPrefix(c, "Duplicate of "+p.Path+"#") })
			if len(about) != 1 {
				t.Errorf("%s: comments of the duplicate %s#%d: %q", name, p.Path, i.IID, all)
			}
		}
	}
}
