// Package gitlab reads and writes a GitLab instance, as values of pkg/. No write is carried out twice, waits are bounded and announced,
// lists are read to their end, and the token is sent to the configured host only.
//
// Start with [New]. There is one file for each resource, and a second one for its writes where both are long. A method of [Client] builds a
// request with client-go's option types (GitLab silently ignores a misspelled parameter), client-go builds the URL, and package transport,
// which replaces client-go's retries and its limiter, sends it (request.go, pages.go). Answers are decoded into narrow structs of our
// own, because client-go's lack some of the fields we need.
//
// Rules about milestones, labels or incidents may not be in it: they are in pkg/. It prints nothing; the observers in [Options] are called
// for waits and for exchanges.
package gitlab

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// Types of package transport that callers of the client need.
type (
	// Options configure the client.
	Options = transport.Options
	// Wait describes a wait before it begins.
	Wait = transport.Wait
	// Exchange is one attempt as it went over the wire.
	Exchange = transport.Exchange
	// Error is a request that GitLab refused, or whose outcome is unknown.
	Error = transport.Error
)

// Client is a client of one instance. It may be used by several goroutines.
type Client struct {
	api  *client.Client
	wire *transport.Transport

	self struct {
		sync.Mutex
		user *instance.User
		id   int64 // known before user, from something that the token's user created
		err  error // why a fine-grained token may not read it
	}
	late        late
	reconcilers map[string]eventlog.Reconciler // by the kind of their events

	projects struct {
		sync.Mutex
		ids    map[string]int64 // by path in lower case
		access map[string]instance.Access
	}
	users   sync.Map  // instance.User by user name in lower case
	places  sync.Map  // full paths by place
	started time.Time // when the run began, by the clock of this machine
	roles   struct {
		sync.Mutex
		in     map[userIn]instance.Access
		asking map[userIn]chan struct{} // closed when the role is known, or could not be read
	}
}

// New checks the options. It makes no request and does not ask for the token.
// An invalid host is an error of kind [fault.Usage].
func New(o Options) (*Client, error) {
	wire, err := transport.New(o)
	if err != nil {
		return nil, err
	}
	api, err := client.NewAuthSourceClient(client.Unauthenticated{}, // the transport adds the token
		client.WithBaseURL(wire.Host()),
		client.WithHTTPClient(&http.Client{Transport: wire, CheckRedirect: noRedirects}),
		client.WithoutRetries(),
		client.WithCustomLimiter(unlimited{}),
		client.WithUserAgent(o.UserAgent),
		client.WithURLWarningLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		return nil, err
	}
	return &Client{api: api, wire: wire, started: wire.Options().Now()}, nil
}

// Reconciles sets the reconcilers of issues whose events may be carried over to another issue, by the kind of the events. Kinds in which it
// matters who recorded an event, such as approvals, do not belong here.
func (c *Client) Reconciles(by map[string]eventlog.Reconciler) { c.reconcilers = by }

// Host is the instance's address without a slash at the end.
func (c *Client) Host() string { return c.wire.Host() }

// NextRound makes reads conditional that were made since the last call, for a screen that is refreshed.
func (c *Client) NextRound() { c.wire.NextRound() }

// Limited reports whether a rate limit made a request wait, or stopped one, since the last call.
func (c *Client) Limited() bool { return c.wire.Limited() }

// Written reports whether any write was, or may have been, carried out.
func (c *Client) Written() bool { return c.wire.Written() }

// unlimited replaces client-go's limiter, which takes its rate from the first answer; the transport has its own.
type unlimited struct{}

// Wait does not wait.
func (unlimited) Wait(context.Context) error { return nil }

// noRedirects leaves redirects to the transport.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
