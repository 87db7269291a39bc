package cli_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// trouble is one fault of one request.
type trouble struct {
	name  string
	fault string // in the sandbox's words; empty: done here on the wire
	wire  func(inner http.RoundTripper, r *http.Request) (*http.Response, error)
	kills bool // the process is gone: nothing of it reaches GitLab any more
}

// troubles lists every kind of fault that the embedded GitLab knows, and those that only a connection can have: an answer that is late,
// and the end of the process before and after its request is executed.
func troubles() []trouble {
	list := []trouble{
		{name: "timeout, not carried out", wire: func(http.RoundTripper, *http.Request) (*http.Response, error) {
			return nil, context.DeadlineExceeded
		}},
		{name: "timeout, carried out", wire: func(inner http.RoundTripper, r *http.Request) (*http.Response, error) {
			if resp, err := inner.RoundTrip(r); err == nil {
				resp.Body.Close()
			}
			return nil, context.DeadlineExceeded
		}},
		{name: "killed before", kills: true, wire: func(http.RoundTripper, *http.Request) (*http.Response, error) {
			return nil, errKilled
		}},
		{name: "killed after", kills: true, wire: func(inner http.RoundTripper, r *http.Request) (*http.Response, error) {
			if resp, err := inner.RoundTrip(r); err == nil {
				resp.Body.Close()
			}
			return nil, errKilled
		}},
	}
	for _, fault := range []string{"status=429", "status=500", "status=502", "status=503", "drop-before", "drop-after", "error-after=500", "error-after=502", "truncate", "html"} {
		list = append(list, trouble{name: fault, fault: fault})
	}
	return list
}

// errKilled is the error of all requests of a killed process. Its kind ends the run immediately, because nobody checks what it would try next.
var errKilled = hopeless("the process is gone")

// hopeless is an error after which a request is not retried.
func hopeless(text string) error { return &tls.CertificateVerificationError{Err: errors.New(text)} }

// troubled is a connection on which the nth request of all runs that share it meets a trouble.
type troubled struct {
	inner http.RoundTripper
	t     trouble
	nth   int

	mu     sync.Mutex
	seen   int
	method string // of the request that meets it
}

// leg is one run's end of the connection.
type leg struct {
	*troubled
	dead *bool
}

func (l leg) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.seen++
	hit := l.seen == l.nth && l.t.wire != nil
	if l.seen == l.nth {
		l.method = r.Method
	}
	if *l.dead {
		l.mu.Unlock()
		return nil, errKilled
	}
	if hit && l.t.kills {
		*l.dead = true
	}
	l.mu.Unlock()
	if hit {
		return l.t.wire(l.inner, r)
	}
	return l.inner.RoundTrip(r)
}

// scenario is a command in an initial state.
type scenario struct {
	name  string
	setup setup
	args  []string
	plan  []string // when set: the command that saves the plan which args apply
	story []typed  // the previous commands, undisturbed
	user  string   // who types; empty: mara
	reads bool     // many requests read lists in the same way: two runs at once meet them in one drawn order each, not two
}

// tried reports whether a trouble is tried at the nth request of a run of its own, whose requests have these methods.
func (s scenario) tried(methods []string, nth, kind int) bool {
	if methods[nth-1] == http.MethodGet {
		return !thinned(nth, kind) && s.triedAtRead(nth, kind)
	}
	return !thinned(nth, kind) && triedAtWrite(nth, kind)
}

// triedAtWrite reports whether a trouble is tried at a request that writes. All are, but of the answers that differ in the number of the status only (see
// TestWritersTellNoServerFaultsApart) it is one, each in its turn.
func triedAtWrite(nth, kind int) bool {
	for _, alike := range alikeForWrites() {
		if at := slices.Index(alike, troubles()[kind].fault); at >= 0 {
			return at == nth%len(alike)
		}
	}
	return true
}

func alikeForWrites() [][]string {
	return [][]string{{"status=500", "status=502", "status=503"}, {"error-after=500", "error-after=502"}}
}

// triedAtRead reports whether a trouble is tried at a request that only reads: the end of the process is; of the troubles that pass, which a reader cannot tell
// apart (see TestReadersTellNoTroublesApart), one is, each in its turn. Whether GitLab has carried out a read before its answer was lost makes no difference.
func (s scenario) triedAtRead(nth, kind int) bool {
	passing := passingReads()
	at := slices.Index(passing, kind)
	return troubles()[kind].name == "killed before" || at >= 0 && at == (nth+len(s.name))%len(passing)
}

// passingReads are the places of the troubles after which a read is tried again, each without those that differ from it for writes only.
func passingReads() (list []int) {
	for n, t := range troubles() {
		switch t.name {
		case "killed before", "killed after", "timeout, carried out", "drop-after", "error-after=500", "error-after=502":
		default:
			list = append(list, n)
		}
	}
	return list
}

