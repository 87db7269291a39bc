package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// tripwire replaces the nth request.
type tripwire struct {
	inner http.RoundTripper
	nth   int64
	seen  atomic.Int64
	hit   func(inner http.RoundTripper, r *http.Request) (*http.Response, error)
}

func (w *tripwire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.seen.Add(1) == w.nth {
		return w.hit(w.inner, r)
	}
	return w.inner.RoundTrip(r)
}

// hangs never answers, like a server that has gone away; the request waits until it is cancelled.
func hangs(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// hangsAfter carries the request out and never answers.
func hangsAfter(inner http.RoundTripper, r *http.Request) (*http.Response, error) {
	if resp, err := inner.RoundTrip(r); err == nil {
		resp.Body.Close()
	}
	return hangs(inner, r)
}

func interruptible() []errand {
	messy := setup{config: "labels:\n  builtin: false\n  declare: [{name: toil, color: '#aabbcc'}, {name: 'weight::3', color: '#001122'}]\n"}
	return []errand{
		{name: "roll", setup: setup{carried: 3, done: 1}, args: []string{"milestone", "roll", "--yes"}},
		{name: "sweep", setup: sweepWorld, args: []string{"milestone", "sweep", "--yes"}},
		{name: "fill, late", setup: fillWorld, args: []string{"milestone", "plan", "--fill", "--current", "--yes"}},
		{name: "roll of a group", setup: setup{carried: 2, group: true}, args: []string{"milestone", "roll", "--yes", "--carry-over", "next"}},
		{name: "roll, one at a time", setup: setup{carried: 3, config: oneAtATime}, args: []string{"milestone", "roll", "--yes"}},
		{name: "label apply", setup: messy, args: []string{"label", "apply", "--yes"}},
		{name: "queue merge", setup: labeledMerge(), args: mergeLine},
		{name: "lint --fix", setup: fixable(), args: fixLine[:3]},
		{name: "lock sync", setup: lockWorld(), args: []string{"lock", "sync", "--yes"}},
		{name: "board init", setup: messy, args: []string{"board", "init", "--yes"}},
	}
}

// interrupted runs the errand, whose nth request is passed to hit; stop is the user's ^C.
func (e errand) interrupted(t *testing.T, nth int, hit func(stop func(), inner http.RoundTripper, r *http.Request) (*http.Response, error)) (*lab, ran) {
	l := newLab(t, e.setup)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	own := *l
	own.wire = &tripwire{inner: l.wire, nth: int64(nth), hit: func(inner http.RoundTripper, r *http.Request) (*http.Response, error) {
		return hit(stop, inner, r)
	}}
	return l, own.runIn(ctx, append(slices.Clone(e.args), "-o", "json", "-q")...)
}

// undisturbed returns the state that the errand leaves, and how many requests it makes.
func (e errand) undisturbed(t *testing.T) (want []string, requests int) {
	t.Helper()
	l := newLab(t, e.setup)
	l.must(t, e.args...)
	return l.picture(), len(l.requests())
}

// TestInterruptFinishesTheRequestInFlight presses ^C at any request: the one in flight is finished, no other is
// started, the report of what was done is true, and the same command continues from there.
func TestInterruptFinishesTheRequestInFlight(t *testing.T) {
	t.Parallel()
	for _, e := range interruptible() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			want, requests := e.undisturbed(t)
			for nth := 1; nth <= requests; nth++ {
				l, r := e.interrupted(t, nth, func(stop func(), inner http.RoundTripper, r *http.Request) (*http.Response, error) {
					stop()
					return inner.RoundTrip(r)
				})
				done := 0
				for _, sent := range l.server.Requests() {
					if sent.Method != http.MethodGet && sent.Status < 300 {
						done++
					}
				}
				l.reportsProgress(t, nth, r, 130, done, 0, want)
				l.retries(t, nth, e, want)
			}
		})
	}
}

// TestInterruptAbandonsTheRequestInFlight presses ^C while a request hangs: it is abandoned after the grace period,
// and its outcome is reported as unknown.
func TestInterruptAbandonsTheRequestInFlight(t *testing.T) {
	t.Parallel()
	for _, e := range interruptible() {
		for name, hang := range map[string]func(http.RoundTripper, *http.Request) (*http.Response, error){"before": hangs, "after": hangsAfter} {
			t.Run(e.name+", "+name, func(t *testing.T) {
				t.Parallel()
				e := e
				e.setup.config += "timeout: 0s\n"
				want, requests := e.undisturbed(t)
				for nth := 1; nth <= requests; nth++ {
					synctest.Test(t, func(t *testing.T) { // the grace period takes no time here
						writes := false
						l, r := e.interrupted(t, nth, func(stop func(), inner http.RoundTripper, r *http.Request) (*http.Response, error) {
							writes = r.Method != http.MethodGet
							stop()
							return hang(inner, r)
						})
						unknown := 0
						if writes {
							unknown = 1
						}
						l.reportsProgress(t, nth, r, 130, -1, unknown, want)
						l.retries(t, nth, e, want)
					})
				}
			})
		}
	}
}

