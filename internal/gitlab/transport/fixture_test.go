package transport

import (
	"context"
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

func mustNew(t testing.TB, o Options) *Transport {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve starts a server on loopback and a transport for it; edit may change its options.
func serve(t testing.TB, h http.Handler, edit func(*Options)) (*Transport, *clock) {
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
