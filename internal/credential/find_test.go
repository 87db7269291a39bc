package credential_test

import (
	"errors"
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

// A .prodctl.yaml from a stranger names a host. Whatever is configured, that host only gets a token that was saved for it.
func TestFindUnderStrangersFile(t *testing.T) {
	t.Parallel()
	env := map[string]string{"GITLAB_TOKEN": "glpat-mine"}
	claimed := func(claims ...string) credential.Want {
		w := want(env)
		w.Claims, w.File, w.TokenFile = claims, "/w/.prodctl.yaml", "/home/me/.ssh/id"
		w.ReadFile = func(string) ([]byte, error) { return []byte("PRIVATE"), nil }
		return w
	}
	t.Run("nobody to ask", func(t *testing.T) {
		t.Parallel()
		_, err := credential.Store{Dir: t.TempDir()}.Find(t.Context(), claimed("host="+host))
		if fault.KindOf(err) != fault.Refused || !strings.Contains(fault.HintOf(err), "export PRODCTL_HOST="+host) {
			t.Errorf("got %v, hint %q", err, fault.HintOf(err))
		}
	})
	t.Run("token saved for that host", func(t *testing.T) {
		t.Parallel()
		got, err := stored(t).Find(t.Context(), claimed("host="+host))
		if err != nil || got.Reveal() != "glpat-stored" {
			t.Errorf("got %s, %v", got.Source, err)
		}
	})
	t.Run("saved token does not vouch for a certificate", func(t *testing.T) {
		t.Parallel()
		if _, err := stored(t).Find(t.Context(), claimed("host="+host, "ca_file=/w/evil.pem")); fault.KindOf(err) != fault.Refused {
			t.Errorf("got %v", err)
		}
	})
	t.Run("foreign token file", func(t *testing.T) {
		t.Parallel()
		w := claimed("token_file=/home/me/.ssh/id")
		w.Getenv = func(string) string { return "" }
		if _, err := (credential.Store{Dir: t.TempDir()}).Find(t.Context(), w); fault.KindOf(err) != fault.Refused {
			t.Errorf("got %v", err)
		}
		if got, err := (credential.Store{Dir: t.TempDir()}).Find(t.Context(), claimed("token_file=/home/me/.ssh/id")); err != nil || got.Reveal() != "glpat-mine" {
			t.Errorf("the file is not used if GITLAB_TOKEN is set, but got %s, %v", got.Source, err)
		}
	})
}

func TestFindAsksOnceAndRemembers(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: filepath.Join(t.TempDir(), "prodctl")}
	asked := 0
	ask := func(claims []string, answer bool) error {
		w := want(map[string]string{"GITLAB_TOKEN": secret})
		w.Claims, w.File = claims, "/w/.prodctl.yaml"
		w.Confirm = func(question string) (bool, error) {
			asked++
			if !strings.Contains(question, host) || strings.Contains(question, secret) {
				t.Errorf("asked %q", question)
			}
			return answer, nil
		}
		_, err := store.Find(t.Context(), w)
		return err
	}
	mine := []string{"host=" + host}
	if err := ask(mine, false); fault.KindOf(err) != fault.Refused || asked != 1 {
		t.Fatalf("no: %v, asked %d times", err, asked)
	}
	if err := ask(mine, true); err != nil || asked != 2 {
		t.Fatalf("yes: %v, asked %d times", err, asked)
	}
	if err := ask(mine, false); err != nil || asked != 2 {
		t.Errorf("agreed before: %v, asked %d times", err, asked)
	}
	for _, other := range [][]string{{"host=" + host + "/x"}, {"host=" + host, "ca_file=/a"}, {"host=" + host + "\tca_file=/a"}} {
		if err := ask(other, false); fault.KindOf(err) != fault.Refused {
			t.Errorf("%q: nobody agreed to it: %v", other, err)
		}
	}
	path := filepath.Join(store.Dir, "trusted")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := ask(mine, true); err == nil {
		t.Error("a list that anybody can write was used")
	}
}

// If the question cannot be answered, nothing is recorded and the reason is returned.
func TestFindCannotAsk(t *testing.T) {
	t.Parallel()
	broken := errors.New("the input has ended")
	w := want(map[string]string{"GITLAB_TOKEN": secret})
	w.Claims = []string{"host=" + host}
	w.Confirm = func(string) (bool, error) { return true, broken }
	store := credential.Store{Dir: t.TempDir()}
	if _, err := store.Find(t.Context(), w); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	w.Confirm = nil
	if _, err := store.Find(t.Context(), w); fault.KindOf(err) != fault.Refused {
		t.Errorf("it counts as agreed: %v", err)
	}
}