// typed is a command with its user.
type typed struct {
	user string
	args []string
}

func scenarios() []scenario {
	var list []scenario
	for _, group := range []bool{false, true} {
		for _, carried := range []int{0, 3} {
			for _, carry := range []string{"current", "next", "keep"} {
				if carried == 0 && carry != "current" {
					continue
				}
				list = append(list, scenario{
					name:  fmt.Sprintf("roll group=%v carried=%d to %s", group, carried, carry),
					setup: setup{group: group, carried: carried, done: 2},
					args:  []string{"milestone", "roll", "--yes", "-q", "--carry-over", carry},
				})
			}
		}
	}
	three := setup{carried: 3, done: 1}
	fresh := setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }}
	mess := setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Labels = []fakegitlab.SeedLabel{{Name: "on-call", Color: "#ff0000"}, {Name: "toil", Color: "#123456"}, {Name: "nobody's", Color: "#123456"}}
	}, config: "labels:\n  builtin: false\n  declare:\n    - {name: oncall, color: '#aabbcc', renamed_from: [on-call], priority: 1}\n    - {name: toil, color: '#ccbbaa', description: Work that repeats}\n    - {name: 'weight::3', color: '#001122'}\n    - {name: 'unblocks others (all)', color: '#001122', description: 'ünïcode'}\n"}
	list = append(list, queueScenarios()...)
	list = append(list, reportScenarios()...)
	list = append(list, handoffScenarios()...)
	list = append(list, handoffPostScenarios()...)
	return append(list,
		scenario{"roll catches up", setup{carried: 1, done: 1}, []string{"milestone", "roll", "--yes", "-q", "--catch-up", "--now", "2018-09-21"}, nil, nil, "", false},
		scenario{"roll from a plan", three, []string{"apply", "PLAN", "--yes", "-q"}, []string{"milestone", "roll", "-q"}, nil, "", false},
		scenario{"ensure", fresh, []string{"milestone", "ensure", "--yes", "-q"}, nil, nil, "", false},
		scenario{"label apply", mess, []string{"label", "apply", "--yes", "-q"}, nil, nil, "", false},
		scenario{"label apply --prune", mess, []string{"label", "apply", "--prune", "--yes", "-q"}, nil, nil, "", false},
		scenario{"board init", mess, []string{"board", "init", "--yes", "-q"}, nil, nil, "", false},
		scenario{"board move", three, []string{"board", "move", "1", "waiting", "-q"}, nil, nil, "", false},
		scenario{"board move to completed", three, []string{"board", "move", "1", "completed", "-q"}, nil, nil, "", false},
	)
}

// prepare builds the scenario's world; PLAN in its words becomes the file of a plan made in it. Each case begins with a copy of that world.
func (s scenario) prepare(t testing.TB) (*lab, []string) {
	l := newLab(t, s.setup)
	for _, before := range s.story {
		own := *l
		own.user = before.user
		own.must(t, before.args...)
	}
	if s.user != "" {
		l.user = s.user
	}
	l.server.ResetRequests()
	if s.plan == nil {
		return l, s.args
	}
	file := filepath.Join(l.dir, strings.ReplaceAll(s.name, " ", "-")+".json")
	if _, err := os.Stat(file); err != nil {
		l.must(t, append(s.plan, "--plan-file", file)...)
		l.server.ResetRequests()
	}
	args := append([]string{}, s.args...)
	for i, word := range args {
		if word == "PLAN" {
			args[i] = file
		}
	}
	return l, args
}

// Every command that writes, every request it makes, every fault, then the same command again: the result is that of an undisturbed run,
// without duplicates, losses or changed texts. A run that reports success has succeeded.
func TestFaultMatrixRerun(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepare(t)
			l := start.copy()
			l.must(t, args...)
			want, methods := l.picture(), l.methods()
			var followed states
			for nth := 1; nth <= len(methods); nth++ {
				for k, kind := range troubles() {
					if !s.tried(methods, nth, k) {
						total.skip()
						continue
					}
					l := start.copy()
					first := l.disturbed(kind, nth, args)
					if first.code == 0 {
						l.compare(t, want, kind, nth, "a run that ended with 0")
					} else if first.errors == "" {
						t.Errorf("%s at request %d: exit %d in silence", kind.name, nth, first.code)
					}
					l.calm()
					total.add(s.name, kind.name, methods[nth-1])
					if !followed.add(l) {
						continue
					}
					if again := l.run(args...); again.code != 0 {
						t.Errorf("%s at request %d: the second run ended with %d: %s", kind.name, nth, again.code, again.errors)
					}
					l.compare(t, want, kind, nth, "the second run")
				}
			}
			total.done(followed)
		})
	}
}

