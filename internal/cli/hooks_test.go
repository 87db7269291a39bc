package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const hookHost = "hooks.example.test"

// everyHook has a webhook for all events.
const everyHook = `hooks:
  - on: [incident.open, incident.mitigate, incident.resolve, handoff.post, milestone.roll]
    url: https://hooks.example.test/services/secret-path
`

// webhook is a server beside GitLab that keeps what it gets.
type webhook struct {
	mu     sync.Mutex
	bodies []string
	heads  []http.Header
	answer func(*http.Request) (*http.Response, error) // nil: 200
	before func()                                      // is called when a request arrives
}

func (w *webhook) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.before != nil {
		w.before()
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.bodies, w.heads = append(w.bodies, string(body)), append(w.heads, r.Header.Clone())
	w.mu.Unlock()
	if w.answer != nil {
		return w.answer(r)
	}
	return hookAnswer(200, nil), nil
}

func hookAnswer(code int, head http.Header) *http.Response {
	return &http.Response{StatusCode: code, Header: head, Body: io.NopCloser(strings.NewReader("ok"))}
}

// events are the events of the documents that arrived, without those before from.
func (w *webhook) events(t testing.TB, from int) (out []string) {
	t.Helper()
	for _, body := range w.bodies[from:] {
		var doc jsonv1.Hook
		if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.Kind != jsonv1.KindHook || doc.Version != 1 {
			t.Fatalf("%v: %s", err, body)
		}
		out = append(out, doc.Event)
	}
	return out
}

// hooked is a lab with a webhook.
func hooked(t testing.TB, s setup) (*lab, *webhook) {
	t.Helper()
	l, w := newLab(t, s), &webhook{}
	l.wire = beside(l.wire, w)
	return l, w
}

func beside(inner, w http.RoundTripper) http.RoundTripper {
	return tripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == hookHost {
			return w.RoundTrip(r)
		}
		return inner.RoundTrip(r)
	})
}

// hookErrands are the commands with hooks, each in a state in which it writes.
func hookErrands() []errand {
	active := setup{queue: true, config: everyHook, seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Milestones, s.Projects[0].Issues, s.Projects[0].Labels = nil, nil, nil
		s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "Registry is slow", Author: "dev", Labels: []string{"incident", "Incident::Active", "S2"},
			CreatedAt: time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)}}
	}}
	return []errand{
		{name: "incident.open", setup: active, args: []string{"incident", "open", "Registry returns 500s", "-s", "S1"}},
		{name: "incident.mitigate", setup: active, args: []string{"incident", "mitigate", "1", "-m", "Failed over"}},
		{name: "incident.resolve", setup: active, args: []string{"incident", "resolve", "1", "-m", "Disk replaced"}},
		{name: "handoff.post", setup: shiftEnd(everyHook), args: []string{"handoff", "--post"}},
		{name: "milestone.roll", setup: setup{carried: 1, done: 1, config: everyHook}, args: []string{"milestone", "roll", "--yes"}},
	}
}

// A hook runs once for each write: not for a dry run, a saved plan, or a run that finds that all is done. It never gets the token, and its
// address is not printed.
func TestHooksFollowWrites(t *testing.T) {
	t.Parallel()
	for _, e := range hookErrands() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, w := hooked(t, e.setup)
			file := filepath.Join(t.TempDir(), "plan.json")
			for _, more := range [][]string{{"--dry-run"}, {"--plan-file", file}} {
				if l.must(t, append(e.args[:len(e.args):len(e.args)], more...)...); len(w.bodies) > 0 {
					t.Fatalf("%v: %s", more, w.bodies)
				}
			}
			saved := l.copy()
			saved.wire = beside(saved.wire, w)
			r := l.must(t, e.args...)
			if got := w.events(t, 0); len(got) != 1 || got[0] != e.name {
				t.Fatalf("%v\n%s", got, r.errors)
			}
			again := l.run(e.args...)
			if len(w.bodies) != 1 {
				t.Errorf("run again: %s", w.bodies)
			}
			saved.must(t, "apply", file, "--yes")
			if got := w.events(t, 1); len(got) != 1 || got[0] != e.name {
				t.Errorf("apply: %v", got)
			}
			if w.bodies[0] != w.bodies[1] {
				t.Errorf("apply sends something else:\n%s%s", w.bodies[0], w.bodies[1])
			}
			saved.run("apply", file, "--yes")
			if len(w.bodies) != 2 {
				t.Errorf("applied again: %s", w.bodies)
			}
			for n, head := range w.heads {
				if text := fmt.Sprint(head, w.bodies[n]); strings.Contains(text, "sandbox-mara") || head.Get("Authorization")+head.Get("Private-Token") != "" {
					t.Errorf("the token: %s", text)
				}
			}
			if strings.Contains(r.out+r.errors+again.out+again.errors, "secret-path") {
				t.Errorf("the address: %s%s", r.out, r.errors)
			}
		})
	}
}

