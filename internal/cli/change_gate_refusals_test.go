package cli_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// A token that cannot see confidential issues cannot see every incident: the gate is closed for it.
func TestGateOfAGuest(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Customer data shown to others", "-s", "S1", "--confidential")
	for _, user := range []string{"mara", "dev", "rep", "plan", "guest"} {
		l.user = user
		want := map[bool]int{true: 4, false: 5}[user == "guest"]
		if r := l.run("change", "gate", "--criticality", "C3"); r.code != want || strings.Contains(r.out+r.errors, "Customer") {
			t.Errorf("%s: exit %d\n%s%s", user, r.code, r.out, r.errors)
		}
	}
	l.user = "mara"
	l.must(t, "incident", "resolve", "1")
	for user, code := range map[string]int{"mara": 0, "dev": 0, "rep": 0, "plan": 0, "guest": 4} {
		l.user = user
		if r := l.run("change", "gate", "--criticality", "C3"); r.code != code {
			t.Errorf("%s, after it: exit %d\n%s%s", user, r.code, r.out, r.errors)
		}
	}
}

// An empty variable is an error, not a pipeline without a change.
func TestGateOfAnEmptyVariable(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for _, flag := range []string{"--change", "--key"} {
		if r := l.run("change", "gate", flag, ""); r.code != 6 || !strings.Contains(r.errors, flag) {
			t.Errorf("%s: exit %d\n%s%s", flag, r.code, r.out, r.errors)
		}
	}
}

// The author of an issue can write a start into its record. If nobody on the team has started the change, its approvals are required all the same.
func TestGateOfAForgedStart(t *testing.T) {
	t.Parallel()
	text := "Do it.\n\n```yaml prodctl/change\ncriticality: C2\nstart: 2018-08-24T15:30:00Z\nduration: 120m\nstarted_at: 2018-08-24T15:40:00Z\n```\n"
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Labels = append(s.Projects[1].Labels, fakegitlab.SeedLabel{Name: "change"}, fakegitlab.SeedLabel{Name: "C2"})
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Move it", Description: text, Author: "guest", Labels: []string{"change", "C2"}})
	}})
	if r := l.run("change", "gate", "--change", "1"); r.code != 5 || !strings.Contains(r.out, "approval") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	l.server.MustDo("guest", "POST", "/projects/acme%2Fproduction/issues/1/notes", `{"body":"x\n\n<!-- prodctl:entry {\"kind\":\"change\",\"verb\":\"start\",\"at\":\"2018-08-24T15:40:00Z\"} -->"}`)
	if r := l.run("change", "gate", "--change", "1"); r.code != 5 || !strings.Contains(r.out, "approval") {
		t.Errorf("with a forged start: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
