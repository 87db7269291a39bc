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
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const secret = "sandbox-mara" // the token of the lab's user

// noSecret checks that no output of a run contains the token.
func noSecret(t *testing.T, run string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s prints the token: …%s…", run, text[max(0, at-120):min(len(text), at+40)])
		}
	}
}

// echoes are servers that send the token back.
func echoes() []trouble {
	echo := func(name string, answer func(r *http.Request, token string) *http.Response) trouble {
		return trouble{name: "echo: " + name, wire: func(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
			return answer(r, r.Header.Get("Private-Token")+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")), nil
		}}
	}
	with := func(status int, kind, text string, header ...string) *http.Response {
		h := http.Header{"Content-Type": {kind}}
		for n := 0; n+1 < len(header); n += 2 {
			h.Set(header[n], header[n+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: body(text)}
	}
	return []trouble{
		echo("401", func(_ *http.Request, token string) *http.Response {
			return with(401, "application/json", `{"message":"401 Unauthorized: `+token+` is no token"}`)
		}),
		echo("403 with the request", func(r *http.Request, token string) *http.Response {
			return with(403, "text/plain", r.Method+" "+r.URL.String()+"\nPrivate-Token: "+token)
		}),
		echo("500", func(_ *http.Request, token string) *http.Response {
			return with(500, "text/html", "<title>"+token+"</title>")
		}),
		echo("page", func(_ *http.Request, token string) *http.Response {
			return with(200, "text/html", "<html><title>Hello "+token+"</title></html>")
		}),
		echo("redirect", func(_ *http.Request, token string) *http.Response {
			return with(302, "text/plain", "", "Location", "https://evil.example.test/"+token+"?private_token="+token)
		}),
		echo("redirect at home", func(_ *http.Request, token string) *http.Response {
			return with(302, "text/plain", "", "Location", "/api/v4/user?private_token="+token)
		}),
		echo("rate limit", func(_ *http.Request, token string) *http.Response {
			return with(429, "text/plain", token, "Retry-After", token)
		}),
	}
}

// No command prints the token, with any fault at any request, with --debug, in both formats of errors, and in plan files.
func TestTokenIsNeverPrinted(t *testing.T) {
	t.Parallel()
	world := setup{carried: 1, done: 1, config: oneAtATime + "labels:\n  builtin: false\n  declare: [{name: toil, color: '#aabbcc'}]\n", seed: withCards}
	for _, line := range []string{"milestone roll --yes", "milestone sweep --yes", "milestone plan --fill --yes", "milestone ensure --yes", "label apply --yes", "board init --yes", "board move 11 waiting",
		"milestone list", "milestone velocity", "milestone plan", "board show", "issue list", "label plan --prune", "lint two-columns milestone-dates --fix --yes", "doctor", "auth status", "config show", "milestone roll --plan-file PLAN"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "plan.json")
			args := strings.Fields(strings.ReplaceAll(line, "PLAN", file))
			l := newLab(t, world)
			r := l.run(append(slices.Clone(args), "--debug")...)
			requests := len(l.requests())
			if requests > 0 && !strings.Contains(r.errors, "debug: GET") {
				t.Fatalf("nothing is traced:\n%s", r.errors)
			}
			noSecret(t, "undisturbed", r.out, r.errors)
			for nth := 1; nth <= requests; nth++ {
				for k, kind := range append(troubles(), echoes()...) {
					form := []string{"--debug", "-o", []string{"table", "json"}[(nth+k)%2]}
					r := newLab(t, world).disturbed(kind, nth, append(slices.Clone(args), form...))
					noSecret(t, fmt.Sprintf("%s at request %d", kind.name, nth), r.out, r.errors)
				}
			}
			if text, err := os.ReadFile(file); err == nil {
				noSecret(t, "the plan file", string(text))
			} else if strings.Contains(line, "PLAN") {
				t.Error(err)
			}
		})
	}
}

