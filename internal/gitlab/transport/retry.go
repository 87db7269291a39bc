package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
)

// action is what to do after an attempt.
type action int

const (
	finish action = iota
	retry
	giveUp
)

// verdict is an action with its reason.
type verdict struct {
	act       action
	reason    string    // why it is retried, or what went wrong
	uncertain bool      // this attempt may have been carried out
	limited   bool      // rate limited: all requests have to wait
	gone      bool      // a repeated DELETE found nothing left to delete
	page      bool      // the answer was a web page
	rejected  bool      // the answer was not what was asked for
	until     time.Time // when the rate limit ends, if that is too late to wait for
	err       error
}

// tooLong and cutShort turn a verdict to retry into one to give up.
func (v verdict) tooLong(until time.Time) verdict { v.act, v.until = giveUp, until; return v }
func (v verdict) cutShort(err error) verdict      { v.act, v.err = giveUp, err; return v }

// judge decides what to do after an attempt. It is the whole table of retries:
//
//	                                      GET PUT DELETE,   POST
//	                                      GraphQL query
//	never sent (dial, TLS handshake)      retry             retry
//	certificate or proxy refused,         give up           give up
//	host not found
//	connection lost, timeout, cut short   retry             give up, outcome unknown
//	web page instead of JSON              retry once        give up, outcome unknown
//	not what was asked for                retry             give up, outcome unknown
//	too large                             give up           give up, outcome unknown
//	429                                   retry             retry
//	409 with a resource lock              retry (an issue   give up
//	                                      after a look)
//	408, 500, 502, 503, 504, 520 to 524   retry             give up, outcome unknown
//	404 to a DELETE sent before           done              -
//	anything else                         give up           give up
func judge(x *exchange, got outcome) verdict {
	v := classify(x, got)
	if v.act == retry && x.attempt >= MaxAttempts {
		v.act = giveUp
	}
	v.uncertain = v.uncertain && !x.query
	return v
}

func classify(x *exchange, got outcome) verdict {
	ctx, repeatable := x.request.Context(), x.query || x.request.Method != http.MethodPost && x.request.Method != http.MethodPatch
	unsure := func(reason string) verdict {
		v := verdict{act: giveUp, reason: reason, uncertain: true}
		if repeatable {
			v.act = retry
		}
		return v
	}
	switch {
	case ctx.Err() != nil && got.err != nil:
		return verdict{act: giveUp, uncertain: !neverSent(got.err), err: ctx.Err()}
	case got.err != nil && permanent(got.err):
		return verdict{act: giveUp, err: got.err}
	case errors.Is(got.err, TooLarge):
		return verdict{act: giveUp, uncertain: true, err: got.err}
	case got.err != nil && neverSent(got.err):
		return verdict{act: retry, reason: retryReason(got.err), err: got.err}
	case got.err != nil:
		v := unsure(retryReason(got.err))
		v.err = got.err
		return v
	case got.status == http.StatusTooManyRequests:
		return verdict{act: retry, limited: true}
	case got.status == http.StatusConflict && repeatable && bytes.Contains(got.body, []byte("Resource lock")):
		return verdict{act: retry, reason: "GitLab is saving another change"}
	case got.status == http.StatusNotFound && x.request.Method == http.MethodDelete && x.uncertain:
		return verdict{act: finish, gone: true}
	case transient(got.status):
		return unsure("GitLab answered " + statusLine(got.status))
	case got.status >= 500:
		return verdict{act: giveUp, uncertain: true}
	case got.status >= 300:
		return verdict{act: giveUp}
	case !looksLikeJSON(x.request.Method, got):
		v := unsure("unexpected answer")
		if v.page = isPage(got); v.page && x.attempt > 1 {
			v.act = giveUp
		}
		return v
	}
	if err := x.accept(got); err != nil {
		v := unsure("unexpected answer")
		v.rejected, v.err = true, err
		return v
	}
	return verdict{act: finish}
}

// halfDone reports whether GitLab may have carried out a part of a write that it refused: it saves an issue's labels before it finds the
// issue locked or another field invalid.
func halfDone(x *exchange, got outcome) bool {
	if x.request.Method != http.MethodPut || !strings.Contains(x.url.Path, "/issues") {
		return false
	}
	return got.status == http.StatusConflict || got.status == http.StatusBadRequest && bytes.Contains(x.body, []byte("_labels"))
}

// transient reports whether a retry may get past the status. 520 to 524 come from the proxy in front of gitlab.com.
func transient(status int) bool {
	switch status {
	case 408, 500, 502, 503, 504, 520, 521, 522, 523, 524:
		return true
	}
	return false
}

// neverSent reports whether an error means that no byte of the request reached a server:
// the connection was not established, or its handshake failed.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok || plainHTTP(err) {
		return true
	}
	if _, ok := errors.AsType[*proxyRefusal](err); ok {
		return true
	}
	return strings.Contains(err.Error(), "TLS handshake timeout") // net/http's own type for it is not exported
}

// permanent reports whether a retry would fail in the same way.
func permanent(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if plainHTTP(err) {
		return true
	}
	if proxy, ok := errors.AsType[*proxyRefusal](err); ok {
		return !proxy.transient()
	}
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// plainHTTP reports whether a TLS handshake was answered in plain HTTP.
func plainHTTP(err error) bool {
	_, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok || errors.Is(err, http.ErrSchemeMismatch)
}

func retryReason(err error) string {
	if timeout, ok := errors.AsType[net.Error](err); errors.Is(err, context.DeadlineExceeded) || ok && timeout.Timeout() {
		return "GitLab did not answer in time"
	}
	if neverSent(err) {
		return "cannot connect to GitLab"
	}
	return "GitLab did not answer"
}

// looksLikeJSON checks the ends of a body: enough to distinguish a document from a web page or a truncated one
// without parsing it. Only DELETE and HEAD may have an empty body.
func looksLikeJSON(method string, got outcome) bool {
	body := bytes.TrimSpace(got.body)
	if len(body) == 0 {
		return got.status == http.StatusNoContent || method == http.MethodDelete || method == http.MethodHead
	}
	first, last := body[0], body[len(body)-1]
	return first == '{' && last == '}' || first == '[' && last == ']'
}

func looksLikeObject(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) }

func isPage(got outcome) bool {
	return strings.Contains(got.header.Get("Content-Type"), "html") || bytes.HasPrefix(bytes.TrimSpace(got.body), []byte("<"))
}
