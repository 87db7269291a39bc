// Package rest is what the handlers of all resources share: requests, answers, routes, paging, and the lookups that
// most handlers begin with. Start with Call and Reply. It has no endpoints.
package rest

import (
	"net"
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

	User    *store.User  // nil if anonymous
	Token   *store.Token // the caller's, nil if anonymous
	InGroup bool         // the path begins with /groups
	View    IssueView    // how issues in the answer are shown
	Yield   func(bool)   // lets other requests run: see Between and Interrupt

	declared []declared     // the parameters that the route declares
	sent     map[string]any // the parameters of the request if the route declares any
}

// IssueView says how issues in an answer are shown.
type IssueView struct {
	Single       bool           // with the field subscribed, which lists do not have
	LabelDetails bool           // labels as objects
	Basic        bool           // without links, references and tasks
	Within       *store.Group   // references are relative to this group
	From         *store.Project // references are relative to this project
	WorkItem     bool           // as the work item that GitLab's moves return, whose blocked issues are not counted
	Everywhere   bool           // references are always absolute
}

// Reading reports whether the request is read-only.
func (c *Call) Reading() bool {
	return c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
}

// Between lets other requests run between a check and the save that relies on it, where GitLab has nothing that keeps
// both together. What the handler has read may have changed afterwards.
func (c *Call) Between() { c.Yield(true) }

// Interrupt is Between for the places where GitLab notices the other request. It lets others run only if a test asks
// for it: otherwise it would be up to chance which of two requests fails.
func (c *Call) Interrupt() { c.Yield(false) }

// Address returns the network address of the caller, without the port.
func (c *Call) Address() string {
	host, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		return c.Request.RemoteAddr
	}
	return host
}

// Spend counts one request of the caller against an application limit, and refuses it if there were too many in this
// minute.
func (c *Call) Spend(t *throttle.Counter) error {
	who := c.Address()
	if c.User != nil {
		who = c.User.Username
	}
	if !t.Take(who, c.Store.Now()).OK {
		return failure.TooMany()
	}
	return nil
}
