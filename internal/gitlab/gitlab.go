// Package gitlab speaks with a GitLab instance: it turns requests into the values of pkg/ and back, and keeps the
// promises that every request has to keep. No write is carried out twice, waiting is bounded and announced, lists are
// read to their end, and the token goes to the configured host and nowhere else.
//
// Start with [New]. The way of a request: a method of [Client] builds it with client-go's option types (a misspelled
// parameter would be ignored by GitLab without a word), client-go makes the URL, and the transport of this package, which
// lies under client-go and replaces its retries and its limiter, carries it out (see [transport]). Answers are decoded into
// narrow structs of our own, because client-go's leave out fields that are needed.
//
// It decides nothing about milestones or labels: that is in pkg/. Nothing is printed here; what is being waited for and
// what went over the wire is told to the observers in [Options].
package gitlab

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Options say which GitLab is spoken with, and how.
type Options struct {
	// Host is the instance's address, such as https://gitlab.example.com or https://example.com/gitlab.
	// Without a scheme it is https. Plain http is refused but to loopback, or with AllowHTTP.
	Host      string
	AllowHTTP bool
	// Token is asked at the first request, once. Nil sends no token at all.
	Token func(ctx context.Context) (string, error)
	// Transport carries single requests out; nil is net/http's with the proxy of the environment and CAFile.
	Transport http.RoundTripper
	CAFile    string // PEM file of authorities trusted in addition to the system's
	// Parallel is how many requests are under way at once, default 8.
	Parallel int
	// AttemptTimeout bounds one attempt with its answer, default 30 seconds.
	AttemptTimeout time.Duration
	// MaxWait is the longest single wait that a limit may ask for, default two minutes. A limit that asks for more is an error.
	MaxWait   time.Duration
	UserAgent string

	// LookOnly leaves twins of issues and comments where they are, which else are taken away by whoever finds them while looking.
	LookOnly bool

	// Now is the machine's clock, never one fixed by the user: waits are measured with it.
	Now func() time.Time
	// Sleep waits for the duration or until the context ends, whose error it then returns.
	Sleep func(ctx context.Context, d time.Duration) error
	// Jitter returns numbers from 0 to below 1 that spread retries.
	Jitter func() float64
	// Waiting is told before a wait begins; Trace after every attempt. Both may be nil and are called from several goroutines.
	Waiting func(Wait)
	Trace   func(Exchange)
}

// Wait says what is being waited for.
type Wait struct {
	For     time.Duration
	Reason  string // "GitLab answered 502 Bad Gateway", "GitLab limits the number of requests"
	Request string // "read issues of project acme/infrastructure"; empty when all requests are waiting
	Attempt int    // the attempt that failed; 0 when all requests are waiting
	Look    bool   // what follows is a look for what the request may have made, not the request again
}

// Exchange is one attempt as it went over the wire. It never holds a token or the text of a body.
type Exchange struct {
	Method    string
	URL       string // path and query; values of secret parameters are replaced
	Attempt   int    // from 1
	Status    int    // 0 without an answer
	Duration  time.Duration
	RequestID string
	Sent      int // bytes of the request's body
	Received  int // bytes of the answer's body
	Err       string
}

// Client speaks with one instance. It may be used by many goroutines.
type Client struct {
	api  *client.Client
	wire *transport
	host string

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

// The defaults of Options.
const (
	defaultParallel       = 8
	defaultAttemptTimeout = 30 * time.Second
	defaultMaxWait        = 2 * time.Minute
)

// New checks the options. It makes no request and does not ask for the token.
// A host that cannot be used is an error of kind [fault.Usage].
func New(o Options) (*Client, error) {
	if o.Now == nil || o.Sleep == nil || o.Jitter == nil {
		return nil, errors.New("gitlab: Now, Sleep and Jitter are required")
	}
	base, err := parseHost(o.Host, o.AllowHTTP)
	if err != nil {
		return nil, err
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.AttemptTimeout <= 0 {
		o.AttemptTimeout = defaultAttemptTimeout
	}
	if o.MaxWait <= 0 {
		o.MaxWait = defaultMaxWait
	}
	if o.Transport == nil {
		if o.Transport, err = ownTransport(o.CAFile, o.Parallel); err != nil {
			return nil, err
		}
	}
	wire := newTransport(o, base)
	api, err := client.NewAuthSourceClient(client.Unauthenticated{}, // the transport adds the token, where it belongs
		client.WithBaseURL(base.String()),
		client.WithHTTPClient(&http.Client{Transport: wire, CheckRedirect: useLast}),
		client.WithoutRetries(),
		client.WithCustomLimiter(unlimited{}),
		client.WithUserAgent(o.UserAgent),
		client.WithURLWarningLogger(slog.New(slog.DiscardHandler)),
	)
	if err != nil {
		return nil, err
	}
	return &Client{api: api, wire: wire, host: base.String()}, nil
}

// Host is the instance's address without a slash at the end.
func (c *Client) Host() string { return c.host }

// unlimited stands in for client-go's limiter, which takes its pace from the first answer; the transport has its own.
type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }

// useLast leaves redirects to the transport.
func useLast(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
