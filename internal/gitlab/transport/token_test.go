package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestHost(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in        string
		allowHTTP bool
		want      string // empty: an error
	}{
		{in: "gitlab.com", want: "https://gitlab.com"},
		{in: "https://GitLab.Example.com/", want: "https://gitlab.example.com"},
		{in: "https://example.com/gitlab/", want: "https://example.com/gitlab"},
		{in: "https://example.com/gitlab/api/v4/", want: "https://example.com/gitlab"},
		{in: "example.com:8443", want: "https://example.com:8443"},
		{in: "http://127.0.0.1:8929", want: "http://127.0.0.1:8929"},
		{in: "http://[::1]:80", want: "http://[::1]"},
		{in: "http://localhost", want: "http://localhost"},
		{in: "http://gitlab.example.com", allowHTTP: true, want: "http://gitlab.example.com"},
		{in: "http://gitlab.example.com"},
		{in: "http://127.0.0.1.example.com"},
		{in: "https://oauth2:" + secret + "@gitlab.com"},
		{in: "https://gitlab.com/?private_token=" + secret},
		{in: "ftp://gitlab.com"},
		{in: "https://"},
		{in: "https://git lab.com"},
		{in: ""},
	}
	for _, tt := range tests {
		o := options(tt.in, newClock())
		o.AllowHTTP = tt.allowHTTP
		c, err := New(o)
		switch {
		case tt.want == "" && (err == nil || fault.KindOf(err) != fault.Usage || fault.HintOf(err) == ""):
			t.Errorf("%q: error %v, want one of kind Usage with a hint", tt.in, err)
		case tt.want == "" && strings.Contains(err.Error(), secret):
			t.Errorf("the token is in %q", err)
		case tt.want != "" && err != nil:
			t.Errorf("%q: %v", tt.in, err)
		case tt.want != "" && c.Host() != tt.want:
			t.Errorf("%q is %q, want %q", tt.in, c.Host(), tt.want)
		}
	}
}

func TestTokenIsFetchedOnceAndLate(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int64
	var seen sync.Map
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Header.Get("Private-Token"), true)
		fmt.Fprint(w, `{"id":1}`)
	}), func(o *Options) {
		o.Token = func(context.Context) (string, error) { fetched.Add(1); return secret + "\n", nil }
	})
	if fetched.Load() != 0 {
		t.Error("the token was fetched before any request")
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { try(t.Context(), c, http.MethodGet) })
	}
	all.Wait()
	if _, ok := seen.Load(secret); !ok || fetched.Load() != 1 {
		t.Errorf("fetched %d times, token sent: %v", fetched.Load(), ok)
	}
}

func TestInvalidTokens(t *testing.T) {
	t.Parallel()
	broken := errors.New("the keyring is locked")
	for _, tt := range []struct {
		token string
		err   error
	}{{"", nil}, {"  \n", nil}, {"glpat-one\nglpat-two", nil}, {"glpat one", nil}, {"glpät", nil}, {"glpat\x00", nil}, {"", broken}} {
		requests := 0
		o := options("https://gitlab.example.test", newClock())
		o.Token = func(context.Context) (string, error) { return tt.token, tt.err }
		o.Transport = roundTripper(func(*http.Request) (*http.Response, error) { requests++; return nil, io.EOF })
		err := try(t.Context(), mustNew(t, o), http.MethodGet)
		if requests != 0 {
			t.Errorf("%q: a request was sent", tt.token)
		}
		if tt.err != nil {
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want the token's own", err)
			}
			continue
		}
		if fault.KindOf(err) != fault.Auth || len(tt.token) > 4 && strings.Contains(err.Error(), strings.Fields(tt.token)[0]) {
			t.Errorf("%q: kind %v: %v", tt.token, fault.KindOf(err), err)
		}
	}
}

// An interrupt while the token is fetched says nothing about the token.
func TestTokenIsFetchedAgainAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	tok := &token{ask: func(ctx context.Context) (string, error) { return secret, ctx.Err() }}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := tok.header(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, value, err := tok.header(t.Context()); err != nil || value != secret {
		t.Errorf("fetched again: %q, %v", value, err)
	}
}

