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
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	tests := []struct {
		spec string
		want Fault
	}{
		{"PUT /projects/*/milestones/* nth=2 status=502", Fault{Method: "PUT", Path: "/projects/*/milestones/*", Nth: 2, Kind: StatusFault, Status: 502}},
		{"any /api/v4/issues every=3 drop-before", Fault{Method: "ANY", Path: "/issues", Every: 3, Kind: DropBefore}},
		{"GET ** drop-after", Fault{Method: "GET", Path: "**", Kind: DropAfter}},
		{"POST /x error-after=500 nth=1", Fault{Method: "POST", Path: "/x", Nth: 1, Kind: ErrorAfter, Status: 500}},
		{"GET /x truncate", Fault{Method: "GET", Path: "/x", Kind: Truncate}},
		{"GET /x delay=2s", Fault{Method: "GET", Path: "/x", Kind: DelayFault, Delay: 2 * time.Second}},
		{"GET /x limit", Fault{Method: "GET", Path: "/x", Kind: LimitFault}},
		{"GET /projects/*/issues?search&state=closed limit", Fault{Method: "GET", Path: "/projects/*/issues?search&state=closed", Kind: LimitFault}},
		{"  GET   /x   html ", Fault{Method: "GET", Path: "/x", Kind: HTMLFault}},
	}
	for _, tt := range tests {
		got, err := ParseFault(tt.spec)
		if err != nil || got != tt.want {
			t.Errorf("ParseFault(%q) = %+v, %v; want %+v", tt.spec, got, err, tt.want)
		}
	}
}

func TestParseFaultRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                           "want METHOD PATH",
		"GET /x":                     "want METHOD PATH",
		"GET /x nth=1":               "no kind",
		"GET /x nth=0 html":          "nth=\"0\"",
		"GET /x nth=1 nth=2 html":    "given twice",
		"GET /x nth=1 every=2 html":  "exclude",
		"GET /x status=200":          "400 to 599",
		"GET /x status":              "want a number",
		"GET /x delay=soon":          "want a duration",
		"GET /x delay=-1s":           "want a duration",
		"GET /x html html":           "one kind only",
		"GET /x html=1":              "takes no value",
		"GET /x melt":                "unknown word",
		"GET x html":                 "begin with /",
		"GET /x? html":               "name of a parameter",
		"GET /x?a& html":             "name of a parameter",
		"GET /x?=a html":             "name of a parameter",
		"GET /x limit=1":             "takes no value",
		"G-T /x html":                "method",
		"GET /x status=500 truncate": "one kind only",
	}
	for spec, want := range tests {
		if f, err := ParseFault(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFault(%q) = %+v, %v; want an error with %q", spec, f, err, want)
		}
	}
}

func FuzzParseFault(f *testing.F) {
	f.Add("PUT /projects/*/milestones/* nth=2 status=502")
	f.Add("ANY ** every=3 delay=1h2m3s")
	f.Add("GET /issues?search=*a*&labels limit")
	f.Fuzz(func(t *testing.T, spec string) {
		fault, err := ParseFault(spec)
		if err != nil {
			return
		}
		again, err := ParseFault(fault.String())
		if err != nil || again != fault {
			t.Errorf("%q -> %+v -> %q -> %+v, %v", spec, fault, fault.String(), again, err)
		}
	})
}

func TestGlobMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"/issues", "/issues", true},
		{"/issues", "/issues/1", false},
		{"/projects/*/issues", "/projects/acme%2Finfra/issues", true},
		{"/projects/*/issues", "/projects/a/b/issues", false},
		{"/projects/**", "/projects/a/b/issues", true},
		{"/projects/**/notes", "/projects/1/issues/2/notes", true},
		{"/projects/**/notes", "/projects/1/issues/2/note", false},
		{"**", "", true},
		{"*", "", true},
		{"**", "/x/y", true},
		{"/a*c*e", "/abcde", true},
		{"/a*c*e", "/abcd", false},
		{"/***x", "/a/b/x", true},
	}
	for _, tt := range tests {
		if got := globMatch(tt.pattern, tt.path); got != tt.want {
			t.Errorf("globMatch(%q, %q) = %v", tt.pattern, tt.path, got)
		}
	}
}

