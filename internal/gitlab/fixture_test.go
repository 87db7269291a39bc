package gitlab

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// clock is a clock that only Sleep moves, and a record of the sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

const secret = "glpat-secretsecretsecret"

// options are the options that all tests share, for the host.
func options(host string, c *clock) Options {
	return Options{
		Host: host, AllowHTTP: true,
		Token:  func(context.Context) (string, error) { return secret, nil },
		Now:    c.Now,
		Sleep:  c.Sleep,
		Jitter: func() float64 { return 0 },
	}
}

func mustNew(t testing.TB, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve starts a server on loopback and a client for it; edit may change the client's options.
func serve(t testing.TB, h http.Handler, edit func(*Options)) (*Client, *clock) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c := newClock()
	o := options(s.URL, c)
	if edit != nil {
		edit(&o)
	}
	return mustNew(t, o), c
}

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// overHandler answers from a handler, without a socket.
func overHandler(h http.Handler) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), nil
	}
}

// cancelled returns the context's error as net/http does when the context ends while the handler works.
func cancelled(h http.Handler) roundTripper {
	over := overHandler(h)
	return func(r *http.Request) (*http.Response, error) {
		resp, err := over(r)
		if ctxErr := r.Context().Err(); ctxErr != nil {
			return nil, ctxErr
		}
		return resp, err
	}
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
