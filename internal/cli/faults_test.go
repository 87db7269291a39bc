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

// trouble is one thing that goes wrong with one request.
type trouble struct {
	name  string
	fault string // a fault of the embedded GitLab; empty: done by the transport
	wire  func(inner http.RoundTripper, r *http.Request) (*http.Response, error)
	kills bool // the process is killed: nothing more reaches GitLab
}

// troubles are all kinds of faults that the embedded GitLab has, and those of a transport: a timeout, and the end of
// the process before and after its request was carried out.
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
	for _, fault := range []string{"status=429", "status=500", "status=502", "status=503", "drop-before", "drop-after", "error-after=500", "error-after=502", "truncate", "html", "other", "other-after", "nonsense", "nonsense-after"} {
		list = append(list, trouble{name: fault, fault: fault})
	}
	return list
}

// errKilled is the error of a killed process's requests. Its kind is never retried, so the run ends immediately.
var errKilled = hopeless("the process is gone")

// hopeless returns an error that is never retried.
func hopeless(text string) error { return &tls.CertificateVerificationError{Err: errors.New(text)} }

// troubled is a transport on which the nth request of all runs that share it meets a trouble.
type troubled struct {
	inner http.RoundTripper
	t     trouble
	nth   int

	mu     sync.Mutex
	seen   int
	method string // method of the request that meets it
}

// leg is one run's share of the transport.
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

// scenario is a command and the state it starts from.
type scenario struct {
	name  string
	setup setup
	args  []string
	plan  []string     // if set: the command that saves the plan that args apply
	story []invocation // earlier commands, without trouble
	user  string       // user of the command; default: mara
	reads bool         // many requests read lists in the same way: two concurrent runs meet each trouble in one random order, not two
}

// tried reports whether a trouble is tried at the nth request of a single run whose requests have these methods.
func (s scenario) tried(methods []string, nth, kind int) bool {
	if methods[nth-1] == http.MethodGet {
		return sampled(6, s.name, nth, kind) && s.triedAtRead(nth, kind)
	}
	return sampled(5, s.name, nth, kind) && triedAtWrite(nth, kind)
}

// triedAtWrite reports whether a trouble is tried at a write. All are, except that of the answers that differ only
// in their status (see TestWriteServerFaultsAreEquivalent) one is tried, in rotation.
func triedAtWrite(nth, kind int) bool {
	if whole {
		return true
	}
	for _, alike := range alikeForWrites() {
		if at := slices.Index(alike, troubles()[kind].fault); at >= 0 {
			return at == nth%len(alike)
		}
	}
	return true
}

func alikeForWrites() [][]string {
	return [][]string{{"status=500", "status=502", "status=503"}, {"error-after=500", "error-after=502"}, {"other", "nonsense"}, {"other-after", "nonsense-after"}}
}

// triedAtRead reports whether a trouble is tried at a read. The end of the process is. Of the transient troubles,
// which a reader cannot tell apart (see TestReadFaultsAreEquivalent), one is, in rotation. It makes no difference
// whether GitLab carried out a read before its answer was lost.
func (s scenario) triedAtRead(nth, kind int) bool {
	passing := passingReads()
	at := slices.Index(passing, kind)
	return whole || troubles()[kind].name == "killed before" || at >= 0 && at == (nth+len(s.name))%len(passing)
}

// passingReads are the indexes of the troubles after which a read is retried, without those that differ for writes
// only.
func passingReads() (list []int) {
	for n, t := range troubles() {
		switch t.name {
		case "killed before", "killed after", "timeout, carried out", "drop-after", "error-after=500", "error-after=502", "other-after", "nonsense-after":
		default:
			list = append(list, n)
		}
	}
	return list
}

