package fakegitlab

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one request as its handler sees it: what was asked, and who asks.
type call struct {
	s      *store
	limits *limits
	r      *http.Request
	id     string
	base   address
	p      *params

	user    *user     // nil for nobody
	inGroup bool      // the path begins with /groups
	view    issueView // how the issues in the answer are shown
	yield   func()    // lets other requests in between check and save; nil where none may
}

// address is the instance's external address in the forms that are needed.
type address struct {
	url  string // without a slash at the end
	root string // its path, "" or "/gitlab"
}

func parseAddress(raw string) address {
	a := address{url: strings.TrimRight(raw, "/")}
	if u, err := url.Parse(a.url); err == nil {
		a.root = u.Path
	}
	return a
}

// host is the name in the configured address, without a port.
func (a address) host() string {
	u, err := url.Parse(a.url)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// reply is an answer that is ready to be sent. The body is encoded already, so it does not change with the state.
type reply struct {
	status int
	body   []byte
	header http.Header // beyond the common ones; may be nil
}

// replyOf is the answer that a refusal is.
func replyOf(f *failure) reply { return reply{status: f.status, body: f.body, header: f.header} }

// path is the escaped path below /api/v4.
func (c *call) path() string {
	return strings.TrimPrefix(strings.TrimPrefix(c.r.URL.EscapedPath(), c.base.root), "/api/v4")
}

// reading reports whether the request cannot change anything.
func (c *call) reading() bool {
	return c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
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

// conditional adds the weak ETag of a read and answers 304 when the caller has that very body.
func (c *call) conditional(h http.Header, rep reply) reply {
	if !c.reading() || rep.status != http.StatusOK {
		return rep
	}
	tag := fmt.Sprintf(`W/"%08x%x"`, crc32.Checksum(rep.body, crc32.MakeTable(crc32.Castagnoli)), len(rep.body))
	h.Set("ETag", tag)
	if c.r.Header.Get("If-None-Match") == tag {
		return reply{status: http.StatusNotModified}
	}
	return rep
}

// between gives way to other requests between check and save when the instance is racy.
func (c *call) between() {
	if c.yield != nil {
		c.yield()
	}
}

// spend counts one request of the caller against an application limit, and
// refuses when there were too many in this minute.
func (c *call) spend(t *throttle) error {
	who := c.r.RemoteAddr
	if c.user != nil {
		who = c.user.username
	}
	if !t.take(who, c.s.now()).ok {
		return errTooMany()
	}
	return nil
}
