package gitlab

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func TestRelativeRoot(t *testing.T) {
	t.Parallel()
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.EscapedPath()
		fmt.Fprint(w, `{"id":31,"path_with_namespace":"acme/infra"}`)
	}))
	t.Cleanup(s.Close)
	c := mustNew(t, options(s.URL+"/gitlab/", newClock()))
	if _, err := c.Project(t.Context(), "acme/infra"); err != nil || got != "/gitlab/api/v4/projects/acme%2Finfra" {
		t.Errorf("path %q, error %v", got, err)
	}
}

func TestRenamedProjectNamesItsNewPath(t *testing.T) {
	t.Parallel()
	s := &redirectTo{status: 301, location: func() string { return "/api/v4/projects/31" }}
	c, _ := serve(t, s, nil)
	_, err := c.Project(t.Context(), "acme/old")
	want := "read project acme/old: moved to acme/renamed"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOwnAuthority(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"id":7,"username":"mara"}`) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(s.URL, newClock())
	o.CAFile = file
	if u, err := mustNew(t, o).CurrentUser(t.Context()); err != nil || u.ID != 7 {
		t.Errorf("got %+v, %v", u, err)
	}
	for _, bad := range []string{filepath.Join(t.TempDir(), "none.pem"), os.Args[0]} {
		o.CAFile = bad
		if _, err := New(o); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v, want an error of kind Usage", bad, err)
		}
	}
}

func TestNamesAreEscapedInPaths(t *testing.T) {
	t.Parallel()
	var got string
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.EscapedPath()
		fmt.Fprint(w, `[]`)
	}), nil)
	for path, want := range map[string]string{
		"acme/sub/infra":  "/api/v4/projects/acme%2Fsub%2Finfra/boards",
		"acme/ä b?c#d%2F": "/api/v4/projects/acme%2F%C3%A4%20b%3Fc%23d%252F/boards",
		"acme/../x":       "/api/v4/projects/acme%2F..%2Fx/boards",
	} {
		if _, err := c.Boards(t.Context(), target.ProjectAt(path)); err != nil || got != want {
			t.Errorf("%s: sent %s, want %s (%v)", path, got, want, err)
		}
	}
}

// redirectTo answers the first request with a redirect and records what else arrives.
type redirectTo struct {
	location func() string
	status   int
	mu       sync.Mutex
	tokens   []string // of all requests, by arrival
	paths    []string
}

func (s *redirectTo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.tokens = append(s.tokens, r.Header.Get("Private-Token"))
	s.paths = append(s.paths, r.URL.EscapedPath())
	first := len(s.paths) == 1
	s.mu.Unlock()
	if first {
		w.Header().Set("Location", s.location())
		w.WriteHeader(s.status)
		return
	}
	fmt.Fprint(w, `{"id":31,"path_with_namespace":"acme/renamed"}`)
}
