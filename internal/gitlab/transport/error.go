package transport

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Error is a request that GitLab refused, or whose outcome is unknown. Its text is one line for people; [Error.Detail] has the rest.
// It never holds the token.
//
// errors.Is matches its Class (one of [fault.NotFound], [fault.Taken], [fault.Unknown], [fault.Busy], [fault.Dropped],
// [fault.NotOffered]), [fault.NotPermitted], and the underlying error, such as context.Canceled.
type Error struct {
	Method    string
	Path      string // below /api/v4, escaped, without the query; "graphql" for GraphQL
	Status    int    // 0: no answer
	Message   string // GitLab's own message, on one line
	RequestID string // for the instance's logs
	Attempts  int
	Class     error
	Err       error  // the underlying error; nil when GitLab sent a readable answer
	MovedTo   string // the new path or id of the project or group, when GitLab redirects there
	Denied    bool   // it matches [fault.NotOffered] for this user only: others have the role for it
	Retryable bool   // of a request marked with [WithoutRetry]: reading again and retrying may succeed

	host         string      // the address of GitLab, for hints
	missingScope string      // the scope that the token lacks
	permission   *permission // what a fine-grained token lacks; nil: something else is wrong
	location     string      // the target of a redirect that was not followed
	page         bool        // a web page came instead of GitLab's answer
	limitedUntil string      // when the rate limit that stopped it ends; empty: it was not rate limited, or that is over
	limited      bool        // a rate limit delayed it
}

// failure is the error for a request that is given up.
func (t *Transport) failure(x *exchange, got outcome, v verdict) *Error {
	e := &Error{
		Method: x.request.Method, Path: t.path(x.url), Status: got.status, RequestID: t.token.scrub(requestID(got.header)),
		Attempts: x.attempt, Err: v.err, page: v.page, host: t.Host(), limited: x.limited,
	}
	if !v.until.IsZero() {
		e.limitedUntil = clockTime(v.until, t.options.Now())
	}
	if got.err != nil && got.err != v.err {
		e.Err = got.err
		if v.err != nil {
			e.Err = fmt.Errorf("%w: %w", v.err, got.err)
		}
	}
	if got.status != 0 && got.err == nil {
		if !v.rejected || looksLikeObject(got.body) { // a list has no message
			e.Message = t.token.scrub(message(got.header.Get("Content-Type"), got.body))
		}
		e.missingScope, e.permission = t.token.scrub(missingScope(got)), refusedPermission(got.body)
		if e.permission != nil {
			t.fineGrained.Store(true)
		}
		e.location, e.MovedTo = t.redirectTarget(x, got)
	}
	e.Path = t.token.scrub(e.Path)
	if e.Err != nil && t.token.scrub(e.Err.Error()) != e.Err.Error() {
		e.Err = errors.New(t.token.scrub(e.Err.Error()))
	}
	e.Class = classOf(e, v.uncertain || x.uncertain)
	return e
}

// clockTime is a time to the minute, rounded up, with its date when it is on another day than now.
func clockTime(at, now time.Time) string {
	at = at.UTC().Add(time.Minute - time.Nanosecond).Truncate(time.Minute)
	if at.Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return at.Format("15:04 UTC")
	}
	return at.Format("2006-01-02 15:04 UTC")
}

// classOf is the class of an error. uncertain means that an attempt may have been carried out; a definite answer to a
// repeated PUT or DELETE outweighs that, because it shows the state after the last attempt.
func classOf(e *Error, uncertain bool) error {
	switch {
	case e.Status == http.StatusNotFound:
		return fault.NotFound
	case e.taken():
		return fault.Taken
	case e.Method == http.MethodPost && e.Status == http.StatusConflict && strings.Contains(e.Message, "Duplicated issue") && !uncertain:
		return fault.Busy // another request was creating one of its labels; GitLab takes every conflict for one of numbers
	case uncertain && e.Method != http.MethodGet && e.Method != http.MethodHead && !e.definite():
		return fault.Unknown
	}
	return nil
}

