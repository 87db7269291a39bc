// Package transport sends requests to GitLab: attempts and retries, rate limits, redirects, the token, and error messages.
//
// Start with [Transport], an [http.RoundTripper] created by [New]; its comment lists what it guarantees. [Transport.RoundTrip] takes a
// slot, passes the gate that a rate limit shuts, and makes one attempt (attempt.go, gate.go). [judge] decides whether to retry
// (retry.go). A request that is given up becomes an [Error] with GitLab's message and a hint (error.go, message.go, hint.go).
//
// It is a separate package so that these guarantees can be read and tested without the client. It knows the form of API paths, to
// describe a request in words (resource.go), and nothing else about GitLab's resources. No client library may be in it.
package transport

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Transport sends each request in one or more attempts and returns successful answers only: whatever GitLab refuses, and
// whatever goes wrong on the way, is an [*Error].
// (A RoundTripper should not interpret answers; this one does, because the outcome of a request is its purpose.)
//
// It guarantees:
//   - A POST is retried only when it was certainly not carried out: never sent, or answered with 429. The exception is a GraphQL query,
//     which is a read in all respects; there must be no mutations.
//   - GET, PUT and DELETE, which are safe to repeat, are retried after every transient failure. See [judge].
//   - A write that replaces what was read just before is never retried, see [WithoutRetry], nor is an update of an issue after a 409, see
//     [LookAfterConflict].
//   - With [Options.ReadOnly] no write is sent, whoever asks for it.
//   - A 429 stops all requests until the time that GitLab names; so does the last request that a limit allows.
//   - Answers are read whole, and checked by whoever decodes them before the request counts as done, see [WithAccept].
//   - The token is added to each attempt for the configured origin, and redirects to other origins are not followed.
type Transport struct {
	options              Options
	base                 *url.URL
	token                *token
	slots                chan struct{} // one for each concurrent request
	gate                 gate
	clock                serverClock
	written, fineGrained atomic.Bool
	limited              atomic.Bool // since the last call of Limited

	createTimeout time.Duration // for one attempt of a POST; 0: as for any other

	starting sync.Once
	memory   atomic.Pointer[memory] // nil: no read is repeated
}

// MaxAttempts bounds how often a request is sent, and maxHops how many redirects are followed.
const (
	MaxAttempts = 5
	maxHops     = 5
)

// New checks the options. It makes no request and does not ask for the token.
// An invalid host is an error of kind [fault.Usage].
func New(o Options) (*Transport, error) {
	var creates time.Duration
	if o.AttemptTimeout <= 0 {
		creates = CreateTimeout
	}
	o, base, err := o.checked()
	if err != nil {
		return nil, err
	}
	return &Transport{options: o, base: base, token: &token{ask: o.Token, host: base.String()}, slots: make(chan struct{}, o.Parallel),
		createTimeout: creates}, nil
}

// Options are the options of [New] with their defaults filled in.
func (t *Transport) Options() Options { return t.options }

// Host is the instance's address without a slash at the end.
func (t *Transport) Host() string { return t.base.String() }

// ServerTime is the server's time at our time now; known is false until an answer has shown the server's clock.
func (t *Transport) ServerTime(now time.Time) (at time.Time, known bool) {
	return t.clock.at(now), t.clock.known.Load()
}

// WithoutRetry marks a PUT that replaces what was read just before, for which GitLab offers no conditional request. It is sent once: by the
// time of a retry somebody else may have written, so the caller has to read again first. [Error.Retryable] is then set.
func WithoutRetry(ctx context.Context) context.Context {
	return context.WithValue(ctx, noRetryKey{}, true)
}

// LookAfterConflict marks the PUT of an issue: a 409 may have done its work. The caller has to read the issue before it sends anything
// again. [Error.Retryable] is then set.
func LookAfterConflict(ctx context.Context) context.Context {
	return context.WithValue(ctx, lookKey{}, true)
}

type (
	noRetryKey struct{}
	lookKey    struct{}
)

// onlyOnce reports whether the caller has to look before the request is sent again.
func onlyOnce(ctx context.Context, got outcome) bool {
	return ctx.Value(noRetryKey{}) != nil || ctx.Value(lookKey{}) != nil && got.err == nil && got.status == http.StatusConflict
}

// Accept decodes a successful answer and checks that it is what was asked for.
type Accept func(header http.Header, body []byte) error

// WithAccept gives a request the check of its answer. An answer that is not accepted counts like one that was cut short: after a read,
// PUT or DELETE the request is sent again, after a POST the outcome is unknown. accept is called once for each such attempt.
func WithAccept(ctx context.Context, accept Accept) context.Context {
	return context.WithValue(ctx, acceptKey{}, accept)
}

type acceptKey struct{}

// WithMutation marks a GraphQL request that changes something: it is a POST like any other, and not repeated.
func WithMutation(ctx context.Context) context.Context {
	return context.WithValue(ctx, mutationKey{}, true)
}

type mutationKey struct{}

func mutates(ctx context.Context) bool { return ctx.Value(mutationKey{}) != nil }

