package rest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Handler carries out one request. The lock is held: shared for GET and HEAD, exclusive for the rest. It returns a
// *failure.Failure as its error for everything that GitLab refuses.
type Handler func(c *Call) (Reply, error)

// Route is one route: a method, a path below /api/v4 with :names, and its handler.
type Route struct {
	Method   string
	segments []string
	Handle   Handler
	Public   bool // needs no token
	Job      bool // accepts a CI job token
	User     bool // the scope read_user is enough
	declared []declared
}

// Get returns a route for GET; its options are chained.
func Get(path string, h Handler) Route {
	r := newRoute(http.MethodGet, path, h)
	r.declared = declarations()[path]
	return r
}

// Post returns a route for POST.
func Post(path string, h Handler) Route { return newRoute(http.MethodPost, path, h) }

// Put returns a route for PUT.
func Put(path string, h Handler) Route { return newRoute(http.MethodPut, path, h) }

// Delete returns a route for DELETE.
func Delete(path string, h Handler) Route { return newRoute(http.MethodDelete, path, h) }

func newRoute(method, path string, h Handler) Route {
	return Route{Method: method, segments: strings.Split(strings.Trim(path, "/"), "/"), Handle: h}
}

// Anonymous allows requests without a token.
func (r Route) Anonymous() Route { r.Public = true; return r }

// JobToken allows CI job tokens.
func (r Route) JobToken() Route { r.Job = true; return r }

// ReadUser allows tokens that have only the scope read_user.
func (r Route) ReadUser() Route { r.User = true; return r }

// Segments returns the number of segments of the path.
func (r Route) Segments() int { return len(r.segments) }

// Fits reports whether the segments match the route. They are still escaped, so an encoded slash stays inside one.
func (r Route) Fits(segments []string) bool {
	if len(segments) != len(r.segments) {
		return false
	}
	for i, want := range slices.Backward(r.segments) { // routes differ most at their ends
		if want[0] == ':' {
			if segments[i] == "" {
				return false
			}
		} else if want != segments[i] {
			return false
		}
	}
	return true
}

// Bind adds the values of the path to the parameters, where they win over the query.
func (c *Call) Bind(r Route, segments []string) {
	c.InGroup = r.segments[0] == "groups"
	for i, name := range r.segments {
		if name[0] != ':' {
			continue
		}
		v, err := url.PathUnescape(segments[i])
		if err != nil {
			v = segments[i]
		}
		c.Params.Values[name[1:]] = v
	}
	if c.declared = r.declared; c.declared != nil {
		c.sent = maps.Clone(c.Params.Values)
	}
}
