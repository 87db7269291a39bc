// Package feed reads a calendar from a secret address, as Google Calendar, Outlook and PagerDuty publish it, and writes nothing.
//
// Start with [Read]. Whoever knows the address can read the calendar, so no part of it is in an error or a trace: not the path, not the
// query, not the host. It follows the rules for GitLab's address: https, or http to loopback. A redirect is followed within the same host
// only. A GitLab token has no way into this package.
//
// What the calendar means is in pkg/ics.
package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

// Variable is the environment variable that holds the secret address. Nothing else can set it.
const Variable = "PRODCTL_ONCALL_ICS"

// The bounds of an answer.
const (
	MaxSize       = 10 << 20
	mostRedirects = 3
)

// Options configure the connection.
type Options struct {
	Address   string // https, or webcal for the same
	AllowHTTP bool   // plain http to other machines
	// Transport sends single requests; nil is net/http's with the proxy of the environment and CAFile.
	Transport http.RoundTripper
	CAFile    string
	ReadFile  func(path string) ([]byte, error)
	UserAgent string

	Now   func() time.Time
	Trace func(transport.Exchange) // called after every request; may be nil
}

// Read returns the calendar as it is published, at most [MaxSize] bytes.
func Read(ctx context.Context, o Options) ([]byte, error) {
	at, err := parse(o)
	if err != nil {
		return nil, err
	}
	if o.Transport == nil {
		if o.Transport, err = transport.Bare(o.CAFile, o.ReadFile, 1); err != nil {
			return nil, err
		}
	}
	for range mostRedirects + 1 {
		data, next, err := get(ctx, o, at)
		if err != nil || next == nil {
			return data, err
		}
		at = next
	}
	return nil, fault.New(fault.Failed, checkAddress, "more than %d redirects", mostRedirects)
}

const checkAddress = "Copy the secret address from the calendar again into " + Variable

func parse(o Options) (*url.URL, error) {
	address := strings.TrimSpace(o.Address)
	if rest, ok := strings.CutPrefix(address, "webcal://"); ok { // what some programs show to copy
		address = "https://" + rest
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fault.New(fault.Usage, "Set it to an address such as https://calendar.example.com/oncall.ics",
			"%s is not an https address", Variable)
	case host.PlainRemote(u.Scheme+"://"+u.Host) && !o.AllowHTTP:
		return nil, fault.New(fault.Usage, "Use https://, or set allow_http: true (PRODCTL_ALLOW_HTTP=true) on a network you trust",
			"%s is plain http, so anybody on the network could read and change the calendar", Variable)
	}
	u.Fragment = ""
	return u, nil
}

// get sends one request. next is where it has to be sent instead.
func get(ctx context.Context, o Options, at *url.URL) (data []byte, next *url.URL, err error) {
	started := o.Now()
	status := 0
	if o.Trace != nil {
		defer func() {
			x := transport.Exchange{Method: http.MethodGet, URL: "$" + Variable, Attempt: 1, Status: status, Received: len(data),
				Duration: o.Now().Sub(started)}
			if err != nil {
				x.Err = err.Error()
			}
			o.Trace(x)
		}()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, nil, fault.New(fault.Usage, checkAddress, "%s is not an https address", Variable)
	}
	req.Header.Set("Accept", "text/calendar")
	req.Header.Set("User-Agent", o.UserAgent)
	if at.User != nil {
		password, _ := at.User.Password()
		req.SetBasicAuth(at.User.Username(), password)
	}
	resp, err := o.Transport.RoundTrip(req)
	if err != nil {
		return nil, nil, failed(ctx, err, at)
	}
	defer resp.Body.Close()
	switch status = resp.StatusCode; {
	case status == http.StatusOK:
	case status >= 300 && status < 400:
		next, err = at.Parse(resp.Header.Get("Location"))
		if err != nil || resp.Header.Get("Location") == "" || next.Scheme != at.Scheme || next.Host != at.Host {
			return nil, nil, fault.New(fault.Failed, checkAddress, "redirected to another host")
		}
		return nil, next, nil
	default:
		return nil, nil, refused(status)
	}
	data, err = io.ReadAll(io.LimitReader(resp.Body, MaxSize+1))
	switch {
	case err != nil && ctx.Err() == nil:
		return nil, nil, fault.New(fault.Unreachable, "", "the answer is incomplete")
	case err != nil:
		return nil, nil, failed(ctx, err, at)
	case len(data) > MaxSize:
		return nil, nil, fault.New(fault.Failed, "", "larger than %d MiB", MaxSize>>20)
	}
	return data, nil, nil
}

// refused is the error for an answer without a calendar.
func refused(status int) error {
	kind, hint := fault.Unreachable, ""
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		kind, hint = fault.Failed, checkAddress
	}
	return fault.New(kind, hint, "its server answered %d %s", status, http.StatusText(status))
}

// failed is the error for a request without an answer.
func failed(ctx context.Context, err error, at *url.URL) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, unresolved := errors.AsType[*net.DNSError](err); unresolved {
		return fault.New(fault.Unreachable, checkAddress, "its host was not found")
	}
	if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted {
		return fault.New(fault.Unreachable, "Set ca_file in .prodctl.yaml to the PEM file of your certificate authority",
			"the certificate of its host is not trusted")
	}
	const server = "its server"
	secrets := []string{at.String(), at.RequestURI(), at.EscapedPath(), at.Host, at.Hostname()}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		secrets = append([]string{op.Addr.String()}, secrets...)
	}
	cause := transport.WireCause(err, server)
	for _, secret := range secrets {
		if len(secret) > 1 {
			cause = strings.ReplaceAll(cause, secret, server)
		}
	}
	return fault.New(fault.Unreachable, "", "%s", cause)
}
