package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// exchange is one request with all its attempts.
type exchange struct {
	request   *http.Request // as client-go built it
	url       *url.URL      // the current address; differs after a redirect
	body      []byte
	query     bool // of GraphQL
	attempt   int
	uncertain bool // an earlier attempt may have been carried out
	limited   bool // a rate limit delayed it
}

// outcome is the result of one attempt: an answer read whole, or an error.
type outcome struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// reads reports whether the request changes nothing.
func (x *exchange) reads() bool {
	return x.query || x.request.Method == http.MethodGet || x.request.Method == http.MethodHead
}

// mutates reports whether a request of GraphQL is, or may be, more than a query. prodctl has none that is.
func (x *exchange) mutates() bool {
	if !x.query {
		return false
	}
	var sent struct{ Query string }
	err := json.Unmarshal(x.body, &sent)
	return err != nil || strings.Contains(sent.Query, "mutation") || strings.Contains(sent.Query, "subscription")
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

// try makes one attempt. Its error means that none could be made; what goes wrong on the wire is in the outcome.
func (t *Transport) try(x *exchange) (outcome, error) {
	ctx := x.request.Context()
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return outcome{}, t.stopped(x, ctx.Err())
	}
	// The slot is held at the gate: the requests after this one would have to wait there too.
	x.limited = x.limited || t.gate.opens().After(t.options.Now())
	if err := t.gate.pass(ctx, t); err != nil {
		return outcome{}, t.stopped(x, err)
	}
	x.attempt++
	attempt, cancel := context.WithTimeout(ctx, t.attemptTimeout(x.request.Method))
	defer cancel()
	defer t.announceSlow(attempt, x)()
	req := x.newRequest(attempt)
	if err := t.token.apply(req, t.base); err != nil {
		return outcome{}, err
	}
	started := t.options.Now()
	repeated := t.memory.Load()
	repeated.ask(req)
	got := t.ofProxy(req, send(t.options.Transport, req, t.options.MaxAnswer))
	took := t.options.Now().Sub(started)
	t.observe(x, got, took)
	return repeated.answer(req, got), nil
}

// announceSlow announces the wait for the answer to a create when it takes long. stop ends that.
func (t *Transport) announceSlow(ctx context.Context, x *exchange) (stop func()) {
	limit := t.attemptTimeout(x.request.Method)
	if x.request.Method != http.MethodPost || t.options.Waiting == nil || limit <= slowAnswer {
		return func() {}
	}
	slow, cancel := context.WithTimeout(ctx, slowAnswer)
	unannounce := context.AfterFunc(slow, func() {
		if ctx.Err() == nil && errors.Is(slow.Err(), context.DeadlineExceeded) {
			t.options.Waiting(Wait{For: limit - slowAnswer, Reason: "GitLab has not answered yet", Attempt: x.attempt, Answer: true,
				Request: describe(x.request.Method, t.path(x.url))})
		}
	})
	return func() {
		unannounce()
		cancel()
	}
}

// newRequest is the request for the next attempt.
func (x *exchange) newRequest(ctx context.Context) *http.Request {
	req := x.request.Clone(ctx)
	req.URL, req.Host = x.url, ""
	req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	if x.body != nil {
		req.Body = io.NopCloser(bytes.NewReader(x.body))
		req.ContentLength = int64(len(x.body))
	}
	return req
}

// send sends one request and reads the whole answer, of which it accepts most bytes.
func send(transport http.RoundTripper, req *http.Request, most int64) outcome {
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return outcome{err: err}
	}
	defer resp.Body.Close()
	body, err := readAll(resp.Body, resp.ContentLength, most)
	return outcome{status: resp.StatusCode, header: resp.Header, body: body, err: err}
}

// TooLarge is the error for an answer that is larger than [Options.MaxAnswer], after decompression. Whoever asked for a list can ask for
// fewer rows at once.
var TooLarge = errors.New("the answer has more bytes than prodctl reads (64 MiB)")

// readAll reads to the end, or to the limit. Large answers go into a recycled buffer, see [Recycle].
func readAll(r io.Reader, announced, most int64) ([]byte, error) {
	if announced > most {
		return nil, TooLarge
	}
	var buf *bytes.Buffer
	if announced < 0 || announced > recycleMin {
		buf = bytes.NewBuffer((*buffers.Get().(*[]byte))[:0])
	} else {
		buf = bytes.NewBuffer(make([]byte, 0, announced+bytes.MinRead)) // ReadFrom needs MinRead bytes of free space
	}
	n, err := buf.ReadFrom(io.LimitReader(r, most+1))
	if err == nil && n > most {
		Recycle(buf.Bytes())
		return nil, TooLarge
	}
	if err == nil && announced >= 0 && n < announced {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), err
}

// recycleMin is the size from which a buffer is worth keeping.
const recycleMin = 16 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Recycle gives a body's memory to later answers. Nothing may refer to the body afterwards.
func Recycle(body []byte) {
	if cap(body) > recycleMin {
		buffers.Put(&body)
	}
}

// response is the outcome as client-go expects it. The body is in memory; [Body] returns it.
func (o outcome) response(req *http.Request) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(o.status) + " " + http.StatusText(o.status), StatusCode: o.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: o.header, Body: &wholeBody{Reader: bytes.NewReader(o.body), all: o.body},
		ContentLength: int64(len(o.body)), Request: req,
	}
}

// wholeBody is a body that was already read.
type wholeBody struct {
	*bytes.Reader
	all []byte
}

// Close does nothing: the body is in memory.
func (*wholeBody) Close() error { return nil }

// Body is the whole body of an answer of the transport.
func Body(resp *http.Response) []byte { return resp.Body.(*wholeBody).all }
