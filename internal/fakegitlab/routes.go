package fakegitlab

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/board"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/group"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/issue"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/mergerequest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// table lists every endpoint. Each resource brings its own rows.
func (s *Server) table() []rest.Route {
	return slices.Concat(
		metaRoutes(),
		user.Routes(),
		project.Routes(),
		group.Routes(),
		user.MemberRoutes(),
		milestone.Routes(),
		issue.Routes(s.store),
		label.Routes(),
		board.Routes(),
		mergerequest.Routes(),
	)
}

// match finds the row for the request and keeps the values of its :names as parameters.
// An unknown path is GitLab's third 404, a known one under another method 405.
func (s *Server) match(c *rest.Call) (rest.Route, error) {
	segments, err := s.apiSegments(c)
	if err != nil {
		return rest.Route{}, err
	}
	method := c.Request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var allowed []string
	for _, rt := range s.routes {
		if !rt.Fits(segments) {
			continue
		}
		if rt.Method == method {
			c.Bind(rt, segments)
			return rt, nil
		}
		allowed = append(allowed, rt.Method)
	}
	if len(allowed) > 0 {
		return rest.Route{}, failure.NotAllowed(allowed)
	}
	return rest.Route{}, failure.UnknownRoute()
}

// apiSegments cuts the relative root and /api/v4 off the escaped path.
func (s *Server) apiSegments(c *rest.Call) ([]string, error) {
	path, ok := strings.CutPrefix(c.Request.URL.EscapedPath(), c.Base.Root+"/")
	if !ok {
		return nil, failure.Page()
	}
	if path == "api/v3" || strings.HasPrefix(path, "api/v3/") {
		return nil, failure.Gone()
	}
	path, ok = strings.CutPrefix(path, "api/v4/")
	if !ok {
		return nil, failure.Page()
	}
	return strings.Split(path, "/"), nil
}
