package workflow_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func itoa(n int) string { return strconv.Itoa(n) }

// planning is a planner with a fixed result.
type planning struct {
	workflow.Verified
	plan plan.Plan
	err  error
}

func (p planning) Plan(context.Context) (plan.Plan, error) { return p.plan, p.err }

// valid is a set-up without problems for the user.
func valid(t *testing.T, user string, seed fakegitlab.Seed) workflow.Doctor {
	t.Helper()
	_, client := seeded(t, user, seed)
	return workflow.Doctor{
		File: "/w/.prodctl.yaml", Host: "https://gitlab.example.test", HostFrom: "env GITLAB_HOST",
		Reach: func(context.Context) error { return nil },
		Token: func(context.Context) (string, error) { return "env GITLAB_TOKEN", nil },
		Read:  client,
		Trackers: []manifest.Tracker{{Name: "infrastructure", Project: target.ProjectAt("acme/infrastructure")},
			{Name: "production", Project: target.ProjectAt("acme/production")}},
		Timebox:  target.ProjectAt("acme/infrastructure"),
		Planners: []workflow.Planned{{ID: "labels", Needs: []string{"infrastructure", "production"}, Fix: "prodctl label apply", Planner: planning{}}},
	}
}

func healthy() fakegitlab.Seed {
	return places("acme", "acme/infrastructure", "acme/production")
}

func examined(t *testing.T, d workflow.Doctor) (map[string]string, workflow.Diagnosis) {
	t.Helper()
	found, err := d.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]string{}
	for _, c := range found.Checks {
		status[c.ID] = string(c.Status)
		if c.Status == "fail" && (c.Fix == "" || c.Message == "") {
			t.Errorf("%s fails without a message or a fix: %+v", c.ID, c)
		}
	}
	return status, found
}

func TestDoctorPassesValidSetup(t *testing.T) {
	t.Parallel()
	d := valid(t, "dev", healthy())
	status, found := examined(t, d)
	for id, s := range status {
		if s != "ok" {
			t.Errorf("%s is %s: %+v", id, s, found.Checks)
		}
	}
	if len(status) != 10 || found.Err != nil || !found.OK {
		t.Errorf("%d checks, %v", len(status), found.Err)
	}
	d.Timebox = target.GroupAt("acme")
	if status, found := examined(t, d); status["group"] != "ok" || status["access group"] != "ok" || found.Err != nil {
		t.Errorf("with the group's milestones: %v", status)
	}
}

// The error counts the checks by their result.
func TestDoctorCountsChecks(t *testing.T) {
	t.Parallel()
	d := valid(t, "dev", healthy())
	d.Trackers, d.Timebox = nil, target.Target{}
	if _, found := examined(t, d); found.Err == nil || found.Err.Error() != "1 check failed, 2 skipped, 4 ok" {
		t.Error(found.Err)
	}
}

