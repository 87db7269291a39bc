package report

import (
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Count is how often something happened in a period (Current) and in the earlier periods of the same length (Previous, latest first).
type Count struct {
	Metric   string
	Current  int
	Previous []int
}

// Mean returns the mean of the earlier periods, with one decimal.
func (c Count) Mean() string { return meanOf(c.Previous) }

// counts counts incidents that started, by severity; changes that ended, by outcome; and on-call issues that were opened. Rows for an
// unknown severity or outcome are left out when they are zero throughout; all others are always there.
func counts(p Period, f Input) []Count {
	all := []Count{{Metric: "incidents"}, {Metric: "S1"}, {Metric: "S2"}, {Metric: "S3"}, {Metric: "S4"}, {Metric: "severity unknown"},
		{Metric: "changes"}, {Metric: "successes"}, {Metric: "failures"}, {Metric: "aborted"},
		{Metric: "outcome unknown"}, {Metric: "on-call issues"}}
	for n := range PriorPeriods + 1 {
		found := tally(p.Before(n), f)
		for i, c := range all {
			if n == 0 {
				all[i].Current = found[c.Metric]
			} else {
				all[i].Previous = append(all[i].Previous, found[c.Metric])
			}
		}
	}
	var list []Count
	for _, c := range all {
		if always := c.Metric != "severity unknown" && c.Metric != "outcome unknown"; always || c.Current > 0 || c.Mean() != "0.0" {
			list = append(list, c)
		}
	}
	return list
}

func tally(p Period, f Input) map[string]int {
	found := map[string]int{}
	for _, i := range startedIn(p, f.Incidents) {
		found["incidents"]++
		if i.Severity == incident.UnknownSeverity {
			found["severity unknown"]++
		} else {
			found[string(i.Severity)]++
		}
	}
	names := map[string]string{string(change.Success): "successes", string(change.Failure): "failures", string(change.Aborted): "aborted",
		Unknown: "outcome unknown"}
	for _, c := range changesOf(p, f.Changes) {
		if c.State.Over() {
			found["changes"]++
			found[names[Result(c.Change)]]++
		}
	}
	for _, i := range unique(f.Oncall, func(i issue.Issue) int64 { return i.ID }) {
		if p.Contains(i.CreatedAt) {
			found["on-call issues"]++
		}
	}
	return found
}