func TestFaultsByQuery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, query string
		want        bool
	}{
		{"/issues", "search=a", true},
		{"/issues?search", "search=a", true},
		{"/issues?search", "state=all&search=", true},
		{"/issues?search", "state=all", false},
		{"/issues?search", "", false},
		{"/issues?search", "research=a", false},
		{"/issues?search=*key*", "search=%22a+key+b%22", true},
		{"/issues?search=*key*", "search=none", false},
		{"/issues?search&state=closed", "state=closed&search=a", true},
		{"/issues?search&state=closed", "state=opened&search=a", false},
		{"/issues?iids=7", "iids[]=6&iids[]=7", true},
		{"/issues?iids[]", "iids[]=6", true},
		{"**?search", "search=a", true},
	}
	for _, tt := range tests {
		f, err := ParseFault("GET " + tt.path + " limit")
		if err != nil {
			t.Fatal(err)
		}
		if got := f.matches("GET", "/issues", tt.query); got != tt.want {
			t.Errorf("%s matches %q: %v", tt.path, tt.query, got)
		}
	}
}

func TestFaultsCountTheirOwnRequests(t *testing.T) {
	t.Parallel()
	var fs faultSet
	fs.add(Fault{Method: "PUT", Path: "/a", Nth: 2, Kind: DropBefore})
	fs.add(Fault{Method: "ANY", Path: "/**", Every: 3, Kind: HTMLFault})
	fs.add(Fault{Path: "/b", Kind: DelayFault, Delay: time.Second})
	steps := []struct{ method, path, want string }{
		{"PUT", "/a", ""},
		{"GET", "/a", ""},
		{"PUT", "/a", "drop-before"}, // also the third of all, but the older fault wins
		{"PUT", "/a", ""},
		{"GET", "/b", "delay=1s"},
		{"GET", "/b", "html delay=1s"},
	}
	for i, step := range steps {
		if got := fs.pick(step.method, step.path, "").String(); got != step.want {
			t.Errorf("request %d: %q, want %q", i+1, got, step.want)
		}
	}
	fs.clear()
	if got := fs.pick("GET", "/b", "").String(); got != "" {
		t.Errorf("after clear: %q", got)
	}
}

// TestStrikes checks for every kind whether the request was carried out and
// what its caller got to see.
func TestStrikes(t *testing.T) {
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
		{"html", false, "200 text/html; charset=utf-8 <!DOCTYPE html><html><head><title>Sign in</title></head>" +
			"<body><form action=\"/sso\" method=\"post\"><input name=\"user\"></form></body></html>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			t.Parallel()
			fault, err := ParseFault("ANY /** " + tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			for _, wire := range []bool{false, true} {
				strikeOnce(t, fault, wire, tt.want, tt.carried)
			}
		})
	}
}

// strikeOnce sends a request to a handler with the fault, in memory or over a
// socket.
func strikeOnce(t *testing.T, f Fault, wire bool, want string, wantCarried bool) {
	t.Helper()
	var fs faultSet
	fs.add(f)
	carried, status := false, 0
	var slept time.Duration
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fs.pick(r.Method, r.URL.EscapedPath(), "").serve(w, r, &status, func(w http.ResponseWriter, _ *http.Request) {
			carried, status = true, http.StatusCreated
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, "halfhalf")
		}, func(_ context.Context, d time.Duration) { slept += d })
	})
	srv := httptest.NewServer(h)
	rt := Transport(h)
	if wire {
		rt = http.DefaultTransport
	}
	got := see(t, rt, srv.URL+"/x")
	srv.Close() // and with it the handler is done
	if got != want || carried != wantCarried {
		t.Errorf("wire %v: got %q, carried out %v; want %q, %v", wire, got, carried, want, wantCarried)
	}
	if seen, _, _ := strings.Cut(want, " "); seen != strconv.Itoa(status) && !(seen == "EOF" && status == 0) {
		t.Errorf("wire %v: journal has status %d, the caller saw %s", wire, status, seen)
	}
	if slept != f.Delay {
		t.Errorf("wire %v: slept %v, want %v", wire, slept, f.Delay)
	}
}
