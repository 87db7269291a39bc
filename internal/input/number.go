package input

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
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
	form := strconv.Itoa(max(c.Value, c.least))
	switch {
	case err != nil:
		return invalid(fmt.Errorf("invalid number %q", raw), form)
	case c.most > 0 && (n < c.least || n > c.most):
		return invalid(fmt.Errorf("%d is out of range (%d to %d)", n, c.least, c.most), form)
	case n < c.least:
		return invalid(fmt.Errorf("%d is too small (at least %d)", n, c.least), form)
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

// Minutes is a duration as the plan of a change writes it: 45m, 1h30m, or 45 for minutes. Given is false for no input, and true for 0.
type Minutes struct {
	time.Duration
	Given bool
}

// Set parses the duration. An empty string, as from an unset variable, means no input.
func (m *Minutes) Set(raw string) (err error) {
	if strings.TrimSpace(raw) == "" {
		return nil
	}
	m.Duration, err = change.ParseMinutes(raw)
	m.Given = err == nil
	return invalid(err, "45m", "1h30m")
}

// String is the duration, empty for none.
func (m *Minutes) String() string {
	if !m.Given {
		return ""
	}
	return change.FormatMinutes(m.Duration)
}

// Type is duration.
func (m *Minutes) Type() string { return "duration" }

// Downtime is a duration, or the word approved: downtime in the window of the change does not spend the error budget.
type Downtime struct {
	Minutes
	Approved bool
}

// Set parses the duration or the word.
func (d *Downtime) Set(raw string) error {
	if d.Approved = strings.EqualFold(strings.TrimSpace(raw), change.DowntimeApproved); d.Approved {
		d.Minutes = Minutes{Given: true}
		return nil
	}
	return d.Minutes.Set(raw)
}

// String is the duration or the word, empty for none.
func (d *Downtime) String() string {
	if d.Approved {
		return change.DowntimeApproved
	}
	return d.Minutes.String()
}

// Share is a share of users, from 0 to 1 or in percent, as an exact decimal.
type Share string

// Set parses the share.
func (s *Share) Set(raw string) error {
	if *s = ""; strings.TrimSpace(raw) == "" {
		return nil
	}
	share, err := incident.ParseImpact(raw)
	*s = Share(share)
	return invalid(err, "0.25", "25%")
}

// String is the decimal.
func (s *Share) String() string { return string(*s) }

// Type is share.
func (s *Share) Type() string { return "share" }
