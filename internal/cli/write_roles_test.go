package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// roleCase is a writing command after what others did. where is the project in which a guest lacks the role; empty: a guest may run it.
type roleCase struct {
	line  string
	story []invocation
	where string
}

func roleCases() []roleCase {
	open := says("mara", "incident", "open", "Registry", "-s", "S2", "--started", "2h")
	resolved := says("dev", "incident", "resolve", "1", "--data-loss")
	planned := says("mara", "change", "open", "Move the database", "--criticality", "C4", "--start", "2018-08-24 16:00", "--duration", "30m",
		"--rollback", "move it back", "--environment", "production", "--service", "db")
	started, marked := says("dev", "change", "start", "1"), says("dev", "handoff", "mark", "production#1", "--left-off", "a", "--next", "b")
	return []roleCase{
		{"milestone ensure --yes", nil, infra},
		{"milestone roll --yes", nil, infra},
		{"label apply --yes", nil, infra},
		{"board init --yes", nil, infra},
		{"board move 1 waiting", nil, infra},
		{"lint --fix --yes", nil, infra},
		{"board move 1 completed", nil, infra},
		{"incident open Pager", nil, ""},
		{"incident adopt 1", nil, prod},
		{"incident open --from alert.json", nil, prod},
		{"incident open --from alerts.json", []invocation{{"mara", alertLine("alert")}}, prod},
		{"incident update 1 -m Falling", []invocation{open}, prod},
		{"incident mitigate 1", []invocation{open}, prod},
		{"incident resolve 1 --close", []invocation{open}, prod},
		{"incident reopen 1 -m Back", []invocation{open, resolved}, prod},
		{"incident review 1 --force", []invocation{open, resolved}, prod},
		{"incident review 1 --done", []invocation{open, resolved}, prod},
		{"incident action 1 Alert", []invocation{open}, prod},
		{"incident actions --remind --yes", []invocation{open}, infra},
		{"change open Restart --criticality C4 --start 16:00 --duration 10m --environment staging", nil, prod},
		{"change record --type deployment --outcome success --service web --key K1", nil, prod},
		{"change record --type deployment --outcome failure --service web --key K2", nil, prod},
		{"change start 1", []invocation{planned}, prod},
		{"change finish 1", []invocation{planned, started}, prod},
		{"change abort 1 -m Stopped", []invocation{planned, started}, prod},
		{"handoff mark production#1 --left-off a --next b", []invocation{open}, prod},
		{"handoff take production#1", []invocation{open, marked}, prod},
		{"queue merge --from production --yes", []invocation{open}, prod},
		{"queue merge --from infrastructure --into production --yes", nil, infra},
		{"handoff --post", nil, infra},
		{"handoff accept", []invocation{says("mara", "handoff", "--post")}, infra},
		{"report weekly --post", nil, infra},
		{"rad open", nil, infra},
		{"rad record --target db --start 14:00 --end 15:00 --verified", []invocation{says("mara", "rad", "open")}, infra},
	}
}

// TestEveryWriteByRole runs every writing command as a guest, a planner and a reporter. The guest is the author of every issue of the team,
// and may comment and create issues: GitLab would accept a part of each command. The others succeed; the guest gets 4 with the missing role
// and its project named before anything is written. Only an incident is opened all the same, because somebody has to be woken.
func TestEveryWriteByRole(t *testing.T) {
	t.Parallel()
	for _, c := range roleCases() {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			for _, user := range []string{"guest", "plan", "rep"} {
				l := newLab(t, setup{carried: 2, config: drills + "handoff:\n  project: infrastructure\n", seed: func(s *fakegitlab.Seed) {
					s.Groups[0].Visibility, s.Projects[0].Visibility, s.Projects[1].Visibility = "public", "public", "public"
					for n := range s.Projects[0].Issues {
						s.Projects[0].Issues[n].Author = "guest"
					}
					if strings.HasPrefix(c.line, "incident adopt") {
						openedByHand(s)
					}
					if strings.HasPrefix(c.line, "incident actions") {
						s.Projects[0].Issues[0].Labels, s.Projects[0].Issues[0].DueDate = []string{"corrective action"}, "2018-08-20"
					}
					if strings.HasPrefix(c.line, "milestone ensure") {
						s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil
					}
				}})
				l.runAll(t, c.story...)
				l.user = user
				before := l.picture()
				l.server.ResetRequests()
				r := l.run(strings.Fields(c.line)...)
				if user != "guest" {
					if r.code != 0 {
						t.Errorf("%s: exit %d\n%s%s", user, r.code, r.out, r.errors)
					}
					continue
				}
				if c.where == "" {
					if len(l.incidents()) != 1 || r.code != 3 {
						t.Errorf("guest: exit %d, %d incidents\n%s", r.code, len(l.incidents()), r.errors)
					}
					continue
				}
				if diff := cmp.Diff(before, l.picture()); r.code != 4 || diff != "" {
					t.Errorf("guest: exit %d, want 4\n%s%s%s", r.code, diff, r.out, r.errors)
				}
				if l.carriedOut() != "" || !strings.Contains(r.errors, "the Planner or Reporter role in ") || !strings.Contains(r.errors, c.where) {
					t.Errorf("guest: the refusal does not name the role in %s, or comes after %s\n%s", c.where, l.carriedOut(), r.errors)
				}
				if dry := l.run(append(slices.DeleteFunc(strings.Fields(c.line), func(w string) bool { return w == "--yes" }), "--dry-run")...); l.carriedOut() != "" {
					t.Errorf("guest: --dry-run writes %s\n%s", l.carriedOut(), dry.errors)
				}
			}
		})
	}
}

// carriedOut are the writes that GitLab carried out.
func (l *lab) carriedOut() string {
	var lines []string
	for _, sent := range l.server.Requests() {
		if sent.Method != http.MethodGet && sent.Status < 300 {
			lines = append(lines, fmt.Sprintf("%s %s", sent.Method, sent.Path))
		}
	}
	return strings.Join(lines, ", ")
}

// TestRequestsForTheRole counts what the check costs where the ids of the trackers are configured: one request, of the project or, if the
// user is known, of the role.
func TestRequestsForTheRole(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][2]int{
		"board move 1 waiting -q": {3, 1}, // the issue, the project, the issue again
		"change open Restart --criticality C4 --start 16:00 --duration 10m --environment staging -q": {3, 1}, // the key, the project, duplicates
		"change record --type flag --outcome success --service web --key auto-20180824-x -q":         {4, 2}, // the key, the user, the role, duplicates
		"incident open Pager -q": {2, 1}, // none: the key, duplicates
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{carried: 1, config: "tracker_ids: {infrastructure: 3, production: 4}\n"})
			l.must(t, strings.Fields(line)...)
			if reads, writes := l.count(); reads != want[0] || writes != want[1] {
				t.Errorf("%d reads and %d writes, want %v\n%s", reads, writes, want, strings.Join(l.requests(), "\n"))
			}
		})
	}
}
