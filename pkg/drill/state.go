package drill

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Test is a result with the issue of its drill.
type Test struct {
	Result
	Drill Drill
}

// Known reports whether there was such a test.
func (t Test) Known() bool { return !t.End.IsZero() }

// State is what is known of one target at a time.
type State struct {
	Target
	Tests    []Test // by their end, the oldest first
	Last     Test   // not known: never tested
	Verified Test   // the last one that was verified; not known: never
	Fresh    bool   // verified lately
	Trend    Trend
	Findings []string // what is wrong, the worst first
}

// Trend compares the duration of the last verified restore with the median of those before it.
type Trend struct {
	Word   string        // Up, Down or Steady; empty with fewer than two verified restores
	Change time.Duration // of the last one; positive: it took longer
}

// The words of a trend. Steady is a change of less than a tenth.
const (
	Up     = "up"
	Down   = "down"
	Steady = "steady"
)

// Month is the default time within which every target has to be tested: a month, and the days by which an occurrence moves.
const Month = 35 * 24 * time.Hour

// States returns the state of each target at a time. What ended later is left out.
func States(targets []Target, drills []Drill, at time.Time, within time.Duration) []State {
	var list []State
	for _, t := range targets {
		s := State{Target: t}
		for _, d := range drills {
			for _, r := range d.ResultsOf(t.Name) {
				if !r.End.After(at) {
					s.Tests = append(s.Tests, Test{r, d})
				}
			}
		}
		stable.Sort(s.Tests, func(a, b Test) int { return a.End.Compare(b.End) })
		var passed []time.Duration
		for _, test := range s.Tests {
			s.Last = test
			if test.Result.Verified {
				s.Verified = test
				passed = append(passed, test.Duration())
			}
		}
		s.Trend = trendOf(passed)
		s.Fresh = s.Verified.Known() && at.Sub(s.Verified.End) <= within
		s.Findings = s.findings(at, within)
		list = append(list, s)
	}
	return list
}

func (s State) findings(at time.Time, within time.Duration) (list []string) {
	days := func(t time.Time) int { return int(at.Sub(t) / (24 * time.Hour)) }
	limit := int(within / (24 * time.Hour))
	switch {
	case !s.Last.Known():
		return []string{"never tested"}
	case !s.Verified.Known():
		list = append(list, "never verified")
	case !s.Fresh && days(s.Verified.End) <= limit:
		list = append(list, fmt.Sprintf("not verified for more than %d days", limit))
	case !s.Fresh:
		list = append(list, fmt.Sprintf("not verified for %d days (limit %d)", days(s.Verified.End), limit))
	}
	if !s.Last.Result.Verified && s.Verified.Known() {
		list = append(list, "last restore failed")
	}
	if s.Last.Result.Verified && s.Last.Size.Suspicious(s.Size) {
		list = append(list, "restored less than half of the expected size")
	}
	return list
}

// maxEarlier is how many restores the last one is compared with.
const maxEarlier = 6

func trendOf(passed []time.Duration) Trend {
	if len(passed) < 2 {
		return Trend{}
	}
	last, earlier := passed[len(passed)-1], passed[max(0, len(passed)-1-maxEarlier):len(passed)-1]
	sorted := stable.Sorted(earlier, cmp.Compare[time.Duration])
	median := sorted[(len(sorted)-1)/2]
	t := Trend{Word: Steady, Change: last - median}
	switch {
	case t.Change*10 > median:
		t.Word = Up
	case t.Change*10 < -median:
		t.Word = Down
	}
	return t
}

// Readiness says whether production is durable: every target was restored, and its data verified, lately (handbook: "Durable (automated
// backups and restores, monthly manual tests)").
type Readiness struct {
	Known   bool     // there are targets, and at least one restore was ever recorded
	Met     bool     // every target is fresh
	Fresh   int      // targets that were verified lately
	Targets int      // all targets
	Missing []string // names of the targets that were not
}

// Durable returns the readiness at a time. Drills are what [Read] returns; those that took place later do not matter.
func Durable(targets []Target, drills []Drill, at time.Time, within time.Duration) Readiness {
	r := Readiness{Targets: len(targets)}
	for _, s := range States(targets, drills, at, within) {
		r.Known = r.Known || s.Last.Known()
		if s.Fresh {
			r.Fresh++
		} else {
			r.Missing = append(r.Missing, s.Name)
		}
	}
	r.Met = r.Known && r.Fresh == r.Targets
	return r
}

// Untested returns the names of the targets that a drill has no verified result of.
func (d Drill) Untested(targets []Target) (names []string) {
	for _, t := range targets {
		if !slices.ContainsFunc(d.ResultsOf(t.Name), func(r Result) bool { return r.Verified }) {
			names = append(names, t.Name)
		}
	}
	return names
}
