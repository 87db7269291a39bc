package cli_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// Hosts and texts of the walk. Nothing of the hostile ones may leave before the file is trusted.
const (
	ownHost  = "https://gitlab.example.test"
	evilHost = "https://evil.example.test"
	bait     = "bait-of-another-file"
)

// hostileFile is a repository that was cloned from a stranger.
type hostileFile struct {
	name  string
	file  string            // lines of .prodctl.yaml; OUTSIDE is a folder elsewhere
	also  map[string]string // other files
	links map[string]string // links, by name
	after string            // what happens once it is trusted: the host that gets the token, "refused" or "copy"
}

// trackersOf are lines with the trackers that a team has.
const trackersOf = "trackers: {infrastructure: acme/infrastructure, production: acme/production}\n"

func hostileFiles() []hostileFile {
	const repositories = "approvals: {repositories: [{project: evil/code}], teams: {production: {users: [mallory]}}}\n"
	own := "host: " + ownHost + "\n" + trackersOf + repositories
	return []hostileFile{
		{name: "host", file: "host: " + evilHost + "\n" + trackersOf + repositories, after: evilHost},
		{name: "no host", file: trackersOf + repositories, after: ownHost},
		{name: "plain http", file: "host: http://evil.example.test\nallow_http: true\n" + trackersOf + repositories, after: "http://evil.example.test"},
		{name: "web_hosts", file: own + "web_hosts: [evil.example.test]\n", after: ownHost},
		{name: "ca_file", file: own + "ca_file: OUTSIDE/secret\n", after: ownHost},
		{name: "token_file", file: own + "token_file: OUTSIDE/secret\n", after: ownHost},
		{name: "a linked token", file: own + "token_file: token\n", links: map[string]string{"token": "OUTSIDE/secret"}, after: ownHost},
		{name: "a linked authority", file: own + "ca_file: ca.pem\n", links: map[string]string{"ca.pem": "OUTSIDE/secret"}, after: ownHost},
		{name: "a linked template", file: own + "incidents: {template: t.md}\n", links: map[string]string{"t.md": "OUTSIDE/secret"}, after: ownHost},
		{name: "a linked folder", file: own + "incidents: {template: sub/secret.md}\n", links: map[string]string{"sub": "OUTSIDE"}, after: ownHost},
		{name: "trackers", file: "host: " + ownHost + "\ntrackers: {infrastructure: evil/public, production: evil/public2}\n" + repositories, after: ownHost},
		{name: "templates", file: own + "incidents: {template: t.md, review_template: t.md}\nchanges: {template: t.md}\nrad: {template: r.md, targets: [{name: db}]}\n",
			also: map[string]string{"t.md": "/assign @mallory\nHi @all\n{record}\n", "r.md": "/assign @mallory\n{targets}\n{record}\n"}, after: ownHost},
		{name: "log", file: own + "handoff: {log: issue, issue: \"evil/public#1\", confidential: true}\n", after: ownHost},
		{name: "rules", file: own + "changes: {approvers: {peer: {users: [mallory]}}, approvals: {C1: {count: 0}}}\n", after: ownHost},
		{name: "people", file: own + "oncall: {regions: [{name: all, from: \"00:00\", to: \"00:00\", rotation: {members: [mallory], period: 1w, start: 2018-08-06}}]}\n", after: ownHost},
		{name: "hooks", file: own + "hooks:\n- {on: [incident.open, handoff.post, milestone.roll], command: [sh, OUTSIDE/secret]}\n" +
			"- {on: [incident.mitigate], url: \"https://evil.example.test/\", confidential: true}\n", after: ownHost},
		{name: "a calendar", file: own + "oncall: {source: ics, ics_file: c.ics}\n", links: map[string]string{"c.ics": "OUTSIDE/secret"}, after: ownHost},
		{name: "a linked file", links: map[string]string{".prodctl.yaml": "OUTSIDE/secret"}, after: "refused"},
	}
}

