package transport

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Recorder holds an answer in memory. It is the ResponseWriter behind faults and Transport.
type Recorder struct {
	header  http.Header
	status  int // 0 until the header is written
	sent    http.Header
	body    bytes.Buffer
	flushed bool
}

// NewRecorder returns an empty recorder.
func NewRecorder() *Recorder { return &Recorder{header: http.Header{}} }

// Header returns the header that the handler may still change.
func (rec *Recorder) Header() http.Header { return rec.header }

// WriteHeader freezes status and header. Only the first call counts.
func (rec *Recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status, rec.sent = status, rec.header.Clone()
	}
}

// Write adds to the body.
func (rec *Recorder) Write(p []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	return rec.body.Write(p)
}

// Flush makes rec an http.Flusher: flushed data reaches the caller even if the connection is cut afterwards.
func (rec *Recorder) Flush() {
	rec.WriteHeader(http.StatusOK)
	rec.flushed = true
}

// Remove removes headers from the recorded answer.
func (rec *Recorder) Remove(names ...string) {
	rec.WriteHeader(http.StatusOK)
	for _, name := range names {
		rec.sent.Del(name)
	}
}

// CopyTo answers with the recorded answer.
func (rec *Recorder) CopyTo(w http.ResponseWriter) {
	rec.WriteHeader(http.StatusOK)
	copyHeader(w.Header(), rec.sent)
	w.WriteHeader(rec.status)
	w.Write(rec.body.Bytes()) // a caller that went away does not matter to the server
}

// Truncate announces the whole body, sends half of it and cuts the connection. An answer without a body is cut
// before its header.
func (rec *Recorder) Truncate(w http.ResponseWriter) {
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

// response is the recorded answer as a client reads it from the wire.
func (rec *Recorder) response(req *http.Request, cut bool) *http.Response {
	rec.WriteHeader(http.StatusOK)
	body := io.Reader(bytes.NewReader(rec.body.Bytes()))
	if cut {
		body = io.MultiReader(body, brokenReader{})
	}
	length := int64(rec.body.Len())
	if n, err := strconv.ParseInt(rec.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	if req.Method == http.MethodHead {
		body = http.NoBody
	}
	return &http.Response{
		Status:     strconv.Itoa(rec.status) + " " + http.StatusText(rec.status),
		StatusCode: rec.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        rec.sent,
		Body:          io.NopCloser(body),
		ContentLength: length,
		Request:       req,
	}
}

// brokenReader is the end of a cut body.
type brokenReader struct{}
