package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// Words that must never reach an agent.
const (
	canary = "zanary"
	secret = "sandbox-mara"
)

var now = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)

// recorder records the requests of prodctl to the embedded GitLab.
type recorder struct {
	next http.RoundTripper
	mu   sync.Mutex
	sent []string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.sent = append(r.sent, req.Method+" "+req.URL.Path)
	r.mu.Unlock()
	return r.next.RoundTrip(req)
}

// writes lists the requests that are not reads.
func (r *recorder) writes() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.sent {
		if !strings.HasPrefix(line, "GET ") && !strings.HasPrefix(line, "HEAD ") && line != "POST /api/graphql" {
			list = append(list, line)
		}
	}
	return list
}

func (r *recorder) reset() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, r.sent = len(r.sent), nil
	return n
}

// lab is an embedded GitLab with a team, and folders for the configuration and for plans.
type lab struct {
	server *fakegitlab.Server
	wire   *recorder
	dir    string
	plans  string
	env    map[string]string
	run    func(context.Context, term.Child) error // runs the commands of hooks
}

const configuration = "version: 1\nhost: https://gitlab.example.test\ntrackers:\n  infrastructure: acme/infrastructure\n  production: acme/production\n"

// newLab plants texts in every place where people write: titles, descriptions, comments, milestones and labels.
func newLab(t testing.TB, texts ...string) *lab {
	t.Helper()
	l := &lab{dir: t.TempDir(), plans: filepath.Join(t.TempDir(), "plans")}
	if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	l.env = map[string]string{"GITLAB_TOKEN": secret, "HOME": l.dir, "XDG_CONFIG_HOME": filepath.Join(l.dir, "xdg"), "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	l.server = fakegitlab.New(fakegitlab.Options{Now: func() time.Time { return now }, URL: "https://gitlab.example.test",
		Sleep: func(context.Context, time.Duration) {}})
	if err := l.server.Apply(seedOf(texts)); err != nil {
		t.Fatal(err)
	}
	l.wire = &recorder{next: fakegitlab.Transport(l.server)}
	for _, args := range [][]string{
		{"incident", "open", "Registry returns 500s", "-s", "S1", "--started", "3h", "--service", "registry"},
		{"incident", "open", "Zanary title", "-s", "S2", "--started", "3h", "--confidential", "--service", "zanary-service", "-m", "zanary text"},
		{"change", "open", "Move it", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "back"},
		{"change", "open", "Zanary change", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "zanary", "--confidential"},
		{"incident", "update", "2", "-m", "zanary update"},
	} {
		if r := l.prodctl(args...); r.code != 0 {
			t.Fatalf("prodctl %q: %+v", args, r)
		}
	}
	for i, text := range texts {
		comment, _ := json.Marshal(map[string]string{"body": text})
		l.server.MustDo("dev", "POST", "/projects/acme%2Fproduction/issues/1/notes", string(comment))
		l.server.MustDo("dev", "POST", "/projects/acme%2Fproduction/issues/3/notes", string(comment))
		if i < 3 {
			title, _ := json.Marshal(map[string]string{"title": cut(strings.ReplaceAll(text, "\n", " "), 200), "labels": "incident,Incident::Active", "description": text})
			l.server.MustDo("dev", "POST", "/projects/acme%2Fproduction/issues", string(title))
		}
	}
	l.wire.reset()
	return l
}

