package words

import (
	"cmp"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Ongoing styles the state of an incident in a report. An incident that was resolved only after the period ended gets ", later".
func Ongoing(i jsonv1.WeeklyIncident) layout.Span {
	s := IncidentState(i.State)
	if over := i.State == jsonv1.IncidentResolved || i.State == jsonv1.IncidentReviewed; over && i.Ongoing {
		s.Text += ", later"
	}
	return s
}

// Evidence formats the source of a time that is not from the record: " (timeline)" or " (label)".
func Evidence(from string) string {
	if from == "" || from == "record" {
		return ""
	}
	return " (" + from + ")"
}

// Reached reports whether an incident has reached a state.
func Reached(i jsonv1.WeeklyIncident, s jsonv1.IncidentState) bool {
	life := []jsonv1.IncidentState{jsonv1.IncidentActive, jsonv1.IncidentMitigated, jsonv1.IncidentResolved, jsonv1.IncidentReviewed}
	return slices.Index(life, i.State) >= slices.Index(life, s)
}

// ChangeResult styles the outcome of a change, or its state if it has no outcome.
func ChangeResult(c jsonv1.WeeklyChange) layout.Span {
	switch {
	case c.State == jsonv1.ChangeComplete && c.Outcome == "" && !c.Withheld:
		return layout.As(layout.Warn, "complete, outcome unknown")
	case c.State == jsonv1.ChangeComplete && c.Outcome != "":
		return Result(c.Outcome)
	case c.State == jsonv1.ChangeScheduled || c.State == jsonv1.ChangeApproved:
		return layout.As(layout.Warn, string(c.State)+", not started")
	}
	return ChangeState(c.State)
}

// fewRecords is how many changes recorded by automation are listed one by one. More are summed up.
const fewRecords = 20

// RecordSum is how many changes recorded by automation have the same type, environment and outcome.
type RecordSum struct {
	Kind, Environment, Outcome string
	Number                     int
}

// SummedRecords sums up the changes recorded by automation, sorted. It returns nothing if they are few enough to be listed.
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

// MissingNotes returns how many shifts have no note.
func MissingNotes(doc jsonv1.Weekly) int {
	n := 0
	for _, h := range doc.Handoffs {
		if h.Posted == "" {
			n++
		}
	}
	return n
}

// MissingNotesLine says how many shifts have no note, if some do and some do not.
func MissingNotesLine(doc jsonv1.Weekly) []string {
	if n := MissingNotes(doc); n > 0 && n < len(doc.Handoffs) {
		have := "have"
		if n == 1 {
			have = "has"
		}
		return []string{fmt.Sprintf("%d of %s %s no note in the log", n, Count(len(doc.Handoffs), "shift"), have)}
	}
	return nil
}

// Within says how many incidents were mitigated in time.
func Within(w jsonv1.Share) string {
	if w.Sample == 0 {
		return fmt.Sprintf("Mitigated within 30m: unknown (%s)", NoData(w.Missing))
	}
	text := fmt.Sprintf("Mitigated within 30m: %d of %d (%s)", w.Count, w.Sample, Percent(w.Percent))
	if w.Missing > 0 {
		text += ", " + NoData(w.Missing)
	}
	return text
}
