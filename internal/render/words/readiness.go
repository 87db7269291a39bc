package words

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// measures are the names of the measures of production readiness.
var measures = map[string]string{
	"speed_index": "Speed index", "availability": "Uptime", "targets_restored": "Restores verified",
	"security_request_age": "Security requests", "deploy_frequency": "Deploys",
	"deploy_lead_time": "Lead time", "deploy_failure_share": "Failed deploys",
}

// Measure is the name of a measure of production readiness.
func Measure(name string) string {
	if s, ok := measures[name]; ok {
		return s
	}
	return name
}

// amount is a number with its unit.
func amount(number, unit string) string {
	if number == "" {
		return ""
	}
	return number + " " + unit
}

// MeasureValue is the value of a measure; "-" without one.
func MeasureValue(m jsonv1.ReadinessMeasure) string {
	if m.Value == "" {
		return "-"
	}
	return amount(m.Value, m.Unit)
}

// MeasureAim is the aim of a measure; "-" without one.
func MeasureAim(m jsonv1.ReadinessMeasure) string {
	if m.Aim == "" {
		return "-"
	}
	text := m.Op + " " + amount(m.Aim, m.Unit)
	if m.Name == "security_request_age" {
		text += " (others)"
	}
	return text
}

// Readiness says how many targets are met, missed and unknown.
func Readiness(doc jsonv1.Readiness) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{doc.Met, "met"}, {doc.Missed, "missed"}, {doc.Unknown, "unknown"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	if len(parts) == 0 {
		return "no targets"
	}
	return strings.Join(parts, ", ")
}
