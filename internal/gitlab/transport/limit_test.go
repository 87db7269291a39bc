package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// inBubble is a transport with the bubble's clock and a handler instead of a socket.
func inBubble(t *testing.T, h http.Handler, edit func(*Options)) *Transport {
	o := options("https://gitlab.example.test", nil)
	o.Transport = overHandler(h)
	o.Now = time.Now
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if edit != nil {
		edit(&o)
	}
	return mustNew(t, o)
}

// limited answers 429 with the headers n times, then 200.
func limited(n int64, headers func(now time.Time) map[string]string) http.Handler {
	var seen atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen.Add(1) > n {
			fmt.Fprint(w, `{"id":1}`)
			return
		}
		for name, value := range headers(time.Now()) {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, "Retry later")
	})
}

func TestWaitForLimit(t *testing.T) {
	t.Parallel()
	const skew = 3 * time.Hour // of the server's clock
	unix := func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
	tests := []struct {
		name    string
		headers func(now time.Time) map[string]string
		want    time.Duration
	}{
		{"seconds", func(time.Time) map[string]string { return map[string]string{"Retry-After": "7"} }, 7 * time.Second},
		{"none at all", func(time.Time) map[string]string { return nil }, 5 * time.Second},
		{"zero is not immediately", func(time.Time) map[string]string { return map[string]string{"Retry-After": "0"} }, 500 * time.Millisecond},
		{"date", func(now time.Time) map[string]string {
			return map[string]string{"Retry-After": now.Add(9 * time.Second).UTC().Format(http.TimeFormat)}
		}, 9 * time.Second},
		{"date of a clock that is ahead", func(now time.Time) map[string]string {
			now = now.Add(skew)
			return map[string]string{"Date": now.UTC().Format(http.TimeFormat), "Retry-After": now.Add(9 * time.Second).UTC().Format(http.TimeFormat)}
		}, 9 * time.Second},
		{"reset", func(now time.Time) map[string]string {
			return map[string]string{"RateLimit-Reset": unix(now.Add(3 * time.Second))}
		}, 4 * time.Second},
		{"reset of a clock that is behind", func(now time.Time) map[string]string {
			now = now.Add(-skew)
			return map[string]string{"Date": now.UTC().Format(http.TimeFormat), "RateLimit-Reset": unix(now.Add(3 * time.Second))}
		}, 4 * time.Second},
		{"both", func(now time.Time) map[string]string {
			return map[string]string{"Retry-After": "2", "RateLimit-Reset": unix(now.Add(time.Minute))}
		}, 2 * time.Second},
	}
	for _, tt := range tests {
		for _, method := range methods {
			t.Run(tt.name+"/"+method, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := inBubble(t, limited(1, tt.headers), nil)
					started := time.Now()
					if err := try(t.Context(), c, method); err != nil {
						t.Fatal(err)
					}
					if got := time.Since(started); got != tt.want {
						t.Errorf("waited %v, want %v", got, tt.want)
					}
				})
			})
		}
	}
}

// An application limit counts per minute and names no time; the attempts together outlast the minute.
func TestLimitWithoutTimeIsRetriedForAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inBubble(t, limited(4, func(time.Time) map[string]string { return nil }), nil)
		started := time.Now()
		if err := try(t.Context(), c, http.MethodPost); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(started); got < time.Minute || got > 2*time.Minute {
			t.Errorf("waited %v", got)
		}
	})
}

func TestLimitBeyondMaxWaitIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inBubble(t, limited(1<<40, func(time.Time) map[string]string { return map[string]string{"Retry-After": "3600"} }), nil)
		started := time.Now()
		err := try(t.Context(), c, http.MethodGet)
		if fault.KindOf(err) != fault.Unreachable || !strings.Contains(err.Error(), "rate limited until 01:00 UTC") {
			t.Errorf("kind %v: %v; want Unreachable and when the limit ends", fault.KindOf(err), err)
		}
		if time.Since(started) != 0 {
			t.Errorf("waited %v, want no wait", time.Since(started))
		}
	})
}

func TestNoWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for want, h := range map[string]http.Handler{
			"rate limited until 00:01 UTC":                             limited(1<<40, func(time.Time) map[string]string { return map[string]string{"Retry-After": "20"} }),
			"GitLab answered 502 Bad Gateway; gave up after --timeout": webPage(502, "x"),
		} {
			c := inBubble(t, h, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			started := time.Now()
			err := try(ctx, c, http.MethodPut)
			cancel()
			if fault.KindOf(err) != fault.Unreachable || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), want) {
				t.Errorf("kind %v: %v; want %q", fault.KindOf(err), err, want)
			}
			if time.Since(started) >= 3*time.Second {
				t.Errorf("waited until the deadline although the retry could not come before it: %v", time.Since(started))
			}
		}
	})
}

func TestLimitStopsAllRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		var mu sync.Mutex
		var arrived []time.Duration
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			arrived = append(arrived, time.Since(started))
			mu.Unlock()
			if time.Since(started) < 10*time.Second {
				w.Header().Set("Retry-After", "10")
				w.WriteHeader(429)
				return
			}
			fmt.Fprint(w, `{"id":1}`)
		})
		var waits []Wait
		c := inBubble(t, h, func(o *Options) {
			o.Parallel = 4
			o.Waiting = func(w Wait) { mu.Lock(); waits = append(waits, w); mu.Unlock() }
		})
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if err := try(t.Context(), c, http.MethodPost); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		early := slices.DeleteFunc(slices.Clone(arrived), func(d time.Duration) bool { return d >= 10*time.Second })
		if len(early) > 4 || len(arrived) != 40+len(early) {
			t.Errorf("%d requests before the limit ended, want at most the 4 in flight; %d in all", len(early), len(arrived))
		}
		if len(waits) != 1 || waits[0].For != 10*time.Second || waits[0].Request != "" {
			t.Errorf("announced %+v, want one wait of 10s for all", waits)
		}
	})
}

func TestLastRequestOfALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("RateLimit-Remaining", "0")
			w.Header().Set("RateLimit-Reset", strconv.FormatInt(time.Now().Add(30*time.Second).Unix(), 10))
			fmt.Fprint(w, `{"id":1}`)
		})
		c := inBubble(t, h, nil)
		started := time.Now()
		for i, want := range []time.Duration{0, 31 * time.Second} {
			if err := try(t.Context(), c, http.MethodGet); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(started); got != want {
				t.Errorf("request %d was answered after %v, want %v", i+1, got, want)
			}
		}
	})
}

func TestParallelIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second) // of the bubble
			now.Add(-1)
			fmt.Fprint(w, `{"id":1}`)
		})
		c := inBubble(t, h, func(o *Options) { o.Parallel = 3 })
		started := time.Now()
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() { try(t.Context(), c, http.MethodGet) })
		}
		all.Wait()
		if most.Load() != 3 || time.Since(started) != 4*time.Second {
			t.Errorf("%d at once in %v, want 3 in 4s", most.Load(), time.Since(started))
		}
	})
}

// An interrupt is context.Canceled whenever it happens, and the outcome of a POST in flight is then unknown.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, h := range map[string]http.Handler{"in flight": slow, "between attempts": webPage(502, "x"),
		"at the gate": limited(1<<40, func(time.Time) map[string]string { return map[string]string{"Retry-After": "60"} })} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := inBubble(t, h, func(o *Options) { o.Transport = cancelled(h) })
				for _, method := range methods {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(200*time.Millisecond, cancel)
					err := try(ctx, c, method)
					if name == "between attempts" && method == http.MethodPost {
						continue // it was not retried
					}
					if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Interrupted {
						t.Errorf("%s: kind %v: %v", method, fault.KindOf(err), err)
					}
					unknown := method != http.MethodGet && name != "at the gate"
					if errors.Is(err, fault.Unknown) != unknown {
						t.Errorf("%s: class unknown is %v: %v", method, !unknown, err)
					}
				}
			})
		})
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
