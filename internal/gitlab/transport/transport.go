// Package transport carries requests to GitLab out: attempts and retries, limits, redirects, the token, and errors that say what was tried.
//
// Start with [Transport], an [http.RoundTripper] made by [New]; its comment lists what it promises. The way of a request:
// [Transport.RoundTrip] takes a slot, passes the gate that a limit shuts, and makes one attempt (attempt.go, gate.go); [judge] decides what
// comes after it (retry.go); and what is given up becomes an [Error] with GitLab's own words and a hint (error.go, message.go, hint.go).
//
// It is a package of its own so that these promises can be read and tested without the client. It knows the form of API paths, so that it
// can say in words what a request does, and nothing else of GitLab's resources; no client library may be in it.
package transport

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Transport carries requests out, each in one or more attempts, and returns answers that say "done" and nothing else:
// whatever GitLab refuses, and whatever goes wrong on the way, comes back as an [*Error].
// (A RoundTripper should not judge answers; this one does, since a request's outcome is what it is for.)
//
// Its promises:
//   - A POST is sent again only when it was certainly not carried out: never sent, or answered with 429.
//   - GET, PUT and DELETE, whose repetition does no harm, are sent again after everything that may pass. See [judge].
//   - A write that is made from what was read just before is not sent again at all, see [SendOnce].
//   - A 429 stops all requests until the time that GitLab names; so does the last request of a limit.
//   - Answers are read whole, so that one cut short is found here and not by whoever decodes it.
//   - The token is added to each attempt for the configured origin, and redirects to other places are not followed.
type Transport struct {
	options Options
	base    *url.URL
	token   *token
	slots   chan struct{} // one for each request at once
	gate    gate
	clock   serverClock
}

// MaxAttempts bounds how often a request is sent, and maxHops how many redirects are followed.
const (
	MaxAttempts = 5
	maxHops     = 5
)

// New checks the options. It makes no request and does not ask for the token.
// A host that cannot be used is an error of kind [fault.Usage].
func New(o Options) (*Transport, error) {
	o, base, err := o.checked()
	if err != nil {
		return nil, err
	}
	return &Transport{options: o, base: base, token: &token{ask: o.Token}, slots: make(chan struct{}, o.Parallel)}, nil
}

// Options are those that the transport was made with, and the defaults.
func (t *Transport) Options() Options { return t.options }

// Host is the instance's address without a slash at the end.
func (t *Transport) Host() string { return t.base.String() }

// ServerTime is the server's time when our clock says now; known tells whether an answer has said so already.
func (t *Transport) ServerTime(now time.Time) (at time.Time, known bool) {
	return t.clock.at(now), t.clock.known.Load()
}

// SendOnce marks a PUT that replaces what was read right before, where GitLab offers no way to say so. It is sent once: by the time of
// another attempt somebody may have written, so whoever sends it looks again first. The error then says that it is Passing.
func WithoutRetry(ctx context.Context) context.Context {
	return context.WithValue(ctx, noRetryKey{}, true)
}

type noRetryKey struct{}

func noRetry(ctx context.Context) bool { return ctx.Value(noRetryKey{}) != nil }

// RoundTrip carries the request out. The error is an *Error, or the token's or the context's own.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x := &exchange{request: req, url: req.URL}
	if err := x.readBody(); err != nil {
		return nil, err
	}
	for hops := 0; ; {
		got, err := t.try(x)
		if err != nil {
			return nil, err
		}
		if next := t.redirect(x, got); next != nil && hops < maxHops {
			x.url, x.attempt = next, 0
			hops++
			continue
		}
		v := judge(x, got)
		switch v.act {
		case finish:
			if v.gone {
				got.status, got.body = http.StatusNoContent, nil
			}
			return got.response(req), nil
		case giveUp:
			return nil, t.failure(x, got, v)
		}
		if noRetry(req.Context()) {
			return nil, t.retryable(x, got, v)
		}
		x.uncertain = x.uncertain || v.uncertain
		if err := t.wait(req.Context(), x, got, v); err != nil {
			return nil, err
		}
	}
}

// wait passes the time before the next attempt. A limit stops everybody, anything else this request alone.
func (t *Transport) wait(ctx context.Context, x *exchange, got outcome, v verdict) error {
	now := t.options.Now()
	d := t.pauseFor(x, got, v, now)
	if v.limited {
		if d > t.options.MaxWait {
			return t.failure(x, got, v.tooLong(now.Add(d)))
		}
		t.gate.shut(now.Add(d), "GitLab limits the number of requests")
		return nil // the gate is passed, and the wait told, at the next attempt
	}
	d = min(d, t.options.MaxWait)
	if t.options.Waiting != nil {
		t.options.Waiting(Wait{For: d, Reason: v.reason, Request: describe(x.request.Method, t.path(x.url)), Attempt: x.attempt})
	}
	if err := t.sleep(ctx, d); err != nil {
		return t.failure(x, got, v.cutShort(err))
	}
	return nil
}

// outdated is the failure of an attempt that another one would follow, were the request not based on a look. A limit still stops everybody.
func (t *Transport) retryable(x *exchange, got outcome, v verdict) error {
	if v.limited {
		if err := t.wait(x.request.Context(), x, got, v); err != nil {
			return err
		}
	}
	e := t.failure(x, got, v)
	e.Retryable = true
	return e
}

// sleep waits unless the context would end before; then there is no point in waiting.
func (t *Transport) sleep(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && t.options.Now().Add(d).After(deadline) {
		return context.DeadlineExceeded
	}
	return t.options.Sleep(ctx, d)
}

// halted is the failure of a request that was stopped before an attempt.
func (t *Transport) stopped(x *exchange, err error) error {
	e := &Error{Method: x.request.Method, Path: t.path(x.url), Attempts: x.attempt, Err: err}
	if x.uncertain {
		e.Class = fault.Unknown
	}
	return e
}

// Pause waits before looking for what a lost request may have made, longer with each try. because is the request's error.
func (t *Transport) Pause(ctx context.Context, try int, because error) error {
	d := min(longestPause, shortestPause<<try)
	d += time.Duration(t.options.Jitter() * float64(shortestPause))
	if t.options.Waiting != nil {
		w := Wait{For: d, Reason: "no answer says whether it was carried out", Attempt: try, Lookup: true}
		if e, ok := errors.AsType[*Error](because); ok {
			w.Request = describe(e.Method, e.Path)
		}
		t.options.Waiting(w)
	}
	return t.sleep(ctx, d)
}