func TestOAuthTokensAreSentAsBearer(t *testing.T) {
	t.Parallel()
	oauth := strings.Repeat("0123456789abcdef", 4)
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+oauth || r.Header.Get("Private-Token") != "" {
			w.WriteHeader(401)
			return
		}
		fmt.Fprint(w, `{"id":1}`)
	}), func(o *Options) { o.Token = func(context.Context) (string, error) { return oauth, nil } })
	if err := try(t.Context(), c, http.MethodGet); err != nil {
		t.Error(err)
	}
}

func TestNoTokenIsSentWithoutOne(t *testing.T) {
	t.Parallel()
	sent := "nothing"
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = r.Header.Get("Private-Token") + r.Header.Get("Authorization")
		fmt.Fprint(w, `{"id":1}`)
	}), func(o *Options) { o.Token = nil })
	if err := try(t.Context(), c, http.MethodGet); err != nil || sent != "" {
		t.Errorf("sent %q, error %v", sent, err)
	}
}

// A request for another origin is sent without the token, and without one that somebody else put there.
func TestTokenStaysWithItsOrigin(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "gitlab.example.test"}
	for to, want := range map[string]string{
		"https://gitlab.example.test/x": secret, "https://GitLab.example.test:443/x": secret, "http://gitlab.example.test/x": "",
		"https://gitlab.example.test:444/x": "", "https://gitlab.example.test.evil.test/x": "", "https://evil.test/x": "",
	} {
		req, err := http.NewRequest(http.MethodGet, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Private-Token", "left over")
		req.Header.Set("Authorization", "left over")
		tok := &token{ask: func(context.Context) (string, error) { return secret, nil }}
		if err := tok.apply(req, base); err != nil || req.Header.Get("Private-Token") != want || req.Header.Get("Authorization") != "" {
			t.Errorf("%s: headers %v, %v", to, req.Header, err)
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

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a request reached the other host, with token %q", r.Header.Get("Private-Token"))
	}))
	t.Cleanup(other.Close)
	port := func(raw string) string { u, _ := url.Parse(raw); return u.Port() }
	tests := []struct {
		name     string
		method   string
		status   int
		location func(self string) string
		requests int
		err      string // part of the message; empty: success
		kind     fault.Kind
	}{
		{"same host", "GET", 302, func(self string) string { return self + "/api/v4/projects/acme%2Finfra/issues/" }, 2, "", 0},
		{"relative", "GET", 307, func(string) string { return "/api/v4/projects/acme%2Finfra/issues/" }, 2, "", 0},
		{"other port", "GET", 302, func(string) string { return other.URL + "/api/v4/user?private_token=" + secret }, 1, "redirected to " + other.URL + "/api/v4/user", fault.Failed},
		{"other name for the same host", "GET", 301, func(self string) string { return "http://localhost:" + port(self) + "/api/v4/user" }, 1, "redirected to http://localhost", fault.Failed},
		{"other scheme", "GET", 301, func(self string) string { return strings.Replace(self, "http:", "https:", 1) + "/api/v4/user" }, 1, "redirected to https://", fault.Failed},
		{"user and password", "GET", 302, func(string) string { return "https://u:" + secret + "@evil.example.test/" }, 1, "redirected to https://evil.example.test/", fault.Failed},
		{"sign-in page", "GET", 302, func(self string) string { return self + "/users/sign_in" }, 1, "/users/sign_in", fault.Auth},
		{"renamed project", "GET", 301, func(self string) string { return self + "/api/v4/projects/31/issues" }, 1, "moved to 31", fault.Failed},
		{"no location", "GET", 302, func(string) string { return "" }, 1, "redirected to an empty location", fault.Failed},
		{"POST", "POST", 307, func(self string) string { return self + "/api/v4/projects/acme%2Finfra/issues/" }, 1, "redirected to ", fault.Failed},
		{"PUT", "PUT", 308, func(self string) string { return self + "/api/v4/projects/acme%2Finfra/issues/" }, 1, "redirected to ", fault.Failed},
		{"DELETE", "DELETE", 302, func(self string) string { return self + "/api/v4/projects/acme%2Finfra/issues/" }, 1, "redirected to ", fault.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &redirectTo{status: tt.status}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			s.location = func() string { return tt.location(server.URL) }
			err := try(t.Context(), mustNew(t, options(server.URL, newClock())), tt.method)
			if len(s.paths) != tt.requests {
				t.Errorf("%d requests, want %d: %v", len(s.paths), tt.requests, err)
			}
			if tt.err == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.err) || fault.KindOf(err) != tt.kind || strings.Contains(err.Error(), secret) {
				t.Errorf("kind %v: %v; want %q", fault.KindOf(err), err, tt.err)
			}
			if errors.Is(err, fault.Unknown) {
				t.Errorf("a redirect carries nothing out: %v", err)
			}
		})
	}
}

