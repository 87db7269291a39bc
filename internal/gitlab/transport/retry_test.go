package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

var methods = []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete}

// want is the expected result of a failure, by method in the order of methods.
type want struct {
	always [4]int // attempts when it happens every time
	once   [4]int // attempts when it happens the first time only
	// unknown: a POST that fails this way is of class Unknown, and so are PUT and DELETE when every attempt fails.
	unknown bool
	kind    fault.Kind // of the error when it happens every time
	passes  bool       // a POST that fails this way once succeeds in the end
}

var (
	retried    = want{always: [4]int{5, 5, 1, 5}, once: [4]int{2, 2, 1, 2}, unknown: true, kind: fault.Unreachable}
	retriedAll = want{always: [4]int{5, 5, 5, 5}, once: [4]int{2, 2, 2, 2}, kind: fault.Unreachable, passes: true}
	never      = want{always: [4]int{1, 1, 1, 1}, once: [4]int{1, 1, 1, 1}, kind: fault.Failed}
)

func refusal(kind fault.Kind) want { w := never; w.kind = kind; return w }

// failures are what can go wrong after a server has received the request. The request was carried out before the failure,
// unless refused is set.
var failures = []struct {
	name    string
	fail    http.HandlerFunc
	refused bool // the request is not carried out
	want    want
}{
	{name: "500", fail: answering(500, `{"message":"500 Internal Server Error"}`), want: retried},
	{name: "502 page", fail: webPage(502, "Bad Gateway"), want: retried},
	{name: "503", fail: webPage(503, "Unavailable"), want: retried},
	{name: "504", fail: webPage(504, "Time-out"), want: retried},
	{name: "520 of a proxy", fail: webPage(520, "Unknown error"), want: retried},
	{name: "408", fail: answering(408, `{"message":"408"}`), want: retried},
	{name: "501", fail: answering(501, `{}`), want: want{always: [4]int{1, 1, 1, 1}, once: [4]int{1, 1, 1, 1}, unknown: true, kind: fault.Unreachable}},
	{name: "429 without header", fail: answering(429, `{"message":{"error":"Try again later."}}`), refused: true, want: retriedAll},
	{name: "429 with Retry-After", fail: header(429, "Retry-After", "7"), refused: true, want: retriedAll},
	{name: "connection closed without answer", fail: abort, want: retried},
	{name: "connection reset", fail: reset, want: retried},
	{name: "body cut short", fail: truncate, want: retried},
	{name: "timeout", fail: hang, want: retried},
	{name: "sign-on page with 200", fail: webPage(200, "Sign in"), want: want{always: [4]int{2, 2, 1, 2}, once: [4]int{2, 2, 1, 2}, unknown: true, kind: fault.Auth}},
	{name: "JSON cut in two with 200", fail: answering(200, `{"id":1,`), want: retried},
	{name: "text with 200", fail: answering(200, `all is well`), want: retried},
	{name: "400", fail: answering(400, `{"error":"title is missing"}`), refused: true, want: never},
	{name: "401", fail: answering(401, `{"message":"401 Unauthorized"}`), refused: true, want: refusal(fault.Auth)},
	{name: "403", fail: answering(403, `{"message":"403 Forbidden"}`), refused: true, want: refusal(fault.Auth)},
	{name: "404", fail: answering(404, `{"message":"404 Project Not Found"}`), refused: true, want: never},
	{name: "409 with a lock", fail: answering(409, `{"message":"409 Conflict: Resource lock"}`), refused: true,
		want: want{always: [4]int{5, 5, 1, 5}, once: [4]int{2, 2, 1, 2}, kind: fault.Failed}},
	{name: "409", fail: answering(409, `{"message":"Duplicated issue"}`), refused: true, want: never},
	{name: "412", fail: answering(412, `{"message":"412 Precondition Failed"}`), refused: true, want: never},
	{name: "422", fail: answering(422, `{"message":{"error":"Unprocessable Entity"}}`), refused: true, want: never},
	{name: "redirect elsewhere", fail: header(302, "Location", "https://sso.example.test/login?next=1"), refused: true, want: refusal(fault.Auth)},
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func header(status int, name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		w.WriteHeader(status)
		fmt.Fprint(w, "Retry later\n")
	}
}

func webPage(status int, title string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<html><head><title>%s</title></head></html>", title)
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	conn.(*net.TCPConn).SetLinger(0) // close sends RST
	conn.Close()
}

