package gitlab

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// transport carries requests out, each in one or more attempts, and returns answers that say "done" and nothing else:
// whatever GitLab refuses, and whatever goes wrong on the way, comes back as an [*Error].
// (A RoundTripper should not judge answers; this one does, since a request's outcome is what it is for.)
//
// Its promises:
//   - A POST is sent again only when it was certainly not carried out: never sent, or answered with 429.
//   - GET, PUT and DELETE, whose repetition does no harm, are sent again after everything that may pass. See [judge].
//   - A write that is made from what was read just before is not sent again at all, see [basedOnALook].
//   - A 429 stops all requests until the time that GitLab names; so does the last request of a limit.
//   - Answers are read whole, so that one cut short is found here and not by whoever decodes it.
//   - The token is added to each attempt for the configured origin, and redirects to other places are not followed.
type transport struct {
	options Options
	base    *url.URL
	token   *token
	slots   chan struct{} // one for each request at once
	gate    gate
	clock   serverClock
}

// maxAttempts bounds how often a request is sent, and maxHops how many redirects are followed.
const (
	maxAttempts = 5
	maxHops     = 5
)

func newTransport(o Options, base *url.URL) *transport {
	return &transport{
		options: o,
		base:    base,
		token:   &token{ask: o.Token},
		slots:   make(chan struct{}, o.Parallel),
	}
}

// exchange is one request with all its attempts.
type exchange struct {
	request *http.Request // as client-go made it
	url     *url.URL      // where it goes now; differs after a redirect
	body    []byte
	attempt int
	maybe   bool // an earlier attempt may have been carried out
}

// outcome is what came of one attempt: an answer read whole, or an error.
type outcome struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// RoundTrip carries the request out. The error is an *Error, or the token's or the context's own.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
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
		if isBasedOnALook(req.Context()) {
			return nil, t.outdated(x, got, v)
		}
		x.maybe = x.maybe || v.maybe
		if err := t.wait(req.Context(), x, got, v); err != nil {
			return nil, err
		}
	}
}

func (x *exchange) readBody() error {
	if x.request.Body == nil {
		return nil
	}
	defer x.request.Body.Close()
	var err error
	x.body, err = io.ReadAll(x.request.Body)
	return err
}

// try makes one attempt. Its error says that none could be made; what goes wrong on the wire is in the outcome.
func (t *transport) try(x *exchange) (outcome, error) {
	ctx := x.request.Context()
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return outcome{}, t.halted(x, ctx.Err())
	}
	// The slot is held at the gate: those behind would have to wait there too, and none passed it before it was shut.
	if err := t.gate.pass(ctx, t); err != nil {
		return outcome{}, t.halted(x, err)
	}
	x.attempt++
	once, cancel := context.WithTimeout(ctx, t.options.AttemptTimeout)
	defer cancel()
	req := x.fresh(once)
	if err := t.token.put(req, t.base); err != nil {
		return outcome{}, err
	}
	began := t.options.Now()
	got := send(t.options.Transport, req)
	took := t.options.Now().Sub(began)
	t.observe(x, got, took)
	return got, nil
}

// fresh is the request for the next attempt.
func (x *exchange) fresh(ctx context.Context) *http.Request {
	req := x.request.Clone(ctx)
	req.URL, req.Host = x.url, ""
	req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	if x.body != nil {
		req.Body = io.NopCloser(bytes.NewReader(x.body))
		req.ContentLength = int64(len(x.body))
	}
	return req
}

// send carries one request out and reads the whole answer.
func send(over http.RoundTripper, req *http.Request) outcome {
	resp, err := over.RoundTrip(req)
	if err != nil {
		return outcome{err: err}
	}
	defer resp.Body.Close()
	body, err := readAll(resp.Body, resp.ContentLength)
	return outcome{status: resp.StatusCode, header: resp.Header, body: body, err: err}
}

// readAll reads to the end. Big answers go into a buffer that was used before, see [recycle].
func readAll(r io.Reader, announced int64) ([]byte, error) {
	buf := bytes.NewBuffer(nil)
	if announced < 0 || announced > small {
		buf = bytes.NewBuffer((*buffers.Get().(*[]byte))[:0])
	}
	n, err := buf.ReadFrom(r)
	if err == nil && announced >= 0 && n < announced {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), err
}

