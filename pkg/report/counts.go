package report

import (
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Count is how often something happened in the period, and in the periods of the same length before it, the latest first.
type Count struct {
	What   string
	Now    int
	Before []int
}

// Mean is that of the periods before, with one digit.
func (c Count) Mean() string { return meanOf(c.Before) }

// counts are of incidents that began, by severity; of changes that ended, by what became of them; and of on-call issues that were opened.
// What is always told is told also when there were none.
func counts(p Period, f Facts) []Count {
	all := []Count{{What: "incidents"}, {What: "S1"}, {What: "S2"}, {What: "S3"}, {What: "S4"}, {What: "severity unknown"},
		{What: "changes"}, {What: "successes"}, {What: "failures"}, {What: "aborted"}, {What: "outcome unknown"}, {What: "oncall issues"}}
	for n := range Compared + 1 {
		found := tally(p.Before(n), f)
		for i, c := range all {
			if n == 0 {
				all[i].Now = found[c.What]
			} else {
				all[i].Before = append(all[i].Before, found[c.What])
			}
		}
	}
	var told []Count
	for _, c := range all {
		if often := c.What != "severity unknown" && c.What != "outcome unknown"; often || c.Now > 0 || c.Mean() != "0.0" {
			told = append(told, c)
		}
	}
	return told
}

func tally(p Period, f Facts) map[string]int {
	found := map[string]int{}
	for _, i := range began(p, f.Incidents) {
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
		if p.Has(i.CreatedAt) {
			found["oncall issues"]++
		}
	}
	return found
}
