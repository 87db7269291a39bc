// Package transport passes requests to a handler in memory and behaves like net/http, including cut connections.
// Start with New; a Recorder is an answer that is held back. It knows nothing about GitLab.
package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// errCut is the error of a connection that ended before an answer; errors.Is(err, io.EOF) holds, as it does for
// net/http's own.
func errCut() error { return fmt.Errorf("fakegitlab: connection cut: %w", io.EOF) }

// New returns a RoundTripper that passes requests directly to h, without a socket. It behaves like net/http: a
// handler that panics with http.ErrAbortHandler is a broken connection (an error that is io.EOF) or, if it had
// flushed a part, a body that ends in io.ErrUnexpectedEOF.
//
// RoundTrip returns only after h has returned, so the changes of a request are complete when its caller looks. A
// request whose context has ended is not sent; if the context ends during the request, RoundTrip returns its error
// although the request was carried out. Requests share no memory with their callers, and the transport is safe for
// concurrent use.
func New(h http.Handler) http.RoundTripper { return roundTripper{h} }

type roundTripper struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper; see New.
func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	if req.URL == nil || req.URL.Host == "" {
		return nil, errors.New("fakegitlab: no host in request URL")
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	in, err := serverRequest(req)
	if err != nil {
		return nil, err
	}
	answer := NewRecorder()
	cut := t.serve(answer, in)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if cut && !answer.flushed {
		return nil, errCut()
	}
	return answer.response(req, cut), nil
}

// serve reports whether the handler cut the connection.
func (t roundTripper) serve(w http.ResponseWriter, r *http.Request) (cut bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				panic(p)
			}
			cut = true
		}
	}()
	t.handler.ServeHTTP(w, r)
	return false
}

// serverRequest returns req as a server would read it from the wire.
func serverRequest(req *http.Request) (*http.Request, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	uri := req.URL.RequestURI()
	target, err := url.ParseRequestURI(uri)
	if err != nil {
		return nil, err
	}
	in := req.WithContext(req.Context())
	in.URL, in.Header, in.Trailer = target, req.Header.Clone(), req.Trailer.Clone()
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.GetBody = nil
	in.ContentLength = int64(len(body))
	in.RequestURI = uri
	in.RemoteAddr = "192.0.2.1:1234"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Method == "" {
		in.Method = http.MethodGet
	}
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	return in, nil
}

// Read always fails.
func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
