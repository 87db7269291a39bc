package transport

import (
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// With ReadOnly no write leaves the machine, and no GraphQL that is more than a query. What reads is sent.
func TestReadOnlySendsNoWrite(t *testing.T) {
	t.Parallel()
	for _, try := range []struct {
		method, path, body string
		sent               bool
	}{
		{"GET", "/api/v4/projects/1", "", true},
		{"POST", "/api/graphql", `{"query":"query($p: ID!) { project(fullPath: $p) { id } }","variables":{"p":"acme/mutation"}}`, true},
		{"POST", "/api/graphql", `{"query":"mutation { createNote(input: {}) { errors } }"}`, false},
		{"POST", "/api/graphql", `{"query":"query a { project { id } } mutation b { x }","operationName":"b"}`, false},
		{"POST", "/api/graphql", `{"query":"\u006dutation { x }"}`, false},
		{"POST", "/api/graphql", `[{"query":"{ project { id } }"}]`, false},
		{"POST", "/api/v4/projects/1/issues", "{}", false},
		{"PUT", "/api/v4/projects/1/issues/2", "{}", false},
		{"PATCH", "/api/v4/projects/1/issues/2", "{}", false},
		{"DELETE", "/api/v4/projects/1/labels/2", "", false},
	} {
		sent := 0
		tr, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			sent++
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("{}"))
		}), func(o *Options) { o.ReadOnly = true })
		req, err := http.NewRequestWithContext(t.Context(), try.method, tr.Host()+try.path, strings.NewReader(try.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tr.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		if (sent == 1) != try.sent || try.sent != (err == nil) || !try.sent && fault.KindOf(err) != fault.Refused || tr.Written() {
			t.Errorf("%s %s %s: sent %d times, error %v, written %v", try.method, try.path, try.body, sent, err, tr.Written())
		}
	}
}
