package fakegitlab

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The lookups that most handlers begin with, each with the 404 that GitLab has for it. Parameters are checked first
// (c.p.err), then the parent, then the right, then the record.

// project is the project of the path, by id or full path, if the caller may read it.
func (c *call) project() (*project, error) {
	if p := c.s.findProject(c.p.str("id").v); p != nil && mayReadProject(c.user, p) {
		return p, nil
	}
	return nil, errNotFound("Project")
}

func (s *store) findProject(ref string) *project {
	if id, err := strconv.Atoi(ref); err == nil {
		if i := slices.IndexFunc(s.projects, func(p *project) bool { return p.id == id }); i >= 0 {
			return s.projects[i]
		}
		return nil
	}
	return s.projPaths[strings.ToLower(ref)]
}

// group is the group of the path, by id or full path, if the caller may read it.
func (c *call) group() (*group, error) {
	if g := c.s.findGroup(c.p.str("id").v); g != nil && mayReadGroup(c.s, c.user, g) {
		return g, nil
	}
	return nil, errNotFound("Group")
}

func (s *store) findGroup(ref string) *group {
	if id, err := strconv.Atoi(ref); err == nil {
		if i := slices.IndexFunc(s.groups, func(g *group) bool { return g.id == id }); i >= 0 {
			return s.groups[i]
		}
		return nil
	}
	return s.groupPaths[strings.ToLower(ref)]
}

// parent is the project or group of the path, for handlers that serve both.
func (c *call) parent() (parent, error) {
	if c.inGroup {
		g, err := c.group()
		return parent{group: g}, err
	}
	p, err := c.project()
	return parent{project: p}, err
}

// issue is the issue of the path if the caller may read it, else the 404 without a noun.
// Take issue_iid with c.p.int before c.p.err so that a word instead of a number is refused as one.
func (c *call) issue(p *project, iid int) (*issue, error) {
	if i := p.issueByIID[iid]; i != nil && mayReadIssue(c.user, i) {
		return i, nil
	}
	return nil, errNoRecord()
}

// unmodified is the 412 for a DELETE whose If-Unmodified-Since is older than the record.
// The resolution is seconds; a header that is no date is ignored.
func (c *call) unmodified(updated time.Time) error {
	since, err := http.ParseTime(c.r.Header.Get("If-Unmodified-Since"))
	if err == nil && updated.Truncate(time.Second).After(since) {
		return errPrecondition()
	}
	return nil
}
