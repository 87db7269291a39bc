package transport

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Options configure the connection to a GitLab instance.
type Options struct {
	// Host is the instance's address, such as https://gitlab.example.com or https://example.com/gitlab.
	// Without a scheme it is https. Plain http is refused, except to loopback or with AllowHTTP.
	Host      string
	AllowHTTP bool
	// Token returns the token; it is called once, at the first request. Nil sends no token at all.
	Token func(ctx context.Context) (string, error)
	// Transport sends single requests; nil is net/http's with the proxy of the environment and CAFile.
	Transport http.RoundTripper
	CAFile    string                            // PEM file of authorities trusted in addition to the system's
	ReadFile  func(path string) ([]byte, error) // reads it; nil: os.ReadFile
	// Parallel is how many requests run at once, default [DefaultParallel].
	Parallel int
	// AttemptTimeout bounds one attempt with its answer, default 30 seconds, and [CreateTimeout] for a POST.
	AttemptTimeout time.Duration
	// MaxWait is the longest wait that a rate limit may ask for, default two minutes. A longer one is an error.
	MaxWait time.Duration
	// MaxAnswer is how many bytes an answer may have, default 64 MiB. A larger one is [TooLarge].
	MaxAnswer int64
	UserAgent string

	// ReadOnly marks a run that may change nothing. The transport refuses to send a write, with an error of kind [fault.Refused]; lookups
	// that also clean up duplicates check it before.
	ReadOnly bool

	// Now is the machine's clock, never the time of --now: waits are measured with it.
	Now func() time.Time
	// Sleep waits for the duration, or until the context ends and then returns its error.
	Sleep func(ctx context.Context, d time.Duration) error
	// Jitter returns numbers from 0 to below 1 that spread retries.
	Jitter func() float64
	// Waiting is called before a wait begins, Trace after every attempt, and Smaller before the rows of a page that is too large are asked
	// for in smaller pages. All may be nil and are called from several goroutines.
	Waiting func(Wait)
	Trace   func(Exchange)
	Smaller func(request string) // "list issues of acme/infrastructure"
}

// Wait describes a wait before it begins.
type Wait struct {
	For     time.Duration
	Reason  string // "GitLab answered 502 Bad Gateway", "rate limited by GitLab"
	Request string // "list issues of acme/infrastructure"; empty when all requests are waiting
	Attempt int    // the attempt that failed; 0 when all requests are waiting
	Look    bool   // after the wait comes a lookup of what the request may have created, not a retry
	Answer  bool   // the request was sent, and GitLab has not answered yet
}

// Exchange is one attempt as it went over the wire. It never contains a token or the text of a body.
type Exchange struct {
	Method    string
	URL       string // path and query, with the values of secret parameters replaced
	Attempt   int    // from 1
	Status    int    // 0 without an answer
	Duration  time.Duration
	RequestID string
	Sent      int // bytes of the request's body
	Received  int // bytes of the answer's body
	Err       string
}

// The defaults of Options.
const (
	DefaultParallel       = 8
	defaultAttemptTimeout = 30 * time.Second
	slowAnswer            = 5 * time.Second // after which a wait for the answer to a create is announced
	defaultMaxWait        = 2 * time.Minute
	defaultMaxAnswer      = 64 << 20
)

// CreateTimeout is how long a create waits for its answer. GitLab ends a request after 60 seconds, so one that was given up earlier may
// still be carried out; one that was not answered by then is over.
const CreateTimeout = 65 * time.Second

// attemptTimeout is how long an attempt may take.
func (t *Transport) attemptTimeout(method string) time.Duration {
	if method == http.MethodPost && t.createTimeout > 0 {
		return t.createTimeout
	}
	return t.options.AttemptTimeout
}

// checked returns the options with their defaults, and the address of the instance.
func (o Options) checked() (Options, *url.URL, error) {
	if o.Now == nil || o.Sleep == nil || o.Jitter == nil {
		return o, nil, errors.New("gitlab: Now, Sleep and Jitter are required")
	}
	base, err := parseHost(o.Host, o.AllowHTTP)
	if err != nil {
		return o, nil, err
	}
	if o.Parallel <= 0 {
		o.Parallel = DefaultParallel
	}
	if o.AttemptTimeout <= 0 {
		o.AttemptTimeout = defaultAttemptTimeout
	}
	if o.MaxWait <= 0 {
		o.MaxWait = defaultMaxWait
	}
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	if o.MaxAnswer <= 0 {
		o.MaxAnswer = defaultMaxAnswer
	}
	if o.Transport == nil {
		o.Transport, err = Bare(o.CAFile, o.ReadFile, o.Parallel)
	}
	return o, base, err
}
