package cli_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// nativePicture is the whole state with what GitLab's own incidents have besides.
func (l *lab) nativePicture(t testing.TB) []string {
	t.Helper()
	list := l.picture()
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if i.Type == "incident" && !retired(i.State, i.Description, i.Labels) {
			iid := fmt.Sprint(i.IID)
			list = append(list, fmt.Sprintf("GitLab has severity %s and %q", l.severity(t, iid), l.timeline(t, iid)))
		}
	}
	return list
}

// nativeScenarios are the commands that write severity and timeline of GitLab's own incidents.
func nativeScenarios() []scenario {
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2", "--started", "40m", "-q")
	alerts := func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Disk full", Author: "dev", Type: "incident", CreatedAt: l24(9)})
	}
	var list []scenario
	for _, args := range [][]string{
		{"incident", "open", "Registry returns 500s", "-s", "S2", "--started", "40m"},
		{"incident", "update", "1", "-m", "Error rate falling", "-s", "S1", "--at", "15:50"},
		{"incident", "mitigate", "1", "-m", "Failed over", "--at", "15:50"},
		{"incident", "resolve", "1", "--cause", "disk full", "--at", "15:55"},
		{"incident", "adopt", "1"},
	} {
		s := scenario{name: strings.Join(args[:2], " "), setup: setup{native: true, config: oneAtATime}, args: append(args, "-q")}
		switch args[1] {
		case "open":
		case "adopt":
			s.setup.seed = alerts
		default:
			s.story = []invocation{opened}
		}
		list = append(list, s)
	}
	for _, s := range workScenarios() {
		if strings.HasPrefix(s.name, "incident open --from") {
			s.setup.native, s.setup.config = true, oneAtATime+s.setup.config
			list = append(list, s)
		}
	}
	return list
}

// later returns the lab three minutes later: whatever followed an earlier run has ended.
func (l *lab) later() *lab {
	own := *l
	own.now = l.now.Add(3 * time.Minute)
	return &own
}

// TestNativeFaultMatrix meets every trouble at every request of the commands for GitLab's own incidents. What fails after the incident was
// written changes no exit code. Run again at once, nothing is doubled; run again later, nothing is lost either.
func TestNativeFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, s := range nativeScenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepare(t)
			l := start.copy()
			l.must(t, args...)
			sent, methods := l.requests(), l.methods()
			if l.run(args...); !strings.Contains(strings.Join(sent, "\n"), "/graphql") {
				t.Fatalf("nothing follows:\n%s", strings.Join(sent, "\n"))
			}
			want := l.nativePicture(t)
			for nth := range len(methods) {
				for k, kind := range troubles() {
					if !s.tried(methods, nth+1, k) {
						continue
					}
					l, at := start.copy(), fmt.Sprintf("%s at %s", kind.name, sent[nth])
					first := l.disturbed(kind, nth+1, args)
					if strings.Contains(sent[nth], "/graphql") && s.name != "incident adopt" && first.code != 0 {
						t.Errorf("%s: exit %d\n%s", at, first.code, first.errors)
					}
					l.calm()
					for _, l := range []*lab{l, l.later(), l.later()} {
						if r := l.run(args...); r.code != 0 {
							t.Errorf("%s: run again, exit %d: %s", at, r.code, r.errors)
						}
						iid := "1"
						if double := l.timeline(t, iid); len(slices.Compact(slices.Sorted(slices.Values(double)))) != len(double) {
							t.Errorf("%s: twice in GitLab's timeline: %q", at, double)
						}
					}
					if diff := cmp.Diff(want, l.nativePicture(t)); diff != "" {
						t.Errorf("%s: (-want +got)\n%s", at, diff)
					}
				}
			}
		})
	}
}

// TestTwoNativeRuns runs each command twice at the same time. There is one incident, and GitLab's timeline has each event once.
func TestTwoNativeRuns(t *testing.T) {
	t.Parallel()
	for _, s := range nativeScenarios() {
		if s.name == "incident adopt" {
			continue // both may add an event: see docs/gitlab-incidents.md
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepare(t)
			l := start.copy()
			l.must(t, args...)
			want := l.nativePicture(t)
			for order := range 40 {
				if !sampled(8, s.name, order) {
					continue
				}
				l := start.copy()
				draw := drawn(order, len(want))
				results, _ := l.schedule(newTurnstile(l.wire), [][]string{args, args}, func(waiting []int) int { return draw.IntN(len(waiting)) })
				for n, r := range results {
					if r.code != 0 {
						t.Errorf("order %d: run %d: exit %d: %s", order, n, r.code, r.errors)
					}
				}
				if diff := cmp.Diff(want, l.nativePicture(t)); diff != "" {
					t.Fatalf("order %d:\n%s\n%s", order, diff, strings.Join(l.requests(), "\n"))
				}
			}
		})
	}
}