func truncate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "100")
	w.WriteHeader(201)
	fmt.Fprint(w, `{"id":1`)
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// hang does not answer until the caller is gone.
func hang(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// counter is a server that counts attempts and requests that were carried out.
type counter struct {
	fail     http.HandlerFunc
	refused  bool
	times    int64 // how often it fails
	attempts atomic.Int64
	done     atomic.Int64
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := make([]byte, 1<<10)
	r.Body.Read(buf) // an unread body keeps the server from noticing that the caller is gone
	n := c.attempts.Add(1)
	if n > c.times || !c.refused {
		c.done.Add(1)
	}
	if n <= c.times {
		c.fail(w, r)
		return
	}
	switch r.Method {
	case http.MethodPost:
		w.WriteHeader(http.StatusCreated)
	case http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fmt.Fprint(w, `{"id":1,"iid":1}`)
}

// try makes one request of the method.
func try(ctx context.Context, c *Transport, method string) error {
	body := ""
	if method == http.MethodPost || method == http.MethodPut {
		body = `{"title":"t"}`
	}
	return request(ctx, c, method, "projects/acme%2Finfra/issues", body)
}

// request sends one request as a client would.
func request(ctx context.Context, c *Transport, method, path, body string) error {
	req, err := http.NewRequestWithContext(ctx, method, c.Host()+"/api/v4/"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if below, ok := strings.CutPrefix(path, "../"); ok {
		req.URL.Path = "/api/" + below
	}
	_, err = c.RoundTrip(req)
	return err
}

func TestEveryFailureAndMethod(t *testing.T) {
	t.Parallel()
	for _, f := range failures {
		for i, method := range methods {
			for _, always := range []bool{true, false} {
				name := fmt.Sprintf("%s/%s/always=%v", f.name, method, always)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					s := &counter{fail: f.fail, refused: f.refused, times: 1}
					attempts := f.want.once[i]
					if always {
						s.times, attempts = 1<<40, f.want.always[i]
					}
					c, _ := serve(t, s, func(o *Options) { o.AttemptTimeout = time.Second; shorten(o, f.name) })
					err := try(t.Context(), c, method)
					if got := int(s.attempts.Load()); got != attempts {
						t.Errorf("%d attempts, want %d (%v)", got, attempts, err)
					}
					if method == http.MethodPost && s.done.Load() > 1 {
						t.Errorf("the POST was carried out %d times", s.done.Load())
					}
					checkOutcome(t, err, method, f.want, always, attempts > 1 && !always)
				})
			}
		}
	}
}

// shorten shortens the one failure that takes real time.
func shorten(o *Options, failure string) {
	if failure == "timeout" {
		o.AttemptTimeout = 500 * time.Millisecond // long enough for the next try on a busy machine
	}
}

// A GraphQL query is a POST, but it is retried like a GET and does not count as a write.
func TestGraphQLQueryIsARead(t *testing.T) {
	t.Parallel()
	for _, f := range failures {
		for _, always := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/always=%v", f.name, always), func(t *testing.T) {
				t.Parallel()
				s := &counter{fail: f.fail, times: 1}
				attempts := f.want.once[0]
				if always {
					s.times, attempts = 1<<40, f.want.always[0]
				}
				c, _ := serve(t, s, func(o *Options) { o.AttemptTimeout = time.Second; shorten(o, f.name) })
				err := request(t.Context(), c, http.MethodPost, "../graphql", `{"query":"{currentUser{username}}"}`)
				if got := int(s.attempts.Load()); got != attempts {
					t.Errorf("%d attempts, want %d (%v)", got, attempts, err)
				}
				if c.Written() || errors.Is(err, fault.Unknown) {
					t.Errorf("counts as a write: %v", err)
				}
				switch {
				case !always && attempts > 1:
					if err != nil {
						t.Errorf("not recovered: %v", err)
					}
				case fault.KindOf(err) != f.want.kind, !strings.HasPrefix(err.Error(), "query GraphQL: "):
					t.Errorf("kind %v, want %v: %v", fault.KindOf(err), f.want.kind, err)
				}
			})
		}
	}
}

