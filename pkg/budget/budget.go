// Package budget holds the rules of error budgets: how long production may be down in a time window, and how much of that is spent.
//
// Start with [ParseSLO] and [Spend]. All numbers are exact rationals, never floats. What counts as an outage, clocks and printing do not
// belong here.
package budget

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Span is the half-open time of one outage.
type Span struct {
	Ref      string // reference of the issue
	From, To time.Time
	Unknown  bool // start or end is unknown: listed separately, never counted as zero
}

// Account is the state of a budget. Minutes are exact.
type Account struct {
	SLO      *big.Rat // percent of the window
	From, To time.Time
	Allowed  *big.Rat // minutes
	Spent    *big.Rat // minutes; overlapping outages count once
	Charged  []string // references of the outages in the window, by start
	Unknown  []string // references of outages with unknown times, sorted
}

var decimal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,9})?$`) })

// ParseSLO parses a service level objective: percent as an exact decimal above 0 and up to 100, such as 99.95.
func ParseSLO(s string) (*big.Rat, error) {
	word := strings.TrimSuffix(strings.TrimSpace(s), "%")
	r, ok := new(big.Rat).SetString(word)
	if !ok || !decimal().MatchString(word) || r.Sign() <= 0 || r.Cmp(big.NewRat(100, 1)) > 0 {
		return nil, fmt.Errorf("invalid objective %q (use a percentage such as 99.95)", s)
	}
	return r, nil
}

// Spend returns the account of a window. Spans are clipped to the window; overlapping time counts once. A span that ends before it starts
// is unknown.
func Spend(slo *big.Rat, from, to time.Time, spans []Span) Account {
	a := Account{SLO: slo, From: from.UTC(), To: to.UTC()}
	window := minutes(to.Sub(from))
	down := new(big.Rat).Sub(big.NewRat(100, 1), slo)
	a.Allowed = new(big.Rat).Quo(new(big.Rat).Mul(window, down), big.NewRat(100, 1))
	var inside []Span
	for _, s := range spans {
		switch {
		case s.Unknown || s.To.Before(s.From):
			a.Unknown = append(a.Unknown, s.Ref)
		case s.From.Before(to) && from.Before(s.To):
			inside = append(inside, Span{Ref: s.Ref, From: later(s.From, from), To: earlier(s.To, to)})
		}
	}
	slices.Sort(a.Unknown)
	stable.Sort(inside, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), strings.Compare(a.Ref, b.Ref)) })
	for _, s := range inside {
		a.Charged = append(a.Charged, s.Ref)
	}
	a.Spent = minutes(union(inside))
	return a
}

// union returns the total time covered by the spans, which are sorted by start.
func union(spans []Span) time.Duration {
	var sum time.Duration
	var reached time.Time
	for _, s := range spans {
		start := later(s.From, reached)
		if start.Before(s.To) {
			sum += s.To.Sub(start)
			reached = s.To
		}
	}
	return sum
}

// Left returns the remaining minutes; negative if the budget is overspent.
func (a Account) Left() *big.Rat { return new(big.Rat).Sub(a.Allowed, a.Spent) }

// Percent returns the share of the budget that is spent. ok is false for a budget of zero.
func (a Account) Percent() (share *big.Rat, ok bool) {
	if a.Allowed.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Mul(new(big.Rat).Quo(a.Spent, a.Allowed), big.NewRat(100, 1)), true
}

// places is the number of decimal places of a number that has no exact decimal form.
const places = 3

// Decimal formats a number exactly if nine decimal places are enough, else rounded to three.
func Decimal(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact || digits > 9 {
		digits = places
	}
	return r.FloatString(digits)
}

func minutes(d time.Duration) *big.Rat { return big.NewRat(int64(d), int64(time.Minute)) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