// Two people record different things at the same time, one of them long past, or alerts come while a person writes. GitLab's timeline has
// each once.
func TestTwoNativeEvents(t *testing.T) {
	t.Parallel()
	past := []string{"incident", "update", "1", "-m", "Error rate falling", "--at", "15:50", "-q"}
	for name, other := range map[string][]string{
		"an update":    {"incident", "update", "1", "-m", "Looking", "-q"},
		"a mitigation": {"incident", "mitigate", "1", "-m", "Failed over", "--at", "15:55", "-q"},
		"alerts":       alertLine("alerts"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario{setup: setup{native: true, config: oneAtATime}, story: []invocation{{"mara", alertLine("alert")}}}
			start, _ := s.prepare(t)
			for order := range 40 {
				if !sampled(8, name, order) {
					continue
				}
				l := start.copy()
				draw := drawn(order, len(name))
				results, _ := l.schedule(newTurnstile(l.wire), [][]string{past, other}, func(waiting []int) int { return draw.IntN(len(waiting)) })
				for n, r := range results {
					if r.code != 0 {
						t.Errorf("order %d: run %d: exit %d: %s", order, n, r.code, r.errors)
					}
				}
				got := l.timeline(t, "1")
				if once := slices.Compact(slices.Sorted(slices.Values(got))); len(once) != len(got) || len(got) != 6 {
					t.Fatalf("order %d: %q", order, got)
				}
			}
		})
	}
}

// wedged is GitLab's GraphQL that answers in some way, beside GitLab's other API and other hosts that never answer.
type wedged struct {
	http.RoundTripper
	graphQL func(*http.Request) (*http.Response, error)
	asked   func()
	created time.Time // when the first issue left
}

func (s *wedged) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/graphql"):
		s.asked()
		return s.graphQL(r)
	case r.URL.Host == hookHost || r.URL.Host == calendarHost:
		return never(r)
	case r.Method == http.MethodPost && s.created.IsZero():
		s.created = time.Now()
	}
	return s.RoundTripper.RoundTrip(r)
}

func never(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// The incident is created and its address printed whatever GraphQL, a hook and the calendar do. The run ends ten seconds later at most.
func TestGraphQLThatNeverAnswers(t *testing.T) {
	t.Parallel()
	const hook = "hooks: [{on: [incident.open], url: 'https://hooks.example.test/x'}]\n"
	for name, c := range map[string]struct {
		config        string
		graphQL       func(*http.Request) (*http.Response, error)
		created, took time.Duration
		notes         []string
	}{
		"never":         {"", never, 0, 10 * time.Second, []string{"no answer within 10s"}},
		"an error":      {"", answered(500, ""), 0, 0, []string{"500 Internal Server Error"}},
		"its own error": {"", answered(200, `{"errors":[{"message":"Timeout on validation of query"}]}`, "Content-Type", "application/json"), 0, 0, []string{"Timeout on validation"}},
		"a lie":         {"", answered(200, `{"data":{"m0":{"issue":{"severity":"UNKNOWN"},"errors":[]}}}`, "Content-Type", "application/json"), 0, 0, []string{"did not set it"}},
		"all never":     {calendarConfig + hook, never, time.Second, 11 * time.Second, []string{"no answer within 10s", "hooks[0]", "on-call calendar did not answer within 1 s"}},
		"an endless one": {"", func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: drip{r.Context()}, Request: r}, nil
		}, 0, 10 * time.Second, []string{"no answer within 10s"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := newLab(t, setup{native: true, config: c.config})
			synctest.Test(t, func(t *testing.T) {
				l, out, before := start.copy(), "", -1
				l.env = map[string]string{"PRODCTL_ONCALL_ICS": calendarAddress}
				l.stdout = func(p []byte) error { out += string(p); return nil }
				wire := &wedged{RoundTripper: l.wire, graphQL: c.graphQL, asked: func() { before = len(out) }}
				l.wire = wire
				began := time.Now()
				r := l.runIn(context.Background(), "incident", "open", "Registry returns 500s", "-s", "S2")
				if created, took := wire.created.Sub(began), time.Since(began); r.code != 0 || created != c.created || took != c.took {
					t.Errorf("exit %d, created after %s, ended after %s\n%s", r.code, created, took, r.errors)
				}
				if before != len(r.out) || !strings.HasSuffix(strings.TrimSpace(r.out), "/1") {
					t.Errorf("%d bytes were printed before what follows:\n%s", before, r.out)
				}
				errors := strings.Join(strings.Fields(r.errors), " ")
				for _, note := range append(c.notes, "To do it: prodctl incident adopt acme/production#1") {
					if !strings.Contains(errors, note) {
						t.Errorf("%q is missing:\n%s", note, r.errors)
					}
				}
			})
		})
	}
}

