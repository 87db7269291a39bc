package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// faulty makes requests of the lab's GitLab fail.
func (l *lab) faulty(t *testing.T, rules ...string) {
	t.Helper()
	for _, rule := range rules {
		f, err := fakegitlab.ParseFault(rule)
		if err != nil {
			t.Fatal(err)
		}
		l.server.AddFault(f)
	}
}

// A queue that cannot be seen is not empty: whatever hides it, the gate is closed, also with --fail-open, and its document says why.
func TestGateOfAHiddenQueue(t *testing.T) {
	t.Parallel()
	const project = "/projects/acme%2Fproduction"
	for name, c := range map[string]struct {
		user   string
		before func(*lab)
		faults []string
		code   int
		reason string
		opens  bool // with --fail-open
	}{
		"issues off":        {before: func(l *lab) { l.server.MustDo("root", "PUT", project, `{"issues_access_level":"disabled"}`) }, code: 4, reason: "issues are switched off"},
		"archived":          {before: func(l *lab) { l.server.MustDo("root", "POST", project+"/archive", "") }, code: 4, reason: "is archived"},
		"a Guest":           {user: "guest", code: 4, reason: "@guest cannot see confidential issues"},
		"no member":         {user: "stranger", code: 4, reason: "not found, or hidden from this token"},
		"a wrong token":     {user: "nobody", code: 4, reason: "401 Unauthorized"},
		"a refused list":    {faults: []string{"GET /projects/*/issues status=403"}, code: 4, reason: "403 Forbidden"},
		"the project fails": {faults: []string{"GET /projects/acme%2Fproduction status=502"}, code: 7, reason: "502 Bad Gateway", opens: true},
		"the role is unknown": {user: "guest", faults: []string{"GET /projects/*/members/all status=403"}, code: 7,
			reason: "the role of the token's user is unknown"},
		"the members fail": {user: "guest", faults: []string{"GET /projects/*/members/all status=502"}, code: 7, reason: "502 Bad Gateway", opens: true},
	} {
		for _, own := range []string{"", "1"} {
			for _, failOpen := range []bool{false, true} {
				t.Run(fmt.Sprint(name, " ", own, failOpen), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, setup{})
					l.must(t, "change", "open", "Move it", "--criticality", "C4")
					if c.before != nil {
						c.before(l)
					}
					l.faulty(t, c.faults...)
					if c.user != "" {
						l.user = c.user
					}
					args := []string{"change", "gate", "--wait", "1m", "-o", "json"}
					if own == "" {
						args = append(args, "--criticality", "C4")
					} else {
						args = append(args, "--change", own)
					}
					code := c.code
					if failOpen {
						args = append(args, "--fail-open")
						if c.opens {
							code = 0
						}
					}
					r := l.run(args...)
					doc := r.gate(t)
					named := slices.ContainsFunc(doc.Reasons, func(r struct{ Kind, Ref, Text, Title string }) bool {
						return r.Kind == "unknown" && strings.Contains(r.Text, c.reason)
					})
					if r.code != code || doc.Open != (code == 0) || doc.FailedOpen != doc.Open || !named {
						t.Errorf("exit %d, want %d: %+v\n%s", r.code, code, doc, r.errors)
					}
				})
			}
		}
	}
}

// A full page without the headers of pagination may not be the last one.
func TestGateWithoutPaginationHeaders(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		for n := range 100 {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: fmt.Sprint("Old ", n), Labels: []string{"incident", "Incident::Resolved", "S3"}})
		}
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Burning", Labels: []string{"incident", "Incident::Active", "S1"}})
	}})
	l.wire = unfiltered{withoutPaging{l.wire}}
	if r := l.run("change", "gate", "--criticality", "C4", "-o", "json"); r.code != 7 || r.gate(t).Open {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// withoutPaging removes the headers of pagination, as some proxies do.
type withoutPaging struct{ inner http.RoundTripper }

func (w withoutPaging) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.inner.RoundTrip(r)
	if err == nil {
		for name := range resp.Header {
			if strings.HasPrefix(name, "X-") || name == "Link" {
				resp.Header.Del(name)
			}
		}
	}
	return resp, err
}