func seedOf(texts []string) fakegitlab.Seed {
	milestones := []fakegitlab.SeedMilestone{
		{Title: "2018-08-10 Milestone", StartDate: "2018-07-30", DueDate: "2018-08-10", Closed: true},
		{Title: "Current Milestone", Description: "August Milestone 2 - ending 2018-08-24\n\n" + strings.Join(texts, "\n\n"), StartDate: "2018-08-13", DueDate: "2018-08-24"},
		{Title: "Next Milestone", Description: "September Milestone 1 - ending 2018-09-07", StartDate: "2018-08-27", DueDate: "2018-09-07"},
	}
	created := time.Date(2018, 8, 1, 9, 0, 0, 0, time.UTC)
	issues := []fakegitlab.SeedIssue{
		{Title: "Half done", Description: "Words.", Author: "dev", Milestone: "Current Milestone", CreatedAt: created, Labels: []string{"In Progress", "oncall"}},
		{Title: "Zanary issue", Description: "zanary", Author: "dev", Milestone: "Current Milestone", CreatedAt: created, Confidential: true, Labels: []string{"In Progress", "oncall"},
			Notes: []fakegitlab.SeedNote{{Body: "zanary comment", CreatedAt: created}}},
	}
	for _, text := range texts {
		issues = append(issues, fakegitlab.SeedIssue{Title: cut(strings.ReplaceAll(text, "\n", " "), 200), Description: text, Author: "dev", Milestone: "Current Milestone",
			CreatedAt: created, Labels: []string{"Ready", "oncall", "outage"}, Notes: []fakegitlab.SeedNote{{Body: text, CreatedAt: created}}})
	}
	return fakegitlab.Seed{
		Users: []fakegitlab.SeedUser{{Username: "mara"}, {Username: "dev"}},
		Groups: []fakegitlab.SeedGroup{{Path: "acme", Members: []fakegitlab.SeedMember{{User: "mara", Role: "maintainer"},
			{User: "dev", Role: "developer"}}}},
		Projects: []fakegitlab.SeedProject{{Path: "acme/infrastructure", Milestones: milestones, Issues: issues}, {Path: "acme/production"}},
	}
}

// machine is the machine of the server, or of a person.
func (l *lab) machine() app.Machine {
	env := maps.Clone(l.env)
	return app.Machine{Getenv: func(name string) string { return env[name] }, Dir: l.dir, Now: func() time.Time { return now },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Jitter: func() float64 { return 0 },
		Transport: l.wire, Patience: time.Hour, Run: l.run}
}

// prodctl runs a command as a person.
func (l *lab) prodctl(args ...string) outcome {
	var out, errs bytes.Buffer
	m := l.machine()
	m.Terminal = func(bool) *term.Streams { return term.New(strings.NewReader(""), &out, &errs, term.Modes{}) }
	m.Browse = func(string) error { return nil }
	code := cli.Main(context.Background(), args, m)
	return outcome{out.String(), errs.String(), code}
}

// client is an agent's end of a server.
type client struct {
	t     testing.TB
	to    io.WriteCloser
	lines *bufio.Reader
	ended chan int
	errs  bytes.Buffer
	id    int
}

