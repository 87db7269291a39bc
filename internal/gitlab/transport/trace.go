package transport

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// observe reads the server's time and rate limit from the answer's headers, and calls the trace.
func (t *Transport) observe(x *exchange, got outcome, took time.Duration) {
	if got.status != 0 {
		now := t.options.Now()
		t.clock.read(got.header, now)
		if reset, ok := t.resetAfter(got.header, now); ok && got.header.Get("RateLimit-Remaining") == "0" && reset <= t.options.MaxWait {
			t.gate.shut(now.Add(reset), "rate limit used up")
		}
	}
	if t.options.Trace == nil {
		return
	}
	e := Exchange{
		Method: x.request.Method, URL: t.token.scrub(redactURL(x.url)), Attempt: x.attempt, Status: got.status,
		Duration: took, RequestID: t.token.scrub(requestID(got.header)), Sent: len(x.body), Received: len(got.body),
	}
	if got.err != nil {
		e.Err = t.token.scrub(got.err.Error())
	}
	t.options.Trace(e)
}

func requestID(h http.Header) string { return OneLine(h.Get("X-Request-Id"), 64) }

// redactURL is path and query for the trace, without the values of secret parameters.
func redactURL(u *url.URL) string {
	if u.RawQuery == "" {
		return u.EscapedPath()
	}
	q := u.Query()
	for name := range q {
		lower := strings.ToLower(name)
		if strings.Contains(lower, "token") || strings.Contains(lower, "secret") || strings.Contains(lower, "password") {
			q[name] = []string{"[redacted]"}
		}
	}
	return u.EscapedPath() + "?" + q.Encode()
}