// commandLines are lines with which a command gets as far as it can, where its name is not enough.
var commandLines = map[string]string{
	"apply":             "apply plan.json --yes",
	"approval check":    "approval check --mr 1",
	"board init":        "board init --yes",
	"board move":        "board move 1 ready",
	"change abort":      "change abort 1 -m x",
	"change approve":    "change approve 1 --digest 00",
	"change finish":     "change finish 1",
	"change open":       "change open Title --criticality C3 --start 2018-08-30T10:00:00Z --duration 20m --rollback x",
	"change record":     "change record --type deployment --outcome success --service web",
	"change show":       "change show 1",
	"change start":      "change start 1",
	"completion":        "completion bash",
	"handoff":           "handoff --post",
	"handoff accept":    "handoff accept",
	"handoff mark":      "handoff mark 1 --left-off x --next y",
	"handoff take":      "handoff take 1",
	"incident action":   "incident action 1 Title",
	"incident actions":  "incident actions --remind --yes",
	"incident adopt":    "incident adopt 1",
	"incident changes":  "incident changes 1",
	"incident mitigate": "incident mitigate 1",
	"incident open":     "incident open Down --web",
	"incident reopen":   "incident reopen 1",
	"incident resolve":  "incident resolve 1",
	"incident review":   "incident review 1",
	"incident show":     "incident show 1",
	"incident timeline": "incident timeline 1",
	"incident update":   "incident update 1 -m x",
	"init":              "init --yes --force",
	"config get":        "config get timezone",
	"config migrate":    "config migrate --yes",
	"config set":        "config set timeout 5m",
	"label apply":       "label apply --yes",
	"label plan":        "label plan --plan-file p.json",
	"lint":              "lint --fix --yes",
	"lock sync":         "lock sync --project acme/production --yes",
	"milestone roll":    "milestone roll --yes",
	"queue merge":       "queue merge --from production --yes",
	"rad open":          "rad open --occurrence 2018-08",
	"rad record":        "rad record 1 --target x --start 10:00 --verified",
	"report weekly":     "report weekly --post",
}

// silent are the commands that send nothing, and so work without trust.
var silent = []string{"config get", "config path", "config schema", "config show", "config trust", "config validate", "lock check", "lock list", "oncall check", "oncall next", "oncall now",
	"oncall schedule", "version", "completion", "__complete", "auth logout"}

// careful are commands that leave such a file out: the user's own host is enough for them.
var careful = []string{"auth login", "auth status", "init"}

// hostileLines are the lines of the walk by command: of a command that is not listed above, its name with something for each argument.
func hostileLines() map[string]string {
	lines := map[string]string{"__complete": "__complete incident show 1"}
	walk(newTree(), func(cmd *cobra.Command) {
		path := strings.TrimPrefix(cmd.CommandPath(), "prodctl ")
		if !cmd.Runnable() || cmd.HasSubCommands() && path != "handoff" || slices.Contains([]string{"demo", "mcp", "sandbox", "help"}, path) {
			return
		}
		lines[path] = cmp.Or(commandLines[path], path+strings.Repeat(" 1", strings.Count(cmd.Use, "<")-strings.Count(cmd.Use, "[<")))
	})
	return lines
}

// victim is somebody who runs commands beside a stranger's file.
type victim struct {
	t       *testing.T
	dir     string
	outside string
	env     map[string]string
	wire    http.RoundTripper
	mu      sync.Mutex
	sent    []string // origins, with what they got
	opened  []string // pages in the browser
}

func newVictim(t *testing.T, h hostileFile) *victim {
	t.Helper()
	root, err := os.MkdirTemp(scratch, "victim") // removed with all others
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{t: t, dir: filepath.Join(root, "clone"), outside: filepath.Join(root, "outside")}
	v.env = map[string]string{"HOME": filepath.Join(root, "home"), "GITLAB_HOST": ownHost, "GITLAB_TOKEN": "sandbox-mara"}
	for name, text := range map[string]string{"outside/secret": bait, "outside/secret.md": bait, "home/.keep": ""} {
		v.write(filepath.Join(root, name), text)
	}
	v.clone(h)
	return v
}

// clone writes the stranger's files.
func (v *victim) clone(h hostileFile) {
	v.t.Helper()
	replace := strings.NewReplacer("OUTSIDE", v.outside)
	v.write(filepath.Join(v.dir, ".prodctl.yaml"), replace.Replace("version: 1\n"+h.file))
	for name, text := range h.also {
		v.write(filepath.Join(v.dir, name), text)
	}
	for name, to := range h.links {
		_ = os.Remove(filepath.Join(v.dir, name))
		if err := os.Symlink(replace.Replace(to), filepath.Join(v.dir, name)); err != nil {
			v.t.Skip(err)
		}
	}
}

func (v *victim) write(path, text string) {
	v.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// RoundTrip keeps what leaves the machine.
func (v *victim) RoundTrip(r *http.Request) (*http.Response, error) {
	v.mu.Lock()
	v.sent = append(v.sent, r.URL.Scheme+"://"+r.URL.Host+" "+r.Method+" "+r.URL.Path+" "+r.Header.Get("Private-Token"))
	v.mu.Unlock()
	if v.wire != nil {
		return v.wire.RoundTrip(r)
	}
	return &http.Response{StatusCode: 401, Header: http.Header{"Content-Type": {"application/json"}}, Body: body(`{"message":"401 Unauthorized"}`), Request: r}, nil
}

func (v *victim) runs(tty bool, line string) ran {
	var out, errors bytes.Buffer
	code := cli.Main(context.Background(), strings.Fields(line), app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader("n\nn\n"), &out, &errors, term.Modes{InTTY: tty, ErrTTY: tty, OutTTY: tty, Width: 100})
		},
		Getenv: func(name string) string { return v.env[name] }, Dir: v.dir,
		Now: func() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter: func() float64 { return 0 }, Transport: v,
		Browse: func(address string) error { v.opened = append(v.opened, address); return nil },
		Edit:   func(string) error { return fs.ErrPermission },
		Run:    func(_ context.Context, c term.Child) error { v.opened = append(v.opened, c.Command...); return nil },
	})
	return ran{code, out.String(), errors.String()}
}