// unfiltered drops the filters of lists, so that they have full pages.
type unfiltered struct{ inner http.RoundTripper }

func (w unfiltered) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	q.Del("labels")
	q.Del("state")
	r.URL.RawQuery = q.Encode()
	return w.inner.RoundTrip(r)
}

// --fail-open opens only for what could not be read, never against what was read as closed.
func TestFailOpenAgainstWhatWasRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		story  []invocation
		config string
		args   []string
		fault  string
		code   int
		kinds  []string
	}{
		"nothing else":       {nil, "", nil, "GET /projects/acme%2Fproduction status=502", 0, []string{"unknown"}},
		"an active incident": {[]invocation{activeS2}, "", nil, "GET /projects/acme%2Fproduction status=502", 5, []string{"incident", "unknown"}},
		"a lock":             {nil, hardLock, nil, "GET /projects/acme%2Fproduction status=502", 5, []string{"lock", "unknown"}},
		"a change in progress": {[]invocation{says("dev", "change", "open", "Move it", "--criticality", "C4"), says("dev", "change", "start", "1")}, "", nil,
			"GET /projects/acme%2Fproduction status=502", 5, []string{"change", "unknown"}},
		"missing approvals": {[]invocation{scheduledAt("C2", "16:00")}, "", []string{"--change", "1"}, "GET /projects/acme%2Fproduction status=502", 5, []string{"approval", "unknown"}},
		"the change itself": {[]invocation{scheduledAt("C2", "16:00")}, "", []string{"--change", "1"}, "GET /projects/*/issues/1 status=502", 0, []string{"unknown"}},
		"the change itself, and a lock": {[]invocation{scheduledAt("C2", "16:00")}, "locks:\n  - {name: soft, kind: soft, from: '2018-08-24 12:00', to: '2018-08-24 20:00'}\n",
			[]string{"--change", "1"}, "GET /projects/*/issues/1 status=502", 5, []string{"lock", "unknown"}},
		"a change that does not exist": {nil, "", []string{"--change", "9"}, "", 1, []string{"unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			l.runAll(t, c.story...)
			l.now = time.Date(2018, 8, 24, 16, 10, 0, 0, time.UTC)
			if c.fault != "" {
				l.faulty(t, c.fault)
			}
			args := c.args
			if args == nil {
				args = []string{"--criticality", "C4"}
			}
			args = append([]string{"change", "gate", "-o", "json"}, args...)
			without := l.run(args...)
			if want := map[bool]int{true: 1, false: 7}[c.code == 1]; without.code != want || without.gate(t).Open {
				t.Errorf("without --fail-open: exit %d\n%s%s", without.code, without.out, without.errors)
			}
			r := l.run(append(args, "--fail-open")...)
			if doc := r.gate(t); r.code != c.code || doc.Open != (c.code == 0) || !slices.Equal(doc.kinds(), c.kinds) {
				t.Errorf("exit %d, %+v\n%s", r.code, doc, r.errors)
			}
		})
	}
}

