package metric

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Outage is the half-open time of an outage that people recorded.
type Outage struct {
	Ref      string
	From, To time.Time
}

// Kind is the result of comparing one time in the queue with the metric.
type Kind string

// The kinds of compared time. Time in which both are silent is not listed.
const (
	Both        Kind = "both"         // recorded, and bad in the metric
	OnlyQueue   Kind = "queue_only"   // recorded, but good in the metric
	OnlyMetric  Kind = "metric_only"  // bad in the metric, but not recorded
	UnknownDown Kind = "unknown_down" // recorded, and unknown in the metric
	UnknownUp   Kind = "unknown"      // not recorded, and unknown in the metric
	neither     Kind = ""
)

// Interval is a half-open time of one kind. Intervals are in order and do not overlap.
type Interval struct {
	From, To time.Time
	Kind     Kind
	Refs     []string // of the outages, sorted
	Reason   string   // why the metric is unknown
	// Edge marks a difference that is no longer than a step and touches time on which both agree: the metric cannot show where within a step
	// an outage begins or ends.
	Edge bool
}

// Minutes is the exact length.
func (i Interval) Minutes() *big.Rat { return minutes(i.To.Sub(i.From)) }

// Comparison is the queue beside a metric.
type Comparison struct {
	Intervals []Interval
	Total     map[Kind]*big.Rat // exact minutes; every kind has one
}

// Differs reports whether the queue and the metric disagree by more than the edges of outages.
func (c Comparison) Differs() bool {
	return slices.ContainsFunc(c.Intervals, func(i Interval) bool { return !i.Edge && (i.Kind == OnlyQueue || i.Kind == OnlyMetric) })
}

// Of returns the intervals of a kind.
func (c Comparison) Of(k Kind) []Interval {
	return slices.DeleteFunc(slices.Clone(c.Intervals), func(i Interval) bool { return i.Kind != k })
}

// Compare compares outages with the spans of a metric, within the spans' window. Outages may overlap; each minute counts once.
func Compare(outages []Outage, spans []Span, step time.Duration) Comparison {
	out := Comparison{Total: map[Kind]*big.Rat{}}
	for _, k := range []Kind{Both, OnlyQueue, OnlyMetric, UnknownDown, UnknownUp} {
		out.Total[k] = new(big.Rat)
	}
	sorted := stable.Sorted(outages, func(a, b Outage) int { return cmp.Or(a.From.Compare(b.From), strings.Compare(a.Ref, b.Ref)) })
	for _, s := range spans {
		for _, i := range within(s, sorted) {
			if i.Kind != neither {
				out.add(i)
			}
		}
	}
	for n := range out.Intervals {
		out.Intervals[n].Edge = edge(out.Intervals, n, step)
		total := out.Total[out.Intervals[n].Kind]
		total.Add(total, out.Intervals[n].Minutes())
	}
	return out
}

// within cuts a span at the times at which outages begin and end.
func within(s Span, outages []Outage) []Interval {
	cuts := []time.Time{s.From, s.To}
	var inside []Outage
	for _, o := range outages {
		if !o.From.Before(s.To) || !s.From.Before(o.To) || !o.From.Before(o.To) {
			continue
		}
		inside = append(inside, o)
		cuts = append(cuts, calendar.Later(o.From, s.From), calendar.Earlier(o.To, s.To))
	}
	stable.Sort(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	var out []Interval
	for n := 1; n < len(cuts); n++ {
		i := Interval{From: cuts[n-1], To: cuts[n], Reason: s.Reason}
		for _, o := range inside {
			if !o.From.After(i.From) && o.To.After(i.From) {
				i.Refs = append(i.Refs, o.Ref)
			}
		}
		slices.Sort(i.Refs)
		i.Refs = slices.Compact(i.Refs)
		i.Kind = kind(s.State, len(i.Refs) > 0)
		out = append(out, i)
	}
	return out
}

func kind(s State, down bool) Kind {
	switch {
	case s == Unknown && down:
		return UnknownDown
	case s == Unknown:
		return UnknownUp
	case s == Bad && down:
		return Both
	case s == Bad:
		return OnlyMetric
	case down:
		return OnlyQueue
	}
	return neither
}

// add appends an interval, joined with the one before where only the time differs.
func (c *Comparison) add(i Interval) {
	if last := len(c.Intervals) - 1; last >= 0 {
		before := &c.Intervals[last]
		if before.To.Equal(i.From) && before.Kind == i.Kind && before.Reason == i.Reason && slices.Equal(before.Refs, i.Refs) {
			before.To = i.To
			return
		}
	}
	c.Intervals = append(c.Intervals, i)
}

func edge(all []Interval, n int, step time.Duration) bool {
	i := all[n]
	if i.Kind != OnlyQueue && i.Kind != OnlyMetric || i.To.Sub(i.From) > step {
		return false
	}
	return n > 0 && all[n-1].Kind == Both && all[n-1].To.Equal(i.From) ||
		n+1 < len(all) && all[n+1].Kind == Both && all[n+1].From.Equal(i.To)
}

func minutes(d time.Duration) *big.Rat { return big.NewRat(int64(d), int64(time.Minute)) }