// invocation is a command and its user.
type invocation struct {
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
	list = append(list, workScenarios()...)
	return append(list,
		scenario{"roll catches up", setup{carried: 1, done: 1}, []string{"milestone", "roll", "--yes", "-q", "--catch-up", "--now", "2018-09-21"}, nil, nil, "", false},
		scenario{"roll from a plan", three, []string{"apply", "PLAN", "--yes", "-q"}, []string{"milestone", "roll", "-q"}, nil, "", false},
		scenario{"ensure", fresh, []string{"milestone", "ensure", "--yes", "-q"}, nil, nil, "", false},
		scenario{"label apply", mess, []string{"label", "apply", "--yes", "-q"}, nil, nil, "", false},
		scenario{"label apply --prune", mess, []string{"label", "apply", "--prune", "--yes", "-q"}, nil, nil, "", false},
		scenario{"board init", mess, []string{"board", "init", "--yes", "-q"}, nil, nil, "", false},
		scenario{"lock sync", lockWorld(), []string{"lock", "sync", "--yes", "-q"}, nil, nil, "", false},
		scenario{"lock sync --remove", lockWorld(), []string{"lock", "sync", "--remove", "15001", "--remove", "15003", "--yes", "-q"}, nil, nil, "", false},
		scenario{"fill", fillWorld, []string{"milestone", "plan", "--fill", "--yes", "-q"}, nil, nil, "", true},
		scenario{"fill, late", fillWorld, []string{"milestone", "plan", "--fill", "--current", "--yes", "-q"}, nil, nil, "", true},
		scenario{"fill from a part of a plan", fillWorld, []string{"apply", "PLAN", "--except", "37", "--yes", "-q"},
			[]string{"milestone", "plan", "--fill", "-q"}, nil, "", true},
		scenario{"sweep", sweepWorld, []string{"milestone", "sweep", "--yes", "-q"}, nil, nil, "", true},
		scenario{"doctor --fix keys", withoutWords(), []string{"doctor", "--fix", "keys", "--yes", "-q"}, nil, nil, "", false},
		scenario{"board move", three, []string{"board", "move", "1", "waiting", "-q"}, nil, nil, "", false},
		scenario{"board move to completed", three, []string{"board", "move", "1", "completed", "-q"}, nil, nil, "", false},
	)
}

// prepare creates the scenario's state; PLAN in its arguments becomes the file of a plan made in it. Each case
// starts from a copy.
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

// prepared is prepare for one of [scenarios], done once for all matrices: each gets a copy.
func (s scenario) prepared(t testing.TB) (*lab, []string) {
	t.Helper()
	type start struct {
		once sync.Once
		lab  *lab // nil if the story failed
		args []string
	}
	known, _ := starts.LoadOrStore(s.name+"\n"+s.setup.config, &start{})
	made := known.(*start)
	made.once.Do(func() { made.lab, made.args = s.prepare(t) })
	if made.lab == nil {
		t.Fatal("the earlier commands failed in another test")
	}
	return made.lab.copy(), made.args
}

var starts sync.Map // by name and configuration

// TestFaultMatrixRerun runs every writing command with every fault at every request, and then runs the same command
// again. It requires the state of a run without faults: no duplicates, nothing lost, nobody's text changed. A run
// that reports success has succeeded.
func TestFaultMatrixRerun(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
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

// TestFaultMatrixTwoAtOnce runs a command twice concurrently, in a random order of requests, and one request meets a
// fault. Then it runs the command once more.
func TestFaultMatrixTwoAtOnce(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			start, args := s.prepared(t)
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
					if !sampled(14, s.name, nth, order) {
						continue
					}
					method := try(nth, order, first) // returns the method of the request that every trouble meets in this order
					for k := range troubles() {
						switch {
						case method == "", k == first, slices.Contains(s.firstOf(nth), k):
						case method != http.MethodGet && triedAtWrite(nth, k) && (whole || k%2 == order || s.reads),
							method == http.MethodGet && s.reads && s.triedAtRead(nth, k):
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

// firstOf are the troubles that two runs meet first at the nth request, each in its own random order: the end of one
// run, and a transient one. A read meets no others; a write meets half of the others in either order. If many
// requests read lists in the same way, all share one order.
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

// troubling is a transport on which the nth request meets the trouble.
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

// together runs the command twice concurrently; one request of all meets the trouble. Up to that request the order
// is drawn from one source, after it from another, so that the same request meets every trouble. It returns the
// method of that request, "" if there are fewer requests.
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

// byRun finds the transport of the run that a request belongs to.
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

// calm clears all faults.
func (l *lab) calm() { l.server.ClearFaults() }

func (l *lab) compare(t *testing.T, want []string, kind trouble, nth int, after string) {
	t.Helper()
	if got := l.picture(); !slices.Equal(want, got) {
		diff := cmp.Diff(want, got)
		t.Errorf("%s at request %d, after %s (-want +got):\n%s%s", kind.name, nth, after, diff, strings.Join(l.requests(), "\n"))
	}
}
