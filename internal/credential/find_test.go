package credential_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func want(env map[string]string) credential.Want {
	return credential.Want{
		Host:   host,
		Getenv: func(name string) string { return env[name] },
		ReadFile: func(path string) ([]byte, error) {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		},
	}
}

func stored(t *testing.T) credential.Store {
	t.Helper()
	store := credential.Store{Dir: t.TempDir()}
	if _, err := store.Save(t.Context(), host, token(t, "glpat-stored")); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestFindLooksInOrder(t *testing.T) {
	t.Parallel()
	full := map[string]string{"PRODCTL_TOKEN": "glpat-own", "GITLAB_TOKEN": "glpat-shared", "CI_JOB_TOKEN": "job"}
	for _, step := range []struct{ without, source, value string }{
		{"", "env PRODCTL_TOKEN", "glpat-own"},
		{"PRODCTL_TOKEN", "env GITLAB_TOKEN", "glpat-shared"},
		{"GITLAB_TOKEN", "token file /run/token", "glpat-file"},
		{"token file", "credentials file", "glpat-stored"},
	} {
		delete(full, step.without)
		w := want(full)
		if step.without != "token file" {
			w.TokenFile = "/run/token"
			w.ReadFile = func(string) ([]byte, error) { return []byte("glpat-file\n"), nil }
		}
		got, err := stored(t).Find(t.Context(), w)
		if err != nil || got.Source != step.source || got.Reveal() != step.value {
			t.Errorf("without %s: got %s, %v; want %s", step.without, got.Source, err, step.source)
		}
	}
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	missing := want(nil)
	missing.TokenFile = "/run/token"
	for name, c := range map[string]struct {
		want credential.Want
		text string
	}{
		"nothing at all":   {want(nil), "no token for " + host},
		"missing file":     {missing, "/run/token"},
		"job token only":   {want(map[string]string{"CI_JOB_TOKEN": "64_xyz"}), "CI job token"},
		"job token posing": {want(map[string]string{"CI_JOB_TOKEN": "64_xyz", "GITLAB_TOKEN": "64_xyz"}), "GITLAB_TOKEN is the CI job token"},
		"two tokens":       {want(map[string]string{"GITLAB_TOKEN": "glpat-a glpat-b"}), "GITLAB_TOKEN: "},
	} {
		_, err := credential.Store{Dir: t.TempDir()}.Find(t.Context(), c.want)
		if fault.KindOf(err) != fault.Auth || !strings.Contains(err.Error(), c.text) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v (kind %d, hint %q)", name, err, fault.KindOf(err), fault.HintOf(err))
		}
		if strings.Contains(name, "job") && !strings.Contains(fault.HintOf(err), "project or group access token") {
			t.Errorf("%s: hint %q", name, fault.HintOf(err))
		}
	}
}

// A copy that is trusted is kept for exactly one path, and a copy that others could write counts for nothing.
func TestTrustedCopies(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: filepath.Join(t.TempDir(), "prodctl")}
	if data, err := store.Trusted("/w/.prodctl.yaml"); data != nil || err != nil || store.TrustedCopies() != nil {
		t.Errorf("nothing was trusted, but got %q, %v", data, err)
	}
	for _, file := range []string{"/w/.prodctl.yaml", "/w/other/.prodctl.yaml"} {
		if err := store.Trust(file, []byte("copy of "+file)); err != nil {
			t.Fatal(err)
		}
		if data, err := store.Trusted(file); string(data) != "copy of "+file || err != nil {
			t.Errorf("%s: got %q, %v", file, data, err)
		}
	}
	if data, err := store.Trusted("/w/third/.prodctl.yaml"); data != nil || err != nil || len(store.TrustedCopies()) != 2 {
		t.Errorf("another path is trusted: %q, %v, %d copies", data, err, len(store.TrustedCopies()))
	}
	names, err := filepath.Glob(filepath.Join(store.Dir, "trusted-files", "*"))
	if err != nil || len(names) != 2 {
		t.Fatalf("%q, %v", names, err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
		if err := os.Chmod(name, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Trusted("/w/.prodctl.yaml"); fault.KindOf(err) != fault.Refused || len(store.TrustedCopies()) != 0 {
		t.Errorf("a copy that anybody can write counts: %v", err)
	}
	if err := (credential.Store{}).Trust("/w/.prodctl.yaml", nil); !strings.Contains(fault.HintOf(err), "HOME") {
		t.Errorf("without a home folder: %v", err)
	}
}
