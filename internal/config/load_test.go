package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// machine is an imagined machine.
type machine struct {
	dir   string
	env   map[string]string
	flags map[string]string
	files map[string]string
}

func (m machine) sources() config.Sources {
	return config.Sources{
		Dir:    m.dir,
		Getenv: func(name string) string { return m.env[name] },
		Flag:   func(name string) (string, bool) { v, ok := m.flags[name]; return v, ok },
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := m.files[path]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		},
	}
}

func TestLoadWithoutAnything(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]config.Sources{"all sources": machine{dir: "/w"}.sources(), "only a folder": {Dir: t.TempDir()}} {
		cfg, err := config.Load(src)
		if err != nil {
			t.Fatal(err)
		}
		if cfg.File != "" || cfg.Host != "" || cfg.Timeout != 10*time.Minute || cfg.Parallel != 8 || cfg.Timezone != time.UTC {
			t.Errorf("%s: got %+v", name, cfg)
		}
		if err := cfg.RequireTrackers(); fault.KindOf(err) != fault.Usage || fault.HintOf(err) != "Create one: prodctl init" {
			t.Errorf("%s: trackers were required: %v, hint %q", name, err, fault.HintOf(err))
		}
		if err := cfg.RequireHost(); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%s: a host was required: %v", name, err)
		}
	}
}

const someFile = "version: 1\nhost: file.example.com\nparallel: 2\ntimeout: 5s\ntrackers:\n  infrastructure: acme/infrastructure\n"

func TestLoadFlagBeforeEnvironmentBeforeFile(t *testing.T) {
	t.Parallel()
	m := machine{
		dir:   "/w/a/b",
		env:   map[string]string{"GITLAB_HOST": "env.example.com", "PRODCTL_PARALLEL": "3", "PRODCTL_TIMEZONE": "Asia/Tokyo", "PRODCTL_ALLOW_HTTP": "1"},
		flags: map[string]string{"host": "flag.example.com/", "no-color": "true"},
		files: map[string]string{"/w/.prodctl.yaml": someFile},
	}
	cfg, err := config.Load(m.sources())
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"host": "flag --host", "parallel": "env PRODCTL_PARALLEL", "timeout": ".prodctl.yaml:4", "output": "default",
		"color": "flag --no-color", "trackers.infrastructure": ".prodctl.yaml:6", "milestones.length": "default",
	} {
		if got := cfg.Source(key).String(); got != want {
			t.Errorf("%s came from %s, want %s", key, got, want)
		}
	}
	if cfg.Host != "https://flag.example.com" || cfg.Parallel != 3 || cfg.Timeout != 5*time.Second ||
		cfg.Timezone.String() != "Asia/Tokyo" || cfg.Color != "never" || !cfg.AllowHTTP {
		t.Errorf("got %+v", cfg)
	}
	if !cfg.Found || cfg.File != "/w/.prodctl.yaml" || cfg.Infrastructure().Path != "acme/infrastructure" || !cfg.Production().IsZero() {
		t.Errorf("file %s, found %t, infrastructure %s", cfg.File, cfg.Found, cfg.Infrastructure())
	}
	if err := cfg.RequireTrackers("infrastructure"); err != nil {
		t.Error(err)
	}
	if err := cfg.RequireTrackers(); err == nil || !strings.Contains(err.Error(), "/w/.prodctl.yaml has no production tracker") {
		t.Errorf("production was required: %v", err)
	}
}

func TestLoadHostVariables(t *testing.T) {
	t.Parallel()
	env := map[string]string{"PRODCTL_HOST": "a.test", "GITLAB_HOST": "b.test", "CI_SERVER_URL": "https://c.test:443"}
	for _, step := range []struct{ without, host, source string }{
		{"", "https://a.test", "env PRODCTL_HOST"},
		{"PRODCTL_HOST", "https://b.test", "env GITLAB_HOST"},
		{"GITLAB_HOST", "https://c.test", "env CI_SERVER_URL"},
		{"CI_SERVER_URL", "", "default"},
	} {
		delete(env, step.without)
		cfg, err := config.Load(machine{dir: "/w", env: env}.sources())
		if err != nil || cfg.Host != step.host || cfg.Source("host").String() != step.source {
			t.Errorf("without %s: %s from %s, %v", step.without, cfg.Host, cfg.Source("host"), err)
		}
	}
}

