package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// served is a running sandbox, as its user sees it.
type served struct {
	t      *testing.T
	host   string
	token  string
	errors *bytes.Buffer // complete when it has ended
	clock  *testkit.Clock
	asleep chan struct{} // one for each request whose latency has started
	wake   chan struct{} // closed: requests wait no longer
	end    func() int    // interrupts it and gives the exit code
}

// serve starts `prodctl sandbox` on a free port and waits until it is ready.
func serve(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{t: t, errors: new(bytes.Buffer), clock: testkit.At("2018-08-24T16:00:00Z"), asleep: make(chan struct{}, 10), wake: make(chan struct{})}
	ctx, interrupt := context.WithCancel(t.Context())
	read, write := io.Pipe()
	code := make(chan int, 1)
	go func() {
		defer write.Close()
		code <- cli.Main(ctx, append([]string{"sandbox", "--listen", "127.0.0.1:0"}, args...), app.Machine{
			Terminal: func(bool) *term.Streams { return term.New(strings.NewReader(""), write, s.errors, term.Modes{}) },
			Getenv:   func(string) string { return "" },
			Dir:      t.TempDir(),
			Now:      s.clock.Now,
			Sleep: func(ctx context.Context, _ time.Duration) error {
				s.asleep <- struct{}{}
				select {
				case <-ctx.Done():
				case <-s.wake:
				}
				return ctx.Err()
			},
		})
	}()
	s.end = func() int { interrupt(); return <-code }
	out, err := io.ReadAll(bufio.NewReader(read)) // up to the end: the sandbox closes it when it is ready
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`\Aexport GITLAB_HOST=(http://127\.0\.0\.1:\d+)\nexport GITLAB_TOKEN=(\S+)\n\z`).FindStringSubmatch(string(out))
	if lines == nil {
		t.Fatalf("exit %d, not ready:\n%s%s", s.end(), out, s.errors)
	}
	s.host, s.token = lines[1], lines[2]
	return s
}

// call sends a request and decodes the answer, if into is not nil.
func (s *served) call(method, path, body string, into any) *http.Response {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.host+"/api/v4"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("PRIVATE-TOKEN", s.token)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
	return resp
}

const infraPath = "/projects/acme%2Finfrastructure"

func TestSandboxServesATeam(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var me struct{ Username string }
	s.call("GET", "/user", "", &me)
	var milestones []struct {
		Title   string `json:"title"`
		DueDate string `json:"due_date"`
		WebURL  string `json:"web_url"`
	}
	s.call("GET", infraPath+"/milestones?title=Current%20Milestone", "", &milestones)
	if me.Username != "maria" || len(milestones) != 1 || milestones[0].DueDate != "2018-08-24" || !strings.HasPrefix(milestones[0].WebURL, s.host+"/") {
		t.Errorf("user %v, milestones %v", me, milestones)
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(s.host, "http://")); err == nil {
		conn.Close()
		t.Error("it still listens")
	}
	for _, want := range []string{
		"prodctl: Serving a simulated GitLab at " + s.host + " (the handbook's team, 2018-08-24 16:00 UTC)\n",
		"  maria                    sandbox-maria  maintainer of acme\n",
		"  oskar                    sandbox-oskar  -\n",
		"prodctl init --yes",
	} {
		if !strings.Contains(s.errors.String(), want) {
			t.Errorf("%q is missing in\n%s", want, s.errors)
		}
	}
}

func TestSandboxClockStartsAtNow(t *testing.T) {
	t.Parallel()
	s := serve(t, "--seed", "empty", "--now", "2020-02-28T12:00:00Z")
	s.clock.Advance(24 * time.Hour)
	var issue struct {
		CreatedAt time.Time `json:"created_at"`
	}
	date := s.call("POST", infraPath+"/issues", `{"title":"leap"}`, &issue).Header.Get("Date")
	s.end()
	if date != "Sat, 29 Feb 2020 12:00:00 GMT" { // by which clients measure how old an issue is
		t.Errorf("the answer is of %s", date)
	}
	if got := issue.CreatedAt.Format("2006-01-02 15:04"); got != "2020-02-29 12:00" {
		t.Errorf("created at %s", got)
	}
	if !strings.Contains(s.errors.String(), "--now 2020-02-28T12:00:00Z") {
		t.Errorf("no hint to use the same --now:\n%s", s.errors)
	}
}

