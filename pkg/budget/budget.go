// Package budget holds the rules of error budgets: how long production may be down in a time window, and how much of that is spent.
//
// Start with [Period.Window] for the window, [OutageOf] for the downtime of an incident with its evidence, and [New] for the report with
// its accounts: overall, by service and by team. All numbers are exact rationals, never floats. Requests, the clock and printing are not
// here.
package budget

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"
	"time"
)

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

// lasting is the duration of a number of minutes, rounded down to whole nanoseconds. ok is false if it is longer than most.
func lasting(r *big.Rat, most time.Duration) (d time.Duration, ok bool) {
	n := new(big.Rat).Mul(r, big.NewRat(int64(time.Minute), 1))
	whole := new(big.Int).Div(n.Num(), n.Denom())
	if !whole.IsInt64() || whole.Int64() > int64(most) {
		return 0, false
	}
	return time.Duration(whole.Int64()), true
}

// percent is a share in percent.
func percent(part, whole *big.Rat) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).Quo(part, whole), big.NewRat(100, 1))
}
