package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// person is a user at a terminal who answers questions, with their own home and working directory.
type person struct {
	server *fakegitlab.Server
	dir    string
	env    map[string]string
}

func newPerson(t *testing.T, seed fakegitlab.Seed) *person {
	t.Helper()
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	server := fakegitlab.New(fakegitlab.Options{Now: func() time.Time { return now }})
	if err := server.Apply(seed); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return &person{server, t.TempDir(), map[string]string{"HOME": home, "GITLAB_TOKEN": "sandbox-maria"}}
}

// runs runs a command line; answers are the lines that the person enters at its questions.
func (p *person) runs(answers string, args ...string) ran {
	return p.runsOn(term.Modes{InTTY: true, ErrTTY: true}, answers, args...)
}

func (p *person) runsOn(modes term.Modes, answers string, args ...string) ran {
	return p.reads(modes, strings.NewReader(answers), args...)
}

func (p *person) reads(modes term.Modes, answers io.Reader, args ...string) ran {
	var out, errors bytes.Buffer
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(answers, &out, &errors, modes)
		},
		Getenv: func(name string) string { return p.env[name] }, Dir: p.dir,
		Now:    func() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) },
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter: func() float64 { return 0 }, Transport: fakegitlab.Transport(p.server),
		Browse: func(string) error { return nil },
	})
	return ran{code, out.String(), errors.String()}
}

func (p *person) file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestInitAsksForTheHostAndTheTrackers(t *testing.T) {
	t.Parallel()
	seed := fakegitlab.EmptySeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC))
	seed.Projects = append(seed.Projects, fakegitlab.SeedProject{Path: "acme/production-eu"}, fakegitlab.SeedProject{Path: "acme/other-infrastructure"})
	seed.Projects[1].Path = "acme/production-us"
	p := newPerson(t, seed)
	r := p.runs("gitlab.example.test\n9\n2\ny\n", "init")
	if r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.errors)
	}
	for _, want := range []string{"GitLab URL", "Which project is the production tracker?", "(use a number from 1 to 3)", "Write "} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("%q is missing in\n%s", want, r.errors)
		}
	}
	text := p.file(t, ".prodctl.yaml")
	for _, want := range []string{"\nhost: https://gitlab.example.test\n", "  infrastructure: acme/infrastructure\n", "  production: acme/production-us\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
}

func TestInitWritesNothingWithoutConfirmation(t *testing.T) {
	t.Parallel()
	p := newPerson(t, fakegitlab.EmptySeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)))
	p.env["GITLAB_HOST"] = "https://gitlab.example.test"
	if r := p.runs("n\n", "init"); r.code != 5 || !strings.Contains(r.errors, "nothing was written") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if _, err := os.Stat(filepath.Join(p.dir, ".prodctl.yaml")); err == nil {
		t.Error("the file was written")
	}
	delete(p.env, "GITLAB_HOST")
	if r := p.runs("not a host\n", "init"); r.code != 6 || !strings.Contains(r.errors, "invalid host") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

const foundFile = "version: 1\nhost: https://gitlab.example.test\ntrackers: {infrastructure: acme/infrastructure}\n"

// finder is a person in a folder with a file that somebody else may have written.
func finder(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, fakegitlab.HandbookSeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)))
	p.writes(t, ".prodctl.yaml", foundFile)
	return p
}

