package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

const strangerFile = `version: 1
host: file.test
ca_file: ca.pem
token_file: secret/token
trackers: {infrastructure: acme/infrastructure}
incidents: {template: incident.md, review_template: review.md}
changes: {template: change.md}
rad: {template: drill.md}
oncall: {ics_file: oncall.ics}
`

// checkout is a folder on disk with a configuration and the files that it names.
type checkout struct {
	dir string
	env map[string]string

	trusted []byte // nil: nothing
}

func newCheckout(t *testing.T, text string) *checkout {
	t.Helper()
	c := &checkout{dir: t.TempDir(), env: map[string]string{}}
	for name, text := range map[string]string{config.FileName: text, "ca.pem": "the authority", "secret/token": "glpat-one",
		"incident.md": "{record}", "review.md": "A review", "change.md": "{record}", "drill.md": "{targets}{record}",
		"oncall.ics": "BEGIN:VCALENDAR"} {
		c.write(t, name, text)
	}
	return c
}

func (c *checkout) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c *checkout) load(t *testing.T) config.Config {
	t.Helper()
	cfg, err := config.Load(config.Sources{Dir: c.dir, Getenv: c.getenv, TrustedCopy: func(string) []byte { return c.trusted }})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func (c *checkout) getenv(name string) string { return c.env[name] }

func (c *checkout) trust(t *testing.T) {
	t.Helper()
	data, err := c.load(t).OnDisk(c.getenv).Encode()
	if err != nil {
		t.Fatal(err)
	}
	c.trusted = data
}

// A file is trusted with all files that it names, except the content of a token. After any change the copies count.
func TestTrustCoversEveryNamedFile(t *testing.T) {
	t.Parallel()
	if cfg := newCheckout(t, strangerFile).load(t); cfg.Trust != config.Untrusted || !cfg.Found {
		t.Fatalf("a stranger's file is %q", cfg.Trust)
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, c *checkout)
		want   config.Trust
	}{
		"nothing":              {func(*testing.T, *checkout) {}, config.Trusted},
		"the token":            {func(t *testing.T, c *checkout) { c.write(t, "secret/token", "glpat-two") }, config.Trusted},
		"another file":         {func(t *testing.T, c *checkout) { c.write(t, "README.md", "new") }, config.Trusted},
		"the configuration":    {func(t *testing.T, c *checkout) { c.write(t, config.FileName, "version: 1\nhost: evil.test\n") }, config.Changed},
		"an invalid one":       {func(t *testing.T, c *checkout) { c.write(t, config.FileName, "<<<<<<< HEAD\n") }, config.Changed},
		"the authority":        {func(t *testing.T, c *checkout) { c.write(t, "ca.pem", "another") }, config.Changed},
		"a template":           {func(t *testing.T, c *checkout) { c.write(t, "incident.md", "@all\n/assign @evil\n{record}") }, config.Changed},
		"the review":           {func(t *testing.T, c *checkout) { c.write(t, "review.md", "@all") }, config.Changed},
		"the change":           {func(t *testing.T, c *checkout) { c.write(t, "change.md", "@all {record}") }, config.Changed},
		"the calendar":         {func(t *testing.T, c *checkout) { c.write(t, "oncall.ics", "another") }, config.Changed},
		"a template is gone":   {func(t *testing.T, c *checkout) { remove(t, c, "incident.md") }, config.Changed},
		"a folder in its way":  {func(t *testing.T, c *checkout) { remove(t, c, config.FileName); c.write(t, config.FileName+"/x", "") }, config.Changed},
		"the token is a link":  {func(t *testing.T, c *checkout) { link(t, c, "../outside", "secret/token") }, config.Changed},
		"a link to the file":   {func(t *testing.T, c *checkout) { link(t, c, "/etc/hostname", config.FileName) }, config.Changed},
		"a link to a template": {func(t *testing.T, c *checkout) { link(t, c, "review.md", "incident.md") }, config.Changed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newCheckout(t, strangerFile)
			at.trust(t)
			c.change(t, at)
			cfg := at.load(t)
			if cfg.Trust != c.want || cfg.Host != "https://file.test" || cfg.TokenFile != filepath.Join(config.Identity(filepath.Join(at.dir, "secret", "token"))) {
				t.Errorf("%q, host %s, token file %s", cfg.Trust, cfg.Host, cfg.TokenFile)
			}
			if data, err := cfg.ReadFile(cfg.CAFile); err != nil || string(data) != "the authority" {
				t.Errorf("ca_file: %q, %v", data, err)
			}
			for name, read := range map[string]func() (string, error){
				"{record}": func() (string, error) { text, err := cfg.IncidentTemplate(); return string(text), err },
				"A review": func() (string, error) { text, err := cfg.ReviewTemplate(); return string(text), err },
			} {
				if text, err := read(); err != nil || text != name {
					t.Errorf("a template is %q, %v; want %q", text, err, name)
				}
			}
		})
	}
}

