package fakegitlab

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

const (
	unknownRoute = `{"error":"404 Not Found"}`
	noRecord     = `{"message":"404 Not found"}`
)

// TestAddresses checks which spellings of an address reach a route.
func TestAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), "title=x")
	w.must(201, "owner", "POST", w.path(w.infra, "/labels"), "name=v1.json&color=red")
	for _, tt := range []struct {
		method, path string
		status       int
		body         string // "" is not compared
	}{
		{"GET", "/projects/acme%2Finfra/", 200, ""},
		{"GET", "//projects//acme%2Finfra///", 200, ""},
		{"GET", "/version.json", 200, ""},
		{"GET", "/projects/acme%2Finfra/issues.json", 200, ""},
		{"GET", "/projects/acme%2Finfra/issues/1.json", 200, ""},
		{"GET", "/projects/acme%2Finfra/issues/1.json/", 200, ""},
		{"GET", "/projects/acme%2Finfra.json", 404, `{"message":"404 Project Not Found"}`},
		{"GET", "/groups/acme.json", 404, `{"message":"404 Group Not Found"}`},
		{"GET", "/projects/acme%2Finfra/labels/v1.json", 200, ""},
		{"GET", "/version.xml", 404, unknownRoute},
		{"GET", "/projects/acme%2Finfra/issues/1.xml", 404, unknownRoute},
		{"GET", "/projects/acme%2Finfra/issues/1.0/notes", 404, unknownRoute},
		{"GET", "/projects/acme%2Finfra/issues.json/1", 404, unknownRoute},
		{"GET", "/projects/acme/infra", 404, unknownRoute},
		{"GET", "", 404, unknownRoute},
		{"PATCH", "/projects/acme%2Finfra/issues", 404, unknownRoute},
		{"DELETE", "/version", 404, unknownRoute},
		{"TRACE", "/version", 404, unknownRoute},
		{"OPTIONS", "/nonsense", 404, unknownRoute},
		{"GET", "/projects/acme%2Finfra/issues/word", 400, `{"error":"issue_iid is invalid"}`},
		{"GET", "/projects/acme%2Finfra/issues/1_0", 404, noRecord},
		{"GET", "/projects/acme%2Finfra/issues/-1", 404, noRecord},
		{"GET", "/projects/acme%2Finfra/issues/%201%20", 200, ""},
		{"GET", "/projects/acme%2Finfra/issues/99999999999999999999999", 404, noRecord},
		{"GET", "/projects/99999999999999999999999/issues", 404, `{"message":"404 Project Not Found"}`},
		{"DELETE", "/projects/acme%2Finfra/issues/99999999999999999999999", 404, `{"message":"404 Issue Not Found"}`},
		{"GET", "/projects/acme%2Finfra/milestones/99999999999999999999999", 404, noRecord},
	} {
		rec := w.ask("owner", tt.method, tt.path, "")
		if rec.Code != tt.status || tt.body != "" && rec.Body.String() != tt.body {
			t.Errorf("%s %s: got %d %s, want %d %s", tt.method, tt.path, rec.Code, rec.Body, tt.status, tt.body)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for path, want := range map[string]string{
		"/version":                            "OPTIONS, GET, HEAD",
		w.path(w.infra, "/issues"):            "OPTIONS, GET, POST, HEAD",
		w.path(w.infra, "/issues/1"):          "OPTIONS, GET, PUT, DELETE, HEAD",
		w.path(w.infra, "/issues/1/move"):     "OPTIONS, POST",
		w.path(w.infra, "/labels/x/promote/"): "OPTIONS, PUT",
	} {
		rec := w.ask("guest", "OPTIONS", path, "")
		if rec.Code != 204 || rec.Header().Get("Allow") != want || rec.Body.Len() > 0 {
			t.Errorf("%s: got %d %q, want 204 %q", path, rec.Code, rec.Header().Get("Allow"), want)
		}
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "OPTIONS", w.path(w.infra, "/issues"), "")
}

// TestHeadersByLayer checks the headers of answers by the part of GitLab that gives them.
func TestHeadersByLayer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	const keep, no = "max-age=0, private, must-revalidate", "no-cache"
	issues := w.path(w.infra, "/issues")
	for _, tt := range []struct {
		name, who, method, path, body string
		status                        int
		cache, vary, nosniff          string
		tagged                        bool
	}{
		{"read", "guest", "GET", "/version", "", 200, keep, "Origin", "nosniff", true},
		{"create", "guest", "POST", issues, "title=x", 201, keep, "Origin", "nosniff", true},
		{"update", "owner", "PUT", issues + "/1", "title=y", 200, keep, "Origin", "nosniff", true},
		{"head", "guest", "HEAD", "/version", "", 200, no, "Origin", "nosniff", false},
		{"commands only", "owner", "POST", issues + "/1/notes", "body=/close", 202, no, "Origin", "nosniff", false},
		{"delete", "owner", "DELETE", issues + "/1", "", 204, no, "Origin", "nosniff", false},
		{"parameter", "guest", "POST", issues, "", 400, no, "Origin", "nosniff", false},
		{"no token", "", "GET", "/version", "", 401, no, "Origin", "nosniff", false},
		{"hidden project", "outsider", "GET", w.path(w.infra, ""), "", 404, no, "Origin", "nosniff", false},
		{"unknown route", "guest", "GET", "/nonsense", "", 404, no, "Origin", "nosniff", false},
		{"record lookup", "guest", "GET", issues + "/99", "", 404, no, "Origin", "", false},
		{"exception", "owner", "POST", w.path(w.infra, "/labels"), "name=n&color=red&priority=-1", 500, no, "Origin", "", false},
		{"middleware", "guest", "POST", issues, `{"a":`, 400, "", "", "", false},
		{"malformed text", "guest", "POST", issues, "title=%00", 400, "", "", "", false},
	} {
		rec := w.ask(tt.who, tt.method, tt.path, tt.body)
		h := rec.Header()
		if rec.Code != tt.status {
			t.Errorf("%s: got %d %s", tt.name, rec.Code, rec.Body)
		}
		frame := map[string]string{"nosniff": "SAMEORIGIN"}[tt.nosniff]
		if h.Get("Cache-Control") != tt.cache || h.Get("Vary") != tt.vary || h.Get("X-Content-Type-Options") != tt.nosniff ||
			h.Get("X-Frame-Options") != frame || (h.Get("Etag") != "") != tt.tagged {
			t.Errorf("%s: got %v", tt.name, h)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: an answer without Origin is for other origins: %v", tt.name, h)
		}
	}
}

