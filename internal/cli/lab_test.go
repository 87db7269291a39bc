package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// lab is an in-memory GitLab with a small team on the last day of its timebox (2018-08-24), and a prodctl that uses
// it.
type lab struct {
	server *fakegitlab.Server
	wire   http.RoundTripper // between prodctl and the server; tests wrap it
	dir    string
	user   string // the user whose token is used
	now    time.Time
	env    map[string]string  // additional variables
	opened *string            // the URL that was opened in a browser
	clock  *labClock          // moves with every wait; nil: time stands still
	stdout func([]byte) error // is called before each write to standard output; nil: never
	exec   func(context.Context, term.Child) error
}

// observed is a stream whose writes can be seen, or fail.
type observed struct {
	to     *bytes.Buffer
	before func([]byte) error
}

func (o observed) Write(p []byte) (int, error) {
	if o.before != nil {
		if err := o.before(p); err != nil {
			return 0, err
		}
	}
	return o.to.Write(p)
}

// labClock is a clock that only waits move, those of prodctl and of the server.
type labClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *labClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *labClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// moving returns an independent lab in the same state, with a clock that moves.
func (l *lab) moving() *lab {
	clock := &labClock{now: l.now}
	own := l.copyWith(func(o *fakegitlab.Options) {
		o.Now, o.Sleep = clock.Now, func(_ context.Context, d time.Duration) { clock.pass(d) }
	})
	own.clock = clock
	return own
}

func (l *lab) machineTime() time.Time {
	if l.clock == nil {
		return l.now
	}
	return l.clock.Now()
}

func (l *lab) sleep(ctx context.Context, d time.Duration) error {
	if l.clock != nil && ctx.Err() == nil {
		l.clock.pass(d)
	}
	return ctx.Err()
}

const (
	infra = "acme/infrastructure"
	prod  = "acme/production"
)

// setup is how a lab's team and GitLab differ from the default.
type setup struct {
	group   bool // milestones live on the group
	carried int  // open issues in the Current Milestone
	done    int  // closed issues in it
	racy    bool // requests for milestones can be stopped between check and save
	edition fakegitlab.Edition
	version string // of GitLab
	noLinks bool   // issues cannot be linked
	queue   bool   // the team has only the production queue
	between func(*http.Request)
	seed    func(*fakegitlab.Seed)
	config  string // lines added to .prodctl.yaml
	native  bool   // new incidents get GitLab's own type
}

func newLab(t testing.TB, s setup) *lab {
	t.Helper()
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	l := &lab{dir: sharedDir(t, s), user: "mara", now: now, opened: new(string)}
	l.server = fakegitlab.New(fakegitlab.Options{
		Edition: s.edition, Version: s.version, Now: func() time.Time { return now }, URL: "https://gitlab.example.test",
		NoLinks: s.noLinks, BetweenCheckAndSave: s.between,
		Sleep: func(ctx context.Context, _ time.Duration) {},
	})
	if err := l.server.Apply(labSeed(s)); err != nil {
		t.Fatal(err)
	}
	l.wire = fakegitlab.Transport(l.server)
	return l
}

// copy returns an independent lab in the same state.
func (l *lab) copy() *lab { return l.copyWith(nil) }

// copyWith is copy with changed options of the server.
func (l *lab) copyWith(change func(*fakegitlab.Options)) *lab {
	own := *l
	own.server = l.server.Clone(change)
	own.wire, own.env, own.opened = fakegitlab.Transport(own.server), maps.Clone(l.env), new(string)
	return &own
}

var labDirs sync.Map // folder by configuration text: thousands of labs differ in nothing else

var sharedFiles sync.Map // content by path: each file is read thousands of times, and nothing writes to it

func readShared(path string) ([]byte, error) {
	if data, ok := sharedFiles.Load(path); ok {
		return data.([]byte), nil
	}
	return config.ReadFile(path)
}

