package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Error is a request that GitLab refused, or whose outcome did not become known. It never holds the token.
//
// errors.Is matches its Class (one of [fault.NotFound], [fault.Taken], [fault.Unknown], [fault.Dropped], [fault.NotOffered])
// and what is underneath, such as context.Canceled.
type Error struct {
	Method    string
	Path      string // below /api/v4, escaped, without the query
	Status    int    // 0: no answer
	Message   string // GitLab's own words, on one line
	RequestID string // for the instance's logs
	Attempts  int
	Class     error
	Err       error  // what was underneath without an answer
	MovedTo   string // what the project or group is called where a redirect leads: a path, or an id as GitLab puts it
	Retryable bool   // of a request that was marked with [SendOnce]: another look and another try may do

	missingScope        string    // that the token lacks
	location     string    // where a redirect leads
	page         bool      // a page for people came instead of GitLab's answer
	limitedUntil time.Time // when the limit that stopped it ends
}

// failure is the error for a request that is given up.
func (t *Transport) failure(x *exchange, got outcome, v verdict) *Error {
	e := &Error{
		Method: x.request.Method, Path: t.path(x.url), Status: got.status, RequestID: t.token.scrub(requestID(got.header)),
		Attempts: x.attempt, Err: v.err, page: v.page, limitedUntil: v.until,
	}
	if got.err != nil && got.err != v.err {
		e.Err = got.err
		if v.err != nil {
			e.Err = fmt.Errorf("%w: %w", v.err, got.err)
		}
	}
	if got.status != 0 && got.err == nil {
		e.Message = t.token.scrub(message(got.header.Get("Content-Type"), got.body))
		e.missingScope = t.token.scrub(missingScope(got))
		e.location, e.MovedTo = t.redirectTarget(x, got)
	}
	e.Path = t.token.scrub(e.Path)
	if e.Err != nil && t.token.scrub(e.Err.Error()) != e.Err.Error() {
		e.Err = errors.New(t.token.scrub(e.Err.Error()))
	}
	e.Class = classOf(e, v.uncertain || x.uncertain)
	return e
}

// Unreadable is the error for an answer that cannot be decoded. After a write its class is Unknown: it was carried out, but what came of it
// cannot be told.
func (t *Transport) Unreadable(resp *http.Response, err error) *Error {
	e := &Error{
		Method: resp.Request.Method, Path: t.token.scrub(t.path(resp.Request.URL)), Status: resp.StatusCode,
		RequestID: t.token.scrub(requestID(resp.Header)), Attempts: 1, Err: err,
	}
	if e.Method != http.MethodGet {
		e.Class = fault.Unknown
	}
	return e
}

// classOf decides what kind of no it is. maybe says that an attempt may have been carried out; a definite answer to a
// repeated PUT or DELETE outweighs that, because the last attempt says how things stand.
func classOf(e *Error, maybe bool) error {
	switch {
	case e.Status == http.StatusNotFound:
		return fault.NotFound
	case e.taken():
		return fault.Taken
	case maybe && e.Method != http.MethodGet && e.Method != http.MethodHead && !e.definite():
		return fault.Unknown
	}
	return nil
}

// definite reports whether the answer says that nothing was done.
func (e *Error) definite() bool {
	return e.Err == nil && e.Status >= 300 && e.Status < 500 && e.Status != http.StatusRequestTimeout
}

// taken reports whether GitLab says that the title or name is in use. Milestones, labels and board lists each have
// their own words and status for it.
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

// NoRoute reports whether this GitLab has no such endpoint at all. Its words for that differ from those for a missing object.
func (e *Error) NoRoute() bool {
	return e.Status == http.StatusNotFound && e.Message == "404 Not Found"
}

// OwnerMissing tells a 404 for the project or group from one for what is looked for in it.
func (e *Error) OwnerMissing() bool {
	return strings.Contains(e.Message, "Project Not Found") || strings.Contains(e.Message, "Group Not Found") || e.NoRoute()
}

func missingScope(got outcome) string {
	var body struct{ Error, Scope string }
	if json.Unmarshal(got.body, &body) != nil || body.Error != "insufficient_scope" {
		return ""
	}
	return OneLine(body.Scope, 80)
}

// place is where a redirect leads, without query, and the new owner when that is all that differs.
func (t *Transport) redirectTarget(x *exchange, got outcome) (location, moved string) {
	if !redirects(got.status) {
		return "", ""
	}
	location = got.header.Get("Location")
	u, err := x.url.Parse(location)
	if location == "" || err != nil {
		return "nowhere", ""
	}
	if sameOrigin(u, t.base) && t.renamed(x.url, u) {
		moved = parsePath(t.path(u)).owner
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return t.token.scrub(OneLine(u.String(), 200)), moved
}

// Is matches the class.
func (e *Error) Is(target error) bool { return e.Class != nil && target == e.Class }

func (e *Error) Unwrap() error { return e.Err }

// Error says what was tried, what came of it, and how often.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(describe(e.Method, e.Path))
	b.WriteString(": ")
	b.WriteString(e.cause())
	if e.Class == fault.Unknown {
		b.WriteString("; whether it was carried out is not known")
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	return b.String()
}

func (e *Error) cause() string {
	switch {
	case e.Class == fault.Dropped:
		return e.Message
	case !e.limitedUntil.IsZero():
		return "GitLab limits requests until " + e.limitedUntil.UTC().Format(time.RFC3339)
	case errors.Is(e.Err, context.Canceled):
		return "interrupted"
	case errors.Is(e.Err, context.DeadlineExceeded) && e.Status >= 300:
		return "GitLab answered " + statusLine(e.Status) + ", and there is no time left to try again"
	case e.Err != nil && e.Status != 0:
		return "the answer cannot be used: " + OneLine(e.Err.Error(), MessageLimit)
	case errors.Is(e.Err, context.DeadlineExceeded):
		if op, ok := errors.AsType[*net.OpError](e.Err); ok && op.Op == "dial" {
			return "no connection in time: " + OneLine(op.Error(), MessageLimit)
		}
		return "no answer in time"
	case errors.Is(e.Err, io.EOF), errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer had come"
	case e.Err != nil:
		return OneLine(e.Err.Error(), MessageLimit)
	case e.page && e.Status < 300:
		return "something in front of GitLab answered with " + e.Message
	case e.Status < 300:
		return "the answer is not GitLab's: " + e.Message
	case e.MovedTo != "":
		return "it has moved to " + e.MovedTo
	case e.location != "":
		return "the server sends on to " + e.location
	case strings.HasPrefix(e.Message, fmt.Sprint(e.Status)):
		return "GitLab answered " + e.Message
	case e.Message != "":
		return fmt.Sprintf("GitLab answered %d: %s", e.Status, e.Message)
	}
	return "GitLab answered " + statusLine(e.Status)
}

func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}
