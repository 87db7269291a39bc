package cli_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// turnstile lets the requests of several runs through one by one, in an order that a chooser decides. With racy titles a request can
// also be stopped in the middle. Each run must have at most one request in flight (parallel: 1).
type turnstile struct {
	inner     http.RoundTripper
	arrivals  chan arrival
	ended     chan int
	remembers bool            // keeps histories
	histories []string        // by run: a digest of the answers it has seen, in their order for each request
	turns     []int           // by run: how often it was let through, also in the middle of a request
	waiting   []*http.Request // by run: what it waits with; nil in the middle of a request
	whole     bool            // no request is stopped in its middle
	middle    string          // requests are stopped in their middle if their path contains it
}

type arrival struct {
	run    int
	whole  *http.Request // nil in the middle of one
	resume chan bool
}

// errStopped ends a run whose result is no longer needed.
var errStopped = hopeless("turnstile: stopped")

const runHeader = "X-Run"

func newTurnstile(inner http.RoundTripper) *turnstile {
	return &turnstile{inner: inner, arrivals: make(chan arrival), ended: make(chan int), middle: "/milestones"}
}

// wait blocks the run until its turn; false means that it must stop.
func (s *turnstile) wait(run int, whole *http.Request) bool {
	a := arrival{run, whole, make(chan bool)}
	s.arrivals <- a
	return <-a.resume
}

// between is the hook for the middle of a request. It stops requests for milestones, or those in middle: with all of them there would be too
// many orders.
func (s *turnstile) between(r *http.Request) {
	if !strings.Contains(r.URL.Path, s.middle) {
		return
	}
	if run, err := strconv.Atoi(r.Header.Get(runHeader)); err == nil {
		s.wait(run, nil)
	}
}

// stamps matches the times of day, which differ between equivalent answers. The date does not, because the clock stops.
var stamps = regexp.MustCompile(`T[0-9:.]+Z`)

// gate is the turnstile as one run sees it.
type gate struct {
	*turnstile
	run int
}

func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.wait(g.run, r) {
		return nil, errStopped
	}
	return g.send(r)
}

// send executes the request, and records the answer that the run got.
func (g gate) send(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(runHeader, strconv.Itoa(g.run))
	resp, err := g.inner.RoundTrip(r)
	if !g.remembers {
		return resp, err
	}
	seen := fmt.Sprint(err)
	if err == nil {
		body, rerr := io.ReadAll(resp.Body)
		seen = fmt.Sprint(resp.StatusCode, rerr, string(stamps.ReplaceAll(body, nil)))
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{rerr}))
	}
	g.remember(r.Method+" "+r.URL.String(), seen)
	return resp, err
}

// remember records an answer of the run. The order matters only among answers to the same request, because the order of two parallel reads
// makes no difference.
func (g gate) remember(request, seen string) {
	old := ""
	var all []string
	for line := range strings.Lines(g.histories[g.run]) {
		if name, digest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); name == request {
			old = digest
		} else {
			all = append(all, line)
		}
	}
	all = append(all, fmt.Sprintf("%s\t%x\n", request, sha256.Sum256([]byte(old+seen))))
	slices.Sort(all)
	g.histories[g.run] = strings.Join(all, "")
}

// failing ends a body with the error of the original.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// actor acts on a lab of their own, whose requests go through the turnstile.
type actor func(own *lab) ran

// typing returns actors who each run a command.
func typing(commands [][]string) (actors []actor) {
	for _, args := range commands {
		actors = append(actors, func(own *lab) ran { return own.runIn(context.Background(), args...) })
	}
	return actors
}

// schedule runs the commands at the same time; see play.
func (l *lab) schedule(s *turnstile, commands [][]string, choose func(waiting []int) int) (results []ran, stopped bool) {
	return l.play(s, typing(commands), choose)
}

// play lets the actors act at the same time. Whenever all of them wait, choose selects the one that continues: it returns an index into
// waiting, or -1 to stop. The results are in the order of the actors; stopped is true if choose stopped.
func (l *lab) play(s *turnstile, actors []actor, choose func(waiting []int) int) (results []ran, stopped bool) {
	results = make([]ran, len(actors))
	s.histories, s.turns, s.waiting = make([]string, len(actors)), make([]int, len(actors)), make([]*http.Request, len(actors))
	for n, act := range actors {
		own := *l
		own.wire = gate{s, n}
		go func() {
			results[n] = act(&own)
			s.ended <- n
		}()
	}
	waiting := make([]*arrival, len(actors))
	live := len(actors)
	for live > 0 {
		for blocked(waiting) < live {
			select {
			case a := <-s.arrivals:
				waiting[a.run], s.waiting[a.run] = &a, a.whole
			case <-s.ended:
				live--
			}
		}
		if live == 0 {
			break
		}
		var open []int
		for run, a := range waiting {
			if a != nil {
				open = append(open, run)
			}
		}
		pick := -1
		if !stopped {
			pick = choose(open)
			stopped = pick < 0
		}
		if stopped {
			pick = 0
		}
		next := waiting[open[pick]]
		waiting[open[pick]] = nil
		s.turns[open[pick]]++
		next.resume <- !stopped
	}
	return results, stopped
}