// reportsProgress checks the result of a run that was stopped at its nth request: the number of done and unknown
// steps (done is -1 if it is not known), and the command to retry. A run that was stopped in its last step may have
// done everything.
func (l *lab) reportsProgress(t *testing.T, nth int, r ran, code, done, unknown int, want []string) {
	t.Helper()
	var doc jsonv1.Applied
	if r.out != "" {
		if err := json.Unmarshal([]byte(r.out), &doc); err != nil || doc.Kind != jsonv1.KindApplied {
			t.Fatalf("at request %d: standard output is not a result: %v\n%s", nth, err, r.out)
		}
	}
	if r.code == 0 {
		if diff := cmp.Diff(want, l.picture()); !doc.Complete || diff != "" {
			t.Errorf("at request %d: exit 0, complete: %v\n%s", nth, doc.Complete, diff)
		}
		return
	}
	count := map[jsonv1.Outcome]int{}
	for _, s := range doc.Steps {
		count[s.Outcome]++
	}
	e := lastError(t, r)
	if r.code != code || e.Code != code {
		t.Errorf("at request %d: exit %d, want %d\n%s", nth, r.code, code, r.errors)
	}
	if got := count[jsonv1.OutcomeDone]; done >= 0 && got != done {
		t.Errorf("at request %d: it says that %d steps were done; GitLab carried out %d\n%s", nth, got, done, r.out)
	}
	if got := count[jsonv1.OutcomeUnknown]; got != unknown {
		t.Errorf("at request %d: %d steps are unknown, want %d\n%s", nth, got, unknown, r.out)
	}
	if r.out != "" && (doc.Complete || doc.Retry == "" || !strings.Contains(e.Hint, doc.Retry) || !strings.Contains(e.Message, fmt.Sprintf("of %d steps done", len(doc.Steps)))) {
		t.Errorf("at request %d: it does not report what was done and how to retry\n%s%s", nth, r.out, r.errors)
	}
	if r.out == "" && done > 0 {
		t.Errorf("at request %d: %d steps were done but not reported", nth, done)
	}
}

// retries runs the same command again and requires the state of an undisturbed run.
func (l *lab) retries(t *testing.T, nth int, e errand, want []string) {
	t.Helper()
	if r := l.run(e.args...); r.code != 0 {
		t.Errorf("at request %d: the second run ended with %d: %s", nth, r.code, r.errors)
	}
	if diff := cmp.Diff(want, l.picture()); diff != "" {
		t.Errorf("at request %d: after the second run (-want +got)\n%s", nth, diff)
	}
}

// TestTimeoutTooSmall checks a --timeout that is too small: exit code 7 if nothing was written, 3 if something was
// or may have been.
func TestTimeoutTooSmall(t *testing.T) {
	t.Parallel()
	for _, e := range interruptible() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			want, requests := e.undisturbed(t)
			e.setup.config += "timeout: 20s\n"
			for nth := 1; nth <= requests; nth++ {
				synctest.Test(t, func(t *testing.T) {
					written := false
					l, r := e.interrupted(t, nth, func(_ func(), inner http.RoundTripper, r *http.Request) (*http.Response, error) {
						written = r.Method != http.MethodGet
						return hangs(inner, r)
					})
					code, unknown := 7, 0
					if written {
						unknown = 1
					}
					for _, sent := range l.server.Requests() {
						written = written || sent.Method != http.MethodGet
					}
					if written {
						code = 3
					}
					l.reportsProgress(t, nth, r, code, -1, unknown, want)
					l.retries(t, nth, e, want)
				})
			}
		})
	}
	l := newLab(t, setup{carried: 1})
	if r := l.run("milestone", "roll", "--yes", "--timeout", "1ns"); r.code != 7 || len(l.requests()) > 0 {
		t.Errorf("--timeout 1ns: exit %d after %d requests\n%s", r.code, len(l.requests()), r.errors)
	}
}

// TestInterruptedReading checks ^C and --timeout during reads: exit codes 130 and 7, whatever the request, and no
// partial result.
func TestInterruptedReading(t *testing.T) {
	t.Parallel()
	world := setup{carried: 2, done: 2, seed: func(s *fakegitlab.Seed) {
		withCards(s)
		s.Projects[0].Milestones[0].StartDate = "2018-07-30"
	}}
	for _, line := range []string{"milestone list", "milestone show", "milestone velocity", "milestone plan", "label list --counts", "label plan", "board show --ages all", "issue list", "issue show 1", "goal list", "doctor", "milestone roll --dry-run"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			e := errand{setup: world, args: strings.Fields(line)}
			l := newLab(t, e.setup)
			l.run(e.args...)
			for nth := 1; nth <= len(l.requests()); nth++ {
				_, r := e.interrupted(t, nth, func(stop func(), inner http.RoundTripper, r *http.Request) (*http.Response, error) {
					stop()
					return hangs(inner, r)
				})
				if r.code != 130 || r.out != "" || r.errors == "" {
					t.Errorf("^C at request %d: exit %d\n%s%s", nth, r.code, r.out, r.errors)
				}
				if line == "doctor" {
					continue // it reports what it found out
				}
				e := errand{setup: world, args: append(strings.Fields(line), "--timeout", "20s")}
				synctest.Test(t, func(t *testing.T) {
					_, r := e.interrupted(t, nth, func(_ func(), inner http.RoundTripper, r *http.Request) (*http.Response, error) {
						return hangs(inner, r)
					})
					if r.code != 7 || r.out != "" || r.errors == "" {
						t.Errorf("no answer to request %d: exit %d\n%s%s", nth, r.code, r.out, r.errors)
					}
				})
			}
		})
	}
}
