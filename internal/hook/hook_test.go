package hook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/hook"
	"gitlab.com/prodctl/prodctl/internal/term"
	rules "gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func document() jsonv1.Hook {
	return jsonv1.NewHook(string(rules.Opened), "2018-08-24T16:00:00Z", "https://gitlab.example.com")
}

// One request is sent to a real server, whatever it answers, and no error has the address.
func TestWebhook(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	mux := http.NewServeMux()
	handle := func(path string, do http.HandlerFunc) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { requests.Add(1); do(w, r) })
	}
	handle("/secret/ok", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/json" || !strings.HasPrefix(r.Header.Get("User-Agent"), "prodctl") {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	handle("/secret/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/secret/ok", http.StatusTemporaryRedirect)
	})
	handle("/secret/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	})
	handle("/secret/reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	plain, secure := httptest.NewServer(mux), httptest.NewTLSServer(mux)
	defer plain.Close()
	defer secure.Close()
	secure.Config.ErrorLog = nil
	for _, tt := range []struct{ address, want string }{
		{plain.URL + "/secret/ok", ""}, {plain.URL + "/secret/endless", ""}, {plain.URL + "/secret/moved", "307 Temporary Redirect"},
		{plain.URL + "/secret/reset", "EOF"}, {plain.URL + "/secret/other", "404 Not Found"}, {secure.URL + "/secret/ok", "certificate"},
		{"http://127.0.0.1:1/secret", "refused"}, {"http://hooks.example.test/secret", "plain http is refused"},
		{"https://user:secret@hooks.example.test/", "invalid address"}, {"glpat-secret", "invalid address"}, {"", "PRODCTL_HOOK_X is not set"},
	} {
		before := requests.Load()
		m := hook.Machine{Getenv: func(string) string { return tt.address }, UserAgent: "prodctl/test"}
		_, err := hook.Deliver(t.Context(), m, rules.Hook{URLEnv: "PRODCTL_HOOK_X"}, document())
		if text := fmt.Sprint(err); (err != nil || tt.want != "") && !strings.Contains(text, tt.want) || strings.Contains(text, "secret") {
			t.Errorf("%s: %v", tt.address, err)
		}
		if n := requests.Load() - before; n > 1 {
			t.Errorf("%s: %d requests", tt.address, n)
		}
	}
	if _, err := hook.Deliver(t.Context(), hook.Machine{AllowHTTP: true, Transport: plain.Client().Transport}, rules.Hook{URL: plain.URL + "/secret/ok"}, document()); err == nil {
		t.Error("the header was not checked")
	}
}

func TestCommandThatIsMissing(t *testing.T) {
	t.Parallel()
	m := hook.Machine{Run: term.Run}
	if _, err := hook.Deliver(t.Context(), m, rules.Hook{Command: []string{"prodctl-no-such-program"}}, document()); err == nil ||
		!strings.Contains(err.Error(), "not found") {
		t.Error(err)
	}
	m.Run = func(_ context.Context, c term.Child) error {
		for range 100 {
			if n, err := c.Output.Write([]byte(strings.Repeat("é", 1<<10))); n != 2<<10 || err != nil {
				t.Fatal(n, err)
			}
		}
		return errors.New("exit status 1")
	}
	out, err := hook.Deliver(t.Context(), m, rules.Hook{Command: []string{"x"}}, document())
	if err == nil || len(out) > 5<<10 || !strings.HasSuffix(out, "(the rest is left out)") {
		t.Errorf("%v, %d bytes", err, len(out))
	}
}
