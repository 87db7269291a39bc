// Package rest is what the handlers of all resources share: the request as they see it, the answer they give, the rows of
// the routing table, pages, and the lookups with which most of them begin. Start with Call and Reply. It has no endpoint.
package rest

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/throttle"
)

// Call is one request as its handler sees it: what was asked, and who asks.
type Call struct {
	Store   *store.Store
	Limits  *throttle.Limits
	Request *http.Request
	Path    string // escaped, as it was sent
	ID      string
	Base    Address
	Params  *param.Params

	User    *store.User // nil for nobody
	InGroup bool        // the path begins with /groups
	View    IssueView   // how the issues in the answer are shown
	Yield   func()      // lets other requests in between check and save; nil where none may
}

// IssueView is how the issues in an answer are shown.
type IssueView struct {
	Single       bool         // with subscribed, which rows of lists lack
	LabelDetails bool         // labels as objects
	Within       *store.Group // references are relative to this group
	Everywhere   bool         // references are relative to nothing
}

// Reading reports whether the request cannot change anything.
func (c *Call) Reading() bool {
	return c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
}

// Between gives way to other requests between check and save when the instance is racy.
func (c *Call) Between() {
	if c.Yield != nil {
		c.Yield()
	}
}

// Spend counts one request of the caller against an application limit, and
// refuses when there were too many in this minute.
func (c *Call) Spend(t *throttle.Counter) error {
	who := c.Request.RemoteAddr
	if c.User != nil {
		who = c.User.Username
	}
	if !t.Take(who, c.Store.Now()).OK {
		return failure.TooMany()
	}
	return nil
}
