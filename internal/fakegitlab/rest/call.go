// Package rest is what the handlers of all resources share: requests, answers, routes, paging, and the lookups that
// most handlers begin with. Start with Call and Reply. It has no endpoints.
package rest

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/throttle"
)

// Call is one request as its handler sees it, with its caller.
type Call struct {
	Store   *store.Store
	Limits  *throttle.Limits
	Request *http.Request
	Path    string // escaped, as sent
	ID      string
	Base    Address
	Params  *param.Params

	User    *store.User // nil if anonymous
	InGroup bool        // the path begins with /groups
	View    IssueView   // how issues in the answer are shown
	Yield   func()      // lets other requests run between check and save; nil if none may

	declared []declared     // the parameters that the route declares
	sent     map[string]any // the parameters of the request if the route declares any
}

// IssueView says how issues in an answer are shown.
type IssueView struct {
	Single       bool         // with the field subscribed, which lists do not have
	LabelDetails bool         // labels as objects
	Basic        bool         // without links, references and tasks
	Within       *store.Group // references are relative to this group
	Everywhere   bool         // references are always absolute
}

// Reading reports whether the request is read-only.
func (c *Call) Reading() bool {
	return c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
}

// Between lets other requests run between check and save if the instance is racy.
func (c *Call) Between() {
	if c.Yield != nil {
		c.Yield()
	}
}

// Spend counts one request of the caller against an application limit, and refuses it if there were too many in this
// minute.
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
