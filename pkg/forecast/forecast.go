// Package forecast says how much a team is likely to finish, from what it finished before.
//
// Start with [Of]. It is a simulation over the working days of finished timeboxes: it knows nothing of issues, milestones or calendars, and
// reads neither a clock nor a random source of its own. The same history and seed give the same figures.
//
// A plain simulation, which draws days from the past, is right too seldom as soon as a team's pace changes from one timebox to the next: it
// takes the average pace for certain. So recent timeboxes weigh more, and each run has a pace of its own.
package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Day is what was finished on a working day.
type Day struct {
	Issues int
	Weight int
}

// Timebox is a finished timebox: its working days, in any order.
type Timebox []Day

// Total is the sum of the days.
func (t Timebox) Total() (sum Day) {
	for _, d := range t {
		sum.Issues += d.Issues
		sum.Weight += d.Weight
	}
	return sum
}

// Least is how many finished timeboxes a forecast needs.
const Least = 3

// Percents are the chances that a forecast names, in percent.
func Percents() []int { return []int{50, 70, 85, 95} }

// Forecast is the result of a simulation.
type Forecast struct {
	issues, weight []int // of all runs, sorted
}

// AtLeast returns what is finished with a chance of percent, from 1 to 99, or more than that.
func (f Forecast) AtLeast(percent int) Day {
	at := len(f.issues) * (100 - percent) / 100
	return Day{f.issues[at], f.weight[at]}
}

// Share is a part of a whole. The zero Share is the whole.
type Share struct{ Part, Whole int }

func (s Share) of(x float64) float64 {
	if s.Whole == 0 {
		return x
	}
	return x * float64(s.Part) / float64(s.Whole)
}

// The model. A timebox weighs half as much as the one after it. The pace of a coming timebox differs from that of the past ones by spread,
// which is a share of it, in one of three, and in addition by what is not known about the pace from so few finished issues.
const (
	runs   = 10000
	fading = 0.5
	spread = 0.125
)

// Of simulates a timebox of that many working days, after the finished ones, oldest first, of which at least [Least] are needed. available
// is the share of its person-days on which somebody works.
func Of(history []Timebox, days int, available Share, seed uint64) Forecast {
	return simulate(history, days, available, seed, runs)
}

func simulate(history []Timebox, days int, available Share, seed uint64, runs int) Forecast {
	p := newPast(history)
	draw := rand.New(rand.NewPCG(seed, uint64(days)))
	f := Forecast{issues: make([]int, runs), weight: make([]int, runs)}
	for n := range runs {
		pace := available.of(p.pace(draw))
		sum := p.days(draw, days)
		f.issues[n], f.weight[n] = int(math.Round(pace*float64(sum.Issues))), int(math.Round(pace*float64(sum.Weight)))
	}
	slices.Sort(f.issues)
	slices.Sort(f.weight)
	return f
}

// past is a history, ready to draw from.
type past struct {
	boxes  []Timebox
	shares []float64 // by timebox: the sum of the weights up to it, 1 for the last one
	spread float64   // of the pace, as the standard deviation of its logarithm
}

func newPast(history []Timebox) past {
	p := past{}
	var weights []float64
	var total, squares, finished float64
	w := 1.0
	for _, t := range slices.Backward(history) {
		if len(t) == 0 {
			continue
		}
		p.boxes, weights = append(p.boxes, t), append(weights, w)
		total, finished = total+w, finished+w*float64(t.Total().Issues)
		w *= fading
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
		p.shares = append(p.shares, sum/total)
		squares += (w / total) * (w / total)
	}
	if finished > 0 {
		p.spread = math.Sqrt(spread*spread + squares*total/finished) // n finished issues show the pace to one part in the root of n
	}
	return p
}

// pace is how fast the team is in one run, as a factor with the mean 1.
func (p past) pace(draw *rand.Rand) float64 {
	return math.Exp(p.spread*draw.NormFloat64() - p.spread*p.spread/2)
}

// days is what is finished on days drawn from the past.
func (p past) days(draw *rand.Rand, n int) (sum Day) {
	if len(p.boxes) == 0 {
		return sum
	}
	for range n {
		d := p.day(draw)
		sum.Issues += d.Issues
		sum.Weight += d.Weight
	}
	return sum
}

func (p past) day(draw *rand.Rand) Day {
	at, x := 0, draw.Float64()
	for at < len(p.shares)-1 && x >= p.shares[at] {
		at++
	}
	return p.boxes[at][draw.IntN(len(p.boxes[at]))]
}

// Days returns within how many working days n more issues are finished with a chance of percent, at most most; ok is false if that is not
// enough.
func Days(history []Timebox, n int, percent, most int, seed uint64) (days int, ok bool) {
	p := newPast(history)
	draw := rand.New(rand.NewPCG(seed, uint64(n)))
	needed := make([]int, runs)
	for run := range runs {
		left, pace := float64(n), p.pace(draw)
		for left > 0 && needed[run] <= most {
			needed[run]++
			left -= pace * float64(p.day(draw).Issues)
		}
	}
	slices.Sort(needed)
	days = needed[min(runs-1, runs*percent/100)]
	return days, days <= most
}