func TestRedirectsAreFollowedForFiveHops(t *testing.T) {
	t.Parallel()
	hops := 0
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		http.Redirect(w, r, fmt.Sprintf("/api/v4/again%d", hops), http.StatusFound)
	}), nil)
	if err := request(t.Context(), c, "GET", "version", ""); err == nil || hops != 1+maxHops {
		t.Errorf("%d requests, error %v; want an error after %d", hops, err, 1+maxHops)
	}
}

// A redirected request gets all its attempts at the new address.
func TestFailuresAfterARedirect(t *testing.T) {
	t.Parallel()
	requests := 0
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 1 {
			http.Redirect(w, r, "/api/v4/elsewhere", http.StatusFound)
			return
		}
		w.WriteHeader(502)
	}), nil)
	if err := request(t.Context(), c, "GET", "version", ""); err == nil || requests != 1+MaxAttempts || !strings.Contains(err.Error(), "read elsewhere") {
		t.Errorf("%d requests, %v", requests, err)
	}
}

// When a server sends the token back, it appears neither in the error nor in the trace.
func TestTokenIsNeverShown(t *testing.T) {
	t.Parallel()
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			token := r.Header.Get("Private-Token")
			w.Header().Set("X-Request-Id", "id-1")
			w.Header().Set("Location", "https://evil.example.test/"+token)
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"message":"your token is %s and %s"}`, token, url.QueryEscape(token))
		}
	}
	for _, status := range []int{400, 401, 302, 500, 404} {
		var traced []string
		c, _ := serve(t, echo(status), func(o *Options) {
			o.Trace = func(e Exchange) { traced = append(traced, fmt.Sprintf("%+v", e)) }
		})
		err := request(t.Context(), c, "GET", "projects/"+secret+"?private_token="+secret, "")
		if err == nil || strings.Contains(err.Error()+fault.HintOf(err), secret) {
			t.Errorf("%d: error %v", status, err)
		}
		if e, ok := errors.AsType[*Error](err); !ok || strings.Contains(fmt.Sprintf("%+v", *e)+e.Detail(), secret) {
			t.Errorf("%d: the token is in a field of %+v", status, e)
		}
		if all := strings.Join(traced, "\n"); all == "" || strings.Contains(all, secret) {
			t.Errorf("%d: trace %q", status, all)
		}
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	n := 0
	var traced []Exchange
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", fmt.Sprint("req-", n))
		if n++; n == 1 {
			w.WriteHeader(502)
			return
		}
		fmt.Fprint(w, `{"id":1}`)
	}), func(o *Options) { o.Trace = func(e Exchange) { traced = append(traced, e) } })
	if err := request(t.Context(), c, "GET", "user?job_token=x&name=y", ""); err != nil {
		t.Fatal(err)
	}
	want := []Exchange{
		{Method: "GET", URL: "/api/v4/user?job_token=%5Bredacted%5D&name=y", Attempt: 1, Status: 502, RequestID: "req-0"},
		{Method: "GET", URL: "/api/v4/user?job_token=%5Bredacted%5D&name=y", Attempt: 2, Status: 200, RequestID: "req-1", Received: 8},
	}
	if fmt.Sprint(traced) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", traced, want)
	}
}
