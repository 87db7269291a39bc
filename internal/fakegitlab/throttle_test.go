package fakegitlab

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := at.Add(20*time.Second + 300*time.Millisecond)
	w := newWorld(t, Options{RateLimit: 2, Now: func() time.Time { return now }})
	for n, want := range []string{"200 2 1 1 ", "200 2 2 0 ", "429 2 3 0 40"} {
		rec := w.ask("guest", "GET", "/user", "")
		h := rec.Header()
		got := strings.Join([]string{
			http.StatusText(rec.Code), h.Get("RateLimit-Limit"), h.Get("RateLimit-Observed"), h.Get("RateLimit-Remaining"), h.Get("Retry-After"),
		}, " ")
		status, rest, _ := strings.Cut(want, " ")
		if want := map[string]string{"200": "OK", "429": "Too Many Requests"}[status] + " " + rest; got != want {
			t.Errorf("request %d: got %q, want %q", n+1, got, want)
		}
		if got := h.Get("RateLimit-Reset"); got != "1535122860" {
			t.Errorf("request %d: reset at %s", n+1, got)
		}
	}
	rec := w.ask("guest", "GET", "/user", "")
	if rec.Header().Get("Content-Type") != "text/plain" || rec.Body.String() != "Retry later\n" {
		t.Errorf("throttled: %v %q", rec.Header(), rec.Body)
	}
	if rec.Header().Get("RateLimit-ResetTime") != "Fri, 24 Aug 2018 15:01:00 GMT" {
		t.Errorf("RateLimit-ResetTime %q", rec.Header().Get("RateLimit-ResetTime"))
	}
	if rec := w.ask("reporter", "GET", "/user", ""); rec.Code != 200 {
		t.Errorf("another user: %d", rec.Code)
	}
	now = now.Add(40 * time.Second)
	if rec := w.ask("guest", "GET", "/user", ""); rec.Code != 200 {
		t.Errorf("in the next minute: %d", rec.Code)
	}
	if entries := w.s.Requests(); entries[2].Status != 429 {
		t.Errorf("request log: %+v", entries[2])
	}
}

func TestNoRateLimitHeadersWithoutLimit(t *testing.T) {
	t.Parallel()
	rec := newWorld(t, Options{}).ask("guest", "GET", "/user", "")
	if got := rec.Header().Get("RateLimit-Limit"); got != "" {
		t.Errorf("RateLimit-Limit %s", got)
	}
}

func TestApplicationLimits(t *testing.T) {
	t.Parallel()
	const tooMany = `{"message":{"error":"This endpoint has been requested too many times. Try again later."}}`
	w := newWorld(t, Options{NoteLimit: 2, IssueLimit: 1})
	issue := w.newIssue("")
	w.refused(429, tooMany, "reporter", "POST", w.path(w.infra, "/issues"), "title=x")
	w.must(201, "reporter", "POST", w.path(w.prod, "/issues"), "title=x") // counted per project
	w.must(201, "guest", "POST", issue+"/notes", "body=1")
	w.ask("guest", "POST", "/projects/77/issues/1/notes", "body=2") // counted before the parent is looked up
	w.refused(429, tooMany, "guest", "POST", issue+"/notes", "body=3")
	w.refused(429, tooMany, "guest", "POST", "/projects/77/issues/1/notes", "body=4")
	w.refused(400, `{"error":"body is missing"}`, "guest", "POST", issue+"/notes", "")
	for _, tt := range []struct{ who, path, wait string }{
		{"guest", issue + "/notes", "60"}, {"guest", issue + "/discussions", "60"}, {"reporter", w.path(w.infra, "/issues"), ""},
	} {
		rec := w.ask(tt.who, "POST", tt.path, "title=x&body=5")
		if got := rec.Header().Get("Retry-After"); rec.Code != 429 || got != tt.wait {
			t.Errorf("POST %s: %d with Retry-After %q, want 429 with %q", tt.path, rec.Code, got, tt.wait)
		}
	}
}

// TestApplicationLimitsOfReads checks that each kind of read has a limit of its own, which is counted before
// anything is looked up.
func TestApplicationLimitsOfReads(t *testing.T) {
	t.Parallel()
	now := at
	w := newWorld(t, Options{SearchLimit: 1, ProjectLimit: 1, GroupLimit: 1, MemberLimit: 1, Now: func() time.Time { return now }})
	issues := w.path(w.infra, "/issues")
	for _, tt := range []struct{ counted, free string }{
		{issues + "?search=abc", issues + "?state=all"},
		{"/issues?scope=all&search=abc", "/issues?scope=all&search="},
		{w.path(w.acme, "/issues?search=abc"), w.path(w.acme, "/issues")},
		{w.path(w.infra, ""), "/projects"},
		{w.path(w.acme, ""), "/groups"},
		{w.path(w.infra, "/members/all"), w.path(w.infra, "/members")},
		{w.path(w.infra, "/members/all"), w.path(w.acme, "/members/all")},
	} {
		now = now.Add(time.Minute)
		w.must2xx("guest", tt.counted)
		for range 2 {
			rec := w.ask("guest", "GET", tt.counted, "")
			if rec.Code != 429 || rec.Header().Get("Retry-After") != "" || !strings.Contains(rec.Body.String(), `{"message":{"error":"This endpoint`) {
				t.Errorf("%s: got %d %v %s", tt.counted, rec.Code, rec.Header(), rec.Body)
			}
			w.must2xx("guest", tt.free)
		}
		w.must2xx("reporter", tt.counted)
	}
	now = now.Add(time.Minute)
	w.ask("guest", "GET", "/projects/77", "")
	if rec := w.ask("guest", "GET", w.path(w.infra, ""), ""); rec.Code != 429 {
		t.Errorf("a missing project is not counted: %d", rec.Code)
	}
}

