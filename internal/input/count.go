package input

import (
	"fmt"
	"strconv"
)

// Count is a whole number within bounds.
type Count struct {
	Value       int
	least, most int
	unset       bool
}

// AtLeast is a number of at least least, by default usual.
func AtLeast(least, usual int) Count { return Count{Value: usual, least: least} }

// Between is a number from least to most, by default usual.
func Between(least, most, usual int) Count { return Count{Value: usual, least: least, most: most} }

// Optional is a number of at least least that may be missing.
func Optional(least int) Count { return Count{least: least, unset: true} }

// Given returns the number; nil if it is missing.
func (c Count) Given() *int {
	if c.unset {
		return nil
	}
	return &c.Value
}

// Set parses the number.
func (c *Count) Set(raw string) error {
	n, err := strconv.Atoi(raw)
	switch {
	case err != nil:
		return invalid(fmt.Errorf("invalid number %q", raw), strconv.Itoa(c.Value))
	case c.most > 0 && (n < c.least || n > c.most):
		return invalid(fmt.Errorf("%d is out of range (%d to %d)", n, c.least, c.most), strconv.Itoa(c.Value))
	case n < c.least:
		return invalid(fmt.Errorf("%d is too small (at least %d)", n, c.least), strconv.Itoa(c.Value))
	}
	c.Value, c.unset = n, false
	return nil
}

// String is the number; empty if it is missing.
func (c *Count) String() string {
	if c.unset {
		return ""
	}
	return strconv.Itoa(c.Value)
}

// Type is number.
func (c *Count) Type() string { return "number" }
