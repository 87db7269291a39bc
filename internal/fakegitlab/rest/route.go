package rest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
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
	AnyScope bool // any scope is enough

	// What a fine-grained token needs: a permission, and where it must have it.
	Permission string
	Boundary   string
	Closed     bool // no permission is declared: no fine-grained token is enough

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

// Enterprise hides a handler from the Community Edition, which does not know its route.
func Enterprise(h Handler) Handler {
	return func(c *Call) (Reply, error) {
		if !c.Store.Edition.Enterprise() {
			return Reply{}, failure.UnknownRoute()
		}
		return h(c)
	}
}

// Anonymous allows requests without a token.
func (r Route) Anonymous() Route { r.Public = true; return r }

// JobToken allows CI job tokens.
func (r Route) JobToken() Route { r.Job = true; return r }

// ReadUser allows tokens that have only the scope read_user.
func (r Route) ReadUser() Route { r.User = true; return r }

// WithAnyScope allows every personal access token, whatever its scopes.
func (r Route) WithAnyScope() Route { r.AnyScope = true; return r }

// Needs declares the permission that a fine-grained token must have: in the project or group that the path begins with, or
// for its user if it begins with neither.
func (r Route) Needs(permission string) Route {
	r.Permission = permission
	switch {
	case strings.HasPrefix(r.Path(), "/projects/:id"):
		r.Boundary = store.ProjectBoundary
	case strings.HasPrefix(r.Path(), "/groups/:id"):
		r.Boundary = store.GroupBoundary
	default:
		r.Boundary = store.UserBoundary
	}
	return r
}

// OfInstance makes the permission one for the whole instance.
func (r Route) OfInstance() Route { r.Boundary = store.InstanceBoundary; return r }

// NoPermission says that GitLab 18.10 declares no permission for the route, so that it refuses every fine-grained token.
func (r Route) NoPermission() Route { r.Closed = true; return r }

// Segments returns the number of segments of the path.
func (r Route) Segments() int { return len(r.segments) }

// Path returns the path as it was declared.
func (r Route) Path() string { return "/" + strings.Join(r.segments, "/") }

// Fits reports whether the segments match the route. They are still escaped, so an encoded slash stays inside one. The
// last one may end in .json.
func (r Route) Fits(segments []string) bool {
	if len(segments) != len(r.segments) {
		return false
	}
	last := len(segments) - 1
	for i, want := range slices.Backward(r.segments) { // routes differ most at their ends
		if !fits(want, segments[i], i == last) {
			return false
		}
	}
	return true
}

// fits compares one segment. Most names match no text with a dot; those of projects, groups, labels, branches and files match any.
func fits(want, segment string, last bool) bool {
	if isWide(want) {
		return segment != ""
	}
	if last {
		segment = strings.TrimSuffix(segment, jsonSuffix)
	}
	if want[0] == ':' {
		return segment != "" && !strings.Contains(segment, ".")
	}
	return want == segment
}

// jsonSuffix is the only format of an address.
const jsonSuffix = ".json"

func isWide(want string) bool {
	return want == ":id" || want == ":name" || want == ":branch" || want == ":file_path"
}

// Bind adds the values of the path to the parameters, where they win over the query.
func (c *Call) Bind(r Route, segments []string) {
	c.InGroup = r.segments[0] == "groups"
	for i, name := range r.segments {
		if name[0] != ':' {
			continue
		}
		segment := segments[i]
		if i == len(segments)-1 && !isWide(name) {
			segment = strings.TrimSuffix(segment, jsonSuffix)
		}
		v, err := url.PathUnescape(segment)
		if err != nil {
			v = segment
		}
		c.Params.Values[name[1:]] = v
	}
	if c.declared = r.declared; c.declared != nil {
		c.sent = maps.Clone(c.Params.Values)
	}
}
