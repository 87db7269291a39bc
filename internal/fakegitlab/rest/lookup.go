package rest

import (
	"net/http"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// The lookups that most handlers begin with, each with the 404 that GitLab has for it. Parameters are checked first
// (c.Params.Err), then the parent, then the right, then the record.

// Project is the project of the path, by id or full path, if the caller may read it.
func (c *Call) Project() (*store.Project, error) {
	if p := c.Store.FindProject(c.Params.Str("id").Value); p != nil && access.MayReadProject(c.User, p) {
		return p, nil
	}
	return nil, failure.NotFound("Project")
}

// Group is the group of the path, by id or full path, if the caller may read it.
func (c *Call) Group() (*store.Group, error) {
	if g := c.Store.FindGroup(c.Params.Str("id").Value); g != nil && access.MayReadGroup(c.Store, c.User, g) {
		return g, nil
	}
	return nil, failure.NotFound("Group")
}

// Parent is the project or group of the path, for handlers that serve both.
func (c *Call) Parent() (store.Parent, error) {
	if c.InGroup {
		g, err := c.Group()
		return store.Parent{Group: g}, err
	}
	p, err := c.Project()
	return store.Parent{Project: p}, err
}

// Issue is the issue of the path if the caller may read it, else the 404 without a noun.
// Take issue_iid with c.Params.Int before c.Params.Err so that a word instead of a number is refused as one.
func (c *Call) Issue(p *store.Project, iid int) (*store.Issue, error) {
	if i := p.IssueByIID[iid]; i != nil && access.MayReadIssue(c.User, i) {
		return i, nil
	}
	return nil, failure.NoRecord()
}

// Unmodified is the 412 for a DELETE whose If-Unmodified-Since is older than the record.
// The resolution is seconds; a header that is no date is ignored.
func (c *Call) Unmodified(updated time.Time) error {
	since, err := http.ParseTime(c.Request.Header.Get("If-Unmodified-Since"))
	if err == nil && updated.Truncate(time.Second).After(since) {
		return failure.Precondition()
	}
	return nil
}
