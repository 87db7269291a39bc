package workflow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// seeded is a GitLab with projects in which dev is a developer, and a client of the user.
func seeded(t *testing.T, user string, seed fakegitlab.Seed) (*fakegitlab.Server, *gitlab.Client) {
	t.Helper()
	clock := testkit.At("2018-08-24T10:00:00Z")
	server := fakegitlab.New(fakegitlab.Options{Now: clock.Now})
	seed.Users = append(seed.Users, fakegitlab.SeedUser{Username: "dev", Token: "dev"}, fakegitlab.SeedUser{Username: "guest", Token: "guest"},
		fakegitlab.SeedUser{Username: "reader", Token: "reader", Scopes: []string{"read_api"}})
	for i := range seed.Groups {
		seed.Groups[i].Members = []fakegitlab.SeedMember{{User: "dev", Role: "developer"}, {User: "guest", Role: "guest"}, {User: "reader", Role: "developer"}}
	}
	if err := server.Apply(seed); err != nil {
		t.Fatal(err)
	}
	client, err := gitlab.New(gitlab.Options{
		Host: "https://gitlab.example.test", Transport: fakegitlab.Transport(server),
		Token: func(context.Context) (string, error) { return user, nil },
		Now:   time.Now, Sleep: clock.Sleep, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// places are groups and projects by path; a project may be followed by its labels.
func places(groups string, projects ...string) fakegitlab.Seed {
	var seed fakegitlab.Seed
	for _, g := range strings.Fields(groups) {
		seed.Groups = append(seed.Groups, fakegitlab.SeedGroup{Path: g})
	}
	for _, p := range projects {
		path, labels, _ := strings.Cut(p, " ")
		project := fakegitlab.SeedProject{Path: path}
		for _, l := range strings.Fields(labels) {
			project.Labels = append(project.Labels, fakegitlab.SeedLabel{Name: l})
		}
		seed.Projects = append(seed.Projects, project)
	}
	return seed
}

func trackers(f workflow.Found) string {
	var out []string
	for _, t := range f.Trackers {
		out = append(out, t.Name+"="+t.Project.Path)
	}
	return strings.Join(out, " ")
}

const both = "infrastructure=acme/infrastructure production=acme/production"

func TestInitFindsTrackers(t *testing.T) {
	t.Parallel()
	archived := places("acme old", "acme/infrastructure", "old/infrastructure", "old/infrastructure2", "acme/production")
	archived.Projects[1].Archived, archived.Projects[2].IssuesDisabled = true, true
	for name, c := range map[string]struct {
		seed fakegitlab.Seed
		init workflow.Init
		want string
	}{
		"by names":                  {places("acme", "acme/infrastructure", "acme/production", "acme/website"), workflow.Init{}, both},
		"exact before partly":       {places("acme", "acme/infrastructure", "acme/infrastructure-docs", "acme/production"), workflow.Init{}, both},
		"partly when nothing else":  {places("acme", "acme/team-infrastructure", "acme/x"), workflow.Init{}, "infrastructure=acme/team-infrastructure"},
		"no archived ones":          {archived, workflow.Init{}, both},
		"those that share a group":  {places("acme other", "other/infrastructure", "acme/infrastructure", "acme/production"), workflow.Init{}, both},
		"the nearest group":         {places("acme acme/a acme/b", "acme/a/infrastructure", "acme/b/infrastructure", "acme/b/production"), workflow.Init{}, "infrastructure=acme/b/infrastructure production=acme/b/production"},
		"by labels":                 {places("acme b", "b/infrastructure toil", "acme/infrastructure Planning Ready", "b/website Planning Ready Waiting"), workflow.Init{}, "infrastructure=acme/infrastructure"},
		"by labels among all":       {places("acme", "acme/website", "acme/ops Planning Ready"), workflow.Init{}, "infrastructure=acme/ops"},
		"as requested":              {places("acme", "acme/infrastructure", "acme/production", "acme/ops", "acme/events"), workflow.Init{Infrastructure: "acme/ops", Production: "/acme/events/"}, "infrastructure=acme/ops production=acme/events"},
		"no production, by flag":    {places("acme", "acme/infrastructure", "acme/production"), workflow.Init{Production: workflow.NoTracker}, "infrastructure=acme/infrastructure"},
		"one project is not both":   {places("acme", "acme/infrastructure-and-production"), workflow.Init{}, "infrastructure=acme/infrastructure-and-production"},
		"another spelling of names": {places("acme", "acme/Infrastructure", "acme/PRODUCTION"), workflow.Init{}, "infrastructure=acme/Infrastructure production=acme/PRODUCTION"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c.init.Read = seeded(t, "dev", c.seed)
			c.init.Host = "https://gitlab.example.test"
			found, err := c.init.Look(t.Context())
			if err != nil || trackers(found) != c.want {
				t.Errorf("got %s, %v; want %s (%q)", trackers(found), err, c.want, found.Notes)
			}
			if _, err := manifest.Parse("new", found.Commented()); err != nil {
				t.Errorf("the new file has faults: %v", err)
			}
		})
	}
}

func TestInitRefusesAmbiguousResult(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		seed       fakegitlab.Seed
		init       workflow.Init
		kind       fault.Kind
		text, hint string
	}{
		"two of a kind": {places("a b", "a/infrastructure", "b/infrastructure"), workflow.Init{},
			fault.Refused, "more than one project could be the infrastructure tracker: a/infrastructure, b/infrastructure", "--infrastructure a/infrastructure"},
		"two queues": {places("a", "a/infrastructure", "a/production-x", "a/production-y"), workflow.Init{},
			fault.Refused, "could be the production tracker", "--production a/production-x"},
		"no matching name": {places("a", "a/x", "a/y"), workflow.Init{}, fault.Refused, "infrastructure tracker: a/x, a/y", "--infrastructure a/x"},
		"nothing at all":   {places(""), workflow.Init{}, fault.Refused, "not a member of any project", "--infrastructure"},
		"no such project":  {places("a", "a/x"), workflow.Init{Infrastructure: "a/z"}, fault.Failed, "a/z", "path"},
		"no path":          {places("a", "a/x"), workflow.Init{Infrastructure: "x"}, fault.Usage, "use the full path", ""},
		"foreign group": {places("a b", "a/infrastructure", "a/production"), workflow.Init{Group: "b"},
			fault.Refused, "group b does not contain project a/infrastructure", "--group"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c.init.Read = seeded(t, "dev", c.seed)
			_, err := c.init.Look(t.Context())
			if err == nil || fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.text) || !strings.Contains(fault.HintOf(err), c.hint) {
				t.Errorf("got %v (kind %d, hint %q)", err, fault.KindOf(err), fault.HintOf(err))
			}
		})
	}
}