func (p *person) writes(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// With a stranger's file, the owner of a token sees it and is asked once, before the first request. After a no, no request is sent.
func TestTokenOwnerIsAskedOnce(t *testing.T) {
	t.Parallel()
	p := finder(t)
	r := p.runs("n\n", "milestone", "list")
	if r.code != 5 || !strings.Contains(r.errors, "  |  host: https://gitlab.example.test\n") || !strings.Contains(r.errors, "! host: https://gitlab.example.test gets your token") ||
		!strings.Contains(r.errors, ".prodctl.yaml, now and in the future? [y/N]") || !strings.Contains(r.errors, "hint: Read it, and trust it once: prodctl config trust") {
		t.Errorf("no: exit %d\n%s", r.code, r.errors)
	}
	if sent := p.server.Requests(); len(sent) > 0 {
		t.Errorf("requests were made: %+v", sent)
	}
	if r := p.runs("y\n", "milestone", "list"); r.code != 0 || strings.Count(r.errors, "[y/N]") != 1 {
		t.Errorf("yes: exit %d\n%s", r.code, r.errors)
	}
	if r := p.runs("", "milestone", "list"); r.code != 0 || strings.Contains(r.errors, "[y/N]") || strings.Contains(r.errors, "warning") {
		t.Errorf("the second time: exit %d\n%s", r.code, r.errors)
	}
	p.writes(t, ".prodctl.yaml", strings.Replace(foundFile, "gitlab.", "evil.", 1)+"ca_file: other.pem\n")
	r = p.runs("", "milestone", "list")
	if r.code != 0 || strings.Count(r.errors, "changed since you trusted it; using the trusted copy (to review the change: prodctl config trust)") != 1 {
		t.Errorf("after a change: exit %d\n%s", r.code, r.errors)
	}
	if r := p.runs("", "doctor", "-o", "csv"); !strings.Contains(r.out, "warn,config,") || strings.Contains(r.out, "is valid") {
		t.Errorf("doctor calls a file valid that it did not read: exit %d\n%s", r.code, r.out)
	}
	// The commands that doctor runs do not warn again, and it does not trust the file.
	r = p.runs("", "doctor", "--fix", "--dry-run")
	if strings.Count(r.errors, "using the trusted copy") != 1 || !strings.Contains(r.errors, "roll: prodctl milestone roll") ||
		!strings.Contains(r.errors, "config: skipped (read the file first)") {
		t.Errorf("doctor --fix: exit %d\n%s", r.code, r.errors)
	}
}

// Without a home folder nothing is remembered, and the answer counts for this run.
func TestTrustWithoutHome(t *testing.T) {
	t.Parallel()
	p := finder(t)
	p.env["HOME"] = ""
	if r := p.runs("y\n", "milestone", "list"); r.code != 0 || !strings.Contains(r.errors, "warning: not remembered: no home folder found") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if r := p.runs("n\n", "milestone", "list"); r.code != 5 || !strings.Contains(r.errors, "hint: If you trust the file: export PRODCTL_CONFIG="+filepath.Join(p.dir, ".prodctl.yaml")) {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// --yes confirms plans, but does not trust a file.
func TestYesDoesNotSendTheToken(t *testing.T) {
	t.Parallel()
	p := finder(t)
	if r := p.runs("n\n", "milestone", "roll", "--yes"); r.code != 5 || len(p.server.Requests()) > 0 {
		t.Errorf("exit %d, %d requests\n%s", r.code, len(p.server.Requests()), r.errors)
	}
}

func TestLoginAsksHidden(t *testing.T) {
	t.Parallel()
	p := newPerson(t, fakegitlab.EmptySeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)))
	delete(p.env, "GITLAB_TOKEN")
	r := p.runs("sandbox-ines\n", "auth", "login", "--host", "gitlab.example.test", "-o", "json", "--jq", ".hosts[0].user")
	if r.code != 0 || r.out != "ines\n" || !strings.Contains(r.errors, "Access token for https://gitlab.example.test") {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if strings.Contains(r.errors+r.out, "sandbox-ines") {
		t.Errorf("the token was shown:\n%s%s", r.out, r.errors)
	}
	stranger := "version: 1\nhost: https://other.example.test\n"
	if err := os.WriteFile(filepath.Join(p.dir, ".prodctl.yaml"), []byte(stranger), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := p.runs("n\nsandbox-ines\n", "auth", "login"); r.code != 5 || !strings.Contains(r.errors, "other.example.test gets your token") {
		t.Errorf("a stranger's host: exit %d\n%s", r.code, r.errors)
	}
}

// A file that was named to config validate is named in its messages, and no flag that was not given.
func TestValidateNamesTheFile(t *testing.T) {
	t.Parallel()
	p := newPerson(t, fakegitlab.HandbookSeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)))
	if r := p.runs("", "config", "validate", "nofile"); r.code != 6 || r.errors != "prodctl: file nofile not found\nhint: To see which file prodctl reads: prodctl config path\n" {
		t.Errorf("a missing file: exit %d\n%s", r.code, r.errors)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "bad.yaml"), []byte("version: 1\noutput: xml\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := "prodctl: bad.yaml:2:9: output: invalid value \"xml\" (use table, json, yaml, csv or md)\n" +
		"hint: Fix the file, then run: prodctl config validate bad.yaml\n"
	if r := p.runs("", "config", "validate", "bad.yaml"); r.code != 6 || r.errors != want {
		t.Errorf("an invalid file: exit %d\n%s", r.code, r.errors)
	}
}

// A token that ends soon is a warning in doctor, and its end is in auth status; a fine-grained token that may not read its user still works.
func TestTokenExpiry(t *testing.T) {
	t.Parallel()
	for expires, warned := range map[string]bool{"2018-08-25": true, "2018-09-06": true, "2018-09-07": false, "2019-01-01": false} {
		l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
			s.Users[0].Tokens = []fakegitlab.SeedToken{{Value: "personal-token-of-mara", Scopes: []string{"api"}, Expires: expires}}
		}})
		l.env = map[string]string{"GITLAB_TOKEN": "personal-token-of-mara"}
		status := l.must(t, "auth", "status", "--jq", ".hosts[0] | [.status, .user, .expires // \"\", (.scopes | join(\" \"))] | join(\",\")")
		if want := "ok,mara," + expires + ",api\n"; status.out != want {
			t.Errorf("%s: %q, want %q", expires, status.out, want)
		}
		doctor := l.run("doctor", "--jq", `.checks[] | select(.id == "token") | .status + " " + .message`)
		if got := strings.Contains(doctor.out, "warn") && strings.Contains(doctor.out, "the token expires on "+expires); got != warned {
			t.Errorf("%s: %s", expires, doctor.out)
		}
	}
	l := fineLab(t, "")
	l.env = map[string]string{"GITLAB_TOKEN": fineItems}
	if r := l.run("auth", "status"); r.code != 0 || !strings.Contains(r.out, "the token lacks the permission read_user") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.errors)
	}
}
