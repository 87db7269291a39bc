package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name    string
		method  string
		host    string
		headers map[string]string
		allowed bool
		cors    bool // allowed with --cors
	}{
		{"program", "POST", "127.0.0.1:8929", nil, true, true},
		{"no port", "GET", "localhost", nil, true, true},
		{"final dot", "GET", "LOCALHOST.:80", nil, true, true},
		{"subdomain of localhost", "GET", "gitlab.localhost:8929", nil, true, true},
		{"other loopback address", "GET", "127.8.9.1:1", nil, true, true},
		{"IPv6", "GET", "[::1]:8929", nil, true, true},
		{"IPv6 without port", "GET", "[::1]", nil, true, true},
		{"HTTP/1.0", "GET", "", nil, true, true},
		{"rebound name", "GET", "evil.example:8929", nil, false, false},
		{"rebound name that looks alike", "GET", "127.0.0.1.evil.example", nil, false, false},
		{"name ending in localhost", "GET", "evillocalhost", nil, false, false},
		{"private address", "GET", "192.168.0.1:8929", nil, false, false},
		{"any address", "GET", "0.0.0.0:8929", nil, false, false},
		{"page of this machine", "POST", "localhost:8929", map[string]string{"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, true, true},
		{"form of another site", "POST", "localhost:8929", map[string]string{"Origin": "https://evil.example", "Content-Type": form}, false, true},
		{"form without an origin", "POST", "localhost:8929", map[string]string{"Sec-Fetch-Site": "cross-site", "Content-Type": form}, false, true},
		{"form of a local file", "POST", "localhost:8929", map[string]string{"Origin": "null", "Content-Type": form}, false, true},
		{"delete of another site", "DELETE", "localhost:8929", map[string]string{"Origin": "https://evil.example", "PRIVATE-TOKEN": "x"}, false, true},
		{"image with a token in its address", "GET", "localhost:8929", map[string]string{"Sec-Fetch-Site": "cross-site"}, false, true},
		{"preflight", "OPTIONS", "localhost:8929",
			map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}, false, true},
		{"program that sends an origin", "GET", "localhost:8929",
			map[string]string{"Origin": "https://example.org", "PRIVATE-TOKEN": "x"}, true, true},
	}
	for _, tt := range tests {
		for _, cors := range []bool{false, true} {
			r := httptest.NewRequest(tt.method, "/api/v4/version", nil)
			r.Host = tt.host
			for name, v := range tt.headers {
				r.Header.Set(name, v)
			}
			reached := false
			next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })
			w := httptest.NewRecorder()
			guard{next: next, cors: cors}.ServeHTTP(w, r)
			want := tt.allowed
			if cors {
				want = tt.cors
			}
			if reached != want || reached == (w.Code == http.StatusForbidden) {
				t.Errorf("%s, --cors %v: reached %v with status %d, want %v", tt.name, cors, reached, w.Code, want)
			}
			if !reached && !strings.HasPrefix(w.Body.String(), "The sandbox ") {
				t.Errorf("%s: refused without a reason: %q", tt.name, w.Body)
			}
		}
	}
}
