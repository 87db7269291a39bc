package prometheus

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
)

// Error is a query that failed: what was asked for, and what the server answered.
type Error struct {
	Address  string
	From, To time.Time // of the piece, both inclusive
	Status   int       // 0: no answer
	Type     string    // Prometheus's own class, such as bad_data, execution or timeout
	Message  string    // Prometheus's own message, on one line
	Err      error     // the underlying error; nil when the server sent a readable answer

	location   string // the target of a redirect
	unexpected bool   // an answer that means success but is not what was asked for
}

// read takes status and message from an answer. An answer of success has neither.
func (e *Error) read(h http.Header, body []byte, secret string) {
	var a struct{ Status, ErrorType, Error string }
	known := json.Unmarshal(body, &a) == nil && a.Status != ""
	switch {
	case e.Status == http.StatusOK && known && a.Status == "success":
		return
	case e.Status >= 300 && e.Status < 400:
		e.location = redirectTarget(e.Address, h.Get("Location"))
	case known:
		e.Type, e.Message = transport.OneLine(a.ErrorType, 40), transport.OneLine(a.Error, messageLimit)
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		e.Message = "a web page"
	default:
		e.Message = transport.OneLine(string(body[:min(len(body), messageLimit)]), 100)
	}
	if e.Status < 300 {
		e.unexpected = true
	}
	if secret != "" {
		e.Message = strings.ReplaceAll(e.Message, secret, "…")
	}
}

// redirectTarget is where a redirect leads, without user, query and fragment.
func redirectTarget(base, location string) string {
	from, err := url.Parse(base)
	if err != nil || location == "" {
		return "an empty location"
	}
	u, err := from.Parse(location)
	if err != nil {
		return "an invalid location"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return transport.OneLine(u.String(), 200)
}

// ok reports whether the answer means success.
func (e *Error) ok() bool { return e.Err == nil && e.Status == http.StatusOK && !e.unexpected }

// transient reports whether the same request may succeed a moment later. A query that Prometheus itself gave up would take as long again.
func (e *Error) transient() bool {
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return e.Type == ""
	case 0:
		return !errors.Is(e.Err, context.Canceled) && !errors.Is(e.Err, context.DeadlineExceeded) && !untrusted(e.Err)
	}
	return errors.Is(e.Err, io.ErrUnexpectedEOF)
}

func untrusted(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	return certificate || plain || errors.Is(err, http.ErrSchemeMismatch)
}

// Unwrap is the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Error is what was asked for, and the cause.
func (e *Error) Error() string {
	return fmt.Sprintf("query %s from %s to %s: %s", e.Address, instant(e.From), instant(e.To), e.cause())
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

func (e *Error) cause() string {
	switch {
	case errors.Is(e.Err, context.Canceled):
		return "interrupted"
	case errors.Is(e.Err, errTooLarge):
		return errTooLarge.Error()
	case e.unexpected && e.Err != nil:
		return "unexpected answer: " + e.Err.Error()
	case e.unexpected && e.Message == "a web page":
		return "got a web page instead of an answer from Prometheus"
	case e.unexpected:
		return strings.TrimSuffix("unexpected answer: "+e.Message, ": ")
	case e.Err != nil && e.Status != 0 && !errors.Is(e.Err, context.DeadlineExceeded):
		return "incomplete answer from Prometheus"
	case e.Err != nil:
		return transport.WireCause(e.Err, "Prometheus")
	case e.location != "":
		return "redirected to " + e.location
	}
	text := fmt.Sprintf("Prometheus answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// FaultKind is interrupted, permission, usage, unreachable, or failed.
func (e *Error) FaultKind() fault.Kind {
	switch {
	case errors.Is(e.Err, context.Canceled):
		return fault.Interrupted
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return fault.Auth
	case e.Type == "bad_data":
		return fault.Usage
	case errors.Is(e.Err, errTooLarge), e.location != "", e.Type == "execution", e.Status == http.StatusNotFound:
		return fault.Failed
	}
	return fault.Unreachable
}

// FaultHint is what to do next; empty when the message is enough.
func (e *Error) FaultHint() string {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](e.Err)
	switch {
	case errors.Is(e.Err, context.Canceled):
		return ""
	case certificate:
		return "Set ca_file in .prodctl.yaml to the PEM file of your certificate authority"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "Set " + TokenVariable + " to a token of Prometheus, and " + UserVariable + " for basic authentication"
	case errors.Is(e.Err, errTooLarge):
		return "Aggregate the query to one series, such as max(…)"
	case strings.Contains(e.Message, "maximum resolution"):
		return "Use a longer --step"
	case e.Type == "bad_data":
		return "Try the query in Prometheus first: " + e.Address + "/graph"
	case e.location != "":
		return "Use the address that Prometheus redirects to"
	case e.Status == http.StatusNotFound, e.unexpected:
		return "Check the address: the API of Prometheus is below it, at /api/v1"
	}
	return "Check that Prometheus is up, then run the same command again"
}

// The environment variables that hold the credentials of Prometheus. Nothing else can set them.
const (
	TokenVariable = "PRODCTL_PROMETHEUS_TOKEN"
	UserVariable  = "PRODCTL_PROMETHEUS_USER"
)
