package fakegitlab

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// at is the frozen clock of these tests: a Friday afternoon.
var at = time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC)

func newTestServer(t *testing.T, opts Options) *Server {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return at }
	}
	return New(opts)
}

// request returns a request with the token; "" is anonymous. A body that begins with { is JSON, any other a form.
func request(token, method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "/api/v4"+path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("PRIVATE-TOKEN", token)
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func serve(s http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func ask(t *testing.T, s http.Handler, token, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	return serve(s, request(token, method, path, body))
}

func TestVersionAndUser(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	w := ask(t, s, "sandbox-root", "GET", "/version", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"version":"18.9.0-ee"`) {
		t.Errorf("version: got %d %s", w.Code, w.Body)
	}
	if w.Header().Get("X-Request-Id") == "" {
		t.Error("version: no X-Request-Id")
	}
	w = ask(t, s, "sandbox-root", "GET", "/user", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"is_admin":true`) {
		t.Errorf("user: got %d %s", w.Code, w.Body)
	}
}

func TestRoutingErrors(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	for _, tt := range []struct {
		name, token, method, path string
		status                    int
		body                      string
	}{
		{"unknown route", "sandbox-root", "GET", "/nonsense", 404, `{"error":"404 Not Found"}`},
		{"wrong method", "sandbox-root", "DELETE", "/version", 404, `{"error":"404 Not Found"}`},
		{"no token", "", "GET", "/version", 401, `{"message":"401 Unauthorized"}`},
		{"bad token", "wrong", "GET", "/version", 401, `{"message":"401 Unauthorized"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(t, s, tt.token, tt.method, tt.path, "")
			if w.Code != tt.status || w.Body.String() != tt.body {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, tt.status, tt.body)
			}
		})
	}
}
