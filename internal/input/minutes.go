package input

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
)

// Minutes is how long something takes, as it is written into the plan of a change: 45m, 1h30m, or 45, which are minutes. Given tells a
// typed 0 from nothing.
type Minutes struct {
	time.Duration
	Given bool
}

// Set reads the duration. An empty one, as from a variable that is not set, is none.
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