func (w *world) must2xx(who, path string) {
	w.t.Helper()
	if rec := w.ask(who, "GET", path, ""); rec.Code != 200 {
		w.t.Errorf("%s as %s: got %d %s", path, who, rec.Code, rec.Body)
	}
}

// TestFaultsOfNotesAndLinks checks faults on notes and links, which are counted separately from those on issues.
func TestFaultsOfNotesAndLinks(t *testing.T) {
	t.Parallel()
	for kind, created := range map[string]int{
		"drop-before": 0, "drop-after": 1, "error-after=502": 1, "status=429": 0, "limit": 0, "truncate": 1,
	} {
		for _, what := range []string{"notes", "links"} {
			t.Run(what+" "+kind, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, Options{})
				one := w.newIssue("")
				w.newIssue("")
				w.newIssue("")
				fault, err := fault.Parse("POST /projects/*/issues/*/" + what + " nth=2 " + kind)
				if err != nil {
					t.Fatal(err)
				}
				w.s.AddFault(fault)
				rt := transport.New(w.s)
				for n := range 2 {
					body := fmt.Sprintf("body=x&target_project_id=%d&target_issue_iid=%d", w.infra.ID, n+2)
					req, _ := http.NewRequest("POST", "http://gitlab.example.test/api/v4"+one+"/"+what, strings.NewReader(body))
					req.Header.Set("PRIVATE-TOKEN", "reporter")
					req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					if resp, err := rt.RoundTrip(req); err == nil {
						resp.Body.Close()
						if wait := resp.Header.Get("Retry-After"); kind == "limit" && n == 1 && (wait == "60") != (what == "notes") {
							t.Errorf("Retry-After %q", wait)
						}
					}
				}
				i := w.infra.IssueByIID[1]
				if got := map[string]int{"notes": len(i.Notes), "links": len(i.Links)}[what]; got != 1+created {
					t.Errorf("%d created, want %d", got, 1+created)
				}
			})
		}
	}
}

// TestSearchDown checks that only lists with a search fail.
func TestSearchDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	fault, err := fault.Parse("GET /projects/*/issues?search status=503")
	if err != nil {
		t.Fatal(err)
	}
	w.s.AddFault(fault)
	issues := w.path(w.infra, "/issues")
	w.must2xx("guest", issues+"?labels=incident&state=all")
	if rec := w.ask("guest", "GET", issues+"?labels=incident&search=key", ""); rec.Code != 503 {
		t.Errorf("a search: got %d", rec.Code)
	}
}

// TestFaultsOnAServer sends requests through Transport to a server with faults, and checks the state and the request
// log.
func TestFaultsOnAServer(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]struct {
		created, status int
	}{
		"drop-before":     {0, 0},
		"drop-after":      {1, 0},
		"error-after=502": {1, 502},
		"status=503":      {0, 503},
		"html":            {0, 200},
		"truncate":        {1, 201},
		"delay=2s":        {1, 201},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var log []Entry
			w := newWorld(t, Options{Log: func(e Entry) { log = append(log, e) }, Sleep: func(context.Context, time.Duration) {}})
			fault, err := fault.Parse("POST /projects/*/issues nth=2 " + kind)
			if err != nil {
				t.Fatal(err)
			}
			w.s.AddFault(fault)
			before := len(w.infra.Issues)
			rt := transport.New(w.s)
			for range 3 {
				req, _ := http.NewRequest("POST", "http://gitlab.example.test/api/v4/projects/acme%2Finfra/issues", strings.NewReader("title=x"))
				req.Header.Set("PRIVATE-TOKEN", "reporter")
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if resp, err := rt.RoundTrip(req); err == nil {
					resp.Body.Close()
				}
			}
			if created := len(w.infra.Issues) - before; created != 2+want.created {
				t.Errorf("%d issues created, want %d", created, 2+want.created)
			}
			if len(log) != 3 || log[1].Status != want.status || log[1].Fault != kind || log[0].Fault != "" || log[2].Status != 201 {
				t.Errorf("request log: %+v", log)
			}
			w.s.ClearFaults()
		})
	}
}