// Errors do not quote input that contains the token.
func TestTokenInTheWrongPlace(t *testing.T) {
	t.Parallel()
	p := newPerson(t, fakegitlab.HandbookSeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)))
	for _, host := range []string{"https://mara:" + secret + "@gitlab.example.test", "https://" + secret + "@gitlab.example.test/x y", "mara:" + secret + "@gitlab.example.test:nine"} {
		delete(p.env, "GITLAB_HOST")
		r := p.runs("", "milestone", "list", "--host", host)
		noSecret(t, "--host", r.out, r.errors)
		p.env["GITLAB_HOST"] = host
		doctor := p.runs("", "doctor", "-o", "json")
		noSecret(t, "GITLAB_HOST", doctor.out, doctor.errors)
		if r.code != 6 || doctor.code != 6 || len(p.server.Requests()) > 0 {
			t.Errorf("%q: exit %d and %d", host, r.code, doctor.code)
		}
	}
	p.env["GITLAB_HOST"] = "https://gitlab.example.test"
	for _, token := range []string{secret + "\nx", secret + " " + secret, secret + "\x00", "ü" + secret} {
		p.env["GITLAB_TOKEN"] = token
		r := p.runs("", "auth", "status", "--debug")
		noSecret(t, "a token of more than one word", r.out, r.errors)
		if r.code != 4 {
			t.Errorf("%q: exit %d\n%s", token, r.code, r.errors)
		}
	}
	p.env["GITLAB_TOKEN"] = ""
	r := p.runs(secret+"\n", "auth", "login", "--host", "gitlab.example.test", "--debug")
	noSecret(t, "auth login with a wrong token", r.out, r.errors)
	if r.code != 4 {
		t.Errorf("auth login with a wrong token: exit %d\n%s", r.code, r.errors)
	}
	for _, token := range []string{secret + "\n", "\n"} {
		r := p.runs(token, "auth", "login", "--host", "gitlab.example.test")
		if !strings.HasSuffix(r.errors, "hint: Create a token with the scope api: 'https://gitlab.example.test/-/user_settings/personal_access_tokens?name=prodctl&scopes=api'\n") {
			t.Errorf("the hint after a wrong token:\n%s", r.errors)
		}
	}
}

// visitor is a user without a terminal in a folder with somebody else's .prodctl.yaml. Every host is the same GitLab, and requests
// are recorded.
type visitor struct {
	t      *testing.T
	server *fakegitlab.Server
	dir    string
	env    map[string]string
	mu     sync.Mutex
	sent   map[string]bool // whether a token was sent, by host
	answer func(*http.Request) *http.Response
}

func newVisitor(t *testing.T, file string) *visitor {
	t.Helper()
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	w := &visitor{t: t, dir: t.TempDir(), env: map[string]string{"HOME": t.TempDir(), "GITLAB_TOKEN": secret}, sent: map[string]bool{}}
	w.server = fakegitlab.New(fakegitlab.Options{Now: func() time.Time { return now }})
	if err := w.server.Apply(labSeed(setup{carried: 1})); err != nil {
		t.Fatal(err)
	}
	w.writes(".prodctl.yaml", "version: 1\ntrackers: {infrastructure: acme/infrastructure}\n"+file)
	return w
}

func (w *visitor) writes(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if filepath.IsAbs(name) {
		path = name
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *visitor) RoundTrip(r *http.Request) (*http.Response, error) {
	with := r.Header.Get("Private-Token") + r.Header.Get("Authorization") + r.Header.Get("Cookie") + r.URL.User.String()
	w.mu.Lock()
	origin := r.URL.Scheme + "://" + r.URL.Host
	w.sent[origin] = w.sent[origin] || with != "" || strings.Contains(r.URL.String(), secret)
	w.mu.Unlock()
	if w.answer != nil {
		if answer := w.answer(r); answer != nil {
			return answer, nil
		}
	}
	return fakegitlab.Transport(w.server).RoundTrip(r)
}

func (w *visitor) runs(args ...string) ran {
	var out, errors bytes.Buffer
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams { return term.New(strings.NewReader(secret+"\n"), &out, &errors, term.Modes{}) },
		Getenv:   func(name string) string { return w.env[name] }, Dir: w.dir,
		Now: func() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter: func() float64 { return 0 }, Transport: w,
	})
	noSecret(w.t, fmt.Sprint(args), out.String(), errors.String())
	return ran{code, out.String(), errors.String()}
}

