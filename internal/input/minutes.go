package input

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
)

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
