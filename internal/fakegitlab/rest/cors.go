package rest

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// exposed are the headers that a web page of another origin may read.
const exposed = "Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page, X-Gitlab-Blob-Id, X-Gitlab-Commit-Id, " +
	"X-Gitlab-Content-Sha256, X-Gitlab-Encoding, X-Gitlab-File-Name, X-Gitlab-File-Path, X-Gitlab-Last-Commit-Id, X-Gitlab-Ref, " +
	"X-Gitlab-Size, X-Request-Id, ETag"

// allowOrigin lets web pages of any origin read the answer, as GitLab does for its API: nothing in it depends on cookies.
func (c *Call) allowOrigin(h http.Header) {
	if c.Request.Header.Get("Origin") == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
	h.Set("Access-Control-Expose-Headers", exposed)
	h.Set("Access-Control-Max-Age", "7200")
}

// IsPreflight reports whether a browser asks if a page of another origin may send a request.
func (c *Call) IsPreflight() bool {
	h := c.Request.Header
	return c.Request.Method == http.MethodOptions && h.Get("Origin") != "" && h.Get("Access-Control-Request-Method") != ""
}

// Preflight returns the answer to such a question, which needs no token: yes.
func (c *Call) Preflight() Reply {
	rep := Reply{Status: http.StatusOK, Header: http.Header{}, Layer: failure.Outside}
	c.allowOrigin(rep.Header)
	if names := c.Request.Header.Get("Access-Control-Request-Headers"); names != "" {
		rep.Header.Set("Access-Control-Allow-Headers", names)
	}
	return rep
}

// Options returns the answer to OPTIONS: the methods of the address.
func Options(methods string) Reply {
	return Reply{Status: http.StatusNoContent, Header: http.Header{"Allow": {methods}}}
}
