package fakegitlab

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// TestFaultKinds checks for every kind whether the request was carried out and what its caller saw.
func TestFaultKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		spec    string
		carried bool
		want    string
	}{
		{"status=502", false, "502 text/html; charset=utf-8 <html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n"},
		{"status=429", false, "429 text/plain Retry later\n"},
		{"status=500", false, `500 application/json {"message":"500 Internal Server Error"}`},
		{"drop-before", false, "EOF"},
		{"drop-after", true, "EOF"},
		{"error-after=500", true, `500 application/json {"message":"500 Internal Server Error"}`},
		{"truncate", true, "201 application/json half unexpected EOF"},
		{"delay=2s", true, "201 application/json halfhalf"},
		{"limit", false, `429 application/json {"message":{"error":"This endpoint has been requested too many times. Try again later."}}`},
		{"other", false, `200 application/json {"id":2}`},
		{"other-after", true, `200 application/json {"id":2}`},
		{"nonsense", false, `200 application/json {"message":"temporarily unavailable"}`},
		{"nonsense-after", true, `200 application/json {"message":"temporarily unavailable"}`},
		{"no-paging", true, "201 application/json halfhalf"},
		{"html", false, "200 text/html; charset=utf-8 <!DOCTYPE html><html><head><title>Sign in</title></head>" +
			"<body><form action=\"/sso\" method=\"post\"><input name=\"user\"></form></body></html>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			t.Parallel()
			fault, err := fault.Parse("ANY /** " + tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			for _, wire := range []bool{false, true} {
				testFault(t, fault, wire, tt.want, tt.carried)
			}
		})
	}
}

// testFault sends a request to a handler with the fault, in memory or over a socket.
func testFault(t *testing.T, f fault.Fault, wire bool, want string, wantCarried bool) {
	t.Helper()
	var fs fault.Set
	fs.Add(f)
	carried, status := false, 0
	var slept time.Duration
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fs.Pick(r.Method, r.URL.EscapedPath(), "").Serve(w, r, &status, fault.Handler{CarryOut: func(w http.ResponseWriter, _ *http.Request) {
			carried, status = true, http.StatusCreated
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, "halfhalf")
		}, Other: func() []byte { return []byte(`{"id":2}`) }, Sleep: func(_ context.Context, d time.Duration) { slept += d }})
	})
	srv := httptest.NewServer(h)
	rt := transport.New(h)
	if wire {
		rt = http.DefaultTransport
	}
	got := see(t, rt, srv.URL+"/x")
	srv.Close() // waits for the handler
	if got != want || carried != wantCarried {
		t.Errorf("wire %v: got %q, carried out %v; want %q, %v", wire, got, carried, want, wantCarried)
	}
	if shown, _, _ := strings.Cut(want, " "); shown != strconv.Itoa(status) && !(shown == "EOF" && status == 0) {
		t.Errorf("wire %v: request log has status %d, the caller saw %s", wire, status, shown)
	}
	if slept != f.Delay {
		t.Errorf("wire %v: slept %v, want %v", wire, slept, f.Delay)
	}
}
