package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// Reply is an answer that is ready to send. Its body is already encoded, so it does not change with the state.
type Reply struct {
	Status int
	Body   []byte
	Header http.Header // in addition to the common ones; may be nil
	Layer  failure.Layer

	pooled *jsonenc.Encoder // the pooled encoder whose buffer is the body, nil if there is none
}

// encoders pools the buffers of answers: a list of a hundred issues takes 170 kB.
var encoders = sync.Pool{New: func() any { return &jsonenc.Encoder{Bytes: make([]byte, 0, 4096)} }}

// encoded returns an answer with the body that write writes.
func encoded(status int, write func(e *jsonenc.Encoder)) Reply {
	e := encoders.Get().(*jsonenc.Encoder)
	e.Bytes = e.Bytes[:0]
	write(e)
	return Reply{Status: status, Body: e.Bytes, pooled: e}
}

// maxPooled is the largest buffer that is kept for other answers.
const maxPooled = 1 << 20

// free returns the buffer of a sent answer to the pool.
func (rep Reply) free() {
	if rep.pooled != nil && cap(rep.pooled.Bytes) <= maxPooled {
		encoders.Put(rep.pooled)
	}
}

// Refusal returns the answer for a refusal. A 500 is an exception, whoever returns it.
func Refusal(f *failure.Failure) Reply {
	rep := Reply{Status: f.Status, Body: f.Body, Header: f.Header, Layer: f.Layer}
	if f.Status == http.StatusInternalServerError {
		rep.Layer = failure.Rescue
	}
	return rep
}

// JSON encodes a value while the lock is still held.
func (c *Call) JSON(status int, write func(e *jsonenc.Encoder)) (Reply, error) {
	return encoded(status, write), nil
}

// NoContent returns the answer to most DELETEs.
func NoContent() Reply { return Reply{Status: http.StatusNoContent} }

// Send writes the answer with the headers of its layer. Its body must not be used after that.
func (c *Call) Send(w http.ResponseWriter, rep Reply) {
	defer rep.free()
	h := w.Header()
	h.Set("X-Request-Id", c.ID)
	if len(rep.Body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	if rep.Layer != failure.Outside {
		rep = c.withHeaders(h, rep)
	}
	for k, v := range rep.Header {
		h[k] = v
	}
	if rep.Status != http.StatusNoContent && rep.Status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(rep.Body)))
	}
	w.WriteHeader(rep.Status)
	if c.Request.Method != http.MethodHead {
		_, _ = w.Write(rep.Body)
	}
}

// withHeaders adds the headers of the API. An answer with an object has a weak ETag, and may be kept; a GET of what the
// caller already has is answered with 304. The security headers of an answer get lost if an exception is rescued.
func (c *Call) withHeaders(h http.Header, rep Reply) Reply {
	h.Set("Vary", "Origin")
	h.Set("Cache-Control", "no-cache")
	if rep.Layer == failure.Endpoint {
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "SAMEORIGIN")
	}
	c.allowOrigin(h)
	if len(rep.Body) == 0 || c.Request.Method == http.MethodHead || rep.Status != http.StatusOK && rep.Status != http.StatusCreated {
		return rep
	}
	tag := etag(rep.Body)
	h.Set("Etag", tag)
	h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	if c.Reading() && c.Request.Header.Get("If-None-Match") == tag {
		h.Del("Content-Type")
		return Reply{Status: http.StatusNotModified, Header: rep.Header}
	}
	return rep
}

// etag returns the weak entity tag of a body: the first half of its SHA-256.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	tag := append(make([]byte, 0, 40), `W/"`...)
	return string(append(hex.AppendEncode(tag, sum[:len(sum)/2]), '"'))
}
