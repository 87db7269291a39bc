// Package prometheus reads metrics from a Prometheus server, or from another one with the same HTTP API, and writes nothing.
//
// Start with [New] and [Client.Range]. A range is read in pieces below the number of points that Prometheus allows, and each time is asked
// for once. Answers are bounded in size and in time. The address follows the rules for GitLab's: https, or http to loopback. No redirect is
// followed. A GitLab token has no way into this package; the server's own credentials are in [Options].
//
// What the samples mean is in pkg/metric.
package prometheus

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/metric"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// MaxPoints is how many points of a series are asked for at once. Prometheus refuses more than 11,000 steps.
const MaxPoints = 11000

const (
	maxAttempts    = 3
	attemptTimeout = 2*time.Minute + 5*time.Second // Prometheus ends a query after 2 minutes
	maxAnswer      = 16 << 20
	messageLimit   = 300
)

// Options configure the connection to a server.
type Options struct {
	// Address is the server's address, such as https://prometheus.example.com or https://example.com/prometheus. Without a scheme it is https.
	// Plain http is refused, except to loopback or with AllowHTTP.
	Address   string
	AllowHTTP bool
	// User and Token are sent as basic authentication, or a token without a user as a bearer token. Without a token nothing is sent.
	User, Token string
	// Transport sends single requests; nil is net/http's with the proxy of the environment and CAFile.
	Transport http.RoundTripper
	CAFile    string
	ReadFile  func(path string) ([]byte, error)
	UserAgent string

	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	Trace func(transport.Exchange) // called after every attempt; may be nil
}

// Client reads one server. It may be used by several goroutines.
type Client struct {
	options Options
	base    string
}

// New checks the options. It makes no request. An invalid address is an error of kind [fault.Usage].
func New(o Options) (*Client, error) {
	if o.Now == nil || o.Sleep == nil {
		return nil, errors.New("prometheus: Now and Sleep are required")
	}
	base, err := ParseAddress(o.Address)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "Use an address such as https://prometheus.example.com", "invalid Prometheus address")
	}
	if host.PlainRemote(base) && !o.AllowHTTP {
		return nil, fault.New(fault.Usage, "Use https://, or set allow_http: true (PRODCTL_ALLOW_HTTP=true) on a network you trust",
			"%s is plain http, so anybody on the network could read and change the answer", base)
	}
	if o.Transport == nil {
		if o.Transport, err = transport.Bare(o.CAFile, o.ReadFile, 1); err != nil {
			return nil, err
		}
	}
	return &Client{options: o, base: base}, nil
}

// ParseAddress returns the base URL of a server. The path of the API may be part of the input.
func ParseAddress(s string) (string, error) {
	base, err := host.Parse(s)
	return strings.TrimSuffix(strings.TrimSuffix(base, "/query_range"), "/api/v1"), err
}

// Address is the server's address without a slash at the end.
func (c *Client) Address() string { return c.base }

// Range evaluates a query at each time of a grid. Pieces are read one after the other; reading ends with the piece that shows a second
// series, because no number can be taken from such an answer.
func (c *Client) Range(ctx context.Context, query string, g metric.Grid) (metric.Answer, error) {
	var out metric.Answer
	position := map[string]int{}
	for _, piece := range g.Pieces(MaxPoints) {
		part, err := c.piece(ctx, query, piece)
		if err != nil {
			return metric.Answer{}, err
		}
		for _, s := range part.Series {
			n, seen := position[s.Labels]
			if !seen {
				n = len(out.Series)
				position[s.Labels] = n
				out.Series = append(out.Series, metric.Series{Labels: s.Labels})
			}
			out.Series[n].Samples = append(out.Series[n].Samples, s.Samples...)
			out.Series[n].Other = out.Series[n].Other || s.Other
		}
		out.Partial, out.Notes = append(out.Partial, part.Partial...), merged(out.Notes, part.Notes)
		if len(out.Series) > 1 {
			break
		}
	}
	stable.Sort(out.Series, func(a, b metric.Series) int { return strings.Compare(a.Labels, b.Labels) })
	return out, nil
}

