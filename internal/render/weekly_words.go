package render

import (
	"cmp"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// goesOn is the state, and that the incident was not over when the period ended although it is now.
func goesOn(i jsonv1.WeeklyIncident) span {
	s := incidentState(i.State)
	if over := i.State == jsonv1.IncidentResolved || i.State == jsonv1.IncidentReviewed; over && i.GoesOn {
		s.text += ", later"
	}
	return s
}

// evidence says where a time is written that is not in the record: in the timeline, or told by a label.
func evidence(from string) string {
	if from == "" || from == "record" {
		return ""
	}
	return " (" + from + ")"
}

// passed reports whether an incident has come as far as a state.
func passed(i jsonv1.WeeklyIncident, s jsonv1.IncidentState) bool {
	life := []jsonv1.IncidentState{jsonv1.IncidentActive, jsonv1.IncidentMitigated, jsonv1.IncidentResolved, jsonv1.IncidentReviewed}
	return slices.Index(life, i.State) >= slices.Index(life, s)
}

// changeResult is what became of a change, else where it stands.
func changeResult(c jsonv1.WeeklyChange) span {
	switch {
	case c.State == jsonv1.ChangeComplete && c.Outcome == "" && !c.Withheld:
		return as(warn, "complete, outcome unknown")
	case c.State == jsonv1.ChangeComplete && c.Outcome != "":
		return result(c.Outcome)
	case c.State == jsonv1.ChangeScheduled || c.State == jsonv1.ChangeApproved:
		return as(warn, string(c.State)+", not made")
	}
	return changeState(c.State)
}

// fewRecords is how many records of automation are listed one by one; more are summed up.
const fewRecords = 20

// recordSum is how many records of automation have a type, an environment and an outcome in common.
type recordSum struct {
	kind, environment, outcome string
	number                     int
}

// summedRecords count the records of automation, sorted; there are none where they are few enough to be listed.
func summedRecords(doc jsonv1.Weekly) []recordSum {
	var sums []recordSum
	all := 0
	for _, c := range doc.Changes {
		if c.Automation == nil {
			continue
		}
		all++
		one := recordSum{cmp.Or(c.Automation.Type, unknown), cmp.Or(c.Environment, unknown), changeResult(c).text, 0}
		i, found := slices.BinarySearchFunc(sums, one, recordSum.compare)
		if !found {
			sums = slices.Insert(sums, i, one)
		}
		sums[i].number++
	}
	if all <= fewRecords {
		return nil
	}
	return sums
}

func (s recordSum) compare(other recordSum) int {
	return cmp.Or(cmp.Compare(s.kind, other.kind), cmp.Compare(s.environment, other.environment), cmp.Compare(s.outcome, other.outcome))
}

// lackingHandoffs is how many shifts have no note.
func lackingHandoffs(doc jsonv1.Weekly) int {
	n := 0
	for _, h := range doc.Handoffs {
		if h.Posted == "" {
			n++
		}
	}
	return n
}

// lackingSum says how many shifts lack a note, where some do and some do not.
func lackingSum(doc jsonv1.Weekly) []string {
	if n := lackingHandoffs(doc); n > 0 && n < len(doc.Handoffs) {
		return []string{fmt.Sprintf("%d of %s without a note in the log.", n, count(len(doc.Handoffs), "shift"))}
	}
	return nil
}