// Result and address are on standard output before a hook starts. A hook that never answers ends after 10 s, ^C ends it at once, and the
// exit code is 0 in both cases, also when --timeout is over.
func TestHookThatNeverAnswers(t *testing.T) {
	t.Parallel()
	for _, e := range hookErrands() {
		for _, tt := range []struct {
			name string
			stop time.Duration
			args []string
			took time.Duration
			note string
		}{
			{"limit", 0, nil, 10 * time.Second, "no answer within 10s"},
			{"^C", 3 * time.Second, nil, 3 * time.Second, "interrupted"},
			{"--timeout", 0, []string{"--timeout", "2s"}, 10 * time.Second, "no answer within 10s"},
			{"json", 0, []string{"-o", "json"}, 10 * time.Second, "no answer within 10s"},
		} {
			t.Run(e.name+", "+tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					l, w := hooked(t, e.setup)
					printed, before := 0, -1
					l.stdout = func(p []byte) error { printed += len(p); return nil }
					ctx, stop := context.WithCancel(t.Context())
					defer stop()
					w.before = func() {
						before = printed
						if tt.stop > 0 {
							time.AfterFunc(tt.stop, stop)
						}
					}
					w.answer = func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
					start := time.Now()
					r := l.runIn(ctx, append(e.args[:len(e.args):len(e.args)], tt.args...)...)
					if took := time.Since(start); r.code != 0 || took != tt.took {
						t.Errorf("exit %d after %s\n%s", r.code, took, r.errors)
					}
					if before != len(r.out) || before == 0 {
						t.Errorf("%d bytes of %d were printed before the hook", before, len(r.out))
					}
					if want := "prodctl: hooks[0] (hooks.example.test) failed: " + tt.note + "\n"; !strings.HasSuffix(r.errors, want) {
						t.Errorf("%q", r.errors)
					}
					if tt.name == "json" && !json.Valid([]byte(r.out)) {
						t.Errorf("not JSON: %s", r.out)
					}
				})
			})
		}
	}
}

// Whatever a webhook answers, the command succeeds, nothing is sent twice, no redirect is followed, and one line says what happened.
func TestLyingWebhooks(t *testing.T) {
	t.Parallel()
	e := hookErrands()[0]
	for _, tt := range []struct {
		name   string
		answer func(*http.Request) (*http.Response, error)
		note   string
	}{
		{"moved", func(*http.Request) (*http.Response, error) {
			return hookAnswer(302, http.Header{"Location": {"https://gitlab.example.test/elsewhere/secret-path"}}), nil
		}, "302 Found to gitlab.example.test, and redirects are not followed"},
		{"moved to nowhere", func(*http.Request) (*http.Response, error) { return hookAnswer(307, nil), nil }, "307 Temporary Redirect, and redirects are not followed"},
		{"not found", func(*http.Request) (*http.Response, error) { return hookAnswer(404, nil), nil }, "404 Not Found"},
		{"own status", func(*http.Request) (*http.Response, error) {
			r := hookAnswer(599, nil)
			r.Status = "599 \x1b[31m secret-path"
			return r, nil
		}, "599"},
		{"garbage", func(*http.Request) (*http.Response, error) {
			r := hookAnswer(200, nil)
			r.Body = io.NopCloser(endlessBody{})
			return r, nil
		}, ""},
		{"certificate", func(*http.Request) (*http.Response, error) { return nil, errKilled }, "the process is gone"},
		{"gone", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset by peer") }, "connection reset by peer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, w := hooked(t, e.setup)
			w.answer = tt.answer
			r := l.must(t, e.args...)
			if len(w.bodies) != 1 || !strings.Contains(r.errors, tt.note) || strings.Contains(r.errors, "secret-path") || strings.Contains(r.errors, "\x1b") ||
				(tt.note == "") == strings.Contains(r.errors, "hooks[0]") {
				t.Errorf("%d requests\n%s", len(w.bodies), r.errors)
			}
		})
	}
}

type endlessBody struct{}

func (endlessBody) Read(p []byte) (int, error) { return len(p), nil }

// A hook follows the write also when standard output is closed: the next run finds the incident and would never run it.
func TestHookWithoutStandardOutput(t *testing.T) {
	t.Parallel()
	e := hookErrands()[0]
	l, w := hooked(t, e.setup)
	l.stdout = func([]byte) error { return io.ErrClosedPipe }
	if r := l.run(e.args...); r.code != 3 || len(w.bodies) != 1 {
		t.Errorf("exit %d, %d requests\n%s", r.code, len(w.bodies), r.errors)
	}
}

// About a confidential issue nothing is sent, unless the hook is for it: then all of it.
func TestHooksWithholdConfidentialIssues(t *testing.T) {
	t.Parallel()
	open := hookErrands()[0]
	args := append(open.args[:len(open.args):len(open.args)], "--confidential", "-m", "customer words")
	l, w := hooked(t, open.setup)
	l.must(t, args...)
	l.must(t, "incident", "mitigate", "2", "-m", "customer words")
	if len(w.bodies) > 0 {
		t.Errorf("%s", w.bodies)
	}
	open.setup.config += "    confidential: true\n"
	l, w = hooked(t, open.setup)
	l.must(t, args...)
	if len(w.bodies) != 1 || !strings.Contains(w.bodies[0], "customer words") || !strings.Contains(w.bodies[0], "Registry returns 500s") {
		t.Errorf("%s", w.bodies)
	}
	log := shiftEnd(everyHook + "handoff: {confidential: true}\n")
	l, w = hooked(t, log)
	l.must(t, "handoff", "--post")
	if len(w.bodies) > 0 {
		t.Errorf("a confidential log: %s", w.bodies)
	}
}