func remove(t *testing.T, c *checkout, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(c.dir, name)); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, c *checkout, to, name string) {
	t.Helper()
	c.write(t, "outside", "glpat-other")
	remove(t, c, name)
	if err := os.Symlink(to, filepath.Join(c.dir, name)); err != nil {
		t.Skip(err)
	}
}

// A file that did not exist when the configuration was trusted is not read later.
func TestNothingIsAddedToATrustedFile(t *testing.T) {
	t.Parallel()
	at := newCheckout(t, strangerFile)
	remove(t, at, "ca.pem")
	remove(t, at, "incident.md")
	at.trust(t)
	at.write(t, "ca.pem", "the authority")
	at.write(t, "incident.md", "{record}")
	cfg := at.load(t)
	if _, err := cfg.ReadFile(cfg.CAFile); cfg.Trust != config.Changed || err == nil {
		t.Errorf("%q: the authority is used, %v", cfg.Trust, err)
	}
	if _, err := cfg.IncidentTemplate(); err == nil || !strings.Contains(err.Error(), "prodctl config trust") {
		t.Errorf("the template: %v", err)
	}
}

// Every key of the schema that names a file is known to trust. A hook's command is never a file of the checkout.
func TestEveryNamedFileIsCopied(t *testing.T) {
	t.Parallel()
	at := newCheckout(t, strangerFile)
	var copied []string
	for _, f := range at.load(t).OnDisk(at.getenv).Files[1:] {
		copied = append(copied, f.Key)
		if f.Missing || (f.Data == nil) != (f.Key == config.TokenFileKey) {
			t.Errorf("%s: missing %t, %d bytes", f.Key, f.Missing, len(f.Data))
		}
	}
	names := regexp.MustCompile(`(_file|file|template|path|hook|script|command)$`)
	for _, key := range manifest.Known() {
		if names.MatchString(key) && key != "hooks[].command" && !slices.Contains(copied, key) {
			t.Errorf("%s names a file that is not copied", key)
		}
	}
}

// A link in a working directory is followed within its folder only, whether the file is trusted or not.
func TestFoundLink(t *testing.T) {
	t.Parallel()
	at := newCheckout(t, strangerFile)
	link(t, at, "outside", config.FileName)
	at.write(t, "outside", strangerFile)
	if cfg := at.load(t); cfg.Host != "https://file.test" {
		t.Errorf("a link in the folder: host %s", cfg.Host)
	}
	other := newCheckout(t, "version: 1\nsecret: glpat-secret\n")
	link(t, at, filepath.Join(other.dir, config.FileName), config.FileName)
	_, err := config.Load(config.Sources{Dir: at.dir})
	if fault.KindOf(err) != fault.Usage || strings.Contains(err.Error(), "secret") || !strings.Contains(fault.HintOf(err), "export PRODCTL_CONFIG=") {
		t.Errorf("a link out of it: %v", err)
	}
	if _, err := config.Load(config.Sources{Dir: at.dir, Flag: func(string) (string, bool) { return config.FileName, true }}); err == nil ||
		!strings.Contains(err.Error(), "unknown key") {
		t.Errorf("a named link is followed: %v", err)
	}
}