func sharedDir(t testing.TB, s setup) string {
	text := "version: 1\nhost: https://gitlab.example.test\ntrackers:\n  infrastructure: acme/infrastructure\n  production: acme/production\n"
	if s.queue {
		text = strings.Replace(text, "  infrastructure: acme/infrastructure\n", "", 1)
	}
	if s.group {
		text += "milestones:\n  scope: group\n  group: acme\n"
	}
	text += s.config // it may begin with more trackers
	if !s.native && !strings.Contains(s.config, "incidents:") {
		text = strings.TrimRight(text, "\n") + "\nincidents: {type: issue}\n"
	}
	return configDir(t, text)
}

// configDir is a folder with this configuration.
func configDir(t testing.TB, text string) string {
	if dir, ok := labDirs.Load(text); ok {
		return dir.(string)
	}
	dir, err := os.MkdirTemp(scratch, "lab")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, alerts := range map[string][]notice{"alert.json": {at("15:50", "a")}, "alerts.json": {at("15:50", "a"), at("15:52", "b")}, "over.json": {at("15:50", "a").until("15:58")},
		"again.json": {at("15:50", "a"), at("15:58", "b")}} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(notification("Down", alerts...)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	labDirs.Store(text, dir)
	sharedFiles.Store(filepath.Join(dir, ".prodctl.yaml"), []byte(text))
	return dir
}

var scratch string

func TestMain(m *testing.M) {
	if n := os.Getenv(queueEnv); n != "" {
		serveQueue(n)
		return
	}
	var err error
	if scratch, err = os.MkdirTemp("", "prodctl-cli"); err != nil {
		panic(err)
	}
	debug.SetGCPercent(1000) // thousands of small instances are created and dropped: collecting them took a third of the time
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

func labSeed(s setup) fakegitlab.Seed {
	milestones := []fakegitlab.SeedMilestone{
		{Title: "2018-08-10 Milestone", StartDate: "2018-07-30", DueDate: "2018-08-10", Closed: true},
		{Title: "Current Milestone", Description: "August Milestone 2 - ending 2018-08-24\n\nOur goal: fewer pages.", StartDate: "2018-08-13", DueDate: "2018-08-24"},
		{Title: "Next Milestone", Description: "September Milestone 1 - ending 2018-09-07", StartDate: "2018-08-27", DueDate: "2018-09-07"},
	}
	seed := fakegitlab.Seed{
		Users: []fakegitlab.SeedUser{{Username: "mara"}, {Username: "dev"}, {Username: "rep"}, {Username: "plan"}, {Username: "guest"}, {Username: "stranger"}},
		Groups: []fakegitlab.SeedGroup{{Path: "acme", Members: []fakegitlab.SeedMember{{User: "mara", Role: "maintainer"}, {User: "dev", Role: "developer"},
			{User: "rep", Role: "reporter"}, {User: "plan", Role: "planner"}, {User: "guest", Role: "guest"}}}},
		Projects: []fakegitlab.SeedProject{
			{Path: infra, Labels: []fakegitlab.SeedLabel{{Name: "carried-over", Color: "#c0c0c0"}, {Name: "toil"}}},
			{Path: prod},
		},
	}
	if s.group {
		seed.Groups[0].Milestones = milestones
	} else {
		seed.Projects[0].Milestones = milestones
	}
	created := time.Date(2018, 8, 1, 9, 0, 0, 0, time.UTC)
	for n := range s.carried + s.done {
		seed.Projects[0].Issues = append(seed.Projects[0].Issues, fakegitlab.SeedIssue{
			Title: fmt.Sprintf("Issue %d", n+1), Description: "Somebody's words.", Author: "dev", Milestone: "Current Milestone",
			Closed: n >= s.carried, CreatedAt: created.Add(time.Duration(n) * time.Minute),
		})
	}
	seed.Projects[0].Issues = append(seed.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Planned", Author: "dev", Milestone: "Next Milestone", CreatedAt: created})
	if s.seed != nil {
		s.seed(&seed)
	}
	return seed
}

// ran is the result of one run of prodctl.
type ran struct {
	code   int
	out    string
	errors string
}

func (l *lab) run(args ...string) ran { return l.runIn(context.Background(), args...) }

func (l *lab) runIn(ctx context.Context, args ...string) ran {
	var out, errors bytes.Buffer
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "XDG_CONFIG_HOME": filepath.Join(l.dir, "xdg"), "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	maps.Copy(env, l.env)
	code := cli.Main(ctx, l.withDigest(args), app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(""), observed{&out, l.stdout}, &errors, term.Modes{})
		},
		Getenv:    func(name string) string { return env[name] },
		Run:       l.exec,
		Dir:       l.dir,
		Now:       l.machineTime,
		Sleep:     l.sleep,
		Jitter:    func() float64 { return 0 },
		Transport: l.wire,
		Browse:    func(address string) error { *l.opened = address; return nil },
		ReadFile:  readShared,
		Patience:  time.Hour, // a machine that pauses for a minute must not change the result of a test
	})
	return ran{code, out.String(), errors.String()}
}