// A severity that a person set in GitLab stays, unless a command gives one. One that nobody set is filled in.
func TestSeverityOfAPersonStays(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{native: true})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "-q")
	byHand := func(severity string) {
		l.graphQL(t, `{"query":"mutation{issueSetSeverity(input:{projectPath:\"acme/production\",iid:\"1\",severity:`+severity+`}){errors}}"}`)
	}
	for _, c := range []struct{ line, byHand, want string }{
		{"incident update 1 -m Falling", "CRITICAL", "CRITICAL"},
		{"incident mitigate 1 -m Failed", "CRITICAL", "CRITICAL"},
		{"incident update 1 -s S3", "CRITICAL", "MEDIUM"},
		{"incident update 1 -m Better", "UNKNOWN", "MEDIUM"},
		{"incident adopt 1", "LOW", "MEDIUM"},
	} {
		byHand(c.byHand)
		if l.must(t, strings.Fields(c.line)...); l.severity(t, "1") != c.want {
			t.Errorf("%s: %s, want %s", c.line, l.severity(t, "1"), c.want)
		}
	}
}

// An old server that refuses the type gets the same issue without it.
func TestTypeIsRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"error":"issue_type does not have a valid value"}`, `{"message":{"work_item_type":["is not allowed"]}}`} {
		l := newLab(t, setup{native: true})
		inner, refused := l.wire, 0
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
				sent, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				if strings.Contains(string(sent), "issue_type") {
					refused++
					return answered(400, body, "Content-Type", "application/json")(r)
				}
				r.Body = io.NopCloser(strings.NewReader(string(sent)))
			}
			return inner.RoundTrip(r)
		})
		r := l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2")
		if i := l.incident(t, 1); refused != 1 || i.Type != "issue" || !slices.Contains(i.Labels, "S2") || strings.Contains(r.errors, "GitLab's severity") {
			t.Errorf("%d refusals, %s %q\n%s", refused, i.Type, i.Labels, r.errors)
		}
	}
}

// An incident of an alert has no record: reports use when it was opened and closed, and what it was in the past follows from the same.
func TestTimesOfGitLabWithoutARecord(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{native: true, seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Disk full", Author: "dev", Type: "incident",
			CreatedAt: l24(9), Closed: true, ClosedAt: l24(10)})
	}})
	r := l.must(t, "report", "incidents", "--last", "7d", "-o", "json")
	for _, want := range []string{`"started_evidence": "gitlab"`, `"started_at": "2018-08-24T09:00:00Z"`, `"resolved_evidence": "gitlab"`, `"resolved_at": "2018-08-24T10:00:00Z"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%s is missing:\n%s", want, r.out)
		}
	}
	if r := l.must(t, "report", "readiness", "--months", "2", "-o", "json"); !strings.Contains(r.out, `"sample": 1`) {
		t.Errorf("%s", r.out)
	}
}

// A hand-off as of a time has an incident of an alert as it was then.
func TestNativeIncidentAsOf(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{native: true, seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Disk full", Author: "dev", Type: "incident", CreatedAt: l24(9)})
	}})
	l.web("dev", "PUT", "/issues/1", `{"state_event": "close"}`)
	l.now = l.now.Add(2 * time.Hour)
	for at, want := range map[string]bool{"2018-08-24T12:00:00Z": true, "2018-08-24T08:00:00Z": false} {
		got := entries(document[jsonv1.Handoff](t, l, 0, "handoff", "--as-of", at))
		if slices.Contains(got, "incidents production#1 unknown") != want {
			t.Errorf("as of %s: %q", at, got)
		}
	}
}

// A merged queue keeps GitLab's own incidents what they are.
func TestQueueMergeOfNativeIncidents(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{native: true})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "-q")
	l.alert("Disk full", "")
	l.must(t, "queue", "merge", "--from", "production", "--into", "infrastructure", "--yes")
	types := map[string]string{}
	for _, i := range l.server.Snapshot().Project(infra).Issues {
		types[i.Title] = i.Type
	}
	if types["Disk full"] != "incident" || types["2018-08-24: Registry returns 500s"] != "incident" {
		t.Errorf("%v", types)
	}
}

// Numbers of incidents are completed whatever makes them incidents.
func TestNativeIncidentsAreCompleted(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "-q")
	l.alert("Disk full", "")
	l.web("dev", "POST", "/issues", `{"title": "No incident"}`)
	l.server.ResetRequests()
	r := l.run("__complete", "incident", "show", "")
	if want := "2\tDisk full\n1\t2018-08-24: Registry returns 500s\n"; !strings.HasPrefix(r.out, want) || len(l.requests()) != 2 {
		t.Errorf("%d requests\n%s", len(l.requests()), r.out)
	}
}