// definite reports whether the answer says what the object is like after all attempts. One about the token, the proxy or the limit says
// nothing about earlier attempts.
func (e *Error) definite() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return e.Err == nil && e.Status >= 300 && e.Status < 500
}

// taken reports whether the title or name is in use. Milestones, labels and board lists each have their own message and
// status for it.
func (e *Error) taken() bool {
	switch e.Status {
	case http.StatusConflict:
		return strings.Contains(e.Message, "already exists")
	case http.StatusBadRequest:
		return strings.Contains(e.Message, "already being used") || strings.Contains(e.Message, "already been taken") ||
			strings.Contains(e.Message, "already exists")
	}
	return false
}

// NoRoute reports whether this GitLab has no such endpoint at all. Its message for that differs from the one for a missing object.
func (e *Error) NoRoute() bool {
	return e.Status == http.StatusNotFound && e.Message == "404 Not Found"
}

// OwnerMissing reports whether a 404 is about the project or group, not about the object in it.
func (e *Error) OwnerMissing() bool {
	return strings.Contains(e.Message, "Project Not Found") || strings.Contains(e.Message, "Group Not Found") || e.NoRoute()
}

// missingScope is the scope that GitLab asks for; empty when the token has it.
func missingScope(got outcome) string {
	var body struct{ Error, Scope string }
	if json.Unmarshal(got.body, &body) != nil || body.Error != "insufficient_scope" {
		return ""
	}
	if slices.Contains(strings.Fields(body.Scope), "api") { // of all that would do, the one that does for every command
		return "api"
	}
	return OneLine(body.Scope, 80)
}

// redirectTarget is where a redirect leads, without the query, and the new owner when that is the only difference.
func (t *Transport) redirectTarget(x *exchange, got outcome) (location, moved string) {
	if !redirects(got.status) {
		return "", ""
	}
	location = got.header.Get("Location")
	u, err := x.url.Parse(location)
	if location == "" || err != nil {
		return "an empty location", ""
	}
	if sameOrigin(u, t.base) && t.renamed(x.url, u) {
		moved = parsePath(t.path(u)).owner
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return t.token.scrub(OneLine(u.String(), 200)), moved
}

// Is matches the class.
func (e *Error) Is(target error) bool {
	return e.Class != nil && target == e.Class || e.permission != nil && target == fault.NotPermitted
}

// NewPath is the new path of the project or group; empty if GitLab does not redirect there, or only its id is known.
func (e *Error) NewPath() string {
	if _, err := strconv.ParseInt(e.MovedTo, 10, 64); err == nil {
		return ""
	}
	return e.MovedTo
}

// Unwrap is the underlying error; nil where GitLab answered.
func (e *Error) Unwrap() error { return e.Err }

// Error is what was attempted and the cause.
func (e *Error) Error() string {
	if object := e.missing(); object != "" {
		return object + " not found"
	}
	text := describe(e.Method, e.Path) + ": " + e.cause()
	if e.Class == fault.Unknown {
		text += "; the request may have been carried out"
	}
	return text
}

// Detail is for debugging: method and path, status, number of attempts and the request id for the instance's logs.
func (e *Error) Detail() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	if e.Status != 0 {
		b.WriteString(statusLine(e.Status))
	} else {
		b.WriteString("no answer")
	}
	fmt.Fprintf(&b, ", attempts: %d", e.Attempts)
	if e.RequestID != "" {
		b.WriteString(", request id " + e.RequestID)
	}
	if e.Message != "" && e.Message != statusLine(e.Status) {
		b.WriteString(": " + e.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + OneLine(e.Err.Error(), MessageLimit))
	}
	return b.String()
}

