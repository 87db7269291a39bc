// Package metric turns the samples of a metric into time that was good, bad or unknown, and compares that with the outages that people
// recorded.
//
// Start with [Read] and [Compare]. A sample holds from its time until the next step; this is how a graph shows it. What is missing, is not
// a number, or comes from several series is unknown, never good. All times and sums are exact.
//
// Requests to a monitoring system are not here (internal/prometheus), nor is the budget (pkg/budget).
package metric

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Series is one time series of an answer.
type Series struct {
	Labels  string // as PromQL writes them, such as {job="web"}
	Samples []Sample
	Other   bool // it holds samples that are not numbers, such as native histograms
}

// Answer is what a monitoring system answers to a query over a grid.
type Answer struct {
	Series  []Series // sorted by labels
	Partial []Span   // time for which data may be missing, with the system's own words
	Notes   []string // what the system remarks on the query, without effect on its answer
}

// Sample is a value at a time, as the monitoring system writes it.
type Sample struct {
	At    time.Time
	Value string
}

// Grid is the times at which a metric is read: From, From plus Step, and so on, before To.
type Grid struct {
	From, To time.Time
	Step     time.Duration
}

// GridFor is the grid that covers a window. Its times are multiples of the step since 1970, so that the same window read twice, or by two
// people, asks for the same samples. The first one is up to a step before the window.
func GridFor(from, to time.Time, step time.Duration) Grid {
	return Grid{From: from.UTC().Add(-time.Duration(from.UnixNano() % int64(step))), To: to.UTC(), Step: step}
}

// Len is the number of times.
func (g Grid) Len() int {
	if g.Step <= 0 || !g.From.Before(g.To) {
		return 0
	}
	return int((g.To.Sub(g.From) + g.Step - 1) / g.Step)
}

// At is the time with number n.
func (g Grid) At(n int) time.Time { return g.From.Add(time.Duration(n) * g.Step) }

// Index is the number of a time; ok is false for a time that the grid does not have.
func (g Grid) Index(at time.Time) (n int, ok bool) {
	d := at.Sub(g.From)
	if d < 0 || g.Step <= 0 || d%g.Step != 0 {
		return 0, false
	}
	n = int(d / g.Step)
	return n, n < g.Len()
}

// Pieces cuts the grid into parts of at most so many times. They do not overlap: a part begins a step after the last time of the one
// before.
func (g Grid) Pieces(most int) []Grid {
	var out []Grid
	for n, all := 0, g.Len(); n < all; n += most {
		to := g.To
		if n+most < all {
			to = g.At(n + most)
		}
		out = append(out, Grid{From: g.At(n), To: to, Step: g.Step})
	}
	return out
}

// State is what a metric shows about a time.
type State string

// The states of time.
const (
	Good    State = "good"
	Bad     State = "bad"
	Unknown State = "unknown"
)

// Span is a half-open time in one state. Adjacent spans differ in state or reason.
type Span struct {
	From, To time.Time
	State    State
	Reason   string // why it is unknown; empty otherwise
}

// The reasons why time is unknown.
const (
	NoSample  = "no sample"
	NotNumber = "not a number"
)

// Read turns an answer into spans that cover the window without gap or overlap. A sample at a time that the grid does not
// have is an error, because the answer is then not what was asked for; so are two samples of a series at the same time.
func Read(from, to time.Time, g Grid, a Answer, bad Condition) ([]Span, error) {
	states, err := statesOf(g, a, bad)
	if err != nil {
		return nil, err
	}
	var out []Span
	for n, s := range states {
		s.From, s.To = calendar.Later(g.At(n), from.UTC()), calendar.Earlier(g.At(n+1), to.UTC())
		if !s.From.Before(s.To) {
			continue
		}
		if last := len(out) - 1; last >= 0 && out[last].State == s.State && out[last].Reason == s.Reason && out[last].To.Equal(s.From) {
			out[last].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out, nil
}

// statesOf is the state at each time of the grid, without times.
func statesOf(g Grid, a Answer, bad Condition) ([]Span, error) {
	states := slices.Repeat([]Span{{State: Unknown, Reason: NoSample}}, g.Len())
	all := slices.Repeat([]bool{false}, len(states))
	for _, one := range a.Series {
		clear(all)
		for _, s := range one.Samples {
			n, ok := g.Index(s.At)
			if !ok {
				return nil, fmt.Errorf("sample at %s, which was not asked for", s.At.UTC().Format(time.RFC3339Nano))
			}
			if all[n] {
				return nil, fmt.Errorf("two samples of one series at %s", s.At.UTC().Format(time.RFC3339Nano))
			}
			all[n], states[n] = true, stateOf(s.Value, bad)
		}
	}
	for n := range states {
		for _, p := range a.Partial {
			if t := g.At(n); !t.Before(p.From) && t.Before(p.To) {
				states[n] = Span{State: Unknown, Reason: p.Reason}
			}
		}
		if reason := unusable(a.Series); reason != "" {
			states[n] = Span{State: Unknown, Reason: reason}
		}
	}
	return states, nil
}

// unusable is the reason why none of the series counts; empty if there is at most one, of numbers.
func unusable(series []Series) string {
	if len(series) > 1 {
		return fmt.Sprintf("%d series", len(series))
	}
	if len(series) == 1 && series[0].Other {
		return "histograms"
	}
	return ""
}

func stateOf(value string, bad Condition) Span {
	v, ok := ParseValue(value)
	switch {
	case !ok:
		return Span{State: Unknown, Reason: NotNumber}
	case bad.Bad(v):
		return Span{State: Bad}
	}
	return Span{State: Good}
}

// Point is an exact value at a time.
type Point struct {
	At    time.Time
	Value *big.Rat
}

// Points returns the exact values of the only series of an answer. reason says why there are none: several series, an incomplete answer, or
// no sample. NaN and infinity are left out.
func Points(a Answer) (points []Point, reason string) {
	if reason = unusable(a.Series); reason != "" {
		return nil, reason
	}
	if len(a.Partial) > 0 {
		return nil, a.Partial[0].Reason
	}
	for _, one := range a.Series {
		for _, s := range one.Samples {
			if v, ok := ParseValue(s.Value); ok {
				points = append(points, Point{At: s.At.UTC(), Value: v})
			}
		}
	}
	if len(points) == 0 {
		return nil, NoSample
	}
	return points, ""
}