// Two runs of a command at the same time, in a random order of their requests, with a fault in one request; then the command again.
func TestFaultMatrixTwoAtOnce(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepare(t)
			l := start.copy()
			l.must(t, args...)
			want, requests := l.picture(), len(l.server.Requests())
			var followed states
			try := func(nth, order, k int) (method string) {
				kind, l := troubles()[k], start.copy()
				method = l.together(kind, nth, args, drawn(nth, order), drawn(nth, 2+k))
				l.calm()
				total.add(s.name, kind.name, method)
				if !followed.add(l) {
					return method
				}
				if again := l.run(args...); again.code != 0 {
					t.Errorf("%s at request %d: the run after both ended with %d: %s", kind.name, nth, again.code, again.errors)
				}
				l.compare(t, want, kind, nth, "both and one more")
				return method
			}
			for nth := 1; nth <= 2*requests; nth++ {
				for order, first := range s.firstOf(nth) {
					if thinned(nth, order) {
						continue
					}
					method := try(nth, order, first) // which tells the method of the request that any trouble meets in this order
					for k := range troubles() {
						switch {
						case method == "", k == first, slices.Contains(s.firstOf(nth), k), thinned(nth, k):
						case method != http.MethodGet && triedAtWrite(nth, k) && (k%2 == order || s.reads), method == http.MethodGet && s.reads && s.triedAtRead(nth, k):
							try(nth, order, k)
						default:
							total.skip()
						}
					}
				}
			}
			total.done(followed)
		})
	}
}

// firstOf are the troubles that two runs meet first at the nth request, each in a drawn order of its own: the end of one of them, and one that passes. A
// read meets no others, and a write meets one half of the others in either order. Where many requests read lists in the same way, it is one order for all.
func (s scenario) firstOf(nth int) []int {
	killed := slices.IndexFunc(troubles(), func(t trouble) bool { return t.name == "killed before" })
	if s.reads {
		return []int{killed}
	}
	passing := passingReads()
	return []int{killed, passing[(nth+len(s.name))%len(passing)]}
}

func drawn(nth, n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(nth), uint64(n))) }

// disturbed runs a command with the trouble at its nth request.
func (l *lab) disturbed(kind trouble, nth int, args []string) ran {
	own := *l
	own.wire = l.troubling(kind, nth)
	return own.run(args...)
}

// troubling is a wire on which the nth request meets the trouble.
func (l *lab) troubling(kind trouble, nth int) http.RoundTripper {
	if kind.fault == "" {
		return leg{&troubled{inner: l.wire, t: kind, nth: nth}, new(bool)}
	}
	l.arm(kind, nth)
	return l.wire
}

func (l *lab) arm(kind trouble, nth int) {
	f, err := fakegitlab.ParseFault(fmt.Sprintf("ANY ** nth=%d %s", nth, kind.fault))
	if err != nil {
		panic(err)
	}
	l.server.AddFault(f)
}

// together runs the command twice at once; one request of all meets the trouble. Up to that request their order is drawn from one source, after it from
// another, so that what meets the trouble is the same whatever the trouble is. Its method is returned, which is empty where there are fewer requests.
func (l *lab) together(kind trouble, nth int, args []string, before, after *rand.Rand) (method string) {
	shared := &troubled{inner: l.wire, t: kind, nth: nth}
	if kind.fault != "" {
		l.arm(kind, nth)
	}
	dead := []bool{false, false}
	s := newTurnstile(byRun{func(run int) http.RoundTripper { return leg{shared, &dead[run]} }})
	turns := 0
	l.schedule(s, [][]string{args, args}, func(waiting []int) int {
		turns++
		if turns > nth {
			return after.IntN(len(waiting))
		}
		return before.IntN(len(waiting))
	})
	return shared.method
}

// byRun finds the wire of the run that a request belongs to.
type byRun struct {
	of func(run int) http.RoundTripper
}

func (b byRun) RoundTrip(r *http.Request) (*http.Response, error) {
	run := 0
	if r.Header.Get(runHeader) == "1" {
		run = 1
	}
	return b.of(run).RoundTrip(r)
}

// calm ends all troubles.
func (l *lab) calm() { l.server.ClearFaults() }

func (l *lab) compare(t *testing.T, want []string, kind trouble, nth int, after string) {
	t.Helper()
	if got := l.picture(); !slices.Equal(want, got) {
		diff := cmp.Diff(want, got)
		t.Errorf("%s at request %d, after %s (-want +got):\n%s%s", kind.name, nth, after, diff, strings.Join(l.requests(), "\n"))
	}
}

// thinned leaves out six of seven cases under the race detector, which looks for something else than these find;
// every request and every trouble comes up in some scenario.
func thinned(nth, kind int) bool { return raceEnabled && (nth*3+kind)%7 != 0 }
