package credential_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

const (
	host   = "https://gitlab.example.com"
	secret = "glpat-S3cr3tS3cr3tS3cr3t"
)

// ring is a keyring in memory. If err is set, every call returns it.
type ring struct {
	secrets map[string]string
	err     error
}

func (r *ring) Set(service, user, value string) error {
	if r.err == nil {
		r.secrets[service+" "+user] = value
	}
	return r.err
}

func (r *ring) Get(service, user string) (string, error) {
	if value, ok := r.secrets[service+" "+user]; ok && r.err == nil {
		return value, nil
	}
	return "", errors.Join(r.err, errors.New("not in the keyring"))
}

func (r *ring) Delete(service, user string) error {
	delete(r.secrets, service+" "+user)
	return r.err
}

func token(t *testing.T, s string) credential.Secret {
	t.Helper()
	sec, err := credential.NewSecret(s)
	if err != nil {
		t.Fatal(err)
	}
	return sec
}

func TestStoreSavesInKeyring(t *testing.T) {
	t.Parallel()
	r := &ring{secrets: map[string]string{}}
	store := credential.Store{Dir: filepath.Join(t.TempDir(), "new", "prodctl"), Keyring: r}
	saved, err := store.Save(t.Context(), host, token(t, secret))
	if err != nil || saved.Warning != "" {
		t.Fatalf("got %+v, %v", saved, err)
	}
	if r.secrets["prodctl "+host] != secret {
		t.Errorf("the keyring holds %v", r.secrets)
	}
	got, err := store.Load(t.Context(), host)
	if err != nil || got.Reveal() != secret || got.Source != "keyring" {
		t.Errorf("got %v from %s, %v", got, got.Source, err)
	}
	text := read(t, filepath.Join(store.Dir, "credentials.yaml"))
	if strings.Contains(text, secret) {
		t.Errorf("the file holds the token that is in the keyring:\n%s", text)
	}
	deletes(t, store)
	if len(r.secrets) != 0 {
		t.Errorf("the keyring is not empty after logout")
	}
}

func TestStoreFallsBackToFile(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]credential.Keyring{"none": nil, "broken": &ring{err: errors.New("no D-Bus")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := credential.Store{Dir: filepath.Join(t.TempDir(), "prodctl"), Keyring: r}
			saved, err := store.Save(t.Context(), host, token(t, secret))
			if err != nil || !strings.Contains(saved.Warning, "plain text") || strings.Contains(saved.Warning, secret) {
				t.Fatalf("got %+v, %v", saved, err)
			}
			info, err := os.Stat(saved.Where)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Fatalf("mode %v, %v", info.Mode(), err)
			}
			got, err := store.Load(t.Context(), host)
			if err != nil || got.Reveal() != secret || got.Source != "credentials file" {
				t.Errorf("got %v from %s, %v", got, got.Source, err)
			}
			deletes(t, store)
			if left, _ := filepath.Glob(filepath.Join(store.Dir, ".new-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// deletes deletes the only saved token.
func deletes(t *testing.T, store credential.Store) {
	t.Helper()
	if hosts, err := store.Hosts(); err != nil || len(hosts) != 1 || hosts[0] != host {
		t.Errorf("hosts %v, %v", hosts, err)
	}
	if err := store.Delete(t.Context(), host); err != nil {
		t.Error(err)
	}
	if _, err := store.Load(t.Context(), host); !errors.Is(err, fault.NotFound) {
		t.Errorf("loaded after it was deleted: %v", err)
	}
	if err := store.Delete(t.Context(), host); !errors.Is(err, fault.NotFound) {
		t.Errorf("deleted twice: %v", err)
	}
}

// A token for https is not used for the same name over plain http, on another port or under another root.
func TestStoreKeepsHostsApart(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: t.TempDir()}
	if _, err := store.Save(t.Context(), host, token(t, secret)); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"http://gitlab.example.com", host + ":8443", host + "/gitlab", "https://gitlab.example.com.evil.test"} {
		if _, err := store.Load(t.Context(), other); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", other, err)
		}
	}
}

func TestStoreRefusesFileThatOthersCanRead(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: t.TempDir()}
	if _, err := store.Save(t.Context(), host, token(t, secret)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(store.Dir, "credentials.yaml")
	for _, mode := range []os.FileMode{0o644, 0o640, 0o606, 0o622} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := store.Load(t.Context(), host)
		if err == nil || !strings.Contains(fault.HintOf(err), "chmod 600 "+path) {
			t.Errorf("mode %04o: %v, hint %q", mode, err, fault.HintOf(err))
		}
	}
}

func TestStoreDoesNotQuoteInvalidFile(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: t.TempDir()}
	path := filepath.Join(store.Dir, "credentials.yaml")
	if err := os.WriteFile(path, []byte("hosts: "+secret+"\n"+secret+": x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Load(t.Context(), host)
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
}

// A locked keyring waits for a person; the command does not.
func TestStoreGivesUpOnSilentKeyring(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		silent := silentRing{make(chan struct{})}
		store := credential.Store{Dir: t.TempDir(), Keyring: silent}
		saved, err := store.Save(t.Context(), host, token(t, secret))
		if err != nil || !strings.Contains(saved.Warning, "did not answer") {
			t.Errorf("got %+v, %v", saved, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.Save(ctx, host, token(t, secret)); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		close(silent.done)
	})
}

type silentRing struct{ done chan struct{} }

func (s silentRing) Set(string, string, string) error            { <-s.done; return nil }
func (s silentRing) Get(string, string) (string, error)          { <-s.done; return "", nil }
func (s silentRing) Delete(service string, account string) error { <-s.done; return nil }

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	type wrapped struct {
		token credential.Secret
		Found credential.Token
	}
	s := token(t, secret)
	w := wrapped{s, credential.Token{Secret: s, Source: "env X"}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{s, &s, w, &w, []any{w}, w.Found} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s prints %s", verb, text)
			}
		}
	}
	if text, _ := json.Marshal(w); strings.Contains(string(text), secret) {
		t.Errorf("JSON is %s", text)
	}
}

func TestNewSecretRefuses(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"empty": " \n", "two lines": "glpat-a\nglpat-b", "blank inside": "glpat-a b", "not ASCII": "glpat-ä",
		"job token": "glcbt-64_abcdefgh", "deploy token": "gldt-abcdefgh", "huge": strings.Repeat("x", 5000),
	} {
		if _, err := credential.NewSecret(bad); fault.KindOf(err) != fault.Auth || strings.Contains(err.Error(), "abcdefgh") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := token(t, "  "+secret+"\r\n"); s.Reveal() != secret {
		t.Error("spaces at the ends were not trimmed")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
