package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// lockWorld has two weekly hard locks, one of which has a freeze period in the first project, and two periods that belong to no lock.
func lockWorld() setup {
	return setup{
		config: `locks:
  - {name: nights, kind: hard, weekly: {from: "fri 22:30", to: "mon 06:00"}, zone: Europe/Berlin}
  - {name: lunch, kind: hard, weekly: {from: "wed 12:00", to: "wed 13:00"}}
  - {name: weekend, kind: soft, weekly: {from: "sat 01:00", to: "sun 21:00"}}
  - {name: holidays, kind: hard, from: 2018-12-21 17:00, to: 2019-01-02 06:00}
incidents:
  deployments: [{project: acme/infrastructure}, {project: acme/production}]
`,
		seed: func(s *fakegitlab.Seed) {
			s.Projects[0].FreezePeriods = []fakegitlab.SeedFreezePeriod{
				{Start: "0 20 24 12 *", End: "0 8 27 12 *", Zone: "UTC"},
				{Start: "00 12 * * wed", End: "00 13 * * Wednesday", Zone: "utc"},
				{Start: "0 0 * * 0", End: "0 1 * * 0", Zone: "UTC"},
			}
		},
	}
}

func (l *lab) freezes(project string) []string { return l.server.Snapshot().Project(project).Freezes }

// Two runs at the same time may create a period twice, because GitLab accepts both. Nothing is deleted, and the run that sees both says so
// with exit code 3 and the command that removes the newer one. Nothing is missing afterwards.
func TestTwoLockSyncsAtOnce(t *testing.T) {
	t.Parallel()
	s := scenario{name: "lock sync", setup: lockWorld(), args: []string{"lock", "sync", "--yes"}}
	s.setup.config += oneAtATime
	start, args := s.prepare(t)
	undisturbed := start.copy()
	undisturbed.must(t, args...)
	want, doubled, alone := undisturbed.picture(), 0, 0
	for order := range 60 {
		l := start.copy()
		draw := drawn(order, 3)
		results, _ := l.schedule(newTurnstile(l.wire), [][]string{args, args}, func(waiting []int) int { return draw.IntN(len(waiting)) })
		reports := 0
		for _, r := range results {
			named := strings.Contains(r.errors, "freeze periods exist twice, perhaps from a simultaneous run") && strings.Contains(r.errors, "prodctl lock sync --project acme/")
			if r.code != 0 && r.code != 3 || named != (r.code == 3) {
				t.Errorf("order %d: exit %d: %s", order, r.code, r.errors)
			}
			if named {
				reports++
			}
		}
		all := append(l.freezes(infra), l.freezes(prod)...)
		twice := len(all) > len(undisturbed.freezes(infra))+len(undisturbed.freezes(prod))
		if twice != (reports > 0) {
			t.Errorf("order %d: %d runs name duplicates, but there are %q", order, reports, all)
		}
		if twice {
			doubled++
		} else {
			alone++
		}
		if got := l.picture(); !slices.Equal(got, want) {
			t.Errorf("order %d: %q, want %q", order, got, want)
		}
		for _, request := range l.requests() {
			if strings.HasPrefix(request, "DELETE") {
				t.Errorf("order %d: %s", order, request)
			}
		}
	}
	if doubled == 0 || alone == 0 {
		t.Errorf("%d orders with duplicates and %d without: the test is about both", doubled, alone)
	}
}

// A period that somebody changed after the plan was made is not deleted.
func TestLockSyncKeepsAChangedPeriod(t *testing.T) {
	t.Parallel()
	l := newLab(t, lockWorld())
	changed := false
	inner := l.wire
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/freeze_periods/15001") && !changed {
			changed = true
			l.server.MustDo("root", "PUT", "/projects/acme%2Finfrastructure/freeze_periods/15001", `{"freeze_end":"0 8 30 12 *"}`)
		}
		return inner.RoundTrip(r)
	})
	r := l.run("lock", "sync", "--project", infra, "--remove", "15001", "--yes")
	if r.code != 3 || !strings.Contains(r.errors, "freeze period 15001 was changed in the meantime: 0 20 24 12 * to 0 8 30 12 * (UTC)") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if got := l.freezes(infra); len(got) != 4 || got[0] != "0 20 24 12 * to 0 8 30 12 * UTC" {
		t.Errorf("left %q", got)
	}
}

// The role is checked in all projects before the first write: GitLab would refuse the second project after the first was changed.
func TestLockSyncNeedsMaintainerEverywhere(t *testing.T) {
	t.Parallel()
	for user, want := range map[string]string{
		"dev": "lock sync: you need the Maintainer role in acme/", "rep": "lock sync: you need the Maintainer role in acme/",
		"plan": "403 Forbidden", "guest": "403 Forbidden", "stranger": "not found",
	} {
		l := newLab(t, lockWorld())
		before := l.picture()
		l.user = user
		r := l.run("lock", "sync", "--yes")
		code := 4
		if user == "stranger" {
			code = 1
		}
		if r.code != code || !strings.Contains(r.errors, want) {
			t.Errorf("%s: exit %d: %s", user, r.code, r.errors)
		}
		for _, request := range l.requests() {
			if !strings.HasPrefix(request, "GET") {
				t.Errorf("%s: %s", user, request)
			}
		}
		if got := l.picture(); !slices.Equal(got, before) {
			t.Errorf("%s changed something", user)
		}
	}
}

// One request for each project, one for the role where something changes, one for each write, and one to look for duplicates.
func TestLockSyncRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t, lockWorld())
	for _, want := range []int{2 + 2 + 3 + 2, 2} { // infrastructure has one of two periods, production none
		l.server.ResetRequests()
		l.must(t, "lock", "sync", "--yes")
		if got := l.requests(); len(got) != want {
			t.Errorf("%d requests, want %d: %q", len(got), want, got)
		}
	}
}
