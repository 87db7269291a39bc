package metric

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"
)

// number is a number as a monitoring system writes it. The lengths bound what an answer can make us compute; a floating-point number has
// fewer digits on both sides of the point.
var number = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?$`)
})

// ParseValue parses the value of a sample exactly. ok is false for NaN, infinity and everything else that is not a number.
func ParseValue(s string) (v *big.Rat, ok bool) {
	if !number().MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// Condition decides which values of a metric are bad, such as "> 0". The zero value finds none bad.
type Condition struct {
	Op    string // one of >, >=, <, <=, == and !=
	Limit *big.Rat
}

// operators are the comparisons of PromQL, the longer ones first.
var operators = []string{">=", "<=", "==", "!=", ">", "<"}

// AboveZero is the default condition: a metric that counts errors, or is 1 while something is down, is bad above 0.
func AboveZero() Condition { return Condition{Op: ">", Limit: new(big.Rat)} }

// ParseCondition parses a comparison of PromQL with a decimal number, such as "> 0", ">= 0.001" or "< 1".
func ParseCondition(s string) (Condition, error) {
	text := strings.TrimSpace(s)
	for _, op := range operators {
		rest, found := strings.CutPrefix(text, op)
		if !found {
			continue
		}
		limit, ok := ParseValue(strings.TrimSpace(rest))
		if !ok {
			return Condition{}, fmt.Errorf("invalid number in condition %q (use a comparison such as \"> 0.001\")", s)
		}
		return Condition{Op: op, Limit: limit}, nil
	}
	return Condition{}, fmt.Errorf("invalid condition %q (use a comparison such as \"> 0\" or \"< 1\")", s)
}

// Bad reports whether a value is bad.
func (c Condition) Bad(v *big.Rat) bool {
	if c.Limit == nil {
		return false
	}
	order := v.Cmp(c.Limit)
	switch c.Op {
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "==":
		return order == 0
	case "!=":
		return order != 0
	}
	return false
}

// String is the condition as it is entered.
func (c Condition) String() string {
	if c.Limit == nil {
		return ""
	}
	digits, exact := c.Limit.FloatPrec()
	if !exact {
		return c.Op + " " + c.Limit.RatString()
	}
	return c.Op + " " + c.Limit.FloatString(digits)
}