// serve starts a server with flags, and begins a session.
func (l *lab) serve(t testing.TB, flags ...string) *client {
	t.Helper()
	in, to := io.Pipe()
	from, out := io.Pipe()
	c := &client{t: t, to: to, lines: bufio.NewReader(from), ended: make(chan int, 1)}
	go func() {
		code := Main(context.Background(), flags, l.plans, l.machine(), Streams{in, out, &c.errs})
		out.Close()
		c.ended <- code
	}()
	t.Cleanup(func() { to.Close() })
	c.request("initialize", `{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}`)
	c.line(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return c
}

// line sends a line.
func (c *client) line(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.to, text+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// answer is a message of the server.
type answer struct {
	ID     *int
	Result struct {
		Content []struct{ Text string }
		IsError bool
		Tools   []json.RawMessage
	}
	Error *struct {
		Code    int
		Message string
	}
	raw string
}

// next reads the next message. Whatever else is on the stream is an error.
func (c *client) next() answer {
	c.t.Helper()
	line, err := c.lines.ReadString('\n')
	a := answer{raw: line}
	if err == nil {
		err = json.Unmarshal([]byte(line), &a)
	}
	if err != nil {
		c.t.Fatalf("%v: %q, standard error %q", err, line, c.errs.String())
	}
	return a
}

func (c *client) send(method, params string) int {
	c.t.Helper()
	c.id++
	c.line(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, c.id, method, params))
	return c.id
}

func (c *client) request(method, params string) answer {
	c.t.Helper()
	id := c.send(method, params)
	a := c.next()
	if a.ID == nil || *a.ID != id {
		c.t.Fatalf("the answer to %d is %q", id, a.raw)
	}
	return a
}

// params are those of a call.
func params(name, input string) string { return fmt.Sprintf(`{"name":%q,"arguments":%s}`, name, input) }

// call calls a tool and returns the text of its result.
func (c *client) call(name, input string) (text string, failed bool) {
	c.t.Helper()
	a := c.request("tools/call", params(name, input))
	if a.Error != nil || len(a.Result.Content) != 1 {
		c.t.Fatalf("%s %s: %s", name, input, a.raw)
	}
	return a.Result.Content[0].Text, a.Result.IsError
}

// calls has inputs for every tool, and for every command of it. Production has incidents 1 and 2 (confidential) and changes 3 and 4
// (confidential); infrastructure has issues 1 and 2 (confidential).
var calls = map[string][]string{
	"incident_list":  {`{}`, `{"all":true,"severity":["S1","S2"],"since":"30d"}`, `{"services":["zanary-service"]}`},
	"incident_show":  {`{"incident":"1"}`, `{"incident":2}`, `{"incident":"1","view":"timeline"}`, `{"incident":"2","view":"timeline"}`, `{"incident":"1","view":"changes","before":"24h"}`},
	"change_list":    {`{}`, `{"all":true}`},
	"change_show":    {`{"change":"3"}`, `{"change":"4"}`},
	"change_gate":    {`{}`, `{"change":"3"}`, `{"change":"4"}`, `{"criticality":"C3","services":["registry"],"budget":true}`},
	"status":         {`{}`},
	"handoff":        {`{}`, `{"shift":"last"}`, `{"as_of":"15:30"}`},
	"budget":         {`{}`, `{"window":"month","explain":true}`},
	"flow":           {`{}`, `{"last":"28d"}`},
	"board":          {`{}`, `{"milestone":"current"}`},
	"timebox":        {`{}`, `{"current":true,"days":"8"}`, `{"view":"issues"}`, `{"view":"issues","milestone":"next"}`},
	"plan_incident":  {`{"action":"open","title":"New one","severity":"S3","services":["web"]}`, `{"action":"update","incident":"1","message":"own","next":"wait"}`, `{"action":"mitigate","incident":"1"}`, `{"action":"resolve","incident":"1","cause":"disk full","close":true}`, `{"action":"action","incident":"1","title":"Alert earlier","due":"2018-10-01"}`, `{"action":"update","incident":"2","message":"own"}`, `{"action":"reopen","incident":"1"}`},
	"plan_change":    {`{"action":"open","title":"Restart","criticality":"C4","steps":["one","two, three"]}`, `{"action":"start","change":"3"}`, `{"action":"abort","change":"3","message":"own"}`, `{"action":"finish","change":"3"}`, `{"action":"abort","change":"4","message":"own"}`},
	"plan_milestone": {`{"action":"roll"}`, `{"action":"roll","carry_over":"next"}`, `{"action":"ensure"}`, `{"action":"sweep"}`, `{"action":"fill"}`},
	"plan_issue":     {`{"action":"move","issue":"1","column":"Waiting"}`, `{"action":"request","title":"Access","why":"own","urgent":true}`, `{"action":"priority","issue":"1","urgency":"U2","impact":"I2"}`, `{"action":"mark","issue":"1","left_off":"half","next":"rest"}`, `{"action":"take","issue":"1"}`, `{"action":"move","issue":"2","column":"Waiting"}`},
}

// walk calls every tool with every input.
func (c *client) walk(do func(t tool, input, text string, failed bool)) { c.sample(0, 1, do) }

// sample calls every tool with each nth input, from the first or a later one.
func (c *client) sample(first, nth int, do func(t tool, input, text string, failed bool)) {
	c.t.Helper()
	n := first
	for _, t := range tools() {
		if len(calls[t.name]) == 0 {
			c.t.Errorf("%s: no calls to test", t.name)
		}
		for _, input := range calls[t.name] {
			if n++; n%nth == 0 {
				text, failed := c.call(t.name, input)
				do(t, input, text, failed)
			}
		}
	}
}

// files lists the files below a folder with their content.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// names are the names of files in their order.
func names(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
