package rest

import (
	"net/http"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the lookups that most handlers begin with, each with GitLab's own 404. Parameters are checked first
// (c.Params.Err), then the parent, then the right, then the record.

// Project returns the project of the path, by id or full path, if the caller may read it.
func (c *Call) Project() (*store.Project, error) {
	if p := c.Store.FindProject(c.Params.Str("id").Value); p != nil && access.MayReadProject(c.User, p) {
		return p, nil
	}
	return nil, failure.NotFound("Project")
}

// Group returns the group of the path, by id or full path, if the caller may read it.
func (c *Call) Group() (*store.Group, error) {
	if g := c.Store.FindGroup(c.Params.Str("id").Value); g != nil && access.MayReadGroup(c.Store, c.User, g) {
		return g, nil
	}
	return nil, failure.NotFound("Group")
}

// Parent returns the project or group of the path, for handlers that serve both.
func (c *Call) Parent() (store.Parent, error) {
	if c.InGroup {
		g, err := c.Group()
		return store.Parent{Group: g}, err
	}
	p, err := c.Project()
	return store.Parent{Project: p}, err
}

// Issue returns the issue of the path if the caller may read it, else the 404 that names no object. Read issue_iid
// with c.Params.Int before c.Params.Err, so that a word in place of a number is refused as such.
func (c *Call) Issue(p *store.Project, iid int) (*store.Issue, error) {
	if i := p.IssueByIID[iid]; i != nil && access.MayReadIssue(c.User, i) {
		return i, nil
	}
	return nil, failure.NoRecord()
}

// Unmodified returns the 412 for a DELETE whose If-Unmodified-Since is older than the record. The resolution is
// seconds; an invalid header is ignored.
func (c *Call) Unmodified(updated time.Time) error {
	since, err := http.ParseTime(c.Request.Header.Get("If-Unmodified-Since"))
	if err == nil && updated.Truncate(time.Second).After(since) {
		return failure.Precondition()
	}
	return nil
}
