package fakegitlab

import (
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request on its way: what was asked, who asks, and what the journal will say.
type call struct {
	s      *Server
	r      *http.Request
	id     string
	base   address
	p      *params
	broken *failure // the body could not be read as what it was declared to be

	user    *user  // nil for nobody
	token   *token // what the user showed
	denied  error  // why the token that was shown is no good
	started time.Time
	entry   Entry
	inGroup bool      // the path begins with /groups
	view    issueView // how the issues in the answer are shown
}

// reply is an answer that is ready to be sent. The body is encoded already, so it does not change with the state.
type reply struct {
	status int
	body   []byte
	header http.Header // beyond the common ones; may be nil
}

func (s *Server) newCall(r *http.Request) *call {
	c := &call{s: s, r: r, started: s.opts.Now()}
	c.id = fmt.Sprintf("01FAKE%020d", s.requests.Add(1))
	s.mu.RLock()
	c.base = s.base
	s.mu.RUnlock()
	body, err := readBody(r)
	c.entry = Entry{
		Time: c.started, Method: r.Method, Path: r.URL.EscapedPath(), Query: safeQuery(r.URL.Query()),
		RequestID: c.id, RequestBytes: len(body),
	}
	if err != nil {
		c.broken = errMalformed()
	}
	c.p, err = parseParams(r, body)
	switch {
	case len(r.URL.EscapedPath())+len(r.URL.RawQuery) > maxAddress:
		c.broken = errTooLong()
	case c.broken != nil:
	case err != nil:
		c.broken = asFailure(err)
	case isMalformed(c.p.values) || isMalformed(r.URL.Path):
		c.broken = errMalformedText()
	}
	return c
}

// maxAddress is how long path and query may be together, in bytes.
const maxAddress = 8 << 10

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	return io.ReadAll(r.Body)
}

// path is the escaped path below /api/v4.
func (c *call) path() string {
	return strings.TrimPrefix(strings.TrimPrefix(c.r.URL.EscapedPath(), c.base.root), "/api/v4")
}

// reading reports whether the request cannot change anything.
func (c *call) reading() bool {
	return c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
}

// reply turns what a handler returned into an answer.
func (c *call) reply(rep reply, err error) reply {
	if err != nil {
		return asFailure(err).reply()
	}
	return rep
}

// json encodes a value while the lock is still held.
func (c *call) json(status int, write func(e *enc)) (reply, error) {
	e := &enc{b: make([]byte, 0, 2048)}
	write(e)
	return reply{status: status, body: e.b}, nil
}

// noContent is the answer to most DELETEs.
func noContent() reply { return reply{status: http.StatusNoContent} }

// send writes the answer with the headers that every answer has.
func (c *call) send(w http.ResponseWriter, rep reply) {
	h := w.Header()
	h.Set("X-Request-Id", c.id)
	h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	h.Set("Vary", "Origin")
	if len(rep.body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	for k, v := range rep.header {
		h[k] = v
	}
	rep = c.conditional(h, rep)
	if rep.status != http.StatusNoContent && rep.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	}
	w.WriteHeader(rep.status)
	if c.r.Method != http.MethodHead {
		_, _ = w.Write(rep.body)
	}
}

// watch notes the status that the caller gets to see.
type watch struct {
	http.ResponseWriter
	status *int
}

func (w watch) WriteHeader(status int) {
	*w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets a response controller reach the connection.
func (w watch) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// conditional adds the weak ETag of a read and answers 304 when the caller has that very body.
func (c *call) conditional(h http.Header, rep reply) reply {
	if !c.reading() || rep.status != http.StatusOK {
		return rep
	}
	tag := fmt.Sprintf(`W/"%08x%x"`, crc32.Checksum(rep.body, castagnoli), len(rep.body))
	h.Set("ETag", tag)
	if c.r.Header.Get("If-None-Match") == tag {
		return reply{status: http.StatusNotModified}
	}
	return rep
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)