// Flag, PRODCTL_HOST, a trusted file, GITLAB_HOST, CI_SERVER_URL, in this order; the losers are named. A file that is not trusted comes last.
func TestPrecedenceOfTheHost(t *testing.T) {
	t.Parallel()
	file := "version: 1\nhost: file.test\nweb_hosts: [alias.test]\n"
	all := map[string]string{"--host": "flag.test", "PRODCTL_HOST": "own.test", "file": "file.test", "GITLAB_HOST": "shared.test", "CI_SERVER_URL": "https://ci.test:443/"}
	order := []string{"--host", "PRODCTL_HOST", "file", "GITLAB_HOST", "CI_SERVER_URL"}
	for without := range len(order) {
		env, flags := map[string]string{"HOME": "/h"}, map[string]string{}
		files := map[string]string{"/h/.config/prodctl/config.yaml": "version: 1\n"}
		for _, name := range order[without:] {
			switch name {
			case "--host":
				flags["host"] = all[name]
			case "file":
				files["/h/.config/prodctl/config.yaml"] = file
			default:
				env[name] = all[name]
			}
		}
		cfg, err := config.Load(machine{dir: "/w", env: env, flags: flags, files: files}.sources())
		if err != nil {
			t.Fatal(err)
		}
		if want := "https://" + strings.TrimSuffix(strings.TrimPrefix(all[order[without]], "https://"), ":443/"); cfg.Host != want {
			t.Errorf("from %s on: host %s, want %s", order[without], cfg.Host, want)
		}
		note := cfg.HostNote()
		for n, name := range order {
			named := strings.Contains(note, strings.TrimSuffix(strings.TrimPrefix(all[name], "https://"), ":443/"))
			if want := n >= without && without < len(order)-1; named != want {
				t.Errorf("from %s on: the note %q names %s: %t, want %t", order[without], note, name, named, want)
			}
		}
	}
	for name, c := range map[string]struct {
		env   map[string]string
		files map[string]string
		host  string
		note  bool
	}{
		"not trusted":            {map[string]string{"CI_SERVER_URL": "https://ci.test"}, map[string]string{"/w/.prodctl.yaml": file}, "https://ci.test", false},
		"not trusted, alone":     {nil, map[string]string{"/w/.prodctl.yaml": file}, "https://file.test", false},
		"the same":               {map[string]string{"PRODCTL_CONFIG": "f", "GITLAB_HOST": "file.test"}, map[string]string{"/w/f": file}, "https://file.test", false},
		"another name":           {map[string]string{"PRODCTL_CONFIG": "f", "GITLAB_HOST": "alias.test"}, map[string]string{"/w/f": file}, "https://file.test", false},
		"an invalid lower one":   {map[string]string{"PRODCTL_CONFIG": "f", "GITLAB_HOST": "https://me@x"}, map[string]string{"/w/f": file}, "https://file.test", false},
		"a pipeline's elsewhere": {map[string]string{"PRODCTL_CONFIG": "f", "CI_SERVER_URL": "https://ci.test"}, map[string]string{"/w/f": file}, "https://file.test", true},
	} {
		cfg, err := config.Load(machine{dir: "/w", env: c.env, files: c.files}.sources())
		if err != nil || cfg.Host != c.host || (cfg.HostNote() != "") != c.note {
			t.Errorf("%s: host %s, note %q, %v", name, cfg.Host, cfg.HostNote(), err)
		}
	}
}

// In a pipeline of the protected default branch nobody else has changed the checkout. A file above it, or in any other pipeline, is a stranger's.
func TestTrustInPipelines(t *testing.T) {
	t.Parallel()
	official := map[string]string{"GITLAB_CI": "true", "CI_PROJECT_DIR": "/builds/acme", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"}
	with := func(pairs ...string) map[string]string {
		env := map[string]string{}
		for name, value := range official {
			env[name] = value
		}
		for n := 0; n < len(pairs); n += 2 {
			env[pairs[n]] = pairs[n+1]
		}
		return env
	}
	for name, c := range map[string]struct {
		env  map[string]string
		file string
		want config.Trust
	}{
		"default branch":   {official, "/builds/acme/.prodctl.yaml", config.Trusted},
		"a schedule":       {with("CI_PIPELINE_SOURCE", "schedule"), "/builds/acme/.prodctl.yaml", config.Trusted},
		"above":            {official, "/builds/.prodctl.yaml", config.Untrusted},
		"another branch":   {with("CI_COMMIT_BRANCH", "topic"), "/builds/acme/.prodctl.yaml", config.Untrusted},
		"a merge request":  {with("CI_MERGE_REQUEST_IID", "1"), "/builds/acme/.prodctl.yaml", config.Untrusted},
		"a tag":            {with("CI_COMMIT_TAG", "v1"), "/builds/acme/.prodctl.yaml", config.Untrusted},
		"a child pipeline": {with("CI_PIPELINE_SOURCE", "parent_pipeline"), "/builds/acme/.prodctl.yaml", config.Untrusted},
		"not protected":    {with("CI_COMMIT_REF_PROTECTED", "false"), "/builds/acme/.prodctl.yaml", config.Untrusted},
		"no pipeline":      {map[string]string{"CI_COMMIT_REF_PROTECTED": "true"}, "/builds/acme/.prodctl.yaml", config.Untrusted},
		"named":            {with("CI_COMMIT_TAG", "v1", "PRODCTL_CONFIG", "/builds/acme/.prodctl.yaml"), "/builds/acme/.prodctl.yaml", config.OwnFile},
	} {
		cfg, err := config.Load(machine{dir: "/builds/acme/sub", env: c.env, files: map[string]string{c.file: "version: 1\nhost: file.test\n"}}.sources())
		if err != nil || cfg.Trust != c.want {
			t.Errorf("%s: %q, %v; want %q", name, cfg.Trust, err, c.want)
		}
	}
}
