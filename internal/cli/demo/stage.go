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

// stage is the environment of the demo's commands: a GitLab in memory and a folder with the team's configuration.
type stage struct {
	env    *app.App // of the demo itself
	main   mainFunc // runs the commands
	server *fakegitlab.Server
	dir    string
	now    time.Time // the time on all clocks
	down   bool      // GitLab goes down with the next fault
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
	// maxWait shortens the waits of the demo's commands between retries.
	maxWait = 100 * time.Millisecond
)

func newStage(e *app.App, main mainFunc) (*stage, error) {
	on := &stage{env: e, main: main, now: stageClock()}
	on.server = fakegitlab.New(fakegitlab.Options{
		Now: on.clock, URL: stageHost, NoRequestLog: true, Sleep: func(context.Context, time.Duration) {}, Log: on.goDown,
	})
	if err := on.server.Apply(stageSeed()); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "prodctl-demo-")
	if err != nil {
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "create a folder for the demo")
	}
	on.dir = dir
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte(stageConfig), 0o600); err != nil {
		on.close()
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "write the demo's configuration")
	}
	return on, nil
}

// close removes everything that the demo created.
func (on *stage) close() { _ = os.RemoveAll(on.dir) }

// stageClock returns the start of the story, the day of the handbook's own example.
func stageClock() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) }

func (on *stage) clock() time.Time { return on.now }

// machine returns the machine of one command. It shares width and colors with the demo's terminal, and nothing else. A job other
// than 0 runs the command in a pipeline.
func (on *stage) machine(user string, job int) app.Machine {
	vars := map[string]string{
		"PRODCTL_HOST": stageHost, "GITLAB_TOKEN": "sandbox-" + cmp.Or(user, "maria"), "HOME": on.dir,
		"PRODCTL_CONFIG":  filepath.Join(on.dir, ".prodctl.yaml"),
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
			return on.env.Sleep(ctx, min(d, maxWait))
		},
		Jitter:    func() float64 { return 0 },
		Transport: on.wire(),
	}
}

// wire returns the connection to the server. A broken connection has the same error as in net/http.
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

// RoundTrip calls the function.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// storyModes returns the modes of standard output, to which the whole story goes. A file gets the same text as a terminal, because
// people read it there too.
func storyModes(e *app.App) term.Modes {
	m := e.Modes
	m.InTTY, m.Dumb = false, m.Dumb || !m.OutTTY
	if !m.OutTTY {
		m.OutTTY, m.Width = true, 80
	}
	m.ErrTTY, m.ErrWidth, m.ErrProfile = true, m.Width, m.OutProfile
	return m
}

// stageJob returns the variables that GitLab's runner sets for a job that deploys.
func stageJob(id int) map[string]string {
	const project = stageHost + "/acme/registry"
	return map[string]string{
		"CI": "true", "CI_PIPELINE_ID": "5120", "CI_PIPELINE_CREATED_AT": "2018-08-24T18:20:00Z", "CI_PROJECT_ID": "33",
		"CI_PROJECT_PATH": "acme/registry", "CI_PROJECT_URL": project, "CI_JOB_NAME": "deploy", "CI_JOB_STAGE": "deploy",
		"CI_JOB_URL": fmt.Sprintf("%s/-/jobs/%d", project, id), "CI_ENVIRONMENT_NAME": "production", "CI_COMMIT_REF_NAME": "main",
		"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true",
		"CI_COMMIT_SHA": "6b1c9f0e5a7d4c2be8f3a9d1c0b7e6f5a4938271", "CI_COMMIT_TITLE": "Alert before the disk is full",
		"GITLAB_USER_LOGIN": "ines",
	}
}

// addFault adds a fault to GitLab. With down, GitLab does not answer after it, see goDown.
func (on *stage) addFault(spec string, down bool) error {
	on.down = down
	f, err := fakegitlab.ParseFault(spec)
	if err == nil {
		on.server.AddFault(f)
	}
	return err
}

// goDown drops every connection after the first fault, if the scene asks for it.
func (on *stage) goDown(request fakegitlab.Entry) {
	if request.Fault != "" && on.down {
		on.server.AddFault(fakegitlab.Fault{Method: "ANY", Path: "**", Kind: fakegitlab.DropBefore})
	}
}

// stageSeed returns the handbook's team with most of its labels in order, so that the demo has only a few to fix.
func stageSeed() fakegitlab.Seed {
	seed := fakegitlab.HandbookSeed(stageClock())
	missing := map[string][]string{
		"acme/infrastructure": {label.Critical, label.Oncall}, // the team has it under its old name
		"acme/production":     {label.Blocked},
	}
	for n := range seed.Projects {
		p := &seed.Projects[n]
		for _, d := range label.Builtin() {
			exists := slices.ContainsFunc(p.Labels, func(l fakegitlab.SeedLabel) bool { return l.Name == d.Name })
			if !exists && !slices.Contains(missing[p.Path], d.Name) {
				p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: d.Name, Color: d.Color, Description: d.Description, Priority: d.Priority})
			}
		}
	}
	return seed
}
