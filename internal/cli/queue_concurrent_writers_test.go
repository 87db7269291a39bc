package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// crowd is a lab whose clock advances while runs wait, so that limits per minute expire.
type crowd struct {
	*lab
	mu sync.Mutex
}

// newCrowd returns one with a bot among the users and with rate limits.
func newCrowd(t *testing.T, limit func(*fakegitlab.Options)) *crowd {
	t.Helper()
	c := &crowd{lab: newLab(t, setup{})}
	options := fakegitlab.Options{Now: c.clock, URL: "https://gitlab.example.test"}
	limit(&options)
	c.server = fakegitlab.New(options)
	if err := c.server.Apply(labSeed(setup{seed: func(s *fakegitlab.Seed) {
		s.Users = append(s.Users, fakegitlab.SeedUser{Username: "robot", Bot: true})
		s.Projects[1].Members = append(s.Projects[1].Members, fakegitlab.SeedMember{User: "robot", Role: "developer"})
	}})); err != nil {
		t.Fatal(err)
	}
	c.wire = fakegitlab.Transport(c.server)
	return c
}

func (c *crowd) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// sleep returns when the clock has advanced by d, whoever advanced it.
func (c *crowd) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// as runs prodctl for a user with additional variables. Each run waits for a different time, depending on its
// jitter.
func (c *crowd) as(user string, vars map[string]string, jitter float64, args ...string) ran {
	var out, errors bytes.Buffer
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams { return term.New(strings.NewReader(""), &out, &errors, term.Modes{}) },
		Getenv: func(name string) string {
			switch name {
			case "PRODCTL_HOST":
				return "https://gitlab.example.test"
			case "GITLAB_TOKEN":
				return "sandbox-" + user
			case "XDG_CONFIG_HOME":
				return filepath.Join(c.dir, "xdg")
			case "HOME":
				return c.dir
			case "PRODCTL_CONFIG":
				return filepath.Join(c.dir, ".prodctl.yaml")
			}
			return vars[name]
		},
		Dir: c.dir, Now: c.clock, Sleep: c.sleep, Jitter: func() float64 { return jitter }, Transport: c.wire,
		Browse: func(string) error { return nil },
	})
	return ran{code, out.String(), errors.String()}
}

// pipelineJob returns the variables of a CI job of the pipeline in its nth attempt.
func pipelineJob(pipeline, try int) map[string]string {
	return map[string]string{
		"CI": "true", "GITLAB_CI": "true", "CI_PROJECT_ID": "7", "CI_PROJECT_PATH": "acme/web", "CI_PROJECT_URL": "https://gitlab.example.test/acme/web",
		"CI_SERVER_URL": "https://gitlab.example.test", "CI_PIPELINE_ID": fmt.Sprint(9000 + pipeline), "CI_PIPELINE_CREATED_AT": "2018-08-24T15:50:00Z",
		"CI_JOB_NAME": "deploy", "CI_JOB_STAGE": "production", "CI_JOB_URL": fmt.Sprintf("https://gitlab.example.test/acme/web/-/jobs/%d", 100*pipeline+try),
		"CI_JOB_STARTED_AT": "2018-08-24T15:55:00Z", "CI_ENVIRONMENT_NAME": "production", "GITLAB_USER_LOGIN": "dev",
		"CI_COMMIT_SHA": strings.Repeat(fmt.Sprintf("%x", pipeline), 40)[:40], "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_TITLE": "Ship it",
	}
}

