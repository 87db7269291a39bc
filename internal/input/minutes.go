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
