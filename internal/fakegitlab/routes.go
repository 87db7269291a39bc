package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/activity"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/board"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/deploy"
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

// table has every endpoint, by the number of segments in its path. It holds no state: all instances share it.
type table [][]rest.Route

// The tables of instances with and without issue links.
var (
	tableWithLinks = sync.OnceValue(func() table { return newTable(endpoints(false)) })
	tableNoLinks   = sync.OnceValue(func() table { return newTable(endpoints(true)) })
)

func tableOf(o Options) table {
	if o.NoLinks {
		return tableNoLinks()
	}
	return tableWithLinks()
}

func newTable(rows []rest.Route) table {
	var t table
	for _, rt := range rows {
		for n := rt.Segments(); n >= len(t); {
			t = append(t, nil)
		}
		t[rt.Segments()] = append(t[rt.Segments()], rt)
	}
	return t
}

// endpoints lists every route. Each resource has its own.
func endpoints(noLinks bool) []rest.Route {
	return slices.Concat(
		metaRoutes(),
		user.Routes(),
		project.Routes(),
		group.Routes(),
		user.MemberRoutes(),
		milestone.Routes(),
		issue.Routes(noLinks),
		label.Routes(),
		board.Routes(),
		mergerequest.Routes(),
		deploy.Routes(),
		activity.Routes(),
	)
}

// match finds the route of the request and stores the values of its :names as parameters. An unknown path is
// GitLab's third 404, a known one with another method 405.
func (t table) match(c *rest.Call) (rest.Route, error) {
	segments, err := apiSegments(c)
	if err != nil {
		return rest.Route{}, err
	}
	if len(segments) >= len(t) {
		return rest.Route{}, failure.UnknownRoute()
	}
	method := c.Request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var allowed []string
	for _, rt := range t[len(segments)] {
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

// apiSegments splits the escaped path below the relative root and /api/v4.
func apiSegments(c *rest.Call) ([]string, error) {
	path, ok := strings.CutPrefix(c.Path, c.Base.Root+"/")
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
