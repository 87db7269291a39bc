package fakegitlab

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signInPage is what a single sign-on in front of GitLab shows to a client
// whose session has ended: 200, but not JSON.
const signInPage = "<!DOCTYPE html><html><head><title>Sign in</title></head>" +
	"<body><form action=\"/sso\" method=\"post\"><input name=\"user\"></form></body></html>\n"

// strike is what befalls one request. The zero value is nothing.
type strike struct {
	kind   FaultKind
	status int
	delay  time.Duration
	names  []string
}

// String names the faults for the journal; empty when there is none.
func (s strike) String() string { return strings.Join(s.names, " ") }

// serve carries r out by next as far as the strike allows. A cut connection is
// http.ErrAbortHandler as a panic, which net/http and Transport understand.
//
// status is set to what the caller gets to see, 0 for a connection that was
// cut before an answer. A delay lies between carrying out and answering, so that a caller who gave
// up waiting has changed the state nevertheless.
func (s strike) serve(w http.ResponseWriter, r *http.Request, status *int, next http.HandlerFunc, sleep func(context.Context, time.Duration)) {
	if s.kind == "" && s.delay == 0 {
		next(w, r)
		return
	}
	answer := newRecorder()
	switch s.kind {
	case DropBefore, StatusFault, HTMLFault, LimitFault:
	default:
		next(answer, r)
	}
	if s.delay > 0 {
		sleep(r.Context(), s.delay)
	}
	switch s.kind {
	case DropBefore, DropAfter:
		*status = 0
		panic(http.ErrAbortHandler)
	case StatusFault, ErrorAfter:
		*status = s.status
		writeFailure(w, s.status)
	case LimitFault:
		*status = http.StatusTooManyRequests
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(*status)
		w.Write(errTooMany().body)
	case HTMLFault:
		*status = http.StatusOK
		writeHTML(w, http.StatusOK, signInPage)
	case Truncate:
		answer.truncate(w)
	default:
		answer.copyTo(w)
	}
}

// recorder holds an answer in memory. It is the ResponseWriter behind faults
// and behind Transport.
type recorder struct {
	header  http.Header
	status  int // 0 until the header was written
	sent    http.Header
	body    bytes.Buffer
	flushed bool
}

func newRecorder() *recorder { return &recorder{header: http.Header{}} }

func (rec *recorder) Header() http.Header { return rec.header }

func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status, rec.sent = status, rec.header.Clone()
	}
}

func (rec *recorder) Write(p []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	return rec.body.Write(p)
}

// Flush makes rec an http.Flusher: what was flushed reaches the caller even
// when the connection is cut afterwards.
func (rec *recorder) Flush() {
	rec.WriteHeader(http.StatusOK)
	rec.flushed = true
}

func (rec *recorder) copyTo(w http.ResponseWriter) {
	rec.WriteHeader(http.StatusOK)
	copyHeader(w.Header(), rec.sent)
	w.WriteHeader(rec.status)
	w.Write(rec.body.Bytes()) // a caller that went away is no concern of the server
}

// truncate announces the whole body, sends half of it and cuts the
// connection. An answer without a body is cut before its header.
func (rec *recorder) truncate(w http.ResponseWriter) {
	rec.WriteHeader(http.StatusOK)
	if rec.body.Len() > 0 {
		copyHeader(w.Header(), rec.sent)
		w.Header().Set("Content-Length", strconv.Itoa(rec.body.Len()))
		w.WriteHeader(rec.status)
		w.Write(rec.body.Bytes()[:rec.body.Len()/2])
		http.NewResponseController(w).Flush() // fails only where nothing can be flushed, and then nothing was sent
	}
	panic(http.ErrAbortHandler)
}

func copyHeader(to, from http.Header) {
	for name, values := range from {
		to[name] = values
	}
}
