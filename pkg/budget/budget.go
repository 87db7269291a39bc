// Package budget holds the rules of error budgets: for how long production may be down in a window of time, and how much of that is spent.
//
// Start with [ParseSLO] and [Spend]. Everything is an exact rational number; nothing here is a float.
// What an outage is, and where its times come from, is the caller's business; so are clocks and printing.
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
)

// Span is the time of one outage, from one instant up to another.
type Span struct {
	Ref      string // of the issue that tells of it
	From, To time.Time
	Unknown  bool // it is not known when it began or ended: it is listed apart, and never counts as nothing
}

// Account is what is left of a budget. Minutes are exact.
type Account struct {
	SLO      *big.Rat // percent of the window
	From, To time.Time
	Allowed  *big.Rat // minutes
	Spent    *big.Rat // minutes; outages at the same time count once
	Charged  []string // references of the outages that fall into the window, in the order in which they began
	Unknown  []string // references of those whose time is not known, sorted
}

var decimal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,9})?$`) })

// ParseSLO reads a service level objective: percent as an exact decimal above 0 and up to 100, such as 99.95.
func ParseSLO(s string) (*big.Rat, error) {
	word := strings.TrimSuffix(strings.TrimSpace(s), "%")
	r, ok := new(big.Rat).SetString(word)
	if !ok || !decimal().MatchString(word) || r.Sign() <= 0 || r.Cmp(big.NewRat(100, 1)) > 0 {
		return nil, fmt.Errorf("%q is no objective: write percent such as 99.95", s)
	}
	return r, nil
}

// Spend is the account of a window. Spans are clipped to the window, and those outside of it do not matter; what overlaps is counted once.
// A span that ends before it begins is unknown.
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
	slices.SortFunc(inside, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), strings.Compare(a.Ref, b.Ref)) })
	for _, s := range inside {
		a.Charged = append(a.Charged, s.Ref)
	}
	a.Spent = minutes(union(inside))
	return a
}

// union is how long at least one of the spans goes on; they are sorted by their beginning.
func union(spans []Span) time.Duration {
	var sum time.Duration
	var reached time.Time
	for _, s := range spans {
		begin := later(s.From, reached)
		if begin.Before(s.To) {
			sum += s.To.Sub(begin)
			reached = s.To
		}
	}
	return sum
}

// Left is what may still be spent, in minutes; negative when more was spent than is allowed.
func (a Account) Left() *big.Rat { return new(big.Rat).Sub(a.Allowed, a.Spent) }

// Percent is how much of the budget is spent. Of a budget of nothing it is not known.
func (a Account) Percent() (*big.Rat, bool) {
	if a.Allowed.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Mul(new(big.Rat).Quo(a.Spent, a.Allowed), big.NewRat(100, 1)), true
}

// places is how many digits stand behind the point of a number that no decimal is equal to.
const places = 3

// Decimal writes a number: exactly where a decimal of up to nine digits behind the point is, else rounded to three.
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