// An event that is added to an incident in the same state is an update, and no hook follows it. An unknown severity is absent.
func TestHooksFollowChangesOfState(t *testing.T) {
	t.Parallel()
	l, w := hooked(t, hookErrands()[0].setup)
	l.must(t, "incident", "open", "Disk full")
	if strings.Contains(w.bodies[0], "severity") || !strings.Contains(w.bodies[0], `"state": "active"`) {
		t.Errorf("%s", w.bodies[0])
	}
	l.must(t, "incident", "mitigate", "2", "-m", "one")
	l.must(t, "incident", "mitigate", "2", "-m", "two")
	l.must(t, "incident", "update", "2", "-m", "three")
	l.must(t, "incident", "resolve", "2")
	l.must(t, "incident", "reopen", "2")
	l.must(t, "incident", "mitigate", "2", "-m", "four")
	if got := fmt.Sprint(w.events(t, 0)); got != "[incident.open incident.mitigate incident.resolve incident.mitigate]" {
		t.Error(got)
	}
}

// Under each fault at each request, a hook runs once for each thing that this run, or the one that repeats it, made for certain.
func TestHooksUnderFaults(t *testing.T) {
	t.Parallel()
	for _, e := range hookErrands() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			base, _ := hooked(t, e.setup)
			base.must(t, e.args...)
			requests := len(base.requests())
			cases, missed := 0, 0
			for nth := 1; nth <= requests; nth++ {
				for n, kind := range troubles() {
					if !whole && (nth+n)%5 != 0 {
						continue
					}
					l, w := hooked(t, e.setup)
					l = l.moving()
					inner := &troubled{inner: l.wire, t: kind, nth: nth}
					dead := false
					own := *l
					own.wire = beside(leg{inner, &dead}, w)
					if kind.fault != "" {
						own.fault(t, fmt.Sprintf("ANY ** nth=%d %s", nth, kind.fault))
					}
					first := own.run(e.args...)
					sent := len(w.bodies)
					own.server.ClearFaults()
					own.wire = beside(l.wire, w)
					if r := own.run(e.args...); r.code != 0 {
						t.Fatalf("%s at %d: the second run ends with %d: %s", kind.name, nth, r.code, r.errors)
					}
					cases++
					if len(w.bodies) > 1 {
						t.Errorf("%s at %d: %d hooks, first exit %d\n%s", kind.name, nth, len(w.bodies), first.code, first.errors)
					}
					if e.name == "milestone.roll" && sent == 0 && strings.Contains(first.errors, "create milestone in acme/infrastructure: outcome unknown") {
						missed++ // a milestone has no key: after a lost answer it may as well be another run's
						continue
					}
					if first.code == 0 && sent != 1 {
						t.Errorf("%s at %d: %d hooks after a run that succeeded\n%s", kind.name, nth, sent, first.errors)
					}
					if len(w.bodies) == 0 {
						missed++
						if first.code == 0 || first.code == 7 && !strings.Contains(strings.Join(own.requests(), "\n"), "POST") {
							t.Errorf("%s at %d: no hook at all, first exit %d\n%s", kind.name, nth, first.code, first.errors)
						}
					}
				}
			}
			t.Logf("%d cases, %d without a hook", cases, missed)
		})
	}
}

// A command gets the document, and prints to standard error.
func TestCommandHook(t *testing.T) {
	t.Parallel()
	open := hookErrands()[0]
	open.setup.config = "hooks:\n  - {on: [incident.open], command: [notify-team, --quiet]}\n"
	l := newLab(t, open.setup)
	var got term.Child
	l.exec = func(_ context.Context, c term.Child) error {
		got = c
		_, _ = c.Output.Write([]byte("sent \x1b[31m\n" + strings.Repeat("x", 1<<20)))
		return errors.New("exit status 3")
	}
	r := l.must(t, open.args...)
	var doc jsonv1.Hook
	if err := json.Unmarshal(got.Input, &doc); err != nil || doc.Ref != prod+"#2" || doc.Severity != "S1" || doc.WebURL == "" || doc.Key == "" {
		t.Errorf("%v: %s", err, got.Input)
	}
	env := fmt.Sprint(got.Environment([]string{"HOME=/h", "GITLAB_TOKEN=sandbox-mara", "COPY=x-sandbox-mara", "CI_JOB_TOKEN=1", "MY_SECRET=2"}))
	if env != "[HOME=/h]" {
		t.Error(env)
	}
	if !strings.Contains(r.errors, "hooks[0] (notify-team) failed: exit status 3") || strings.Contains(r.errors, "\x1b") || len(r.errors) > 8<<10 {
		t.Errorf("%.600s", r.errors)
	}
}
