package report

import (
	"math/big"
	"slices"
	"time"
)

// Sample are lengths of time that are known, and how many are not.
type Sample struct {
	Known   []time.Duration // in any order
	Missing int
}

// Add is the sample with one more.
func (s *Sample) Add(d time.Duration, known bool) {
	if !known {
		s.Missing++
		return
	}
	s.Known = append(s.Known, d)
}

// Spread is how a sample is spread. The numbers are minutes: exact decimals with one digit, the half rounded up.
// Without a sample they are empty.
type Spread struct {
	Sample, Missing   int
	Median, Mean, P90 string
}

// Spread takes the middle one as the median, or the mean of the two in the middle; the sum by the number as the mean;
// and as the 90th percentile the least of those that nine in ten do not exceed (nearest rank), which is always one that happened.
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

// minutes is a number of nanoseconds divided by n, as minutes with one digit.
func minutes(nanoseconds *big.Int, n int) string {
	divisor := new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(int64(time.Minute)))
	return oneDigit(new(big.Rat).SetFrac(nanoseconds, divisor))
}

// oneDigit is a number that is not negative with one digit, the half rounded up.
func oneDigit(r *big.Rat) string { return r.FloatString(1) }

// Share is how many of a sample did something.
type Share struct {
	Sample, Missing int
	Number          int
	Percent         string // exact decimal with one digit, the half rounded up; empty without a sample
}

// Within is how many were no longer than a limit. Those that are not known are no part of the sample.
func (s Sample) Within(limit time.Duration) Share {
	out := Share{Sample: len(s.Known), Missing: s.Missing}
	for _, d := range s.Known {
		if d <= limit {
			out.Number++
		}
	}
	if out.Sample > 0 {
		out.Percent = oneDigit(big.NewRat(100*int64(out.Number), int64(out.Sample)))
	}
	return out
}

// meanOf is the mean of whole numbers with one digit; empty of none.
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
