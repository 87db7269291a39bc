package transport

import (
	"net/http"
	"net/url"
	"strings"
)

// redirect is where to send the request next; nil when the answer is not a redirect, or one that is not followed.
// Only reads are redirected, within the instance's API, and never to the new path of a renamed project: the old path in the
// configuration has to be fixed.
func (t *Transport) redirect(x *exchange, got outcome) *url.URL {
	if !redirects(got.status) || x.request.Method != http.MethodGet && x.request.Method != http.MethodHead {
		return nil
	}
	location := got.header.Get("Location")
	next, err := x.url.Parse(location)
	if location == "" || err != nil || !sameOrigin(next, t.base) || t.path(next) == "" || t.renamed(x.url, next) {
		return nil
	}
	return next
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// renamed reports whether next is the same request to another project or group.
func (t *Transport) renamed(from, next *url.URL) bool {
	a, b := parsePath(t.path(from)), parsePath(t.path(next))
	return a.owner != "" && b.owner != "" && a.owner != b.owner
}

// graphQL is the path of GraphQL, which is beside the root of the REST API.
const graphQL = "graphql"

// path is the part of an address below the API's root, escaped; empty for other addresses.
func (t *Transport) path(u *url.URL) string {
	if u.EscapedPath() == t.base.EscapedPath()+"/api/"+graphQL {
		return graphQL
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), t.base.EscapedPath()+"/api/v4/")
	if !ok {
		return ""
	}
	return rest
}