// checkOutcome compares the error with the table.
func checkOutcome(t *testing.T, err error, method string, w want, always, recovered bool) {
	t.Helper()
	if recovered {
		if err != nil {
			t.Errorf("not recovered: %v", err)
		}
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error is %T: %v", err, err)
	}
	if got := fault.KindOf(err); got != w.kind {
		t.Errorf("kind %v, want %v: %v", got, w.kind, err)
	}
	if got, want := errors.Is(err, fault.Unknown), w.unknown && method != http.MethodGet; got != want {
		t.Errorf("class unknown is %v, want %v: %v", got, want, err)
	}
	if strings.Contains(err.Error()+fault.HintOf(err), secret) {
		t.Errorf("the token is in %q", err)
	}
	if !strings.Contains(err.Error(), "issue") && err.Error() != "project acme/infra not found" || e.Method != method {
		t.Errorf("the error does not name what was attempted: %v", err)
	}
}

// Failures before a server has received the request.
func TestNeverSent(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	tests := []struct {
		name     string
		err      error
		attempts int
		hint     string
	}{
		{"connection refused", dial(errors.New("connection refused")), 5, "Check that GitLab is up"},
		{"proxy refused", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("refused")}, 5, "Check that GitLab is up"},
		{"name server down", dial(&net.DNSError{Err: "server misbehaving", Name: "gitlab.example.test", IsTemporary: true}), 5, "Check that GitLab is up"},
		{"handshake timeout", errors.New("net/http: TLS handshake timeout"), 5, "Check that GitLab is up"},
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "gitlab.example.test", IsNotFound: true}), 1, "host in .prodctl.yaml"},
		{"certificate", &tls.CertificateVerificationError{Err: errors.New("unknown authority")}, 1, "ca_file"},
		{"http on https", http.ErrSchemeMismatch, 1, "does not use HTTPS"},
	}
	for _, tt := range tests {
		for _, method := range methods {
			t.Run(tt.name+"/"+method, func(t *testing.T) {
				t.Parallel()
				attempts := 0
				clock := newClock()
				o := options("https://gitlab.example.test", clock)
				o.Transport = roundTripper(func(*http.Request) (*http.Response, error) { attempts++; return nil, tt.err })
				err := try(t.Context(), mustNew(t, o), method)
				if attempts != tt.attempts {
					t.Errorf("%d attempts, want %d", attempts, tt.attempts)
				}
				if errors.Is(err, fault.Unknown) || fault.KindOf(err) != fault.Unreachable {
					t.Errorf("class unknown or wrong kind %v: %v", fault.KindOf(err), err)
				}
				if hint := fault.HintOf(err); !strings.Contains(hint, tt.hint) {
					t.Errorf("hint %q, want one about %q", hint, tt.hint)
				}
			})
		}
	}
}

// A real server that is down, and one with an unknown certificate, fail as in the table above.
func TestNeverSentByRealServers(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0) // it logs the failed handshake
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for host, attempts := range map[string]int{down.URL: 5, untrusted.URL: 1, strings.Replace(plain.URL, "http:", "https:", 1): 1} {
		err := try(t.Context(), mustNew(t, options(host, newClock())), http.MethodPost)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Attempts != attempts || e.Class != nil || e.FaultKind() != fault.Unreachable {
			t.Errorf("%s: %v after %d attempts, want %d", host, err, e.Attempts, attempts)
		}
	}
}

func TestDeleteCarriedOutWithoutAnswer(t *testing.T) {
	t.Parallel()
	gone := answering(404, `{"message":"404 Not found"}`)
	var n atomic.Int64
	lost := func(fail http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				fail(w, r)
				return
			}
			gone(w, r)
		}
	}
	c, _ := serve(t, lost(abort), nil)
	if err := try(t.Context(), c, http.MethodDelete); err != nil {
		t.Errorf("404 after a lost answer means deleted: %v", err)
	}
	n.Store(0)
	c, _ = serve(t, lost(header(429, "Retry-After", "1")), nil)
	if err := try(t.Context(), c, http.MethodDelete); !errors.Is(err, fault.NotFound) {
		t.Errorf("404 after a 429, which carries nothing out, means not found: %v", err)
	}
}

func TestBackoffGrowsWithJitterAndIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		jitter float64
		want   []time.Duration
	}{
		{0, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}},
		{0.999999999, []time.Duration{750 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second, 6 * time.Second}},
	} {
		c, clock := serve(t, webPage(502, "x"), func(o *Options) { o.Jitter = func() float64 { return tt.jitter } })
		try(t.Context(), c, http.MethodGet)
		for i := range clock.slept {
			clock.slept[i] = clock.slept[i].Round(time.Millisecond)
		}
		if !slices.Equal(clock.slept, tt.want) {
			t.Errorf("jitter %v: slept %v, want %v", tt.jitter, clock.slept, tt.want)
		}
	}
}
