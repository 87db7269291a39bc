package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// folder is a team's folder with a configuration and templates, next to a secret file.
func folder(t *testing.T) config.Config {
	t.Helper()
	top := t.TempDir()
	for name, text := range map[string]string{
		"secret.md":              "glpat-secret",
		"team/templates/a.md":    "\ufeff## {title}\r\n\r\nText\r\n",
		"team/templates/bin.md":  "\xff\xfe",
		"team/templates/most.md": strings.Repeat("x", config.MaxTemplate),
		"team/templates/more.md": strings.Repeat("x", config.MaxTemplate+1),
		"team/.git/config":       "glpat-secret",
	} {
		path := filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return config.Config{File: filepath.Join(top, "team", config.FileName)}
}

func TestReadTemplate(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	if got, err := config.ReadTemplate(cfg, "templates/a.md"); err != nil || got != "## {title}\n\nText\n" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := config.ReadTemplate(cfg, "templates/most.md"); err != nil || len(got) != config.MaxTemplate {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for path, want := range map[string]string{
		"templates/none.md": cfg.File + ": no such file", "templates/bin.md": "not UTF-8", "templates/more.md": "larger than", "templates": "not a regular file",
		"../secret.md": "escapes", filepath.Dir(filepath.Dir(cfg.File)) + "/secret.md": "escapes", "": "",
	} {
		got, err := config.ReadTemplate(cfg, path)
		if err == nil || fault.KindOf(err) != fault.Usage || got != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}

// A link cannot make prodctl publish a file outside the folder, or another file in it.
func TestReadTemplateFollowsNoLink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links require a privilege on Windows")
	}
	cfg := folder(t)
	dir := filepath.Dir(cfg.File)
	for link, to := range map[string]string{
		"outside.md": "../secret.md", "absolute.md": filepath.Join(filepath.Dir(dir), "secret.md"), "inside.md": ".git/config", "up": "..",
		"chain.md": "inside.md",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"outside.md", "absolute.md", "inside.md", "chain.md", "up/secret.md"} {
		if got, err := config.ReadTemplate(cfg, path); err == nil || got != "" || strings.Contains(err.Error(), "glpat") {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}
