package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// newStage is what the demo's commands run on: a GitLab in memory and a folder with the team's configuration.
type stage struct {
	env    *app.App // of the demo itself
	main   mainFunc // runs its commands
	server *fakegitlab.Server
	dir    string
	now    time.Time // what every clock on it shows
	gone   bool      // with the next fault GitLab goes away
}

const (
	stageHost   = "https://gitlab.example.test"
	stageConfig = `version: 1
host: ` + stageHost + `
trackers:
  infrastructure: acme/infrastructure
  production: acme/production
oncall:
  regions:
    - name: EMEA
      from: "04:00"
      to: "16:00"
      rotation: {members: [ines, tomas, aisha], period: 1w, start: 2018-08-06}
    - name: AMER
      from: "16:00"
      to: "04:00"
      rotation: {members: [diego, kate, liam], period: 1w, start: 2018-08-06}
  people:
    - {user: aisha, name: Aisha Bello}
    - {user: liam, name: Liam O'Connor}
`
	// stagePatience is the most that a command of the demo waits before it tries again, whatever it says.
	stagePatience = 100 * time.Millisecond
)

func newStage(e *app.App, main mainFunc) (*stage, error) {
	on := &stage{env: e, main: main, now: stageClock()}
	on.server = fakegitlab.New(fakegitlab.Options{
		Now: on.clock, URL: stageHost, NoRequestLog: true, Sleep: func(context.Context, time.Duration) {}, Log: on.goAway,
	})
	if err := on.server.Apply(stageSeed()); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "prodctl-demo-")
	if err != nil {
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "make a folder for the demo")
	}
	on.dir = dir
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte(stageConfig), 0o600); err != nil {
		on.strike()
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "write the demo's configuration")
	}
	return on, nil
}

// strike takes the stage away.
func (on *stage) strike() { _ = os.RemoveAll(on.dir) }

// stageClock is the afternoon of the handbook's own example.
func stageClock() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) }

func (on *stage) clock() time.Time { return on.now }

// machine is a prodctl of its own: it shares the terminal's looks with the one that plays the demo, and nothing else. A job
// that is not 0 runs it in a pipeline.
func (on *stage) machine(user string, job int) app.Machine {
	vars := map[string]string{
		"PRODCTL_HOST": stageHost, "GITLAB_TOKEN": "sandbox-" + cmp.Or(user, "maria"), "HOME": on.dir,
		"XDG_CONFIG_HOME": filepath.Join(on.dir, "config"),
	}
	if job > 0 {
		maps.Copy(vars, stageJob(job))
	}
	return app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(""), on.env.Out, on.env.Out, storyModes(on.env))
		},
		Getenv: func(name string) string { return vars[name] },
		Dir:    on.dir,
		Now:    on.clock,
		Sleep: func(ctx context.Context, d time.Duration) error {
			return on.env.Sleep(ctx, min(d, stagePatience))
		},
		Jitter:    func() float64 { return 0 },
		Transport: on.wire(),
	}
}

// wire leads to the server. A connection that breaks on it ends as one of net/http does.
func (on *stage) wire() http.RoundTripper {
	inner := fakegitlab.Transport(on.server)
	return wire(func(r *http.Request) (*http.Response, error) {
		resp, err := inner.RoundTrip(r)
		if errors.Is(err, io.EOF) {
			err = io.EOF
		}
		return resp, err
	})
}

type wire func(*http.Request) (*http.Response, error)

// RoundTrip is the function itself.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// storyModes are those of standard output, where the whole story goes. Into a file goes what a terminal
// would have shown: the story is for people, who read it there too.
func storyModes(e *app.App) term.Modes {
	m := e.Modes
	m.InTTY, m.Dumb = false, m.Dumb || !m.OutTTY
	if !m.OutTTY {
		m.OutTTY, m.Width = true, 80
	}
	m.ErrTTY, m.ErrWidth, m.ErrProfile = true, m.Width, m.OutProfile
	return m
}

// stageJob is what GitLab's runner says to a job that deploys.
func stageJob(id int) map[string]string {
	const project = stageHost + "/acme/registry"
	return map[string]string{
		"CI": "true", "CI_PIPELINE_ID": "5120", "CI_PIPELINE_CREATED_AT": "2018-08-24T18:20:00Z", "CI_PROJECT_ID": "33",
		"CI_PROJECT_PATH": "acme/registry", "CI_PROJECT_URL": project, "CI_JOB_NAME": "deploy", "CI_JOB_STAGE": "deploy",
		"CI_JOB_URL": fmt.Sprintf("%s/-/jobs/%d", project, id), "CI_ENVIRONMENT_NAME": "production", "CI_COMMIT_REF_NAME": "main",
		"CI_COMMIT_SHA": "6b1c9f0e5a7d4c2be8f3a9d1c0b7e6f5a4938271", "CI_COMMIT_TITLE": "Alert before the disk is full",
		"GITLAB_USER_LOGIN": "ines",
	}
}

// trouble arms a fault. When GitLab is to be gone with it, it is the last thing that GitLab does, see goAway.
func (on *stage) trouble(spec string, gone bool) error {
	on.gone = gone
	f, err := fakegitlab.ParseFault(spec)
	if err == nil {
		on.server.AddFault(f)
	}
	return err
}

// goAway cuts every connection from the first fault on, where the story wants it.
func (on *stage) goAway(request fakegitlab.Entry) {
	if request.Fault != "" && on.gone {
		on.server.AddFault(fakegitlab.Fault{Method: "ANY", Path: "**", Kind: fakegitlab.DropBefore})
	}
}

// stageSeed is the handbook's team with most of its labels in order, so that the story has few to mend.
func stageSeed() fakegitlab.Seed {
	seed := fakegitlab.HandbookSeed(stageClock())
	missing := map[string][]string{
		"acme/infrastructure": {label.Critical, label.Oncall}, // which the team has by its old name
		"acme/production":     {label.Blocked},
	}
	for n := range seed.Projects {
		p := &seed.Projects[n]
		for _, d := range label.Builtin() {
			there := slices.ContainsFunc(p.Labels, func(l fakegitlab.SeedLabel) bool { return l.Name == d.Name })
			if !there && !slices.Contains(missing[p.Path], d.Name) {
				p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: d.Name, Color: d.Color, Description: d.Description, Priority: d.Priority})
			}
		}
	}
	return seed
}
