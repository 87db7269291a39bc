package words

import (
	"cmp"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// GoesOn is the state, and that the incident was not over when the period ended although it is now.
func Ongoing(i jsonv1.WeeklyIncident) layout.Span {
	s := IncidentState(i.State)
	if over := i.State == jsonv1.IncidentResolved || i.State == jsonv1.IncidentReviewed; over && i.Ongoing {
		s.Text += ", later"
	}
	return s
}

// Evidence says where a time is written that is not in the record: in the timeline, or told by a label.
func Evidence(from string) string {
	if from == "" || from == "record" {
		return ""
	}
	return " (" + from + ")"
}

// Passed reports whether an incident has come as far as a state.
func Passed(i jsonv1.WeeklyIncident, s jsonv1.IncidentState) bool {
	life := []jsonv1.IncidentState{jsonv1.IncidentActive, jsonv1.IncidentMitigated, jsonv1.IncidentResolved, jsonv1.IncidentReviewed}
	return slices.Index(life, i.State) >= slices.Index(life, s)
}

// ChangeResult is what became of a change, else where it stands.
func ChangeResult(c jsonv1.WeeklyChange) layout.Span {
	switch {
	case c.State == jsonv1.ChangeComplete && c.Outcome == "" && !c.Withheld:
		return layout.As(layout.Warn, "complete, outcome unknown")
	case c.State == jsonv1.ChangeComplete && c.Outcome != "":
		return Result(c.Outcome)
	case c.State == jsonv1.ChangeScheduled || c.State == jsonv1.ChangeApproved:
		return layout.As(layout.Warn, string(c.State)+", not made")
	}
	return ChangeState(c.State)
}

// fewRecords is how many records of automation are listed one by one; more are summed up.
const fewRecords = 20

// RecordSum is how many records of automation have a type, an environment and an outcome in common.
type RecordSum struct {
	Kind, Environment, Outcome string
	Number                     int
}

// SummedRecords count the records of automation, sorted; there are none where they are few enough to be listed.
func SummedRecords(doc jsonv1.Weekly) []RecordSum {
	var sums []RecordSum
	all := 0
	for _, c := range doc.Changes {
		if c.Automation == nil {
			continue
		}
		all++
		one := RecordSum{cmp.Or(c.Automation.Type, Unknown), cmp.Or(c.Environment, Unknown), ChangeResult(c).Text, 0}
		i, found := slices.BinarySearchFunc(sums, one, RecordSum.compare)
		if !found {
			sums = slices.Insert(sums, i, one)
		}
		sums[i].Number++
	}
	if all <= fewRecords {
		return nil
	}
	return sums
}

func (s RecordSum) compare(other RecordSum) int {
	return cmp.Or(cmp.Compare(s.Kind, other.Kind), cmp.Compare(s.Environment, other.Environment), cmp.Compare(s.Outcome, other.Outcome))
}

// LackingHandoffs is how many shifts have no note.
func LackingHandoffs(doc jsonv1.Weekly) int {
	n := 0
	for _, h := range doc.Handoffs {
		if h.Posted == "" {
			n++
		}
	}
	return n
}

// LackingSum says how many shifts lack a note, where some do and some do not.
func LackingSum(doc jsonv1.Weekly) []string {
	if n := LackingHandoffs(doc); n > 0 && n < len(doc.Handoffs) {
		return []string{fmt.Sprintf("%d of %s without a note in the log.", n, Count(len(doc.Handoffs), "shift"))}
	}
	return nil
}