func TestInitAsks(t *testing.T) {
	t.Parallel()
	_, client := seeded(t, "dev", places("a b", "a/infrastructure", "b/infrastructure", "a/production-x", "b/production-y"))
	for choice, want := range map[int]string{0: "infrastructure=a/infrastructure production=a/production-x", 1: "infrastructure=b/infrastructure production=b/production-y"} {
		found, err := workflow.Init{Read: client, Choose: func(_ context.Context, _ string, choices []string) (int, error) {
			return min(choice, len(choices)-1), nil
		}}.Look(t.Context())
		if err != nil || trackers(found) != want {
			t.Errorf("choice %d: %s, %v", choice, trackers(found), err)
		}
	}
	_, client = seeded(t, "dev", places("a", "a/infrastructure", "a/production-x", "a/production-y"))
	found, err := workflow.Init{Read: client, Choose: func(_ context.Context, _ string, choices []string) (int, error) {
		return len(choices) - 1, nil
	}}.Look(t.Context())
	if err != nil || trackers(found) != "infrastructure=a/infrastructure" {
		t.Errorf("none of them: %s, %v", trackers(found), err)
	}
}

// A team that already works in timeboxes keeps its cadence.
func TestInitTakesTheCadence(t *testing.T) {
	t.Parallel()
	boxes := func(group bool, dates ...string) fakegitlab.Seed {
		seed := places("acme acme/sre", "acme/sre/infrastructure", "acme/sre/production")
		milestones := []fakegitlab.SeedMilestone{{Title: "Current Milestone", StartDate: dates[0], DueDate: dates[1]}}
		if len(dates) > 2 {
			milestones = append(milestones, fakegitlab.SeedMilestone{Title: "Next Milestone", StartDate: dates[2]})
		}
		if group {
			seed.Groups[0].Milestones = milestones
		} else {
			seed.Projects[0].Milestones = milestones
		}
		return seed
	}
	for name, c := range map[string]struct {
		seed fakegitlab.Seed
		want string // scope group anchor length every
	}{
		"none there":         {places("acme", "acme/infrastructure"), "project  2018-08-13 12 14"},
		"handbook's":         {boxes(false, "2018-08-27", "2018-09-07"), "project  2018-08-13 12 14"},
		"other week":         {boxes(false, "2018-08-20", "2018-08-31"), "project  2018-08-20 12 14"},
		"every week":         {boxes(false, "2018-08-20", "2018-08-24"), "project  2018-08-20 5 7"},
		"pauses between":     {boxes(false, "2018-08-20", "2018-08-24", "2018-09-10"), "project  2018-08-20 5 21"},
		"begins on a Friday": {boxes(false, "2018-08-24", "2018-08-31"), "project  2018-08-13 12 14"},
		"no dates":           {boxes(false, "", ""), "project  2018-08-13 12 14"},
		"in the group":       {boxes(true, "2018-08-20", "2018-08-31"), "group acme 2018-08-20 12 14"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := seeded(t, "dev", c.seed)
			found, err := workflow.Init{Read: client, Host: "https://gitlab.example.test"}.Look(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			file, err := manifest.Parse("new", found.Commented())
			if err != nil {
				t.Fatal(err)
			}
			m := file.Milestones
			if got := strings.Join([]string{string(m.Scope), m.Group, m.Cadence.Anchor.String(), itoa(m.Cadence.Length), itoa(m.Cadence.Every)}, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// If the names are clear, init sends three requests: two searches and one list of milestones.
func TestInitRequests(t *testing.T) {
	t.Parallel()
	server, client := seeded(t, "dev", places("acme", "acme/infrastructure", "acme/production"))
	server.ResetRequests()
	if _, err := (workflow.Init{Read: client}).Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(server.Requests()); n != 3 {
		t.Errorf("%d requests: %+v", n, server.Requests())
	}
}
