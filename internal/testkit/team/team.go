// Package team is a team with its tracker on an embedded GitLab, and a client for it, for tests of workflows. Start with [NewTeam].
// Only tests may import it.
package team

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Team is a GitLab with the group acme, the tracker acme/infrastructure and a client of the developer dev.
type Team struct {
	Server *fakegitlab.Server
	Client *gitlab.Client
	In     target.Target
	Clock  *testkit.Clock
}

// Infrastructure is the tracker of the team's own work.
var Infrastructure = target.ProjectAt("acme/infrastructure")

// NewTeam creates the team with the given contents of its tracker and group.
func NewTeam(t *testing.T, tracker fakegitlab.SeedProject, group fakegitlab.SeedGroup) *Team {
	t.Helper()
	clock := testkit.At("2018-08-24T10:00:00Z")
	server := fakegitlab.New(fakegitlab.Options{Now: clock.Now})
	group.Path = "acme"
	group.Members = []fakegitlab.SeedMember{{User: "dev", Role: "developer"}, {User: "guest", Role: "guest"}}
	tracker.Path = Infrastructure.Path
	err := server.Apply(fakegitlab.Seed{
		Users:  []fakegitlab.SeedUser{{Username: "dev", Token: "dev"}, {Username: "guest", Token: "guest"}},
		Groups: []fakegitlab.SeedGroup{group}, Projects: []fakegitlab.SeedProject{tracker},
	})
	if err != nil {
		t.Fatal(err)
	}
	tm := &Team{Server: server, In: Infrastructure, Clock: clock}
	tm.Client = tm.As(t, "dev")
	return tm
}

// As is a client with the user's token.
func (tm *Team) As(t *testing.T, user string) *gitlab.Client {
	t.Helper()
	client, err := gitlab.New(gitlab.Options{
		Host: "https://gitlab.example.test", Transport: fakegitlab.Transport(tm.Server),
		Token: func(context.Context) (string, error) { return user, nil },
		Now:   tm.Clock.Now, Sleep: tm.Clock.Sleep, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Requests counts the requests since the last call, by method.
func (tm *Team) Requests() (reads, writes int) {
	for _, e := range tm.Server.Requests() {
		if e.Method == "GET" {
			reads++
		} else {
			writes++
		}
	}
	tm.Server.ResetRequests()
	return reads, writes
}

// Run plans and applies, and fails the test unless every step is done.
func (tm *Team) Run(t *testing.T, planner workflow.Planner) []workflow.Round {
	t.Helper()
	p := Planned(t, planner)
	rounds, err := workflow.Run(t.Context(), planner, p, tm.Client, plan.Settings{Parallel: 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rounds
}

// NothingLeft fails the test when a new plan is not empty.
func NothingLeft(t *testing.T, planner workflow.Planner) {
	t.Helper()
	if p := Planned(t, planner); !p.Empty() {
		t.Errorf("steps left: %q", StepKeys(p))
	}
}

// Planned is the planner's plan. It fails the test unless every step comes after the steps that it needs.
func Planned(t *testing.T, planner workflow.Planner) plan.Plan {
	t.Helper()
	p, err := planner.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]bool{}
	for _, step := range p.Steps {
		for _, need := range step.Needs() {
			if !done[need] {
				t.Errorf("%q needs %q, which does not come before it", step.Key(), need)
			}
		}
		if done[step.Key()] {
			t.Errorf("two steps have the key %q", step.Key())
		}
		done[step.Key()] = true
	}
	return p
}

// StepKeys are the keys of a plan's steps, in order.
func StepKeys(p plan.Plan) []string {
	var out []string
	for _, step := range p.Steps {
		out = append(out, step.Key())
	}
	return out
}

// Label is the tracker's label with that name.
func (tm *Team) Label(name string) (fakegitlab.LabelState, bool) {
	labels := tm.Server.Snapshot().Project(tm.In.Path).Labels
	i := slices.IndexFunc(labels, func(l fakegitlab.LabelState) bool { return l.Name == name })
	if i < 0 {
		return fakegitlab.LabelState{}, false
	}
	return labels[i], true
}

// AnyHas reports whether one of the strings contains a part.
func AnyHas(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}
