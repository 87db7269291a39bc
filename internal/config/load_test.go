package config_test

import (
	"io/fs"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
)

// machine is the facts of an imagined machine.
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
	cfg, err := config.Load(machine{dir: "/w"}.sources())
	if err != nil {
		t.Fatal(err)
	}
	if cfg.File != "" || cfg.Host != "" || cfg.Timeout != 10*time.Minute || cfg.Parallel != 8 || cfg.Timezone != time.UTC {
		t.Errorf("got %+v", cfg)
	}
	if err := cfg.RequireTrackers(); err == nil {
		t.Error("trackers were required and nothing names one, but there is no error")
	}
}

func TestLoadFlagBeforeEnvironmentBeforeFile(t *testing.T) {
	t.Parallel()
	m := machine{
		dir:   "/w/a/b",
		env:   map[string]string{"GITLAB_HOST": "env.example.com", "PRODCTL_PARALLEL": "3"},
		flags: map[string]string{"host": "flag.example.com/"},
		files: map[string]string{"/w/.prodctl.yaml": "version: 1\nhost: file.example.com\nparallel: 2\ntimeout: 5s\ntrackers:\n  infrastructure: acme/infrastructure\n"},
	}
	cfg, err := config.Load(m.sources())
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"host": "flag --host", "parallel": "env PRODCTL_PARALLEL", "timeout": ".prodctl.yaml:4", "output": "default",
	} {
		if got := cfg.Source(key).String(); got != want {
			t.Errorf("%s came from %s, want %s", key, got, want)
		}
	}
	if cfg.Host != "https://flag.example.com" || cfg.Parallel != 3 || cfg.Timeout != 5*time.Second {
		t.Errorf("host %s, parallel %d, timeout %s", cfg.Host, cfg.Parallel, cfg.Timeout)
	}
	if !cfg.Found || cfg.File != "/w/.prodctl.yaml" || cfg.Infrastructure().Path != "acme/infrastructure" {
		t.Errorf("file %s, found %t, infrastructure %s", cfg.File, cfg.Found, cfg.Infrastructure())
	}
}
