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
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/note"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/planning"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/repository"
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
		user.TokenRoutes(),
		project.Routes(),
		group.Routes(),
		user.MemberRoutes(),
		milestone.Routes(),
		planning.Routes(),
		issue.Routes(noLinks),
		note.Routes(),
		label.Routes(),
		board.Routes(),
		mergerequest.Routes(),
		deploy.Routes(),
		repository.Routes(),
		activity.Routes(),
	)
}

// match finds the route of the request and stores the values of its :names as parameters. An unknown path and a known
// one with another method are both GitLab's third 404. For OPTIONS, allowed has the methods of the path.
func (t table) match(c *rest.Call) (rt rest.Route, allowed string, err error) {
	segments, err := apiSegments(c)
	if err != nil {
		return rest.Route{}, "", err
	}
	if len(segments) >= len(t) {
		return rest.Route{}, "", failure.UnknownRoute()
	}
	method := c.Request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var methods []string
	for _, row := range t[len(segments)] {
		if !row.Fits(segments) {
			continue
		}
		if row.Method == method {
			c.Bind(row, segments)
			return row, "", nil
		}
		methods = append(methods, row.Method)
	}
	if method == http.MethodOptions && len(methods) > 0 {
		return rest.Route{Method: method}, allowHeader(methods), nil
	}
	return rest.Route{}, "", failure.UnknownRoute()
}

// allowHeader lists methods in the order of their declaration, between OPTIONS and HEAD.
func allowHeader(methods []string) string {
	allowed := []string{http.MethodOptions}
	for _, m := range methods {
		if !slices.Contains(allowed, m) {
			allowed = append(allowed, m)
		}
	}
	if slices.Contains(methods, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	return strings.Join(allowed, ", ")
}

// apiSegments splits the escaped path below the relative root and /api/v4. Like GitLab it ignores empty segments.
func apiSegments(c *rest.Call) ([]string, error) {
	path, ok := strings.CutPrefix(c.Path, c.Base.Root+"/")
	if !ok {
		return nil, failure.Page()
	}
	segments := slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
	if len(segments) < 2 || segments[0] != "api" {
		return nil, failure.Page()
	}
	switch segments[1] {
	case "v4":
		return segments[2:], nil
	case "v3":
		return nil, failure.Gone()
	}
	return nil, failure.Page()
}