// A file in the working directory that nobody trusted decides nothing about a token, whoever else names its host.
func TestTokenWithStrangersFile(t *testing.T) {
	t.Parallel()
	const stranger, own = "https://stranger.example.test", "https://gitlab.example.test"
	userFile := func(w *visitor) string { return filepath.Join(w.env["HOME"], ".config", "prodctl", "config.yaml") }
	trust := func(w *visitor) {
		if r := w.runs("config", "trust", "--yes"); r.code != 0 {
			w.t.Fatalf("config trust: exit %d\n%s", r.code, r.errors)
		}
	}
	for name, c := range map[string]struct {
		file string
		set  func(w *visitor)
		args []string
		code int
		to   string // the only host that gets the token
	}{
		"its host alone":            {file: "host: " + stranger, code: 5},
		"writing, with --yes":       {file: "host: " + stranger, args: []string{"milestone", "roll", "--yes"}, code: 5},
		"doctor":                    {file: "host: " + stranger, args: []string{"doctor"}, code: 5},
		"a variable names it too":   {file: "host: " + stranger, set: func(w *visitor) { w.env["GITLAB_HOST"] = stranger }, code: 5},
		"a variable names another":  {file: "host: " + stranger, set: func(w *visitor) { w.env["GITLAB_HOST"] = own }, code: 5},
		"the runner names it":       {file: "host: " + stranger, set: func(w *visitor) { w.env["CI_SERVER_URL"] = stranger }, code: 5},
		"a flag names it":           {file: "host: " + stranger, args: []string{"milestone", "list", "--host", "stranger.example.test"}, code: 5},
		"no host at all":            {set: func(w *visitor) { w.env["GITLAB_HOST"] = own }, code: 5},
		"the file is named":         {file: "host: " + stranger, args: []string{"milestone", "list", "--config", ".prodctl.yaml"}, to: stranger},
		"the file is trusted":       {file: "host: " + stranger, set: trust, to: stranger},
		"trusted, and a lower one":  {file: "host: " + stranger, set: func(w *visitor) { trust(w); w.env["CI_SERVER_URL"] = own }, to: stranger},
		"trusted, and a higher one": {file: "host: " + stranger, set: func(w *visitor) { trust(w); w.env["PRODCTL_HOST"] = own }, to: own},
		"trusted, then changed": {file: "host: " + own, set: func(w *visitor) {
			trust(w)
			w.writes(".prodctl.yaml", "version: 1\nhost: "+stranger+"\ntrackers: {infrastructure: acme/infrastructure}\n")
		}, to: own},
		"plain http":           {file: "host: http://stranger.example.test", code: 6},
		"plain http by a flag": {args: []string{"milestone", "list", "--host", "http://stranger.example.test"}, code: 6},
		"a token kept for it": {file: "host: " + stranger, set: func(w *visitor) {
			w.env["GITLAB_TOKEN"] = ""
			if r := w.runs("auth", "login", "--host", stranger); r.code != 0 {
				w.t.Fatalf("auth login: exit %d\n%s", r.code, r.errors)
			}
			clear(w.sent)
		}, code: 5},
		"a token kept for another": {file: "host: " + stranger, set: func(w *visitor) {
			w.env["GITLAB_TOKEN"] = ""
			if r := w.runs("auth", "login", "--host", own); r.code != 0 {
				w.t.Fatalf("auth login: exit %d\n%s", r.code, r.errors)
			}
			clear(w.sent)
			trust(w)
		}, code: 4},
		"its certificates":       {file: "ca_file: ca.pem", set: func(w *visitor) { w.env["GITLAB_HOST"] = own }, code: 5},
		"its token file":         {file: "host: " + stranger + "\ntoken_file: theirs", set: func(w *visitor) { w.env["GITLAB_TOKEN"] = ""; w.writes("theirs", secret) }, code: 5},
		"login where it says":    {file: "host: " + stranger, args: []string{"auth", "login"}, code: 5},
		"login elsewhere":        {file: "host: " + stranger + "\nca_file: evil.pem", args: []string{"auth", "login", "--host", own}, to: own},
		"status where it says":   {file: "host: " + stranger, args: []string{"auth", "status"}, code: 5},
		"status of a variable's": {file: "host: " + stranger + "\nca_file: evil.pem", set: func(w *visitor) { w.env["GITLAB_HOST"] = own; w.env["GITLAB_TOKEN"] = "sandbox-mara" }, args: []string{"auth", "status"}, to: own},
		"init":                   {file: "host: " + stranger, args: []string{"init", "--force", "--yes"}, code: 6},
		"the user's own file": {set: func(w *visitor) {
			if err := os.Remove(filepath.Join(w.dir, ".prodctl.yaml")); err != nil {
				w.t.Fatal(err)
			}
			w.writes(userFile(w), "version: 1\nhost: "+own+"\ntrackers: {infrastructure: acme/infrastructure}\n")
		}, to: own},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newVisitor(t, c.file+"\n")
			if c.set != nil {
				c.set(w)
			}
			args := c.args
			if args == nil {
				args = []string{"milestone", "list"}
			}
			r := w.runs(args...)
			if r.code != c.code || c.code != 0 && !strings.Contains(r.errors+r.out, "prodctl") {
				t.Errorf("exit %d, want %d\n%s%s", r.code, c.code, r.out, r.errors)
			}
			for host, with := range w.sent {
				if with && host != c.to {
					t.Errorf("the token went to %s", host)
				}
			}
			if c.to != "" && !w.sent[c.to] {
				t.Errorf("no token went to %s: %v", c.to, w.sent)
			}
		})
	}
}