func (e *Error) cause() string {
	switch {
	case e.Class == fault.Dropped:
		return e.Message
	case e.permission != nil:
		return e.permission.cause()
	case e.limitedUntil != "":
		return "rate limited until " + e.limitedUntil
	case errors.Is(e.Err, context.Canceled):
		return "interrupted"
	case e.outlasted():
		return "rate limited; gave up after --timeout"
	case errors.Is(e.Err, context.DeadlineExceeded) && e.Status >= 300:
		return "GitLab answered " + statusLine(e.Status) + "; gave up after --timeout"
	case errors.Is(e.Err, context.DeadlineExceeded) && e.Status != 0:
		return "GitLab did not answer in time"
	case errors.Is(e.Err, TooLarge):
		return e.Err.Error()
	case errors.Is(e.Err, io.ErrUnexpectedEOF) && e.Status != 0:
		return "incomplete answer from GitLab"
	case e.Err != nil && e.Status != 0 && e.Status < 300 && e.Message != "":
		return "unexpected answer: " + e.Message
	case e.Err != nil && e.Status != 0:
		return "invalid answer from GitLab: " + OneLine(e.Err.Error(), MessageLimit)
	case e.Err != nil:
		return WireCause(e.Err, "GitLab")
	case e.page && e.Status < 300:
		return "got " + e.Message + " instead of an answer from GitLab"
	case e.Status < 300:
		return strings.TrimSuffix("unexpected answer: "+e.Message, ": ")
	case e.MovedTo != "":
		return "moved to " + e.MovedTo
	case e.location != "":
		return "redirected to " + e.location
	case e.Status == http.StatusTooManyRequests:
		return "rate limited"
	case e.missingScope != "":
		return statusLine(e.Status) + ": the token does not have the scope " + e.missingScope
	case e.Status >= 500 && strings.HasPrefix(e.Message, webPagePrefix): // its title repeats the status
		return "GitLab answered " + statusLine(e.Status)
	case e.Status >= 500:
		return "GitLab answered " + e.statusAndMessage()
	}
	return e.statusAndMessage()
}

// outlasted reports whether a rate limit lasted longer than --timeout.
func (e *Error) outlasted() bool {
	return errors.Is(e.Err, context.DeadlineExceeded) && (e.Status == http.StatusTooManyRequests || e.Status == 0 && e.limited)
}

// statusAndMessage is the status, and GitLab's message unless it repeats the status.
func (e *Error) statusAndMessage() string {
	status := statusLine(e.Status)
	switch {
	case e.Message == "" || strings.EqualFold(e.Message, status):
		return status
	case strings.HasPrefix(e.Message, fmt.Sprint(e.Status)):
		return e.Message
	}
	return status + ": " + e.Message
}

// WireCause is the cause of a request to a server that got no answer. The server is GitLab, or another one that prodctl reads.
func WireCause(err error, server string) string {
	op, _ := errors.AsType[*net.OpError](err)
	dns, unresolved := errors.AsType[*net.DNSError](err)
	certificate, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	proxy, refused := errors.AsType[*proxyRefusal](err)
	switch {
	case unresolved && dns.IsNotFound:
		return "host " + dns.Name + " not found"
	case unresolved:
		return "cannot look up host " + dns.Name
	case untrusted:
		cause, _ := certificateProblem(certificate)
		return cause
	case refused:
		return proxy.Error()
	case plainHTTP(err):
		return "the server answered in plain HTTP, not HTTPS"
	case op != nil && op.Op == "proxyconnect":
		return "cannot connect to the proxy: " + rootCause(op)
	case op != nil && op.Op == "dial" && op.Addr != nil:
		return "cannot connect to " + op.Addr.String() + ": " + rootCause(op)
	case op != nil && op.Op == "dial":
		return "cannot connect: " + rootCause(op)
	case errors.Is(err, context.DeadlineExceeded), op != nil && op.Timeout(), strings.Contains(err.Error(), "TLS handshake timeout"):
		return server + " did not answer in time"
	case op != nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return server + " did not answer"
	}
	return server + " did not answer: " + OneLine(err.Error(), MessageLimit)
}

// rootCause is the system's own message, such as "connection refused", without the names of calls.
func rootCause(op *net.OpError) string {
	if op.Timeout() {
		return "timed out"
	}
	if call, ok := errors.AsType[*os.SyscallError](op.Err); ok {
		return OneLine(call.Err.Error(), MessageLimit)
	}
	return OneLine(op.Err.Error(), MessageLimit)
}

func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
