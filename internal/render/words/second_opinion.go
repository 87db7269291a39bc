package words

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Compared says where the minutes of an interval are.
func Compared(i jsonv1.ComparedInterval) string {
	text := map[string]string{"both": "both", "queue_only": "queue only", "metric_only": "metric only",
		"unknown": "unknown", "unknown_down": "queue, metric unknown"}[i.Kind]
	if text == "" {
		text = i.Kind
	}
	if i.Edge {
		text += " (edge)"
	}
	return text
}

// SecondOpinion says what was compared and how much agrees, as sentences without a full stop.
func SecondOpinion(s jsonv1.SecondOpinion) []string {
	step := FormatStep(s.Step)
	lines := []string{fmt.Sprintf("Metric: %s from %s, bad if %s, a sample every %s", s.Query, s.Address, s.Bad, step)}
	if s.Error != "" {
		return append(lines, s.Error)
	}
	verdict := "The queue and the metric agree"
	if s.Differs {
		verdict = "The queue and the metric differ"
	}
	lines = append(lines, fmt.Sprintf("%s: %s min in both, %s only in the queue, %s only in the metric", verdict, s.Both, s.OnlyQueue,
		s.OnlyMetric))
	if s.UnknownDown != "0" || s.Unknown != "0" {
		lines = append(lines, fmt.Sprintf("Metric unknown for %s min of incidents and %s min of other time", s.UnknownDown, s.Unknown))
	}
	if len(s.Missing) > 0 {
		lines = append(lines, "Incidents of unknown duration may explain differences: "+List(s.Missing))
	}
	if s.Withheld {
		lines = append(lines, "Intervals of confidential incidents are left out; to see them, add --include-confidential")
	}
	for _, note := range s.Notes {
		lines = append(lines, "Prometheus: "+note)
	}
	return lines
}

// FormatStep is a number of seconds such as 30s, 1m or 1h30m.
func FormatStep(seconds int) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", seconds)
}