// tree is all files of a folder with their content.
func (v *victim) tree(dir string) map[string]string {
	files := map[string]string{}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, _ := os.ReadFile(path)
			files[path] = string(data)
		}
		return nil
	})
	return files
}

// TestHostileFileWalk runs every command beside every hostile file, with a terminal and without one. Before the file is trusted no request
// leaves, no file outside is read or written, and no page is opened; commands that send nothing work.
func TestHostileFileWalk(t *testing.T) {
	t.Parallel()
	for f, h := range hostileFiles() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			v := newVictim(t, h)
			opened := watchOpens(t, filepath.Join(v.outside, "secret"), filepath.Join(v.outside, "secret.md"))
			before := v.tree(filepath.Dir(v.dir))
			lines := hostileLines()
			for c, path := range slices.Sorted(maps.Keys(lines)) {
				for s, tty := range []bool{true, false} {
					if !sampled(6, "hostile file", f, c, s) {
						continue
					}
					line := lines[path]
					v.untouched(path, line, tty, opened)
					if path == "init" { // which may write its own file
						_ = os.RemoveAll(v.dir)
						v.clone(h)
					} else if after := v.tree(filepath.Dir(v.dir)); !maps.Equal(before, after) {
						t.Errorf("%s changed files: %q", line, slices.Collect(maps.Keys(after)))
					}
				}
			}
		})
	}
}

func (v *victim) untouched(path, line string, tty bool, opened func() bool) {
	v.t.Helper()
	v.sent, v.opened = nil, nil
	opened()
	r := v.runs(tty, line)
	what := fmt.Sprintf("%s (terminal: %t): exit %d\n%s%s", line, tty, r.code, r.out, r.errors)
	shown := path == "config trust" || tty // which is about to be trusted, and shows all of it
	if read := opened(); read && !shown || strings.Contains(r.out+r.errors, bait) && !shown {
		v.t.Errorf("a file outside was read: %s", what)
	}
	for _, sent := range v.sent {
		if !slices.Contains(careful, path) || !strings.HasPrefix(sent, ownHost+" GET") {
			v.t.Errorf("sent %q: %s", sent, what)
		}
	}
	linked := strings.Contains(strings.Join(strings.Fields(r.out+r.errors), " "), "is a link to a file outside")
	switch {
	case linked && r.code != 6 && r.code != 0 && r.code != 4 && path != "doctor":
		v.t.Errorf("a link: %s", what)
	case linked || slices.Contains(careful, path) || path == "config trust":
	case slices.Contains(silent, path) && r.code != 0 && path != "auth logout" && !strings.Contains(r.errors, "template"):
		v.t.Errorf("works without trust: %s", what)
	case r.code == 6 && commandLines[path] == "": // one of its inputs is missing
	case !slices.Contains(silent, path) && (r.code != 5 || !strings.Contains(r.out+r.errors, "prodctl config trust")):
		v.t.Errorf("is refused: %s", what)
	}
	if len(v.opened) > 0 {
		v.t.Errorf("opened %q: %s", v.opened, what)
	}
}

// TestHostileFileOnceTrusted checks what follows once the user agreed: the token goes to one host, a link out of the folder is not followed, and what
// changes afterwards does not count.
func TestHostileFileOnceTrusted(t *testing.T) {
	t.Parallel()
	for _, h := range hostileFiles() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			v := newVictim(t, h)
			v.wire = fakegitlab.Transport(newLab(t, setup{}).server)
			r := v.runs(false, "config trust --yes")
			if h.after == "refused" {
				if r.code != 6 {
					t.Errorf("trusted: exit %d\n%s", r.code, r.errors)
				}
				return
			}
			if r.code != 0 || len(v.sent) > 0 {
				t.Fatalf("config trust: exit %d, sent %q\n%s", r.code, v.sent, r.errors)
			}
			v.write(filepath.Join(v.dir, ".prodctl.yaml"), "version: 1\nhost: https://later.example.test\nallow_http: true\n")
			r = v.runs(false, "incident open Down")
			for _, sent := range v.sent {
				if !strings.HasPrefix(sent, h.after+" ") || strings.Contains(sent, bait) {
					t.Errorf("sent %q", sent)
				}
			}
			if !strings.Contains(r.errors, "changed since you trusted it") || strings.Contains(r.out+r.errors, bait) {
				t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
			}
		})
	}
}
