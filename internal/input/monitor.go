package input

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// Monitor is a monitoring system: prometheus=URL.
type Monitor struct{ Address string }

const prometheus = "prometheus"

// Set takes the kind and the address. Whether the address is valid is checked where the system is asked.
func (m *Monitor) Set(raw string) error {
	kind, address, found := strings.Cut(strings.TrimSpace(raw), "=")
	switch {
	case !found || strings.TrimSpace(address) == "":
		return invalid(fmt.Errorf("invalid monitoring system (use %s=https://prometheus.example.com)", prometheus))
	case !strings.EqualFold(kind, prometheus):
		return invalid(fmt.Errorf("unknown monitoring system %q (use %s=URL)", kind, prometheus))
	}
	m.Address = address
	return nil
}

// String is the input, for help and plans.
func (m *Monitor) String() string {
	if m.Address == "" {
		return ""
	}
	return prometheus + "=" + m.Address
}

// Type is prometheus=url.
func (m *Monitor) Type() string { return "prometheus=url" }

// Condition says which values of a metric are bad, such as "> 0".
type Condition struct{ metric.Condition }

// Set takes a comparison with a number.
func (c *Condition) Set(raw string) (err error) {
	if c.Condition, err = metric.ParseCondition(raw); err != nil {
		return invalid(err)
	}
	return nil
}

// Type is condition.
func (c *Condition) Type() string { return "condition" }

// Step is the time between two samples: whole seconds, from 1s to 24h.
type Step struct{ time.Duration }

// Set takes a duration such as 1m.
func (s *Step) Set(raw string) error {
	d, err := time.ParseDuration(strings.TrimSpace(raw))
	if err != nil || d < time.Second || d > 24*time.Hour || d%time.Second != 0 {
		return invalid(fmt.Errorf("invalid step %q (use whole seconds from 1s to 24h, such as 1m)", raw))
	}
	s.Duration = d
	return nil
}

// String is the duration without zero parts: 1m, not 1m0s.
func (s *Step) String() string {
	text := s.Duration.String()
	for _, rest := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, rest) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Type is duration.
func (s *Step) Type() string { return "duration" }
