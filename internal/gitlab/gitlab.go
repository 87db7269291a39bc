// Package gitlab turns requests to a GitLab instance into the values of pkg/ and back, and keeps the promises that every request has to
// keep. No write is carried out twice, waiting is bounded and announced, lists are read to their end, and the token goes to the
// configured host and nowhere else.
//
// Start with [New]. There is one file for each resource, with a second one for its writes where both are long. The way of a request: a
// method of [Client] builds it with client-go's option types (a misspelled parameter would be ignored by GitLab without a word),
// client-go makes the URL, and package transport, which lies under client-go and replaces its retries and its limiter, carries it out
// (request.go, pages.go). Answers are decoded into narrow structs of our own, because client-go's leave out fields that are needed.
//
// It decides nothing about milestones or labels: that is in pkg/. Nothing is printed here; what is being waited for and
// what went over the wire is told to the observers in [Options].
package gitlab

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// What the client is made with, and what it says of its requests.
type (
	Options  = transport.Options
	Wait     = transport.Wait
	Exchange = transport.Exchange
	Error    = transport.Error
)

// Client speaks with one instance. It may be used by many goroutines.
type Client struct {
	api  *client.Client
	wire *transport.Transport

	self struct {
		sync.Mutex
		user *instance.User
		id   int64 // known before user, from what the token's user has made
	}
	unlabelled atomic.Bool // an issue was made without the label that it was to be found by
	roles      struct {
		sync.Mutex
		in map[target.Target]map[int64]instance.Access
	}
}

// New checks the options. It makes no request and does not ask for the token.
// A host that cannot be used is an error of kind [fault.Usage].
func New(o Options) (*Client, error) {
	wire, err := transport.New(o)
	if err != nil {
		return nil, err
	}
	api, err := client.NewAuthSourceClient(client.Unauthenticated{}, // the transport adds the token, where it belongs
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
	return &Client{api: api, wire: wire}, nil
}

// Host is the instance's address without a slash at the end.
func (c *Client) Host() string { return c.wire.Host() }

// unlimited stands in for client-go's limiter, which takes its pace from the first answer; the transport has its own.
type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }

// useLast leaves redirects to the transport.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