// The label of a change opens no gate, and no start of somebody without the Developer role does.
func TestGateWhateverTheLabelSays(t *testing.T) {
	t.Parallel()
	open, approve := scheduledAt("C2", "16:00"), says("mara", "change", "approve", "1")
	start := says("dev", "change", "start", "1")
	override := says("dev", "change", "start", "1", "--override", "agreed by phone")
	label := func(name string) func(*lab) {
		return func(l *lab) {
			l.relabelled(`{"remove_labels":"change::scheduled,change::approved,change::in-progress,change::complete"}`)
			l.relabelled(`{"add_labels":"change::` + name + `"}`)
		}
	}
	edit := func(l *lab) { editedNow(l.server, "plan", func(d string) string { return "More to do.\n\n" + d }) }
	lowered := func(l *lab) {
		editedNow(l.server, "plan", func(d string) string { return strings.Replace(d, "criticality: C2", "criticality: C4", 1) })
		l.relabelled(`{"remove_labels":"C2","add_labels":"C4"}`)
	}
	executor := func(l *lab) {
		editedNow(l.server, "plan", func(d string) string { return strings.Replace(d, "services:", "executor: dev\nservices:", 1) })
	}
	window := func(l *lab) {
		editedNow(l.server, "plan", func(d string) string { return strings.Replace(d, "duration: 30m", "duration: 90m", 1) })
	}
	for name, c := range map[string]struct {
		story []invocation
		then  []func(*lab)
		open  bool
		says  string
	}{
		"approved":                             {[]invocation{open, approve}, nil, true, ""},
		"approved, and labeled scheduled":      {[]invocation{open, approve}, []func(*lab){label("scheduled")}, true, ""},
		"only labeled approved":                {[]invocation{open}, []func(*lab){label("approved")}, false, "1 approval needed"},
		"only labeled in progress":             {[]invocation{open}, []func(*lab){label("in-progress")}, false, "nobody with the Developer role or above has started it"},
		"labeled complete":                     {[]invocation{open, approve}, []func(*lab){label("complete")}, false, "already complete"},
		"started":                              {[]invocation{open, approve, start}, nil, true, ""},
		"started with an override":             {[]invocation{open, override}, nil, true, ""},
		"started by a Reporter":                {[]invocation{open, says("rep", "change", "start", "1", "--override", "agreed")}, nil, false, "nobody with the Developer role or above has started it"},
		"started by a Reporter, then again":    {[]invocation{open, says("rep", "change", "start", "1", "--override", "agreed"), override}, nil, true, ""},
		"edited before the start":              {[]invocation{open, approve}, []func(*lab){edit}, false, "the plan was edited after this approval"},
		"edited after the start":               {[]invocation{open, approve, start}, []func(*lab){edit}, false, "the plan was edited after the start"},
		"edited after the start, overridden":   {[]invocation{open, override}, []func(*lab){edit}, false, "the plan was edited after the start"},
		"lowered":                              {[]invocation{open, approve}, []func(*lab){lowered}, false, "the criticality was changed from C2 to C4 after this approval"},
		"lowered after the start":              {[]invocation{open, approve, start}, []func(*lab){lowered}, false, "the criticality was changed from C2 to C4 after the start"},
		"lowered after an override":            {[]invocation{open, override}, []func(*lab){lowered}, false, "the criticality was changed from C2 to C4 after the start"},
		"another executor":                     {[]invocation{open, approve}, []func(*lab){executor}, false, "the plan was edited after this approval"},
		"a longer window":                      {[]invocation{open, approve}, []func(*lab){window}, false, "the plan was edited after this approval"},
		"finished, and its label set back":     {[]invocation{open, approve, start, says("dev", "change", "finish", "1")}, []func(*lab){label("in-progress")}, false, "already complete according to its comments"},
		"reopened":                             {[]invocation{open, override, says("dev", "change", "finish", "1")}, []func(*lab){func(l *lab) { l.relabelled(`{"state_event":"reopen"}`) }, label("in-progress")}, false, "nobody with the Developer role or above has started it"},
		"edited, and approved again":           {[]invocation{open, approve, start}, []func(*lab){edit, approvedAgain}, true, ""},
		"lowered, and approved again":          {[]invocation{open, approve, start}, []func(*lab){lowered, approvedAgain}, true, ""},
		"another executor, and approved again": {[]invocation{open, approve}, []func(*lab){executor, approvedAgain}, true, ""},
		"edited, and started again": {[]invocation{open, override}, []func(*lab){edit, func(l *lab) {
			own := *l
			own.user = "dev"
			own.run(override.args...)
		}}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.runAll(t, c.story...)
			l.now = time.Date(2018, 8, 24, 16, 10, 0, 0, time.UTC)
			for _, step := range c.then {
				step(l)
				l.now = l.now.Add(time.Second)
			}
			r := l.run("change", "gate", "--change", "1", "-o", "json")
			want := 5
			if c.open {
				want = 0
			}
			if doc := r.gate(t); r.code != want || doc.Open != c.open || !strings.Contains(r.out, c.says) {
				t.Errorf("exit %d, want %d with %q\n%s%s", r.code, want, c.says, r.out, r.errors)
			}
		})
	}
}

// approvedAgain approves the change as it is now.
func approvedAgain(l *lab) {
	own := *l
	own.user = "mara"
	own.run("change", "approve", "1", "-q")
}