// A redirect to another host gets no token, whatever the command, the status and the address.
func TestRedirectElsewhereTakesNoToken(t *testing.T) {
	t.Parallel()
	const home = "https://gitlab.example.test"
	for _, location := range []string{"https://evil.example.test/api/v4/version", "http://gitlab.example.test/api/v4/version", "https://gitlab.example.test:8443/api/v4/version",
		"//evil.example.test/api/v4/user", "https://gitlab.example.test.evil.test/api/v4/user", "https://gitlab.example.test@evil.example.test/api/v4/user", "https://sub.gitlab.example.test/"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, line := range []string{"milestone list", "milestone roll --yes", "label apply --yes --in infrastructure", "doctor", "auth status"} {
				w := newVisitor(t, "")
				w.env["GITLAB_HOST"], w.env["PRODCTL_CONFIG"] = home, ".prodctl.yaml"
				w.answer = func(r *http.Request) *http.Response {
					if line == "milestone roll --yes" && r.Method == http.MethodGet {
						return nil // only its writes are redirected
					}
					return &http.Response{StatusCode: status, Header: http.Header{"Location": {location}}, Body: body(""), Request: r}
				}
				r := w.runs(strings.Fields(line)...)
				if r.code == 0 {
					t.Errorf("%s after %d to %s: exit 0", line, status, location)
				}
				for origin, with := range w.sent {
					if with && origin != home {
						t.Errorf("%s after %d to %s: the token went to %s", line, status, location, origin)
					}
				}
				if !w.sent[home] {
					t.Errorf("%s: no token went home", line)
				}
			}
		}
	}
}

// codeRow matches a code in the table of docs/exit-codes.md.
var codeRow = regexp.MustCompile("(?m)^\\| ([0-9]+) \\| *`?([a-z]*)`? *\\|")

