package flow

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Period is a time with its end, which is not part of it.
type Period struct{ From, To time.Time }

func (p Period) has(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// days is the length in days, at least one.
func (p Period) days() int { return max(1, int(p.To.Sub(p.From)/(24*time.Hour))) }

// Percents are the percentiles of cycle times.
func Percents() []int { return []int{50, 85, 95} }

// Measures are the measures of a period.
type Measures struct {
	Period    Period
	Finished  []Path // started and finished within the period, by their end
	Unstarted int    // finished within the period without having been in the starting column: their cycle time is unknown
	Unknown   int    // finished or in progress, with a label that was deleted
	// InProgress are the issues that have started and are open at the end, the oldest first.
	InProgress []Aged
	// Cycle are the percentiles of the cycle times, by percent; empty without finished issues.
	Cycle map[int]time.Duration
	// Columns is how long the finished issues were in each column, between their start and their end; with an empty name: in none of them.
	Columns []ColumnTime
	// Waiting and Blocked are the parts of the time between start and end of the finished issues; Total is all of it.
	Waiting, Blocked, Total Sum
	Handoffs                int // of the finished issues
}

// Sum is a sum of durations in milliseconds, which is GitLab's precision. A [time.Duration] ends at 292 years: a few thousand issues.
type Sum int64

func (s *Sum) add(d time.Duration) { *s += Sum(d / time.Millisecond) }

// Minutes returns the sum in whole minutes, rounded down.
func (s Sum) Minutes() int { return int(s / (60 * 1000)) }

// Percent returns the share of a whole in percent, rounded half up; 0 of nothing.
func (s Sum) Percent(whole Sum) int {
	if whole == 0 {
		return 0
	}
	return int((200*s + whole) / (2 * whole))
}

// Aged is an issue in progress with its age.
type Aged struct {
	Path
	Column string
	Age    time.Duration
	Old    bool // older than 85 % of the finished issues took
}

// ColumnTime is the time in a column.
type ColumnTime struct {
	Column string
	Time   Sum
}

// CycleTime is the time from the start to the end.
func (p Path) CycleTime() time.Duration { return p.Finished.Sub(p.Started) }

// Measure measures a period, which ends now or earlier.
func Measure(paths []Path, b Board, in Period) Measures {
	m := Measures{Period: in, Cycle: map[int]time.Duration{}}
	spent := map[string]*Sum{}
	for _, c := range b.Layout.Columns {
		spent[c.Name] = new(Sum)
	}
	for _, p := range paths {
		done := in.has(p.Finished) && !p.Finished.IsZero()
		open := p.Finished.IsZero() || !p.Finished.Before(in.To)
		working := open && !p.Started.IsZero() && p.Started.Before(in.To)
		if (done || working) && p.Unknown {
			m.Unknown++
		}
		switch {
		case done && p.Started.IsZero():
			m.Unstarted++
		case done:
			m.Finished = append(m.Finished, p)
			m.add(p, b, spent)
		case working:
			m.InProgress = append(m.InProgress, Aged{Path: p, Column: p.columnAt(in.To), Age: in.To.Sub(p.Started)})
		}
	}
	stable.Sort(m.Finished, func(a, b Path) int { return a.Finished.Compare(b.Finished) })
	stable.Sort(m.InProgress, func(a, b Aged) int { return a.Started.Compare(b.Started) })
	m.percentiles()
	between := m.Total
	for _, c := range b.Layout.Columns {
		m.Columns = append(m.Columns, ColumnTime{c.Name, *spent[c.Name]})
		between -= *spent[c.Name]
	}
	if between > 0 {
		m.Columns = append(m.Columns, ColumnTime{"", between})
	}
	return m
}

func (m *Measures) add(p Path, b Board, spent map[string]*Sum) {
	active := Stay{From: p.Started, To: p.Finished}
	for _, s := range p.Stays {
		d := overlap(s, active, p.Finished)
		spent[s.Column].add(d)
		if s.Column == b.Layout.Waiting && b.Layout.Waiting != "" {
			m.Waiting.add(d)
		}
	}
	for _, s := range p.Blocked {
		m.Blocked.add(overlap(s, active, p.Finished))
	}
	m.Total.add(p.CycleTime())
	m.Handoffs += p.Handoffs
}

func overlap(a, b Stay, now time.Time) time.Duration {
	return max(0, earlier(a.until(now), b.until(now)).Sub(later(a.From, b.From)))
}

func (m *Measures) percentiles() {
	var times []time.Duration
	for _, p := range m.Finished {
		times = append(times, p.CycleTime())
	}
	slices.Sort(times)
	for _, percent := range Percents() {
		if len(times) > 0 {
			m.Cycle[percent] = Percentile(times, percent)
		}
	}
	for n, a := range m.InProgress { // in minutes, as both are shown
		m.InProgress[n].Old = len(times) > 0 && a.Age/time.Minute > m.Cycle[85]/time.Minute
	}
}

// Percentile returns the smallest of the sorted values that at least percent of them do not exceed (the nearest rank).
func Percentile(sorted []time.Duration, percent int) time.Duration {
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(0, rank-1)]
}

// Shares are the shares of [Measures.Columns] in percent. They add up to 100: what rounding leaves goes to the largest remainders.
func (m Measures) Shares() []int {
	shares, rests, left := make([]int, len(m.Columns)), make([]Sum, len(m.Columns)), 100
	if m.Total == 0 {
		return shares
	}
	for n, c := range m.Columns {
		shares[n], rests[n] = int(100*c.Time/m.Total), 100*c.Time%m.Total
		left -= shares[n]
	}
	for ; left > 0; left-- {
		most := slices.Index(rests, slices.Max(rests))
		shares[most]++
		rests[most] = -1
	}
	return shares
}

// Throughput is how many issues were finished, in hundredths for each week.
func (m Measures) Throughput() int {
	return (len(m.Finished) + m.Unstarted) * 100 * 7 / m.Period.days()
}

// columnAt is the column at a time; empty: none.
func (p Path) columnAt(t time.Time) string {
	for _, s := range slices.Backward(p.Stays) {
		if s.From.Before(t) && (s.To.IsZero() || !s.To.Before(t)) {
			return s.Column
		}
	}
	return ""
}

// Level is how many issues are in each column at a time, and how many are finished.
type Level struct {
	At       time.Time
	Columns  map[string]int
	Finished int // since the beginning of the period
}

// Cumulative returns the levels at some times of the period, for a cumulative flow diagram.
func Cumulative(paths []Path, in Period, at []time.Time) []Level {
	all := make([]Level, len(at))
	for n, t := range at {
		all[n] = Level{At: t, Columns: map[string]int{}}
		for _, p := range paths {
			switch column := p.columnAt(t); {
			case !p.Finished.IsZero() && !p.Finished.After(t):
				if in.has(p.Finished) {
					all[n].Finished++
				}
			case column != "":
				all[n].Columns[column]++
			}
		}
	}
	return all
}

// InProgress is the mean number of issues in progress during the period, in hundredths, as the time that they were in progress tells.
func InProgress(paths []Path, in Period) int {
	var sum, whole Sum
	for _, p := range paths {
		if !p.Started.IsZero() {
			sum.add(overlap(Stay{From: p.Started, To: p.Finished}, Stay{From: in.From, To: in.To}, in.To))
		}
	}
	whole.add(in.To.Sub(in.From))
	return int(sum * 100 / max(whole, 1))
}