func TestETags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "/issues")
	const empty = `W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"` // of the text []
	rec := w.ask("guest", "GET", path, "")
	if got := rec.Header().Get("Etag"); got != empty {
		t.Errorf("an empty list has the ETag %s, want %s", got, empty)
	}
	ask := func(method, path, body, tag string) *httptest.ResponseRecorder {
		r := request("guest", method, path, body)
		r.Header.Set("If-None-Match", tag)
		return serve(w.s, r)
	}
	rec = ask("GET", path, "", empty)
	if h := rec.Header(); rec.Code != 304 || rec.Body.Len() > 0 || h.Get("X-Total") != "0" || h.Get("Etag") != empty ||
		h.Get("Content-Type") != "" || h.Get("Content-Length") != "" {
		t.Errorf("the same list: got %d %v %s", rec.Code, h, rec.Body)
	}
	for _, tag := range []string{`W/"0"`, "*", `"4f53cda18c2baa0c0354bb5f9a3ecbe5"`, empty + ", " + `W/"0"`} {
		if rec := ask("GET", path, "", tag); rec.Code != 200 {
			t.Errorf("another tag, %s: got %d", tag, rec.Code)
		}
	}
	if rec := ask("HEAD", path, "", empty); rec.Code != 200 {
		t.Errorf("HEAD: got %d", rec.Code)
	}
	created := ask("POST", path, "title=x", empty)
	if created.Code != 201 || created.Header().Get("Etag") == "" {
		t.Errorf("a write with If-None-Match: got %d %v", created.Code, created.Header())
	}
	if rec := ask("GET", path, "", empty); rec.Code != 200 || rec.Header().Get("Etag") == empty {
		t.Errorf("the changed list: got %d %v", rec.Code, rec.Header())
	}
}

func TestOtherOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	r := request("guest", "GET", "/version", "")
	r.Header.Set("Origin", "https://example.org")
	h := serve(w.s, r).Header()
	if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Max-Age") != "7200" ||
		h.Get("Access-Control-Allow-Methods") != "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" ||
		!strings.HasSuffix(h.Get("Access-Control-Expose-Headers"), "X-Request-Id, ETag") {
		t.Errorf("got %v", h)
	}
	preflight := request("", "OPTIONS", w.path(w.infra, "/issues"), "")
	preflight.Header.Set("Origin", "https://example.org")
	preflight.Header.Set("Access-Control-Request-Method", "POST")
	preflight.Header.Set("Access-Control-Request-Headers", "private-token")
	rec := serve(w.s, preflight)
	if h := rec.Header(); rec.Code != 200 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Headers") != "private-token" {
		t.Errorf("preflight: got %d %v", rec.Code, h)
	}
}

