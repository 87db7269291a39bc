package rest

import (
	"hash/crc32"
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

// Refusal returns the answer for a refusal.
func Refusal(f *failure.Failure) Reply {
	return Reply{Status: f.Status, Body: f.Body, Header: f.Header}
}

// JSON encodes a value while the lock is still held.
func (c *Call) JSON(status int, write func(e *jsonenc.Encoder)) (Reply, error) {
	return encoded(status, write), nil
}

// NoContent returns the answer to most DELETEs.
func NoContent() Reply { return Reply{Status: http.StatusNoContent} }

// Send writes the answer with the common headers. Its body must not be used after that.
func (c *Call) Send(w http.ResponseWriter, rep Reply) {
	if rep.pooled != nil {
		defer encoders.Put(rep.pooled)
	}
	h := w.Header()
	h.Set("X-Request-Id", c.ID)
	h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	h.Set("Vary", "Origin")
	if len(rep.Body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	for k, v := range rep.Header {
		h[k] = v
	}
	rep = c.conditional(h, rep)
	if rep.Status != http.StatusNoContent && rep.Status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(rep.Body)))
	}
	w.WriteHeader(rep.Status)
	if c.Request.Method != http.MethodHead {
		_, _ = w.Write(rep.Body)
	}
}

// conditional adds the weak ETag of a read and answers 304 if the caller already has that body.
func (c *Call) conditional(h http.Header, rep Reply) Reply {
	if !c.Reading() || rep.Status != http.StatusOK {
		return rep
	}
	tag := etag(rep.Body)
	h.Set("ETag", tag)
	if c.Request.Header.Get("If-None-Match") == tag {
		return Reply{Status: http.StatusNotModified}
	}
	return rep
}

// etag is weak: the checksum of the body and its length.
func etag(body []byte) string {
	sum := crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))
	tag := append(make([]byte, 0, 24), `W/"`...)
	for shift := 28; shift >= 0; shift -= 4 {
		tag = append(tag, "0123456789abcdef"[sum>>shift&15])
	}
	return string(append(strconv.AppendInt(tag, int64(len(body)), 16), '"'))
}
