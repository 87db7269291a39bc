package cli_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// turnstile lets the requests of several runs through one by one, in an order that a chooser decides. With racy titles a
// request can be stopped in its middle too. Each run must have one request under way at a time (parallel: 1).
type turnstile struct {
	inner     http.RoundTripper
	arrivals  chan arrival
	ended     chan int
	remembers bool     // keeps histories
	histories []string // by run: a digest of the answers it has seen, in their order for each request
	turns     []int    // by run: how often it was let through, also in the middle of a request
	reading   []bool   // by run: what it waits with only reads
}

type arrival struct {
	run    int
	reads  bool // it is a request that only reads
	resume chan bool
}

// errStopped ends a run that nobody looks at any more without more ado.
var errStopped = hopeless("turnstile: stopped")

const runHeader = "X-Run"

func newTurnstile(inner http.RoundTripper) *turnstile {
	return &turnstile{inner: inner, arrivals: make(chan arrival), ended: make(chan int)}
}

// wait blocks the run until it is its turn; false: give up.
func (s *turnstile) wait(run int, reads bool) bool {
	a := arrival{run, reads, make(chan bool)}
	s.arrivals <- a
	return <-a.resume
}

// between is the hook for the middle of a request.
func (s *turnstile) between(r *http.Request) {
	if run, err := strconv.Atoi(r.Header.Get(runHeader)); err == nil {
		s.wait(run, false)
	}
}

// stamps are what differs between answers that mean the same. The day before them does not: the clock stands still.
var stamps = regexp.MustCompile(`T[0-9:.]+Z`)

// gate is the turnstile as one run sees it.
type gate struct {
	*turnstile
	run int
}

func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.wait(g.run, r.Method == http.MethodGet) {
		return nil, errStopped
	}
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

// remember adds an answer to what the run has seen. The order counts among answers to the same request only, since a run that reads two things at once
// is the same whichever it got first.
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

// failing ends a body the way the original ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// actor is somebody who acts on a lab of their own, whose wire is the turnstile.
type actor func(own *lab) ran

// typing are actors who each run a command.
func typing(commands [][]string) (actors []actor) {
	for _, args := range commands {
		actors = append(actors, func(own *lab) ran { return own.runIn(context.Background(), args...) })
	}
	return actors
}

// schedule runs the commands at once; see play.
func (l *lab) schedule(s *turnstile, commands [][]string, choose func(waiting []int) int) (results []ran, stopped bool) {
	return l.play(s, typing(commands), choose)
}

// play lets the actors act at once and asks choose, whenever all of them wait, which one goes on. choose returns an
// index into waiting, or -1 to stop. The results are in the order of the actors; stopped tells that choose gave up.
func (l *lab) play(s *turnstile, actors []actor, choose func(waiting []int) int) (results []ran, stopped bool) {
	results = make([]ran, len(actors))
	s.histories, s.turns, s.reading = make([]string, len(actors)), make([]int, len(actors)), make([]bool, len(actors))
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
				waiting[a.run], s.reading[a.run] = &a, a.reads
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
// seen by each run, have the same future: it is followed once. So is the future of two requests that follow each other where both only read: which of
// them comes first makes no difference. check is called at the end of each.
func everySchedule(build func() (*lab, *turnstile), commands [][]string, check func(l *lab, results []ran, path []int)) (schedules int) {
	seen := map[[32]byte]bool{}
	for path := []int{}; path != nil; {
		l, s := build()
		var nodes []node
		results, stopped := l.schedule(s, commands, func(waiting []int) int {
			depth := len(nodes)
			if depth >= len(path) {
				key := sha256.Sum256([]byte(strings.Join(l.exactPicture(), "\n") + strings.Join(s.histories, "|") + fmt.Sprint(s.turns, waiting)))
				if seen[key] {
					return -1
				}
				seen[key] = true
			}
			at := node{width: len(waiting), reads: !slices.ContainsFunc(waiting, func(run int) bool { return !s.reading[run] })}
			switch {
			case depth < len(path):
				at.taken = path[depth]
			case depth > 0 && len(waiting) == 2:
				at.taken = nodes[depth-1].open()
			}
			nodes = append(nodes, at)
			return at.taken
		})
		schedules++
		path = nextPath(nodes)
		if !stopped {
			check(l, results, taken(nodes))
		}
	}
	return schedules
}

// node is a point in a schedule at which one of several requests goes on.
type node struct {
	width int  // how many wait
	reads bool // all of them only read
	taken int
}

// open is the first choice to be made at the next node, where both wait again: where both of two runs only read and the second one went first, the first one's turn would lead
// to where the opposite order has led before.
func (n node) open() int {
	if n.width == 2 && n.reads && n.taken == 1 {
		return 1
	}
	return 0
}

func taken(nodes []node) (path []int) {
	for _, n := range nodes {
		path = append(path, n.taken)
	}
	return path
}

// nextPath is the next choice sequence in lexical order, nil at the end.
func nextPath(nodes []node) []int {
	for at := len(nodes) - 1; at >= 0; at-- {
		if nodes[at].taken+1 < nodes[at].width {
			return append(taken(nodes[:at]), nodes[at].taken+1)
		}
	}
	return nil
}

// exactPicture is the state with ids, for telling states apart.
func (l *lab) exactPicture() []string {
	return []string{fmt.Sprintf("%+v", l.server.Snapshot())}
}