// Every exit code in docs/exit-codes.md occurs, with its reason in JSON, and no other one.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "exit-codes.md"))
	if err != nil {
		t.Fatal(err)
	}
	untried := map[string]string{}
	for _, row := range codeRow.FindAllStringSubmatch(string(text), -1) {
		untried[row[1]] = row[2]
	}
	delete(untried, "2") // a crash
	reasons := maps.Clone(untried)
	disturbed := func(fault string) func(*lab, []string) ran {
		return func(l *lab, args []string) ran {
			f, err := fakegitlab.ParseFault(fault)
			if err != nil {
				t.Error(err)
			}
			l.server.AddFault(f)
			return l.run(args...)
		}
	}
	for _, c := range []struct {
		code int
		line string
		run  func(*lab, []string) ran // nil: undisturbed
	}{
		{0, "milestone roll --yes", nil},
		{0, "milestone roll --yes --now 2018-08-20", nil},
		{0, "label plan", nil},
		{0, "--help", nil},
		{1, "milestone show nowhere", nil},
		{1, "board move 99 waiting", nil},
		{3, "milestone roll --yes", disturbed("PUT /projects/*/milestones/403 every=1 status=503")},
		{3, "milestone roll --yes", disturbed("PUT /projects/*/milestones/402 nth=2 status=403")},
		{4, "milestone list", func(l *lab, args []string) ran { l.user = "nobody"; return l.run(args...) }},
		{4, "milestone roll --yes", func(l *lab, args []string) ran { l.user = "guest"; return l.run(args...) }},
		{5, "milestone roll", nil},
		{5, "milestone roll --carry-over block --yes", nil},
		{5, "board move 1 ready", nil},
		{6, "milestone roll --carry-over nowhere", nil},
		{6, "milestone rol", nil},
		{6, "milestone list --nowhere", nil},
		{6, "milestone list -o xml", nil},
		{6, "milestone list --config nowhere.yaml", nil},
		{7, "milestone list", disturbed("GET /** every=1 status=503")},
		{7, "milestone roll --yes", disturbed("ANY /** every=1 drop-before")},
		{7, "milestone roll --yes", disturbed("ANY /** every=1 status=429")},
		{7, "milestone list --timeout 1ns", nil},
		{8, "label plan --exit-code", nil},
		{130, "milestone list", func(l *lab, args []string) ran {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return l.runIn(ctx, args...)
		}},
	} {
		for _, json := range []bool{false, true} {
			l, args := newLab(t, setup{carried: 1}), strings.Fields(c.line)
			if json {
				args = append([]string{"-o", "json"}, args...)
			}
			run := c.run
			if run == nil {
				run = func(l *lab, args []string) ran { return l.run(args...) }
			}
			r := run(l, args)
			if r.code != c.code {
				t.Errorf("%q: exit %d, want %d\n%s%s", args, r.code, c.code, r.out, r.errors)
				continue
			}
			delete(untried, fmt.Sprint(c.code))
			if json && c.code != 0 && c.code != 8 && !strings.Contains(c.line, "-o xml") {
				jsonAgrees(t, args, r, reasons[fmt.Sprint(c.code)])
			}
		}
	}
	if len(untried) > 0 || len(reasons) != 9 {
		t.Errorf("of the codes %v these do not occur: %v", reasons, untried)
	}
}

// jsonAgrees checks that the last output on standard error is an error object with the exit code and reason. Notes may precede it.
func jsonAgrees(t *testing.T, args []string, r ran, reason string) {
	t.Helper()
	var doc jsonv1.Error
	if at := strings.Index(r.errors, "{\n"); at >= 0 {
		doc = lastError(t, ran{r.code, r.out, r.errors[at:]})
	}
	if doc.Code != r.code || doc.Reason != reason || doc.Message == "" {
		t.Errorf("%q: exit %d, but JSON is\n%s", args, r.code, r.errors)
	}
}