// TestFiftySimultaneousCreates runs fifty jobs concurrently with ten keys: ten records stay, and the runs print the same ten
// references. If the jobs are other ones and succeed, each has its own.
func TestFiftySimultaneousCreates(t *testing.T) {
	t.Parallel()
	limits := func(o *fakegitlab.Options) { o.IssueLimit, o.NoteLimit, o.RateLimit = 20, 20, 200 }
	failing := func(int) []string { return []string{"--outcome", "failure"} }
	for _, c := range []struct {
		name  string
		limit func(*fakegitlab.Options)
		args  func(key int) []string
		vars  func(key, duplicate int) map[string]string
		herd  bool // all search before the first one creates
		again bool // each run is a deployment of its own
	}{
		{"explicit keys", func(*fakegitlab.Options) {}, func(key int) []string { return []string{"--key", fmt.Sprint("deploy-", key)} }, nil, true, false},
		{"explicit keys, and limits", limits, func(key int) []string { return []string{"--key", fmt.Sprint("deploy-", key)} }, nil, false, false},
		{"keys of jobs", func(*fakegitlab.Options) {}, nil, func(key, _ int) map[string]string { return pipelineJob(key, 1) }, true, false},
		{"keys of jobs, and limits", limits, nil, func(key, _ int) map[string]string { return pipelineJob(key, 1) }, false, false},
		{"deployments of one version", func(*fakegitlab.Options) {}, nil, pipelineJob, false, true},
		{"deployments of one version that meet", func(*fakegitlab.Options) {}, nil, pipelineJob, true, true},
		{"deployments of one version, and limits", limits, nil, pipelineJob, false, true},
		{"jobs that are retried", func(*fakegitlab.Options) {}, failing, pipelineJob, false, false},
		{"jobs that are retried while the first ones run", func(*fakegitlab.Options) {}, failing, pipelineJob, true, false},
		{"jobs that are retried, and limits", limits, failing, pipelineJob, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(c.name, "deployments of one version") && !strings.HasSuffix(c.name, "version") || strings.HasPrefix(c.name, "keys of jobs, and") {
				slow(t)
			}
			l := newCrowd(t, c.limit)
			if c.herd {
				l.wire = newHerd(l.wire, 50)
			}
			refs, ends := make([]string, 50), make([]ran, 50)
			var all sync.WaitGroup
			for n := range refs {
				all.Go(func() {
					args := []string{"change", "record", "--type", "deployment", "--outcome", "success", "-o", "json"}
					if c.args != nil {
						args = append(args, c.args(n%10)...)
					}
					var vars map[string]string
					if c.vars != nil {
						vars = c.vars(n%10, n/10)
					}
					ends[n] = l.as([]string{"mara", "dev", "robot"}[n%3], vars, float64(n)/50, args...)
					refs[n] = openedRef(ends[n].out)
				})
			}
			all.Wait()
			for n, end := range ends {
				if end.code != 0 || refs[n] == "" || n >= 10 && (refs[n] != refs[n%10]) != c.again {
					t.Errorf("run %d: exit %d, %s beside %s\n%s", n, end.code, refs[n], refs[n%10], end.errors)
				}
			}
			if t.Failed() {
				return
			}
			if !c.again {
				refs = refs[:10]
			}
			outcome := change.Success
			if c.args != nil && slices.Contains(c.args(0), "failure") {
				outcome = change.Failure
			}
			l.checkRecords(t, refs, outcome)
		})
	}
}

// herd is a transport that holds back the creation of issues until all runs ask for it.
type herd struct {
	inner http.RoundTripper
	mu    sync.Mutex
	lacks int
	all   chan struct{} // closed when all have arrived
}

func newHerd(inner http.RoundTripper, size int) *herd {
	return &herd{inner: inner, lacks: size, all: make(chan struct{})}
}

func (h *herd) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
		h.mu.Lock()
		if h.lacks--; h.lacks == 0 {
			close(h.all)
		}
		h.mu.Unlock()
		<-h.all
	}
	return h.inner.RoundTrip(r)
}

// openedRef returns the reference in the document of an opened issue.
func openedRef(out string) string {
	var doc struct{ Ref string }
	if json.Unmarshal([]byte(out), &doc) != nil {
		return ""
	}
	return doc.Ref
}

// checkRecords requires these records, each closed and with the outcome, and all others hidden with a comment about the
// original.
func (l *crowd) checkRecords(t *testing.T, refs []string, outcome change.Outcome) {
	t.Helper()
	labels := change.LabelsOf(label.Spelling{})
	var live []string
	duplicates := 0
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		ref := fmt.Sprintf("%s#%d", prod, i.IID)
		if retired(i.State, i.Description, i.Labels) {
			if !slices.ContainsFunc(i.Notes, func(n fakegitlab.NoteState) bool { return !n.System && strings.Contains(n.Body, "#") }) {
				t.Errorf("%s does not say which one stays: %+v", ref, i.Notes)
			}
			duplicates++
			continue
		}
		live = append(live, ref)
		r := change.Read(i.Description, l.clock())
		if i.State != "closed" || r.Outcome != outcome || !slices.Contains(i.Labels, labels.Change) || !slices.Contains(i.Labels, labels.Complete) {
			t.Errorf("%s is %s with labels %q, and its record says %q", ref, i.State, i.Labels, r.Outcome)
		}
	}
	t.Logf("%d duplicates", duplicates)
	slices.Sort(live)
	want := slices.Clone(refs)
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), live); diff != "" || len(live) != len(refs) {
		t.Errorf("records (-reported +found):\n%s", diff)
	}
}

