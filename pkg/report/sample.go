package report

import (
	"math/big"
	"slices"
	"time"
)

// Sample is a set of durations, and the number of those that are unknown.
type Sample struct {
	Known   []time.Duration // in any order
	Missing int
}

// Add adds one duration, or counts it as missing if it is not known.
func (s *Sample) Add(d time.Duration, known bool) {
	if !known {
		s.Missing++
		return
	}
	s.Known = append(s.Known, d)
}

// Spread summarizes a sample. Median, Mean and P90 are minutes: exact decimals with one digit, rounded half up, and empty for an empty
// sample.
type Spread struct {
	Sample, Missing   int
	Median, Mean, P90 string
}

// Spread computes the median, the mean and the 90th percentile. The percentile is by nearest rank, so it is always a duration from the
// sample.
func (s Sample) Spread() Spread {
	out := Spread{Sample: len(s.Known), Missing: s.Missing}
	n := len(s.Known)
	if n == 0 {
		return out
	}
	all := slices.Sorted(slices.Values(s.Known))
	sum := new(big.Int)
	for _, d := range all {
		sum.Add(sum, big.NewInt(int64(d)))
	}
	middle := new(big.Int).Add(big.NewInt(int64(all[(n-1)/2])), big.NewInt(int64(all[n/2])))
	out.Median, out.Mean, out.P90 = minutes(middle, 2), minutes(sum, n), minutes(big.NewInt(int64(all[(9*n+9)/10-1])), 1)
	return out
}

// minutes formats nanoseconds divided by n as minutes with one digit.
func minutes(nanoseconds *big.Int, n int) string {
	divisor := new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(int64(time.Minute)))
	return oneDigit(new(big.Rat).SetFrac(nanoseconds, divisor))
}

// oneDigit formats a number that is not negative with one digit, rounded half up.
func oneDigit(r *big.Rat) string { return r.FloatString(1) }

// Share is how many items of a sample meet a condition.
type Share struct {
	Sample, Missing int
	Count           int
	Percent         string // exact decimal with one digit, rounded half up; empty without a sample
}

// Within returns how many durations are at most limit. Unknown ones are not part of the sample.
func (s Sample) Within(limit time.Duration) Share {
	out := Share{Sample: len(s.Known), Missing: s.Missing}
	for _, d := range s.Known {
		if d <= limit {
			out.Count++
		}
	}
	return out.Exact()
}

// Exact returns the share with its percentage.
func (s Share) Exact() Share {
	s.Percent = percentOf(s.Count, s.Sample)
	return s
}

// meanOf returns the mean with one digit, or "" for an empty list.
func meanOf(list []int) string {
	if len(list) == 0 {
		return ""
	}
	sum := int64(0)
	for _, n := range list {
		sum += int64(n)
	}
	return oneDigit(big.NewRat(sum, int64(len(list))))
}
