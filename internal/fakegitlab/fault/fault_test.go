package fault

import (
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
		{"PUT /projects/*/milestones/* nth=2 status=502", Fault{Method: "PUT", Path: "/projects/*/milestones/*", Nth: 2, Kind: Status, Status: 502}},
		{"any /api/v4/issues every=3 drop-before", Fault{Method: "ANY", Path: "/issues", Every: 3, Kind: DropBefore}},
		{"GET ** drop-after", Fault{Method: "GET", Path: "**", Kind: DropAfter}},
		{"POST /x error-after=500 nth=1", Fault{Method: "POST", Path: "/x", Nth: 1, Kind: ErrorAfter, Status: 500}},
		{"GET /x truncate", Fault{Method: "GET", Path: "/x", Kind: Truncate}},
		{"GET /x delay=2s", Fault{Method: "GET", Path: "/x", Kind: Delay, Delay: 2 * time.Second}},
		{"POST /x other-after", Fault{Method: "POST", Path: "/x", Kind: OtherAfter}},
		{"POST /x late=33s", Fault{Method: "POST", Path: "/x", Kind: Late, Delay: 33 * time.Second}},
		{"POST /x nth=1 again=5s", Fault{Method: "POST", Path: "/x", Nth: 1, Kind: Again, Delay: 5 * time.Second}},
		{"GET /x no-paging", Fault{Method: "GET", Path: "/x", Kind: NoPaging}},
		{"GET /x limit", Fault{Method: "GET", Path: "/x", Kind: Limit}},
		{"GET /projects/*/issues?search&state=closed limit", Fault{Method: "GET", Path: "/projects/*/issues?search&state=closed", Kind: Limit}},
		{"  GET   /x   html ", Fault{Method: "GET", Path: "/x", Kind: HTML}},
	}
	for _, tt := range tests {
		got, err := Parse(tt.spec)
		if err != nil || got != tt.want {
			t.Errorf("ParseFault(%q) = %+v, %v; want %+v", tt.spec, got, err, tt.want)
		}
	}
}

func TestParseFaultRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                           "use METHOD PATH",
		"GET /x":                     "use METHOD PATH",
		"GET /x nth=1":               "missing kind",
		"GET /x nth=0 html":          "nth=\"0\"",
		"GET /x nth=1 nth=2 html":    "set twice",
		"GET /x nth=1 every=2 html":  "cannot be combined",
		"GET /x status=200":          "400 to 599",
		"GET /x status":              "want a positive number",
		"GET /x delay=soon":          "want a duration",
		"GET /x delay=-1s":           "want a duration",
		"GET /x late=0s":             "want a duration",
		"GET /x again":               "want a duration",
		"GET /x html html":           "only one kind",
		"GET /x html=1":              "takes no value",
		"GET /x other=1":             "takes no value",
		"GET /x melt":                "unknown word",
		"GET x html":                 "begin with /",
		"GET /x? html":               "parameter name",
		"GET /x?a& html":             "parameter name",
		"GET /x?=a html":             "parameter name",
		"GET /x limit=1":             "takes no value",
		"G-T /x html":                "method",
		"GET /x status=500 truncate": "only one kind",
	}
	for spec, want := range tests {
		if f, err := Parse(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFault(%q) = %+v, %v; want an error with %q", spec, f, err, want)
		}
	}
}

func FuzzParseFault(f *testing.F) {
	f.Add("PUT /projects/*/milestones/* nth=2 status=502")
	f.Add("ANY ** every=3 delay=1h2m3s")
	f.Add("GET /issues?search=*a*&labels limit")
	f.Fuzz(func(t *testing.T, spec string) {
		fault, err := Parse(spec)
		if err != nil {
			return
		}
		again, err := Parse(fault.String())
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
		f, err := Parse("GET " + tt.path + " limit")
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
	var fs Set
	fs.Add(Fault{Method: "PUT", Path: "/a", Nth: 2, Kind: DropBefore})
	fs.Add(Fault{Method: "ANY", Path: "/**", Every: 3, Kind: HTML})
	fs.Add(Fault{Path: "/b", Kind: Delay, Delay: time.Second})
	steps := []struct{ method, path, want string }{
		{"PUT", "/a", ""},
		{"GET", "/a", ""},
		{"PUT", "/a", "drop-before"}, // the third of all too, but the older fault wins
		{"PUT", "/a", ""},
		{"GET", "/b", "delay=1s"},
		{"GET", "/b", "html delay=1s"},
	}
	for i, step := range steps {
		if got := fs.Pick(step.method, step.path, "").String(); got != step.want {
			t.Errorf("request %d: %q, want %q", i+1, got, step.want)
		}
	}
	fs.Clear()
	if got := fs.Pick("GET", "/b", "").String(); got != "" {
		t.Errorf("after clear: %q", got)
	}
}
