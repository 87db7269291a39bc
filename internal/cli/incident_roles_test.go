package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// What each role may do to incidents: planners and above everything, guests and strangers nothing that lasts, and no false success.
func TestIncidentsByRole(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"incident", "update", "1", "-m", "Falling", "-s", "S1"}, {"incident", "mitigate", "1"}, {"incident", "resolve", "1", "--close"},
		{"incident", "action", "1", "Alert"}, {"incident", "review", "1"},
	} {
		t.Run(args[1], func(t *testing.T) {
			t.Parallel()
			run := func(user string) (*lab, ran) {
				l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
					s.Groups[0].Visibility, s.Projects[0].Visibility, s.Projects[1].Visibility = "public", "public", "public"
				}})
				l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "2h")
				if args[1] == "review" {
					l.must(t, "incident", "resolve", "1")
				}
				l.user = user
				return l, l.run(args...)
			}
			want, r := run("mara")
			if r.code != 0 {
				t.Fatalf("maintainer: exit %d\n%s", r.code, r.errors)
			}
			byUser := func(l *lab, user string) (lines []string) {
				for _, line := range l.picture() {
					if !strings.HasPrefix(line, prod) {
						continue
					}
					if args[1] == "review" { // mara has resolved it
						line = strings.ReplaceAll(line, "mara", "WHO")
					}
					lines = append(lines, strings.ReplaceAll(strings.ReplaceAll(line, user, "WHO"), "by mara", "by WHO"))
				}
				return lines
			}
			for _, user := range []string{"dev", "rep", "plan"} {
				l, r := run(user)
				if diff := cmp.Diff(byUser(want, "mara"), byUser(l, user)); r.code != 0 || diff != "" && args[1] != "action" {
					t.Errorf("%s: exit %d\n%s%s", user, r.code, diff, r.errors)
				}
			}
			for _, user := range []string{"guest", "stranger"} {
				l, r := run(user)
				if i := l.incident(t, 1); r.code != 4 || !slices.Equal(i.Labels, []string{"Incident::Active", "S2", "incident"}) || i.State != "opened" {
					if args[1] != "review" { // the form is a comment, and anybody may comment
						t.Errorf("%s: exit %d, %s %q\n%s%s", user, r.code, i.State, i.Labels, r.out, r.errors)
					}
				}
				if r.code != 0 && r.errors == "" {
					t.Errorf("%s: silence", user)
				}
			}
		})
	}
}

// TestEventsNeedARole runs every command that records an event as a guest and as a stranger, who may both comment: nothing is written, and
// the refusal names the role.
func TestEventsNeedARole(t *testing.T) {
	t.Parallel()
	open := says("mara", "incident", "open", "Registry", "-s", "S2", "--started", "2h")
	planned := says("mara", "change", "open", "Move the database", "--criticality", "C4", "--start", "2018-08-24 16:00", "--duration", "30m",
		"--rollback", "move it back", "--environment", "production", "--service", "db")
	started := says("dev", "change", "start", "1")
	for line, story := range map[string][]invocation{
		"incident adopt 1":                                nil,
		"incident update 1 -m Falling":                    {open},
		"incident update 1 -s S1 --dry-run":               {open},
		"incident mitigate 1":                             {open},
		"incident resolve 1 --close":                      {open},
		"incident reopen 1 -m Back":                       {open, says("dev", "incident", "resolve", "1")},
		"incident review 1 --done":                        {open, says("dev", "incident", "resolve", "1", "--data-loss")},
		"incident action 1 Alert":                         {open},
		"change start 1":                                  {planned},
		"change finish 1":                                 {planned, started},
		"change abort 1 -m Stopped":                       {planned, started},
		"handoff mark production#1 --left-off a --next b": {open},
		"handoff take production#1":                       {open, says("dev", "handoff", "mark", "production#1", "--left-off", "a", "--next", "b")},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			for _, user := range []string{"guest", "stranger"} {
				l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
					s.Groups[0].Visibility, s.Projects[0].Visibility, s.Projects[1].Visibility = "public", "public", "public"
					if story == nil {
						openedByHand(s)
					}
				}})
				l.runAll(t, story...)
				l.user = user
				before := l.picture()
				l.server.ResetRequests()
				r := l.run(strings.Fields(line)...)
				if _, writes := l.count(); r.code != 4 || writes != 0 || !strings.Contains(r.errors, "you need the Planner or Reporter role in acme/production") {
					t.Errorf("%s: exit %d, %d writes\n%s%s", user, r.code, writes, r.out, r.errors)
				}
				if diff := cmp.Diff(before, l.picture()); diff != "" {
					t.Errorf("%s: %s", user, diff)
				}
			}
		})
	}
}

// A user who may open issues but not set labels gets an error about the missing labels: the incident exists, and a retry is safe.
func TestIncidentOpenByRole(t *testing.T) {
	t.Parallel()
	for user, labelled := range map[string]bool{"dev": true, "rep": true, "plan": true, "guest": false} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.ownDir(t)
			l.user = user
			var last ran
			for range 2 {
				last = l.run("incident", "open", "Registry", "-s", "S2")
			}
			live := l.incidents()
			if len(live) != 1 || labelled != (last.code == 0) || labelled != slices.Contains(live[0].Labels, "incident") {
				t.Fatalf("exit %d, open are %+v\n%s", last.code, live, last.errors)
			}
			if !labelled && (last.code != 3 || !strings.Contains(last.errors, "label")) {
				t.Errorf("exit %d, no error about the missing labels:\n%s", last.code, last.errors)
			}
		})
	}
}