// small is the size from which it is worth to keep a buffer.
const small = 16 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// recycle gives a body's memory to later answers. Nothing may refer to the body any more.
func recycle(body []byte) {
	if cap(body) > small {
		buffers.Put(&body)
	}
}

// observe takes note of what the answer's headers say, and tells the trace.
func (t *transport) observe(x *exchange, got outcome, took time.Duration) {
	if got.status != 0 {
		now := t.options.Now()
		t.clock.read(got.header, now)
		if reset, ok := t.resetAfter(got.header, now); ok && got.header.Get("RateLimit-Remaining") == "0" && reset <= t.options.MaxWait {
			t.gate.shut(now.Add(reset), "the limit of requests is used up")
		}
	}
	if t.options.Trace == nil {
		return
	}
	e := Exchange{
		Method: x.request.Method, URL: t.token.scrub(redactURL(x.url)), Attempt: x.attempt, Status: got.status,
		Duration: took, RequestID: t.token.scrub(requestID(got.header)), Sent: len(x.body), Received: len(got.body),
	}
	if got.err != nil {
		e.Err = t.token.scrub(got.err.Error())
	}
	t.options.Trace(e)
}

func requestID(h http.Header) string { return clean(h.Get("X-Request-Id"), 64) }

// wait passes the time before the next attempt. A limit stops everybody, anything else this request alone.
func (t *transport) wait(ctx context.Context, x *exchange, got outcome, v verdict) error {
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
func (t *transport) outdated(x *exchange, got outcome, v verdict) error {
	if v.limited {
		if err := t.wait(x.request.Context(), x, got, v); err != nil {
			return err
		}
	}
	e := t.failure(x, got, v)
	e.passing = true
	return e
}

// sleep waits unless the context would end before; then there is no point in waiting.
func (t *transport) sleep(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && t.options.Now().Add(d).After(deadline) {
		return context.DeadlineExceeded
	}
	return t.options.Sleep(ctx, d)
}

// halted is the failure of a request that was stopped before an attempt.
func (t *transport) halted(x *exchange, err error) error {
	e := &Error{Method: x.request.Method, Path: t.path(x.url), Attempts: x.attempt, Err: err}
	if x.maybe {
		e.Class = unknown
	}
	return e
}

// response hands the outcome to client-go. The body is in memory and is taken from there by [Client.do].
func (o outcome) response(req *http.Request) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(o.status) + " " + http.StatusText(o.status), StatusCode: o.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: o.header, Body: &wholeBody{Reader: bytes.NewReader(o.body), all: o.body},
		ContentLength: int64(len(o.body)), Request: req,
	}
}

// wholeBody is a body that was read before.
type wholeBody struct {
	*bytes.Reader
	all []byte
}

func (*wholeBody) Close() error { return nil }

// gate stops all requests until a time, which is never further away than Options.MaxWait.
type gate struct {
	mu     sync.Mutex
	until  time.Time
	reason string
	told   bool
}

// shut closes the gate until the time, unless it is closed for longer.
func (g *gate) shut(until time.Time, reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until, g.reason, g.told = until, reason, false
	}
}

// pass waits until the gate is open. It sleeps once for each time that the gate was shut, whatever the clock says after.
func (g *gate) pass(ctx context.Context, t *transport) error {
	var slept time.Time
	for {
		until, reason, tell := g.state()
		d := until.Sub(t.options.Now())
		if d <= 0 || until.Equal(slept) {
			return ctx.Err()
		}
		if tell && t.options.Waiting != nil {
			t.options.Waiting(Wait{For: d, Reason: reason})
		}
		if err := t.sleep(ctx, d); err != nil {
			return err
		}
		slept = until
	}
}

// state is when the gate opens, why it is shut, and whether the caller is the first to see that.
func (g *gate) state() (until time.Time, reason string, first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	first = !g.told
	g.told = true
	return g.until, g.reason, first
}
