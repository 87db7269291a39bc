package cli_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// turnstile lets the requests of several runs through one by one, in an order that a chooser decides. With racy titles a
// request can be stopped in its middle too. Each run must have one request under way at a time (parallel: 1).
type turnstile struct {
	inner     http.RoundTripper
	arrivals  chan arrival
	ended     chan int
	histories []string // by run: a digest of the answers it has seen
	turns     []int    // by run: how often it was let through, also in the middle of a request
}

type arrival struct {
	run    int
	resume chan bool
}

var errStopped = errors.New("turnstile: stopped")

const runHeader = "X-Run"

func newTurnstile(inner http.RoundTripper) *turnstile {
	return &turnstile{inner: inner, arrivals: make(chan arrival), ended: make(chan int)}
}

// wait blocks the run until it is its turn; false: give up.
func (s *turnstile) wait(run int) bool {
	a := arrival{run, make(chan bool)}
	s.arrivals <- a
	return <-a.resume
}

// between is the hook for the middle of a request.
func (s *turnstile) between(r *http.Request) {
	if run, err := strconv.Atoi(r.Header.Get(runHeader)); err == nil {
		s.wait(run)
	}
}

// stamps are what differs between answers that mean the same.
var stamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// gate is the turnstile as one run sees it.
type gate struct {
	*turnstile
	run int
}

func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.wait(g.run) {
		return nil, errStopped
	}
	r = r.Clone(r.Context())
	r.Header.Set(runHeader, strconv.Itoa(g.run))
	resp, err := g.inner.RoundTrip(r)
	seen := fmt.Sprint(err)
	if err == nil {
		body, rerr := io.ReadAll(resp.Body)
		seen = fmt.Sprint(resp.StatusCode, rerr, string(stamps.ReplaceAll(body, nil)))
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{rerr}))
	}
	sum := sha256.Sum256([]byte(g.histories[g.run] + seen))
	g.histories[g.run] = string(sum[:])
	return resp, err
}

// failing ends a body the way the original ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// schedule runs the commands at once and asks choose, whenever all of them wait, which one goes on. choose returns an
// index into waiting, or -1 to stop. The results are in the order of the commands; stopped tells that choose gave up.
func (l *lab) schedule(s *turnstile, commands [][]string, choose func(waiting []int) int) (results []ran, stopped bool) {
	results = make([]ran, len(commands))
	s.histories, s.turns = make([]string, len(commands)), make([]int, len(commands))
	for n, args := range commands {
		own := *l
		own.wire = gate{s, n}
		go func() {
			results[n] = own.runIn(context.Background(), args...)
			s.ended <- n
		}()
	}
	waiting := make([]*arrival, len(commands))
	live := len(commands)
	for live > 0 {
		for blocked(waiting) < live {
			select {
			case a := <-s.arrivals:
				waiting[a.run] = &a
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
// seen by each run, have the same future: it is followed once. check is called at the end of each.
func everySchedule(build func() (*lab, *turnstile), commands [][]string, check func(l *lab, results []ran, path []int)) (schedules int) {
	seen := map[[32]byte]bool{}
	for path := []int{}; path != nil; {
		l, s := build()
		var taken, widths []int
		results, stopped := l.schedule(s, commands, func(waiting []int) int {
			depth := len(taken)
			if depth >= len(path) {
				key := sha256.Sum256([]byte(strings.Join(l.exactPicture(), "\n") + strings.Join(s.histories, "|") + fmt.Sprint(s.turns, waiting)))
				if seen[key] {
					return -1
				}
				seen[key] = true
			}
			pick := 0
			if depth < len(path) {
				pick = path[depth]
			}
			taken, widths = append(taken, pick), append(widths, len(waiting))
			return pick
		})
		schedules++
		if !stopped {
			check(l, results, taken)
		}
		path = nextPath(taken, widths)
	}
	return schedules
}

// nextPath is the next choice sequence in lexical order, nil at the end.
func nextPath(taken, widths []int) []int {
	for at := len(taken) - 1; at >= 0; at-- {
		if taken[at]+1 < widths[at] {
			return append(append([]int{}, taken[:at]...), taken[at]+1)
		}
	}
	return nil
}

// exactPicture is the state with ids, for telling states apart.
func (l *lab) exactPicture() []string {
	return []string{fmt.Sprintf("%+v", l.server.Snapshot())}
}