// accept is the result of the request's check.
func (x *exchange) accept(got outcome) error {
	check, _ := x.request.Context().Value(acceptKey{}).(Accept)
	if check == nil {
		return nil
	}
	return check(got.header, got.body)
}

// RoundTrip carries the request out. The error is an *Error, or the token's or the context's own, or the refusal of a write.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x := &exchange{request: req, url: req.URL, query: t.path(req.URL) == graphQL && !mutates(req.Context())}
	if err := x.readBody(); err != nil {
		return nil, err
	}
	if t.options.ReadOnly && (!x.reads() || x.mutates()) {
		return nil, fault.New(fault.Refused, "", "%s: not sent, this run may change nothing", describe(req.Method, t.path(req.URL)))
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
		t.note(x, got, v)
		switch v.act {
		case finish:
			if v.gone {
				got.status, got.body = http.StatusNoContent, nil
			}
			return got.response(req), nil
		case giveUp:
			return nil, t.failure(x, got, v)
		}
		if onlyOnce(req.Context(), got) {
			return nil, t.retryable(x, got, v)
		}
		x.uncertain = x.uncertain || v.uncertain
		if err := t.wait(req.Context(), x, got, v); err != nil {
			return nil, err
		}
	}
}

// note remembers that a write was, or may have been, carried out.
func (t *Transport) note(x *exchange, got outcome, v verdict) {
	if !x.reads() && (v.act == finish && !v.gone || v.uncertain || halfDone(x, got)) {
		t.written.Store(true)
	}
}

// Smaller says that what a request asks for is asked for in smaller parts. path is below /api/v4.
func (t *Transport) Smaller(method, path string) {
	if t.options.Smaller != nil {
		t.options.Smaller(describe(method, path))
	}
}

// Written reports whether any write was, or may have been, carried out.
func (t *Transport) Written() bool { return t.written.Load() }

// Limited reports whether a rate limit made a request wait, or stopped one, since the last call.
func (t *Transport) Limited() bool { return t.limited.Swap(false) }

// FineGrained reports whether GitLab has refused something for want of a permission of a fine-grained token.
func (t *Transport) FineGrained() bool { return t.fineGrained.Load() }

// wait waits before the next attempt. A rate limit stops all requests, anything else this one only.
func (t *Transport) wait(ctx context.Context, x *exchange, got outcome, v verdict) error {
	now := t.options.Now()
	d := t.pauseFor(x, got, v, now)
	if v.limited {
		t.limited.Store(true)
		if d > t.options.MaxWait {
			return t.failure(x, got, v.tooLong(now.Add(d)))
		}
		t.gate.shut(now.Add(d), rateLimited)
		return nil // the next attempt waits at the gate and announces the wait
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

// retryable is the failure of an attempt that would be retried if the request did not depend on what was read. A rate limit still stops all
// requests.
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

// Stagger waits for a random time, up to longer ones with each try, so that runs that disturb each other do not continue in step.
func (t *Transport) Stagger(ctx context.Context, try int) error {
	return t.sleep(ctx, time.Duration(t.options.Jitter()*float64(min(longestPause, shortestPause<<try))))
}

// sleep waits, unless the context would end first: then it fails at once.
func (t *Transport) sleep(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && t.options.Now().Add(d).After(deadline) {
		return context.DeadlineExceeded
	}
	return t.options.Sleep(ctx, d)
}

// stopped is the failure of a request that was stopped before an attempt.
func (t *Transport) stopped(x *exchange, err error) error {
	e := &Error{Method: x.request.Method, Path: t.path(x.url), Attempts: x.attempt, Err: err, limited: x.limited}
	if until := t.gate.opens(); errors.Is(err, context.DeadlineExceeded) && until.After(t.options.Now()) {
		e.limitedUntil = clockTime(until, t.options.Now())
	}
	if x.uncertain {
		e.Class = fault.Unknown
	}
	return e
}

// Pause waits before a lookup of what a request with an unknown outcome may have changed, longer with each try. cause is the request's
// error.
func (t *Transport) Pause(ctx context.Context, try int, cause error) error {
	d := min(longestPause, shortestPause<<try)
	d += time.Duration(t.options.Jitter() * float64(shortestPause))
	return t.PauseFor(ctx, d, try, cause)
}

// PauseFor is [Transport.Pause] for a given time.
func (t *Transport) PauseFor(ctx context.Context, d time.Duration, try int, cause error) error {
	if t.options.Waiting != nil {
		w := Wait{For: d, Reason: "outcome unknown", Attempt: try, Look: true}
		if e, ok := errors.AsType[*Error](cause); ok {
			w.Request = describe(e.Method, e.Path)
		}
		if errors.Is(cause, fault.Busy) {
			w.Reason, w.Look = "GitLab is creating one of its labels for somebody else", false
		}
		t.options.Waiting(w)
	}
	return t.sleep(ctx, d)
}

// Sleep waits without a word, unless the context would end first: then it fails at once.
func (t *Transport) Sleep(ctx context.Context, d time.Duration) error { return t.sleep(ctx, d) }