// Whatever is broken, everything that can still be checked is checked, and the exit code is that of the first failure.
func TestDoctorReportsAllFailures(t *testing.T) {
	t.Parallel()
	usage := fault.New(fault.Usage, "Fix it", "broken")
	gone := fault.New(fault.Unreachable, "Check it", "no answer")
	for name, c := range map[string]struct {
		user   string
		seed   fakegitlab.Seed
		change func(*workflow.Doctor)
		kind   fault.Kind
		want   string // id=status of those that are not ok
	}{
		"nothing at all": {"dev", healthy(), func(d *workflow.Doctor) {
			*d = workflow.Doctor{HostErr: usage}
		}, fault.Usage, "config=fail host=fail scope=skip token=skip version=skip"},
		"two faults in the file": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Config = errors.Join(usage, manifest.Faults{{File: "f", Line: 1, Column: 1, Text: "a"}, {File: "f", Line: 2, Column: 1, Text: "b"}})
		}, fault.Usage, "config=fail"},
		"no trackers": {"dev", healthy(), func(d *workflow.Doctor) { d.Trackers, d.Timebox = nil, target.Target{} },
			fault.Usage, "labels=skip scope=skip trackers=fail"},
		"host down": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Reach = func(context.Context) error { return gone }
			d.Read = unreachable{d.Read, gone}
		}, fault.Unreachable, "host=fail infrastructure=skip labels=skip production=skip scope=skip token=skip version=skip"},
		"host down and no token": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Reach = func(context.Context) error { return gone }
			d.Token = func(context.Context) (string, error) { return "", fault.New(fault.Auth, "log in", "none") }
		}, fault.Unreachable, "host=fail infrastructure=skip labels=skip production=skip scope=skip token=fail version=skip"},
		"wrong token": {"nobody", healthy(), func(*workflow.Doctor) {},
			fault.Auth, "infrastructure=skip labels=skip production=skip scope=skip token=fail version=skip"},
		"not trusted": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Token = func(context.Context) (string, error) {
				return "", fault.New(fault.Refused, "log in", "a stranger's file")
			}
		}, fault.Refused, "infrastructure=skip labels=skip production=skip scope=skip token=fail version=skip"},
		"guest":      {"guest", healthy(), func(*workflow.Doctor) {}, fault.Auth, "access infrastructure=fail access production=fail scope=skip"},
		"read scope": {"reader", healthy(), func(*workflow.Doctor) {}, fault.Auth, "scope=fail"},
		"wrong project": {"dev", healthy(), func(d *workflow.Doctor) { d.Trackers[1].Project.Path = "acme/nope" },
			fault.Failed, "access production=skip labels=skip production=fail"},
		"wrong group": {"dev", healthy(), func(d *workflow.Doctor) { d.Timebox = target.GroupAt("nope") },
			fault.Failed, "access group=skip group=fail labels=skip scope=skip"},
		"archived": {"dev", func() fakegitlab.Seed { s := healthy(); s.Projects[1].Archived = true; return s }(), func(*workflow.Doctor) {},
			fault.Failed, "labels=skip production=fail"},
		"issues off": {"dev", func() fakegitlab.Seed { s := healthy(); s.Projects[0].IssuesDisabled = true; return s }(), func(*workflow.Doctor) {},
			fault.Failed, "infrastructure=fail labels=skip scope=skip"},
		"rule refuses": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Planners[0].Planner = planning{err: fault.New(fault.Refused, "--realign", "dates do not fit")}
		}, 0, "labels=warn"},
		"work to do": {"dev", healthy(), func(d *workflow.Doctor) {
			d.Planners[0].Planner = planning{plan: plan.Plan{Steps: []plan.Step{plan.DeleteMilestone{}}}}
		}, 0, "labels=warn"},
		"planner fails": {"dev", healthy(), func(d *workflow.Doctor) { d.Planners[0].Planner = planning{err: gone} }, fault.Unreachable, "labels=fail"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := valid(t, c.user, c.seed)
			c.change(&d)
			status, found := examined(t, d)
			var bad []string
			for _, check := range found.Checks {
				if s := check.ID + "=" + status[check.ID]; status[check.ID] != "ok" && !strings.Contains(" "+strings.Join(bad, " ")+" ", " "+s+" ") {
					bad = append(bad, s)
				}
			}
			if got := strings.Join(slices.Sorted(slices.Values(bad)), " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if (found.Err == nil) != (c.kind == 0) || found.Err != nil && fault.KindOf(found.Err) != c.kind {
				t.Errorf("ends with %v, kind %d, want %d", found.Err, fault.KindOf(found.Err), c.kind)
			}
		})
	}
}

// unreachable is a GitLab that answers nothing.
type unreachable struct {
	workflow.DoctorReader
	err error
}

func (u unreachable) CurrentUser(context.Context) (instance.User, error) {
	return instance.User{}, u.err
}

func (u unreachable) Token(context.Context) (instance.Token, error) {
	return instance.Token{}, u.err
}

// older is a GitLab of another version.
type older struct {
	workflow.DoctorReader
	version instance.Version
}

func (o older) Version(context.Context) (instance.Version, error) { return o.version, nil }

func TestDoctorVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"18.6.1-ee": "ok Enterprise Edition", "16.7.0": "ok Community Edition", "17.0.0-pre": "ok ",
		"16.6.9": "warn a milestone title taken by a parent group", "15.11.0": "warn prodctl is not tested with it", "12.3.4": "warn issues cannot be linked",
		"9.0": "warn milestones require the role Developer", "unknown": `warn unknown GitLab version "unknown"`,
	} {
		d := valid(t, "dev", healthy())
		d.Read = older{d.Read, instance.Version{Version: version, Enterprise: strings.HasSuffix(version, "-ee")}}
		_, found := examined(t, d)
		for _, c := range found.Checks {
			status, text, _ := strings.Cut(want, " ")
			if c.ID == "version" && (string(c.Status) != status || !strings.Contains(c.Message, text)) {
				t.Errorf("%s: %+v, want %s", version, c, want)
			}
		}
	}
}

func TestDoctorChangesNothing(t *testing.T) {
	t.Parallel()
	seed := healthy()
	seed.Projects[0].Milestones = []fakegitlab.SeedMilestone{{Title: "Closed", Closed: true}}
	server, client := seeded(t, "dev", seed)
	d := valid(t, "dev", seed)
	d.Read = client
	before := server.Snapshot()
	examined(t, d)
	if diff := cmp.Diff(before, server.Snapshot()); diff != "" {
		t.Errorf("the doctor changed something:\n%s", diff)
	}
}

func TestDoctorInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := valid(t, "dev", healthy()).Examine(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A wrong id in the configuration would make keys that nobody else finds.
func TestDoctorTrackerID(t *testing.T) {
	t.Parallel()
	d := valid(t, "dev", healthy())
	d.Trackers[1].ID = 999
	status, found := examined(t, d)
	if status["production"] != "warn" || status["infrastructure"] != "ok" {
		t.Errorf("%v", status)
	}
	for _, c := range found.Checks {
		if c.ID == "production" && (!strings.Contains(c.Message, "not 999") || !strings.HasPrefix(c.Fix, "Change tracker_ids.production to ")) {
			t.Errorf("%+v", c)
		}
	}
}
