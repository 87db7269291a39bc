package workflow_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// team is a GitLab with the group acme, the tracker acme/infrastructure and a client of the developer dev.
type team struct {
	server *fakegitlab.Server
	client *gitlab.Client
	in     target.Target
	clock  *testkit.Clock
}

var infrastructure = target.ProjectAt("acme/infrastructure")

// newTeam applies what the tracker holds.
func newTeam(t *testing.T, tracker fakegitlab.SeedProject, group fakegitlab.SeedGroup) *team {
	t.Helper()
	clock := testkit.At("2018-08-24T10:00:00Z")
	server := fakegitlab.New(fakegitlab.Options{Now: clock.Now})
	group.Path = "acme"
	group.Members = []fakegitlab.SeedMember{{User: "dev", Role: "developer"}, {User: "guest", Role: "guest"}}
	tracker.Path = infrastructure.Path
	err := server.Apply(fakegitlab.Seed{
		Users:  []fakegitlab.SeedUser{{Username: "dev", Token: "dev"}, {Username: "guest", Token: "guest"}},
		Groups: []fakegitlab.SeedGroup{group}, Projects: []fakegitlab.SeedProject{tracker},
	})
	if err != nil {
		t.Fatal(err)
	}
	tm := &team{server: server, in: infrastructure, clock: clock}
	tm.client = tm.as(t, "dev")
	return tm
}

// as is a client with the user's token.
func (tm *team) as(t *testing.T, user string) *gitlab.Client {
	t.Helper()
	client, err := gitlab.New(gitlab.Options{
		Host: "https://gitlab.example.test", Transport: fakegitlab.Transport(tm.server),
		Token: func(context.Context) (string, error) { return user, nil },
		Now:   time.Now, Sleep: tm.clock.Sleep, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// requests counts requests since the last call, by method.
func (tm *team) requests() (reads, writes int) {
	for _, e := range tm.server.Requests() {
		if e.Method == "GET" {
			reads++
		} else {
			writes++
		}
	}
	tm.server.ResetRequests()
	return reads, writes
}

// run plans and applies, and fails the test unless everything was done.
func (tm *team) run(t *testing.T, planner workflow.Planner) []workflow.Round {
	t.Helper()
	p := planned(t, planner)
	rounds, err := workflow.Run(t.Context(), planner, p, tm.client, plan.Settings{Parallel: 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rounds
}

// nothingLeft fails the test when planning again finds something to do.
func nothingLeft(t *testing.T, planner workflow.Planner) {
	t.Helper()
	if p := planned(t, planner); !p.Empty() {
		t.Errorf("still to do: %q", stepKeys(p))
	}
}

func planned(t *testing.T, planner workflow.Planner) plan.Plan {
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
			t.Errorf("two steps are called %q", step.Key())
		}
		done[step.Key()] = true
	}
	return p
}

func stepKeys(p plan.Plan) []string {
	var out []string
	for _, step := range p.Steps {
		out = append(out, step.Key())
	}
	return out
}

// label is the label of that name in the tracker.
func (tm *team) label(name string) (fakegitlab.LabelState, bool) {
	labels := tm.server.Snapshot().Project(tm.in.Path).Labels
	i := slices.IndexFunc(labels, func(l fakegitlab.LabelState) bool { return l.Name == name })
	if i < 0 {
		return fakegitlab.LabelState{}, false
	}
	return labels[i], true
}

func anyHas(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}