// TestCrowdOfUpdates runs twenty updates of one incident concurrently: no comment and no line of the timeline is
// lost or duplicated, the record has the last one, and nothing is left to reconcile.
func TestCrowdOfUpdates(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(*fakegitlab.Options){
		"free":    func(*fakegitlab.Options) {},
		"premium": func(o *fakegitlab.Options) { o.Edition = fakegitlab.Premium },
		"limits":  func(o *fakegitlab.Options) { o.NoteLimit, o.RateLimit = 5, 120 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCrowd(t, limit)
			if r := l.as("mara", nil, 0, "incident", "open", "Registry returns 500s", "-s", "S2", "-q"); r.code != 0 {
				t.Fatal(r.errors)
			}
			ends := make([]ran, 20)
			var all sync.WaitGroup
			for n := range ends {
				all.Go(func() {
					args := []string{"incident", "update", "1", "-m", commentText(n), "-q"}
					if n%4 == 0 {
						args = append(args, "-s", "S"+fmt.Sprint(n/4%4+1))
					}
					ends[n] = l.as([]string{"mara", "dev", "rep", "robot"}[n%4], nil, float64(n)/20, args...)
				})
			}
			all.Wait()
			for n, end := range ends {
				if end.code != 0 {
					t.Errorf("run %d: exit %d\n%s", n, end.code, end.errors)
				}
			}
			i, notes := l.queueIssue(t, 1)
			l.checkSettled(t, i, notes, incident.Kind, incident.Reconciler{Labels: incident.LabelsOf(label.Spelling{}, "service:{service}")})
			for n := range ends {
				if got := strings.Count(i.Description, commentText(n)); got != 1 {
					t.Errorf("%q occurs %d times in\n%s", commentText(n), got, i.Description)
				}
			}
			var severity string
			entries := eventlog.Events(notes, incident.Kind)
			for _, e := range entries {
				if s := e.Fields[incident.KeySeverity]; s != "" {
					severity = s
				}
			}
			if got := incident.Of(i, incident.LabelsOf(label.Spelling{}, "")); len(entries) != 20 || string(got.Severity) != severity || string(got.Record.Severity) != severity {
				t.Errorf("%d comments, the last of which says %s; label %s, record %s", len(entries), severity, got.Severity, got.Record.Severity)
			}
		})
	}
}

func commentText(n int) string { return fmt.Sprintf("Words number %02d.", n) }

// queueIssue returns an issue of the production queue with its comments, as the client reads them.
func (l *lab) queueIssue(t testing.TB, iid int64) (issue.Issue, []issue.Note) {
	t.Helper()
	return l.issueAt(t, issue.Ref{Project: prod, IID: iid})
}

// issueAt returns an issue of either tracker with its comments, as a maintainer sees it.
func (l *lab) issueAt(t testing.TB, ref issue.Ref) (issue.Issue, []issue.Note) {
	t.Helper()
	client, err := gitlab.New(gitlab.Options{
		Host: "https://gitlab.example.test", Token: func(context.Context) (string, error) { return "sandbox-mara", nil }, Transport: fakegitlab.Transport(l.server),
		Now: func() time.Time { return l.now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	i, err := client.Issue(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := client.TrustedNotes(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return i, notes
}

// checkSettled requires an issue that agrees with its comments.
func (l *lab) checkSettled(t testing.TB, i issue.Issue, notes []issue.Note, kind string, reconciler eventlog.Reconciler) {
	t.Helper()
	if left, err := reconciler.Reconcile(i, notes); err != nil || !left.Empty() {
		t.Errorf("the issue does not agree with its comments: %+v, %v\n%s", left, err, i.Description)
	}
	if duplicates := eventlog.Duplicates(notes, kind); len(duplicates) != 0 {
		t.Errorf("duplicates %+v", duplicates)
	}
}
