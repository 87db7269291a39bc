package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Handler carries out one request. The lock is held: shared for GET and HEAD, alone for the rest.
// It returns a *failure.Failure as its error for everything that GitLab refuses.
type Handler func(c *Call) (Reply, error)

// Route is one row of the table: a method, a path below /api/v4 with :names, and what to do.
type Route struct {
	Method   string
	segments []string
	Handle   Handler
	Public   bool // may be asked without a token
	Job      bool // takes a CI job token
	User     bool // the scope read_user is enough
}

// Get is a row for GET; the options are chained behind.
func Get(path string, h Handler) Route { return newRoute(http.MethodGet, path, h) }

// Post is a row for POST.
func Post(path string, h Handler) Route { return newRoute(http.MethodPost, path, h) }

// Put is a row for PUT.
func Put(path string, h Handler) Route { return newRoute(http.MethodPut, path, h) }

// Delete is a row for DELETE.
func Delete(path string, h Handler) Route { return newRoute(http.MethodDelete, path, h) }

func newRoute(method, path string, h Handler) Route {
	return Route{Method: method, segments: strings.Split(strings.Trim(path, "/"), "/"), Handle: h}
}

// Anonymous lets in requests without a token.
func (r Route) Anonymous() Route { r.Public = true; return r }

// JobToken lets in CI jobs.
func (r Route) JobToken() Route { r.Job = true; return r }

// ReadUser lets in tokens that have no more than the scope read_user.
func (r Route) ReadUser() Route { r.User = true; return r }

// Segments is how many segments the path has.
func (r Route) Segments() int { return len(r.segments) }

// Fits reports whether the path has the row's form. Segments are still escaped, so an encoded slash stays inside one.
func (r Route) Fits(segments []string) bool {
	if len(segments) != len(r.segments) {
		return false
	}
	for i, want := range slices.Backward(r.segments) { // rows differ most at their ends
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

// Bind stores the path's values among the parameters, where they win over the query.
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
}
