package cli_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// ending is how GitLab goes away for good: what every request from some point on meets.
type ending struct {
	name   string
	answer func() (*http.Response, error)
	unsure bool // a write may have been carried out
}

func endings() []ending {
	answered := func(status int, body string) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
		}
	}
	return []ending{
		{"401", answered(http.StatusUnauthorized, `{"message":"401 Unauthorized"}`), false},
		{"403", answered(http.StatusForbidden, `{"message":"403 Forbidden"}`), false},
		{"404", answered(http.StatusNotFound, `{"message":"404 Project Not Found"}`), false},
		{"maintenance", answered(http.StatusForbidden, `{"message":"403 Forbidden - You cannot perform write operations on a read-only instance"}`), false},
		{"503", answered(http.StatusServiceUnavailable, `{"message":"503 Service Unavailable"}`), true},
		{"gone", func() (*http.Response, error) { return nil, errKilled }, false},
		{"out of time", func() (*http.Response, error) { return nil, context.DeadlineExceeded }, true},
	}
}

// ended is a transport on which GitLab goes away before its nth request. With lost, the answer to the request before that is lost too, after
// it was carried out or, with denied, before.
type ended struct {
	inner        http.RoundTripper
	e            ending
	nth, seen    int
	lost, denied bool
	sent         bool // a write was carried out, or its answer was lost
}

func (e *ended) RoundTrip(r *http.Request) (*http.Response, error) {
	e.seen++
	writes := r.Method != http.MethodGet
	if e.seen >= e.nth {
		e.sent = e.sent || writes && e.e.unsure
		return e.e.answer()
	}
	if last := e.seen == e.nth-1; last && e.lost && e.denied {
		e.sent = e.sent || writes
		return nil, io.ErrUnexpectedEOF
	} else if last && e.lost {
		e.sent = e.sent || writes
		if resp, err := e.inner.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		return nil, io.ErrUnexpectedEOF
	}
	resp, err := e.inner.RoundTrip(r)
	e.sent = e.sent || writes && err == nil && resp.StatusCode < 300
	return resp, err
}

// TestExitCodeAfterAWrite runs every writing command against a GitLab that goes away at each request, in each way. After a write whose
// outcome is known or unknown the exit code is 3 (or 0, where nothing was left to do); before it, never.
func TestExitCodeAfterAWrite(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
			l := start.copy()
			l.must(t, args...)
			want, requests := l.picture(), len(l.methods())
			for nth := 1; nth <= requests+1; nth++ {
				for k, kind := range endings() {
					for w, way := range []ended{{}, {lost: true}, {lost: true, denied: true}} {
						if way.lost && nth == 1 || !sampled(32, s.name, nth, k, w) {
							continue
						}
						l := start.copy()
						way.inner, way.e, way.nth = l.wire, kind, nth
						own := *l
						own.wire = &way
						r := own.run(args...)
						l.checkExit(t, &way, r, want)
					}
				}
			}
		})
	}
}

// checkExit checks the exit code of a run for which GitLab went away.
func (l *lab) checkExit(t *testing.T, way *ended, r ran, want []string) {
	t.Helper()
	right := r.code == int(fault.Partial)
	switch {
	case r.code == 0:
		right = slices.Equal(l.picture(), want)
	case !way.sent:
		right = r.code != int(fault.Partial)
	}
	if !right {
		t.Errorf("%s from request %d on (lost %v, denied %v): exit %d, a write was sent: %v\n%s%s", way.e.name, way.nth, way.lost, way.denied, r.code, way.sent, r.errors,
			strings.Join(l.requests(), "\n"))
	}
}
