package cli_test

import (
	"net/http"
	"strings"
	"testing"
)

// A server that returns the token as the request id or as the missing scope does not get it into a trace or an error.
func TestTokenEchoedAsRequestIDOrScope(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.Response{
		"request id": {StatusCode: 500, Header: http.Header{"X-Request-Id": {secret}}},
		"scope":      {StatusCode: 403, Header: http.Header{"Content-Type": {"application/json"}}},
	} {
		for _, line := range []string{"milestone list --debug", "milestone list -o json", "label apply --yes -o json"} {
			l := newLab(t, setup{})
			l.wire = roundTripper(func(*http.Request) (*http.Response, error) {
				a := answer
				a.Body = body(`{"error":"insufficient_scope","error_description":"no","scope":"` + secret + `"}`)
				return &a, nil
			})
			r := l.run(strings.Fields(line)...)
			noSecret(t, name+" of "+line, r.out, r.errors)
		}
	}
}