// must runs prodctl and requires exit code 0.
func (l *lab) must(t testing.TB, args ...string) ran {
	t.Helper()
	r := l.run(args...)
	if r.code != 0 {
		t.Fatalf("prodctl %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.errors)
	}
	return r
}

// picture is the whole state as lines, without the ids of milestones and boards, which differ between runs that end
// in the same state.
func (l *lab) picture() []string {
	shot := l.server.Snapshot()
	var lines []string
	for _, at := range append(shot.Groups, shot.Projects...) {
		for _, m := range at.Milestones {
			lines = append(lines, fmt.Sprintf("%s milestone %q %s %s..%s %q", at.Path, m.Title, m.State, m.StartDate, m.DueDate, m.Description))
		}
		for _, l := range at.Labels {
			priority := "-"
			if l.Priority != nil {
				priority = fmt.Sprint(*l.Priority)
			}
			lines = append(lines, fmt.Sprintf("%s label %q %s %s %q", at.Path, l.Name, l.Color, priority, l.Description))
		}
		for _, b := range at.Boards {
			lines = append(lines, fmt.Sprintf("%s board %q %q", at.Path, b.Name, b.Lists))
		}
		for _, i := range at.Issues {
			var comments []string
			for _, n := range i.Notes {
				if !n.System { // the number of system notes on a description depends on how often it was written
					comments = append(comments, n.Author+": "+n.Body)
				}
			}
			if retired(i.State, i.Description, i.Labels) {
				continue
			}
			line := fmt.Sprintf("%s#%d %q %s %q in %q %q by %s to %q due %s, links %v, notes %q", at.Path, i.IID, i.Title, i.State, i.Labels,
				i.Milestone, i.Description, i.Author, i.Assignees, i.DueDate, i.Links, comments)
			if strings.Contains(line, "700") {
				line = ids.ReplaceAllString(line, "ID")
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// ids match comment ids, which differ between runs that end in the same state.
var ids = regexp.MustCompile(`\b700\d{3}\b`)

// retired reports whether an issue is a duplicate that was closed and hidden. Its comment about the original is
// optional.
func retired(state, description string, labels []string) bool {
	return state == "closed" && len(labels) == 0 && strings.Contains(description, "<!-- prodctl:key=")
}

// requests returns the methods and paths of the requests since the last reset.
func (l *lab) requests() []string {
	var out []string
	for _, e := range l.server.Requests() {
		out = append(out, e.Method+" "+e.Path)
	}
	return out
}

// methods returns the methods of the requests since the last reset.
func (l *lab) methods() []string {
	var out []string
	for _, e := range l.server.Requests() {
		out = append(out, e.Method)
	}
	return out
}

// count returns how many requests were reads and how many were writes.
func (l *lab) count() (reads, writes int) {
	for _, e := range l.server.Requests() {
		if e.Method == http.MethodGet || e.Path == "/api/graphql" {
			reads++
		} else {
			writes++
		}
	}
	return reads, writes
}
