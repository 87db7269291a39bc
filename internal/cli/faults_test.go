package cli_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// trouble is one thing that happens to one request.
type trouble struct {
	name  string
	fault string // in the sandbox's words; empty: done here on the wire
	wire  func(inner http.RoundTripper, r *http.Request) (*http.Response, error)
	kills bool // the process is gone: nothing of it reaches GitLab any more
}

// troubles are every kind of fault that the embedded GitLab knows, and those that only a wire can have: an answer that does not come in time,
// and the end of the process before and after its request was carried out.
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

var errKilled = errors.New("the process is gone")

// troubled is a wire on which the nth request of all runs that share it meets a trouble.
type troubled struct {
	inner http.RoundTripper
	t     trouble
	nth   int

	mu   sync.Mutex
	seen int
}

// leg is one run's end of the wire.
type leg struct {
	*troubled
	dead *bool
}

func (l leg) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.seen++
	hit := l.seen == l.nth && l.t.wire != nil
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

// scenario is a command in a state of the world.
type scenario struct {
	name  string
	setup setup
	args  []string
	plan  []string // when set: the command that saves the plan which args apply
	story []typed  // what was typed before, undisturbed
	user  string   // who types; empty: mara
	reads bool     // many requests read lists in the same way: of the troubles that those meet only some are tried
}

// tried reports whether a trouble is tried at the nth request of so many. Those of a scenario that reads much are thinned out but for the last ones, which write.
func (s scenario) tried(nth, requests, kind, one int) bool {
	return !thinned(nth, kind) && (!s.reads || nth > requests-6 || (nth+kind+len(s.name))%one == 0)
}

// typed is a command with who typed it.
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
	}, config: "labels:\n  builtin: false\n  declare:\n    - {name: oncall, color: '#aabbcc', was: [on-call], priority: 1}\n    - {name: toil, color: '#ccbbaa', description: Work that repeats}\n    - {name: 'weight::3', color: '#001122'}\n    - {name: 'unblocks others (all)', color: '#001122', description: 'ünïcode'}\n"}
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

// prepare builds the scenario's world; PLAN in its words becomes the file of a plan made in it.
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

// Every writing command, every request it makes, every fault, then again with the same words: the same state as an undisturbed run,
// nothing doubled, nothing lost, nobody's words changed. A run that says it succeeded has.
func TestFaultMatrixRerun(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			l, args := s.prepare(t)
			l.must(t, args...)
			want, requests := l.picture(), len(l.server.Requests())
			for nth := 1; nth <= requests; nth++ {
				for k, kind := range troubles() {
					if !s.tried(nth, requests, k, 5) || s.leftOut(1, nth, k) {
						continue
					}
					l, args := s.prepare(t)
					first := l.disturbed(kind, nth, args)
					if first.code == 0 {
						l.compare(t, want, kind, nth, "a run that ended with 0")
					} else if first.errors == "" {
						t.Errorf("%s at request %d: exit %d in silence", kind.name, nth, first.code)
					}
					l.calm()
					if again := l.run(args...); again.code != 0 {
						t.Errorf("%s at request %d: the second run ended with %d: %s", kind.name, nth, again.code, again.errors)
					}
					l.compare(t, want, kind, nth, "the second run")
					total.add(s.name)
				}
			}
		})
	}
}

// Two runs of a command at once, in a drawn order of their requests, one of which meets a fault; then once more.
func TestFaultMatrixTwoAtOnce(t *testing.T) {
	t.Parallel()
	var total matrix
	t.Cleanup(func() { total.report(t) })
	for _, s := range scenarios() {
		s.setup.config += oneAtATime
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			l, args := s.prepare(t)
			l.must(t, args...)
			want, requests := l.picture(), len(l.server.Requests())
			for nth := 1; nth <= 2*requests; nth++ {
				for k, kind := range troubles() {
					if !s.tried(nth, 2*requests, k, 9) || s.leftOut(2, nth, k) {
						continue
					}
					l, args := s.prepare(t)
					l.together(kind, nth, args, rand.New(rand.NewPCG(uint64(nth), uint64(k))))
					l.calm()
					if again := l.run(args...); again.code != 0 {
						t.Errorf("%s at request %d: the run after both ended with %d: %s", kind.name, nth, again.code, again.errors)
					}
					l.compare(t, want, kind, nth, "both and one more")
					total.add(s.name)
				}
			}
		})
	}
}

// disturbed runs a command whose nth request meets the trouble.
func (l *lab) disturbed(kind trouble, nth int, args []string) ran {
	if kind.fault != "" {
		f, err := fakegitlab.ParseFault(fmt.Sprintf("ANY ** nth=%d %s", nth, kind.fault))
		if err != nil {
			panic(err)
		}
		l.server.AddFault(f)
		return l.run(args...)
	}
	own := *l
	own.wire = leg{&troubled{inner: l.wire, t: kind, nth: nth}, new(bool)}
	return own.run(args...)
}

// together runs the command twice at once; one request of all meets the trouble.
func (l *lab) together(kind trouble, nth int, args []string, draw *rand.Rand) []ran {
	shared := &troubled{inner: l.wire, t: kind, nth: nth}
	if kind.fault != "" {
		f, err := fakegitlab.ParseFault(fmt.Sprintf("ANY ** nth=%d %s", nth, kind.fault))
		if err != nil {
			panic(err)
		}
		l.server.AddFault(f)
	}
	dead := []bool{false, false}
	s := newTurnstile(byRun{func(run int) http.RoundTripper { return leg{shared, &dead[run]} }})
	results, _ := l.schedule(s, [][]string{args, args}, func(waiting []int) int { return draw.IntN(len(waiting)) })
	return results
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

// calm ends all trouble.
func (l *lab) calm() { l.server.ClearFaults() }

func (l *lab) compare(t *testing.T, want []string, kind trouble, nth int, after string) {
	t.Helper()
	if diff := cmp.Diff(want, l.picture()); diff != "" {
		t.Errorf("%s at request %d, after %s (-want +got):\n%s%s", kind.name, nth, after, diff, strings.Join(l.requests(), "\n"))
	}
}

// thinned leaves out six of seven cases under the race detector, which looks for something else than these find;
// every request and every trouble comes up in some scenario.
func thinned(nth, kind int) bool { return raceEnabled && (nth*3+kind)%7 != 0 }

// matrix counts cases by command.
type matrix struct {
	mu    sync.Mutex
	cases int
	rolls int
}

func (m *matrix) add(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cases++
	if strings.HasPrefix(name, "roll") {
		m.rolls++
	}
}

func (m *matrix) report(t *testing.T) {
	t.Logf("%d cases, %d of them of milestone roll", m.cases, m.rolls)
}