func TestSandboxOptionsReachTheServer(t *testing.T) {
	t.Parallel()
	s := serve(t, "--seed", "load:250", "--edition", "ultimate", "--rate-limit", "4/min",
		"--fault", "GET /projects/*/labels status=503", "--fault", "GET /projects/*/labels nth=2 html", "--quiet")
	var issues []struct {
		Weight *int `json:"weight"`
	}
	total := s.call("GET", infraPath+"/issues?per_page=20", "", &issues).Header.Get("X-Total")
	if total != "250" || len(issues) != 20 || issues[0].Weight == nil {
		t.Errorf("%s issues, %d on a page, weight %v", total, len(issues), issues[0].Weight)
	}
	var statuses []int
	for range 3 {
		statuses = append(statuses, s.call("GET", infraPath+"/labels", "", nil).StatusCode)
	}
	statuses = append(statuses, s.call("GET", "/version", "", nil).StatusCode, s.call("GET", "/version", "", nil).StatusCode)
	s.end()
	if diff := cmp.Diff([]int{503, 503, 503, 200, 200}, statuses); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.errors.Len() > 0 {
		t.Errorf("--quiet prints %s", s.errors)
	}
}

func TestSandboxRefusesWebPages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want int
	}{{nil, http.StatusForbidden}, {[]string{"--cors"}, http.StatusCreated}} {
		s := serve(t, append([]string{"--seed", "empty"}, tt.args...)...)
		send := func(change func(*http.Request)) int {
			req, err := http.NewRequestWithContext(t.Context(), "POST", s.host+"/api/v4/projects/acme%2Fproduction/issues?title=x", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("PRIVATE-TOKEN", s.token)
			change(req)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			return resp.StatusCode
		}
		if got := send(func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }); got != tt.want {
			t.Errorf("%v: a form of another site: got %d, want %d", tt.args, got, tt.want)
		}
		if got := send(func(r *http.Request) { r.Host = "evil.example" }); got != http.StatusForbidden {
			t.Errorf("%v: another name of this machine: got %d, want 403", tt.args, got)
		}
		s.end()
	}
}

// TestSandboxRacyTitles creates one milestone and one label eight times at the same moment: GitLab makes eight milestones and one label.
func TestSandboxRacyTitles(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/milestones": 8, "/labels": 1} {
		s := serve(t, "--seed", "empty", "--racy-titles")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { s.call("POST", infraPath+path, `{"title":"Current","name":"fresh","color":"#112233"}`, nil) })
		}
		for range 8 {
			<-s.asleep
		}
		close(s.wake)
		all.Wait()
		var list []struct{ Title, Name string }
		s.call("GET", infraPath+path, "", &list)
		n := 0
		for _, object := range list {
			if object.Title == "Current" || object.Name == "fresh" {
				n++
			}
		}
		if s.end(); n != want {
			t.Errorf("%s: %d, want %d", path, n, want)
		}
	}
}

func TestSandboxLimitsRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, "--seed", "empty", "--rate-limit", "2")
	var statuses []int
	for range 3 {
		statuses = append(statuses, s.call("GET", "/version", "", nil).StatusCode)
	}
	s.end()
	if diff := cmp.Diff([]int{200, 200, 429}, statuses); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSandboxLogHoldsNoToken(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "requests.jsonl")
	if err := os.WriteFile(file, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--seed", "empty", "--log", file)
	s.call("GET", "/user?private_token="+s.token+"&page=2", "", nil)
	s.call("POST", infraPath+"/labels", `{"name":"a&b","color":"#000000"}`, nil)
	s.end()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []fakegitlab.Entry
	for line := range strings.Lines(string(data)) {
		var entry fakegitlab.Entry
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		got = append(got, fakegitlab.Entry{Method: entry.Method, Path: entry.Path, User: entry.User, Status: entry.Status})
	}
	want := []fakegitlab.Entry{{}, // the line that existed before
		{Method: "GET", Path: "/api/v4/user", User: "maria", Status: 200},
		{Method: "POST", Path: "/api/v4" + infraPath + "/labels", User: "maria", Status: 201},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if strings.Contains(string(data), s.token) {
		t.Errorf("a token is in the log:\n%s", data)
	}
}

// A hanging request does not keep the sandbox from ending. The latency of this one lasts until its client is gone.
func TestSandboxEndsWithRequestInFlight(t *testing.T) {
	t.Parallel()
	s := serve(t, "--seed", "empty", "--latency", "1h")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.host, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /api/v4/version HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: "+s.token+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-s.asleep
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
	if answer, _ := io.ReadAll(conn); len(answer) > 0 {
		t.Errorf("answered: %s", answer)
	}
}

func TestSandboxRefusals(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	dir := t.TempDir()
	seed := filepath.Join(dir, "team.yaml")
	if err := os.WriteFile(seed, []byte("users:\n  - usename: mara\nprojects: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	orphans := filepath.Join(dir, "orphans.yaml")
	if err := os.WriteFile(orphans, []byte("groups: [{path: a/b}]\nprojects: [{path: x/y}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	tests := []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"reachable", []string{"--listen", "0.0.0.0:8929"}, 5, []string{"other machines could reach --listen 0.0.0.0:8929", "--listen 127.0.0.1:8929"}},
		{"everywhere", []string{"--listen", ":8929"}, 5, []string{"other machines could reach"}},
		{"no port", []string{"--listen", "127.0.0.1"}, 6, []string{`invalid address "127.0.0.1" for --listen`}},
		{"port taken", []string{"--listen", taken.Addr().String()}, 1, []string{"address already in use", "127.0.0.1:0"}},
		{"edition", []string{"--edition", "starter"}, 6, []string{"starter", "free, premium, ultimate or ce"}},
		{"version", []string{"--gitlab-version", "17.11"}, 6, []string{"--gitlab-version 17.11 is not simulated", "prodctl sandbox --gitlab-version 18.10"}},
		{"all at once", []string{"--rate-limit", "many", "--latency", "-1s", "--fault", "GET", "--fault", "GET /x explode", "--now", "soon"}, 6,
			[]string{"many", "-1s", `invalid fault "GET" (use METHOD`, `unknown word "explode"`, `--now: invalid time "soon"`}},
		{"unknown seed", []string{"--seed", "handbok"}, 6, []string{`unknown seed "handbok"`, "load:N"}},
		{"no such file", []string{"--seed", "x.yaml"}, 6, []string{"--seed: file x.yaml not found"}},
		{"load nothing", []string{"--seed", "load:0"}, 6, []string{"a number of issues"}},
		{"faults of a seed", []string{"--seed", seed}, 6, []string{"team.yaml:2:5: unknown key", "did you mean username", "team.yaml:3:11: projects must be a list", "docs/sandbox.md"}},
		{"inconsistent seed", []string{"--seed", orphans, "--listen", "127.0.0.1:0"}, 6, []string{"groups[0]", "projects[0]"}},
		{"log nowhere", []string{"--log", filepath.Join(dir, "no", "log")}, 1, []string{"no such file"}},
	}
	for _, tt := range tests {
		r := l.run(append([]string{"sandbox"}, tt.args...)...)
		if r.code != tt.code || r.out != "" {
			t.Errorf("%s: exit %d, want %d\n%s%s", tt.name, r.code, tt.code, r.out, r.errors)
		}
		for _, want := range tt.want {
			if !strings.Contains(r.errors, want) {
				t.Errorf("%s: %q is missing in\n%s", tt.name, want, r.errors)
			}
		}
	}
}

func TestSandboxServesAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "team.yaml")
	const team = `users: [{username: ops, token: secret-of-ops}]
groups: [{path: ours, members: [{user: ops, role: owner}]}]
projects: [{path: ours/work, issues: [{title: "First\nof all"}]}]
`
	if err := os.WriteFile(file, []byte(team), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--seed", file)
	var issues []struct {
		Title string `json:"title"`
	}
	s.call("GET", "/projects/ours%2Fwork/issues", "", &issues)
	s.end()
	if s.token != "secret-of-ops" || len(issues) != 1 {
		t.Errorf("token %s, issues %v", s.token, issues)
	}
}

// seedsIn returns the seeds in docs/sandbox.md: a team, and users with tokens for the same team.
func seedsIn(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "sandbox.md"))
	if err != nil {
		t.Fatal(err)
	}
	var seeds []string
	for _, rest := range strings.Split(string(page), "```yaml\n")[1:] {
		text, _, _ := strings.Cut(rest, "```")
		seeds = append(seeds, text)
	}
	if len(seeds) != 2 {
		t.Fatalf("%d seeds in docs/sandbox.md", len(seeds))
	}
	return seeds
}

func writeSeed(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "team.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The fine-grained token in docs/sandbox.md works from the claimed version 18.10 on.
func TestSandboxServesFineGrainedTokens(t *testing.T) {
	t.Parallel()
	seeds := seedsIn(t)
	file := writeSeed(t, seeds[1]+seeds[0][strings.Index(seeds[0], "groups:\n"):])
	s := serve(t, "--seed", file, "--gitlab-version", "18.10", "--edition", "ce")
	var about struct{ Version string }
	s.token = "ada-fine"
	s.call("GET", "/version", "", &about)
	var statuses []int
	for _, request := range []string{"GET /user", "GET /projects/ours%2Finfrastructure/issues", "POST /projects/ours%2Fproduction/issues?title=x",
		"GET /projects/ours%2Finfrastructure/freeze_periods", "GET /projects/ours%2Fproduction/freeze_periods", "GET /users?username=ada"} {
		method, path, _ := strings.Cut(request, " ")
		statuses = append(statuses, s.call(method, path, "", nil).StatusCode)
	}
	s.end()
	if diff := cmp.Diff([]int{200, 200, 201, 200, 403, 403}, statuses); diff != "" || about.Version != "18.10.0" {
		t.Errorf("version %s, -want +got:\n%s", about.Version, diff)
	}
	r := newLab(t, setup{}).run("sandbox", "--listen", "127.0.0.1:0", "--seed", file)
	if r.code != 6 || !strings.Contains(r.errors, "users[0].tokens[0]: version 18.9.0-ee of GitLab has no fine-grained tokens: use 18.10 or later") {
		t.Errorf("without --gitlab-version: exit %d\n%s", r.code, r.errors)
	}
}

// The seed in docs/sandbox.md is valid.
func TestSandboxServesTheSeedOfTheDocs(t *testing.T) {
	t.Parallel()
	s := serve(t, "--seed", writeSeed(t, seedsIn(t)[0]))
	var open []struct {
		Title     string
		Labels    []string
		Milestone struct{ Title string }
	}
	s.call("GET", "/projects/ours%2Finfrastructure/issues?state=opened", "", &open)
	s.end()
	if len(open) != 1 || open[0].Milestone.Title != "Current Milestone" || s.token != "sandbox-ada" {
		t.Errorf("token %s, issues %v", s.token, open)
	}
}

// On a narrow terminal each row of the table of users has two lines.
func TestSandboxOnNarrowTerminal(t *testing.T) {
	t.Parallel()
	var screen bytes.Buffer
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	code := cli.Main(ctx, []string{"sandbox", "--listen", "127.0.0.1:0", "--seed", "empty"}, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(""), io.Discard, &screen, term.Modes{ErrTTY: true, ErrWidth: 40})
		},
		Getenv: func(string) string { return "" }, Dir: t.TempDir(), Now: testkit.At("2018-08-24T16:00:00Z").Now,
	})
	want := "  project_31_bot_5f2c9a1e  sandbox-bot\n    maintainer of acme/infrastructure\n"
	if code != 0 || !strings.Contains(screen.String(), want) {
		t.Errorf("exit %d, no %q in\n%s", code, want, screen.String())
	}
}