func TestLoadFindsFile(t *testing.T) {
	t.Parallel()
	home := map[string]string{"HOME": "/home/me"}
	at := func(paths ...string) map[string]string {
		files := map[string]string{}
		for _, p := range paths {
			files[p] = "version: 1\n"
		}
		return files
	}
	for name, c := range map[string]struct {
		machine machine
		file    string
		found   bool
	}{
		"here before above":    {machine{dir: "/w/a", files: at("/w/a/.prodctl.yaml", "/w/.prodctl.yaml")}, "/w/a/.prodctl.yaml", true},
		"above":                {machine{dir: "/w/a/b", files: at("/.prodctl.yaml")}, "/.prodctl.yaml", true},
		"in the home folder":   {machine{dir: "/home/me/x", env: home, files: at("/home/me/.prodctl.yaml")}, "/home/me/.prodctl.yaml", true},
		"not above home":       {machine{dir: "/home/me/x", env: home, files: at("/home/.prodctl.yaml")}, "", false},
		"user's own":           {machine{dir: "/w", env: home, files: at("/home/me/.config/prodctl/config.yaml")}, "/home/me/.config/prodctl/config.yaml", false},
		"XDG":                  {machine{dir: "/w", env: map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, files: at("/x/prodctl/config.yaml")}, "/x/prodctl/config.yaml", false},
		"relative XDG":         {machine{dir: "/w", env: map[string]string{"XDG_CONFIG_HOME": "x"}, files: at("/w/x/prodctl/config.yaml")}, "", false},
		"named by flag":        {machine{dir: "/w", flags: map[string]string{"config": "other.yaml"}, env: map[string]string{"PRODCTL_CONFIG": "/env.yaml"}, files: at("/w/other.yaml", "/w/.prodctl.yaml", "/env.yaml")}, "/w/other.yaml", false},
		"named by environment": {machine{dir: "/w", env: map[string]string{"PRODCTL_CONFIG": "/env.yaml"}, files: at("/w/.prodctl.yaml", "/env.yaml")}, "/env.yaml", false},
		"named from the home":  {machine{dir: "/w", env: map[string]string{"HOME": "/h", "PRODCTL_CONFIG": "~/p.yaml"}, files: at("/h/p.yaml")}, "/h/p.yaml", false},
		"empty flag":           {machine{dir: "/w", flags: map[string]string{"config": ""}, files: at("/w/.prodctl.yaml")}, "/w/.prodctl.yaml", true},
	} {
		cfg, err := config.Load(c.machine.sources())
		if err != nil || cfg.File != c.file || cfg.Found != c.found {
			t.Errorf("%s: file %q, found %t, %v", name, cfg.File, cfg.Found, err)
		}
	}
	_, err := config.Load(machine{dir: "/w", flags: map[string]string{"config": "missing.yaml"}, files: at("/w/.prodctl.yaml")}.sources())
	if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "--config: file missing.yaml not found") {
		t.Errorf("a missing named file: %v", err)
	}
}

