package fakegitlab

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// handler carries out one request. The lock is held: shared for GET and HEAD, alone for the rest.
// It returns a *failure as its error for everything that GitLab refuses.
type handler func(c *call) (reply, error)

// route is one row of the table: a method, a path below /api/v4 with :names, and what to do.
type route struct {
	method   string
	segments []string
	handle   handler
	public   bool // may be asked without a token
	job      bool // takes a CI job token
	user     bool // the scope read_user is enough
}

// get, post, put and del make rows; the options are chained behind.
func get(path string, h handler) route  { return newRoute(http.MethodGet, path, h) }
func post(path string, h handler) route { return newRoute(http.MethodPost, path, h) }
func put(path string, h handler) route  { return newRoute(http.MethodPut, path, h) }
func del(path string, h handler) route  { return newRoute(http.MethodDelete, path, h) }

func newRoute(method, path string, h handler) route {
	return route{method: method, segments: strings.Split(strings.Trim(path, "/"), "/"), handle: h}
}

func (r route) anonymous() route { r.public = true; return r }
func (r route) jobToken() route  { r.job = true; return r }
func (r route) readUser() route  { r.user = true; return r }

// table lists every endpoint. Each resource brings its own rows.
func (s *Server) table() []route {
	return slices.Concat(
		metaRoutes(),
		userRoutes(),
		projectRoutes(),
		groupRoutes(),
		memberRoutes(),
		milestoneRoutes(),
		issueRoutes(s.store),
		labelRoutes(),
		boardRoutes(),
		mergeRequestRoutes(),
	)
}

// match finds the row for the request and keeps the values of its :names as parameters.
// An unknown path is GitLab's third 404, a known one under another method 405.
func (s *Server) match(c *call) (route, error) {
	segments, err := s.apiSegments(c)
	if err != nil {
		return route{}, err
	}
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var allowed []string
	for _, rt := range s.routes {
		if !rt.fits(segments) {
			continue
		}
		if rt.method == method {
			c.bind(rt, segments)
			return rt, nil
		}
		allowed = append(allowed, rt.method)
	}
	if len(allowed) > 0 {
		return route{}, errNotAllowed(allowed)
	}
	return route{}, errUnknownRoute()
}

// fits reports whether the path has the row's form. Segments are still escaped, so an encoded slash stays inside one.
func (r route) fits(segments []string) bool {
	if len(segments) != len(r.segments) {
		return false
	}
	for i, want := range r.segments {
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

// bind stores the path's values among the parameters, where they win over the query.
func (c *call) bind(r route, segments []string) {
	c.inGroup = r.segments[0] == "groups"
	for i, name := range r.segments {
		if name[0] != ':' {
			continue
		}
		v, err := url.PathUnescape(segments[i])
		if err != nil {
			v = segments[i]
		}
		c.p.values[name[1:]] = v
	}
}

// apiSegments cuts the relative root and /api/v4 off the escaped path.
func (s *Server) apiSegments(c *call) ([]string, error) {
	path, ok := strings.CutPrefix(c.r.URL.EscapedPath(), c.base.root+"/")
	if !ok {
		return nil, errPage()
	}
	if path == "api/v3" || strings.HasPrefix(path, "api/v3/") {
		return nil, errGone()
	}
	path, ok = strings.CutPrefix(path, "api/v4/")
	if !ok {
		return nil, errPage()
	}
	return strings.Split(path, "/"), nil
}