// piece reads the samples of a grid that is small enough for one request.
func (c *Client) piece(ctx context.Context, query string, g metric.Grid) (metric.Answer, error) {
	last := g.At(g.Len() - 1)
	parameters := url.Values{
		"query": {query}, "start": {seconds(g.From.UnixMilli())}, "end": {seconds(last.UnixMilli())}, "step": {seconds(g.Step.Milliseconds())},
		// Without it, Prometheus repeats a sample for up to five minutes, which hides gaps. Version 2.42 and older ignore it.
		"lookback_delta": {seconds(g.Step.Milliseconds() - 1)},
		// Thanos then fails instead of leaving out what a store did not send. Others ignore it.
		"partial_response": {"false"},
	}
	e := &Error{Address: c.base, From: g.From, To: last}
	body, err := c.get(ctx, c.base+"/api/v1/query_range?"+parameters.Encode(), e)
	if err != nil {
		return metric.Answer{}, err
	}
	out, err := decode(body, g)
	if err != nil {
		e.Err, e.unexpected = err, true
		return metric.Answer{}, e
	}
	return out, nil
}

// get sends a request, again after failures that pass.
func (c *Client) get(ctx context.Context, address string, e *Error) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		body, again := c.attempt(ctx, address, attempt, e)
		if e.ok() {
			return body, nil
		}
		if !again || attempt == maxAttempts || ctx.Err() != nil {
			return nil, e
		}
		if err := c.options.Sleep(ctx, time.Duration(attempt)*time.Second); err != nil {
			e.Err = err
			return nil, e
		}
	}
}

// attempt sends a request once and sets the outcome in e. again means that the same request may succeed.
func (c *Client) attempt(ctx context.Context, address string, attempt int, e *Error) (body []byte, again bool) {
	bounded, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	started := c.options.Now()
	*e = Error{Address: e.Address, From: e.From, To: e.To}
	req, err := http.NewRequestWithContext(bounded, http.MethodGet, address, nil)
	if err != nil {
		e.Err = err
		return nil, false
	}
	c.authorize(req)
	resp, err := c.options.Transport.RoundTrip(req)
	if err == nil {
		defer resp.Body.Close()
		e.Status = resp.StatusCode
		body, err = readAll(resp.Body)
	}
	if e.Err = err; err != nil && ctx.Err() != nil {
		e.Err = ctx.Err()
	}
	if e.Err == nil {
		e.read(resp.Header, body, c.options.Token)
	}
	c.trace(req, attempt, e, len(body), started)
	return body, e.transient()
}

func (c *Client) authorize(req *http.Request) {
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.options.UserAgent)
	switch {
	case c.options.Token == "":
	case c.options.User != "":
		req.SetBasicAuth(c.options.User, c.options.Token)
	default:
		req.Header.Set("Authorization", "Bearer "+c.options.Token)
	}
}

func (c *Client) trace(req *http.Request, attempt int, e *Error, received int, started time.Time) {
	if c.options.Trace == nil {
		return
	}
	x := transport.Exchange{Method: req.Method, URL: req.URL.RequestURI(), Attempt: attempt, Status: e.Status, Received: received,
		Duration: c.options.Now().Sub(started)}
	if e.Err != nil {
		x.Err = transport.OneLine(e.Err.Error(), messageLimit)
	}
	c.options.Trace(x)
}

// seconds is a number of milliseconds in seconds, as Prometheus parses times and durations.
func seconds(milli int64) string {
	whole, rest := strconv.FormatInt(milli/1000, 10), milli%1000
	if rest == 0 {
		return whole
	}
	return whole + "." + strings.TrimRight(strconv.FormatInt(1000+rest, 10)[1:], "0")
}