// The faults of all sources are reported at once, and the rest of the configuration is loaded.
func TestLoadReportsAllFaults(t *testing.T) {
	t.Parallel()
	m := machine{
		dir:   "/srv/team/sub",
		env:   map[string]string{"PRODCTL_TIMEOUT": "soon", "PRODCTL_ALLOW_HTTP": "maybe", "PRODCTL_PARALLEL": "1000", "PRODCTL_OUTPUT": "xml", "PRODCTL_TIMEZONE": "Local"},
		flags: map[string]string{"host": "https://me:glpat-secret@gitlab.example.com"},
		files: map[string]string{"/srv/team/.prodctl.yaml": "version: 1\ntimeout: 7s\nhots: x\ntrackers: {infrastructure: acme/infra}\ncolor: pink\n"},
	}
	cfg, err := config.Load(m.sources())
	if fault.KindOf(err) != fault.Usage {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"../.prodctl.yaml:3:1: unknown key", "../.prodctl.yaml:5:8: color", "--host: ", "PRODCTL_TIMEOUT: ",
		"PRODCTL_ALLOW_HTTP: ", "PRODCTL_PARALLEL: ", "PRODCTL_OUTPUT: ", "PRODCTL_TIMEZONE: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "glpat") {
		t.Errorf("the error contains a token: %v", err)
	}
	if cfg.Timeout != 7*time.Second || cfg.Infrastructure().IsZero() || cfg.Parallel != 8 {
		t.Errorf("what could be read is not there: %+v", cfg)
	}
}

func TestLoadPlainHTTP(t *testing.T) {
	t.Parallel()
	for host, fine := range map[string]bool{"http://127.0.0.1:8929": true, "http://gitlab.example.com": false, "https://gitlab.example.com": true} {
		cfg, err := config.Load(machine{dir: "/w", env: map[string]string{"GITLAB_HOST": host}}.sources())
		if (err == nil) != fine {
			t.Errorf("%s: %v", host, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "GITLAB_HOST: ") || cfg.Host != host {
			t.Errorf("%s became %s: %v", host, cfg.Host, err)
		}
		if _, err := config.Load(machine{dir: "/w", env: map[string]string{"GITLAB_HOST": host, "PRODCTL_ALLOW_HTTP": "true"}}.sources()); err != nil {
			t.Errorf("%s though allowed: %v", host, err)
		}
	}
}

func TestLoadPaths(t *testing.T) {
	t.Parallel()
	m := machine{
		dir:   "/w/sub",
		env:   map[string]string{"HOME": "/home/me", "PRODCTL_CA_FILE": "ca.pem"},
		files: map[string]string{"/w/.prodctl.yaml": "version: 1\nca_file: file.pem\ntoken_file: secret/token\n"},
	}
	cfg, err := config.Load(m.sources())
	if err != nil || cfg.CAFile != "/w/sub/ca.pem" || cfg.TokenFile != "/w/secret/token" {
		t.Errorf("ca_file %s, token_file %s, %v", cfg.CAFile, cfg.TokenFile, err)
	}
	m.env["PRODCTL_TOKEN_FILE"] = "~/token"
	m.env["PRODCTL_CA_FILE"] = "/etc/../ca.pem"
	cfg, err = config.Load(m.sources())
	if err != nil || cfg.CAFile != "/ca.pem" || cfg.TokenFile != "/home/me/token" {
		t.Errorf("ca_file %s, token_file %s, %v", cfg.CAFile, cfg.TokenFile, err)
	}
}

func TestMilestoneTarget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		someFile: "project acme/infrastructure",
		someFile + "milestones: {scope: group, group: acme}\n": "group acme",
	} {
		cfg, err := config.Load(machine{dir: "/w", files: map[string]string{"/w/.prodctl.yaml": text}}.sources())
		if err != nil || cfg.MilestoneTarget().String() != want {
			t.Errorf("got %s, %v; want %s", cfg.MilestoneTarget(), err, want)
		}
	}
}

// A file that cannot be read is a fault, unlike a missing one.
func TestLoadUnreadableFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, config.FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Sources{Dir: dir})
	if fault.KindOf(err) != fault.Usage || cfg.Parallel != 8 || cfg.File == "" {
		t.Errorf("got %q, %v", cfg.File, err)
	}
}

func TestSchemaIsPublished(t *testing.T) {
	t.Parallel()
	path := filepath.Join(testkit.Root(t), "docs", "prodctl.schema.json")
	if testkit.Update() {
		if err := os.WriteFile(path, config.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(path)
	if err != nil || string(published) != string(config.Schema()) {
		t.Errorf("docs/prodctl.schema.json is not the embedded one (%v): run the test with -update", err)
	}
}