func blocked(waiting []*arrival) int {
	n := 0
	for _, a := range waiting {
		if a != nil {
			n++
		}
	}
	return n
}

// everySchedule runs the commands in every order of their requests. Two schedules that come to the same state, with the same answers
// seen by each run, have the same future: it is followed once. A step that would lead to where others have been is seen beforehand, by a look at what the
// request would do to a copy of the server. check is called at the end of each.
func everySchedule(build func() (*lab, *turnstile), commands [][]string, check func(l *lab, results []ran, path []int)) (schedules int) {
	seen := map[moment]bool{}
	var nodes []node
	for more := true; more; more = another(&nodes, seen) {
		l, s := build()
		depth := 0
		results, stopped := l.schedule(s, commands, func(waiting []int) int {
			depth++
			if depth <= len(nodes) {
				return nodes[depth-1].taken
			}
			here := s.moment(l)
			if depth > 1 {
				nodes[depth-2].arrive(here)
			}
			if seen[here] {
				return -1
			}
			seen[here] = true
			var at node
			for _, run := range waiting {
				at.ahead = append(at.ahead, s.ahead(l, run))
			}
			if at.taken = at.next(0, seen); at.taken >= 0 {
				nodes = append(nodes, at)
			}
			return at.taken
		})
		schedules++
		if !stopped {
			var path []int
			for _, n := range nodes {
				path = append(path, n.taken)
			}
			check(l, results, path)
		}
	}
	return schedules
}

// node is a point in a schedule at which one of the waiting actors was chosen to continue.
type node struct {
	ahead []*moment // where each would lead; nil for what cannot be foreseen
	taken int
}

// next is the first choice from one on that leads to where nobody has been, -1 for none.
func (n node) next(from int, seen map[moment]bool) int {
	for choice := from; choice < len(n.ahead); choice++ {
		if n.ahead[choice] == nil || !seen[*n.ahead[choice]] {
			return choice
		}
	}
	return -1
}

// arrive makes sure that a choice has led to where it was foreseen to lead.
func (n node) arrive(here moment) {
	if want := n.ahead[n.taken]; want != nil && *want != here {
		panic("turnstile: a request has led elsewhere than the same one to a copy")
	}
}

// another goes back to the last point with a choice that is left, and takes that; false when there is none.
func another(nodes *[]node, seen map[moment]bool) bool {
	for at := len(*nodes) - 1; at >= 0; at-- {
		if n := &(*nodes)[at]; n.next(n.taken+1, seen) >= 0 {
			n.taken = n.next(n.taken+1, seen)
			*nodes = (*nodes)[:at+1]
			return true
		}
	}
	return false
}

// moment is where a schedule has come to: the server's state, and what each run has seen, on which alone depends what it does next.
type moment [32]byte

func (s *turnstile) moment(l *lab) moment {
	return sha256.Sum256([]byte(strings.Join(l.exactPicture(), "\n") + strings.Join(s.histories, "|") + fmt.Sprint(s.turns)))
}

// ahead is where the schedule would come to if the run went on with what it waits with. Where requests can be stopped in their middle that is known for reads only.
func (s *turnstile) ahead(l *lab, run int) *moment {
	r := s.waiting[run]
	if r == nil || !s.whole && r.Method != http.MethodGet {
		return nil
	}
	try := l.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = nil })
	foreseen := &turnstile{inner: try.wire, remembers: true, histories: slices.Clone(s.histories), turns: slices.Clone(s.turns)}
	foreseen.turns[run]++
	sent := r.Clone(r.Context())
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil
		}
		r.Body, sent.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
	}
	if resp, err := (gate{foreseen, run}).send(sent); err == nil {
		resp.Body.Close()
	}
	return new(foreseen.moment(try))
}

// exactPicture returns the state with ids, to distinguish states.
func (l *lab) exactPicture() []string {
	data, err := json.Marshal(l.server.Snapshot()) // %+v would print where a priority is stored, and not the priority
	if err != nil {
		panic("a snapshot has no JSON form: " + err.Error())
	}
	return []string{string(data)}
}