// TestParametersAreCheckedFirst sends an invalid parameter with a request that would be refused anyway.
func TestParametersAreCheckedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "owner", "POST", w.path(w.infra, "/issues"), "title=x&confidential=1")
	const missing = "/projects/acme%2Fmissing"
	infra := w.path(w.infra, "")
	for _, tt := range []struct{ who, method, path, body, want string }{
		{"guest", "GET", missing + "/issues?state=open", "", "state does not have a valid value"},
		{"guest", "GET", missing + "/issues/word", "", "issue_iid is invalid"},
		{"guest", "POST", missing + "/issues", "title=x&confidential=", "confidential is empty"},
		{"guest", "PUT", missing + "/issues/1", "confidential=2", "confidential is invalid"},
		{"guest", "PUT", infra + "/issues/1", "confidential= ", "confidential is invalid, confidential is empty"},
		{"guest", "PUT", infra + "/issues/1", `{"confidential":null}`, "confidential is empty"},
		{"guest", "GET", missing + "/milestones/word", "", "milestone_id is invalid"},
		{"guest", "POST", infra + "/milestones", "", "title is missing"},
		{"guest", "POST", infra + "/labels", "name=x", "color is missing"},
		{"guest", "POST", missing + "/issues/1/notes", "", "body is missing"},
		{"guest", "POST", missing + "/boards", "", "name is missing"},
		{"guest", "GET", missing + "/members/all?page=x", "", "page is invalid"},
		{"outsider", "GET", "/groups/acme?with_projects=maybe", "", "with_projects is invalid"},
	} {
		w.refused(400, `{"error":"`+tt.want+`"}`, tt.who, tt.method, tt.path, tt.body)
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "POST", missing+"/issues", "confidential=")
}

func TestAnonymousReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "owner", "POST", w.path(w.open, "/issues"), "title=x")
	w.acme.Visibility = store.Public
	open := w.path(w.open, "")
	for path, status := range map[string]int{
		open: 200, open + "/issues": 200, open + "/issues/1": 200, open + "/issues/1/participants": 200, open + "/issues/1/time_stats": 200,
		open + "/issues/1/closed_by": 200, open + "/issues/1/related_merge_requests": 200, open + "/issues_statistics": 200,
		"/groups": 200, "/groups/acme": 200, "/groups/acme/issues": 200, "/groups/acme/subgroups": 200, "/groups/acme/projects": 200,
		"/groups/acme%2Fsub": 404, "/projects": 200, "/issues?scope=all": 200, "/issues": 401, "/issues_statistics?scope=all": 200,
		"/issues_statistics": 401, w.path(w.infra, ""): 404, w.path(w.infra, "/issues"): 404, w.path(w.infra, "/issues/1"): 404,
		open + "/milestones": 401, open + "/labels": 401, open + "/issues/1/notes": 401, open + "/boards": 401, "/version": 401, "/user": 401,
	} {
		if rec := w.ask("", "GET", path, ""); rec.Code != status {
			t.Errorf("%s: got %d %s, want %d", path, rec.Code, rec.Body, status)
		}
	}
}

// TestLimitsBeforeTheToken sends requests that are refused before anybody looks at their token.
func TestLimitsBeforeTheToken(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	form := func(body io.Reader) *http.Request {
		r := httptest.NewRequest("POST", "/api/v4/projects/1/issues", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	announced := form(strings.NewReader(""))
	announced.ContentLength = maxBody + 1
	chunked := form(io.LimitReader(endless{}, maxBody+2))
	chunked.ContentLength = -1
	for name, tt := range map[string]struct {
		request *http.Request
		status  int
	}{
		"deep form":          {form(strings.NewReader("a" + strings.Repeat("[b]", 100_000) + "=1")), 400},
		"many parameters":    {form(strings.NewReader(strings.Repeat("a=1&", 5000))), 400},
		"announced body":     {announced, 413},
		"chunked body":       {chunked, 413},
		"long query":         {request("", "GET", "/version?a="+strings.Repeat("x", maxAddress), ""), 414},
		"long path":          {request("", "GET", "/"+strings.Repeat("x", maxAddress), ""), 414},
		"deep query":         {request("", "GET", "/version?a"+strings.Repeat("[b]", 40), ""), 400},
		"deep JSON":          {request("", "POST", "/projects/1/issues", `{"a":`+strings.Repeat("[", 40)), 400},
		"within the limits":  {request("", "GET", "/version?a="+strings.Repeat("x", maxAddress/2), ""), 401},
		"many but permitted": {form(strings.NewReader(strings.Repeat("a=1&", 4000))), 401},
	} {
		rec := serve(s, tt.request)
		if rec.Code != tt.status {
			t.Errorf("%s: got %d %s, want %d", name, rec.Code, rec.Body, tt.status)
		}
	}
	for _, e := range s.Requests() {
		if len(e.Path)+len(e.Query) > maxAddress+len("/api/v4/projects/1/issues") {
			t.Errorf("a log entry has %d bytes", len(e.Path)+len(e.Query))
		}
	}
}

// endless is text without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestAnonymousLimitIsByAddress(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{RateLimit: 2})
	var last int
	for _, address := range []string{"192.0.2.7:1000", "192.0.2.7:2000", "192.0.2.7:3000"} {
		r := request("", "GET", "/version", "")
		r.RemoteAddr = address
		last = serve(s, r).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the third connection of one address: got %d, want 429", last)
	}
}
