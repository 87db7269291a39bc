package transport

import (
	"context"
	"net/http"
	"net/url"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// proxyRefusal is the answer of a proxy that opens no connection to GitLab.
type proxyRefusal struct {
	proxy  string // host and port; empty: unknown
	status int
}

// Error is the proxy and its answer.
func (p *proxyRefusal) Error() string {
	name := "the proxy"
	if p.proxy != "" {
		name += " " + p.proxy
	}
	if p.status == http.StatusProxyAuthRequired {
		return name + " requires a user name and a password"
	}
	return name + " answered " + statusLine(p.status)
}

// hint is what to do about it.
func (p *proxyRefusal) hint() string {
	switch {
	case p.status == http.StatusProxyAuthRequired:
		return "Put the user name and password into the proxy's address: export HTTPS_PROXY=" + fault.Quote("http://USER:PASSWORD@"+p.place())
	case p.transient():
		return hintDown
	}
	return "Let the proxy connect to GitLab, or exclude GitLab from it with NO_PROXY"
}

func (p *proxyRefusal) place() string {
	if p.proxy == "" {
		return "proxy.example.com:3128"
	}
	return p.proxy
}

// transient reports whether a retry may get past the proxy.
func (p *proxyRefusal) transient() bool {
	return transient(p.status) || p.status == http.StatusTooManyRequests
}

// connected refuses an answer to CONNECT other than success, of which net/http keeps the words only.
func connected(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{OneLine(proxy.Host, 100), resp.StatusCode}
}

// ofProxy is an attempt that a proxy may have answered: one for plain HTTP answers requests itself, and its refusal is not GitLab's.
func (t *Transport) ofProxy(req *http.Request, got outcome) outcome {
	if got.err != nil || got.status != http.StatusProxyAuthRequired {
		return got
	}
	refusal := &proxyRefusal{status: got.status}
	if wire, ok := t.options.Transport.(*http.Transport); ok && wire.Proxy != nil {
		if u, err := wire.Proxy(req); err == nil && u != nil {
			refusal.proxy = OneLine(u.Host, 100)
		}
	}
	return outcome{err: refusal}
}
