package followup

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Parts is the part of a report about corrective actions; none if the team has no tracker for them.
func Parts(doc *jsonv1.FollowUps) []form.Part {
	if doc == nil {
		return nil
	}
	s := layout.Sheet{Columns: []layout.Column{{Name: "Corrective actions", Field: "name"}, {Name: "Count", Field: "count", Right: true}},
		None: "No corrective actions", Compact: true}
	done := doc.OnTime.Sample + doc.OnTime.Missing
	if doc.Open+done == 0 {
		return []form.Part{{Name: "Follow-ups", Sheet: s}}
	}
	for _, row := range []struct {
		name  string
		count int
	}{{"open", doc.Open}, {"overdue", doc.Overdue}, {"without a due date", doc.Undated}, {"done in the period", done}} {
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(row.name), layout.Number(row.count)})
	}
	var tail []string
	if done > 0 {
		tail = append(tail, "Done on time: "+words.ShareOnTime(doc.OnTime))
	}
	if doc.Age.Sample > 0 {
		tail = append(tail, fmt.Sprintf("Median age of the open ones: %s (n = %d)", words.MedianAge(doc.Age), doc.Age.Sample))
	}
	return []form.Part{{Name: "Follow-ups", Sheet: s, Tail: tail}}
}

// Line is the sentence for a summary; empty if the team has no tracker for corrective actions, or none of them in the period.
func Line(doc *jsonv1.FollowUps) string {
	if doc == nil || doc.Open+doc.OnTime.Sample+doc.OnTime.Missing == 0 {
		return ""
	}
	text := fmt.Sprintf("corrective actions: %d open, %d overdue", doc.Open, doc.Overdue)
	if doc.OnTime.Sample+doc.OnTime.Missing > 0 {
		text += "; " + words.OnTime(doc.OnTime)
	}
	return text
}

// Counts are the figures one by one, for tables that programs read.
func Counts(doc *jsonv1.FollowUps) (list []struct {
	Name  string
	Count int
}) {
	if doc == nil {
		return nil
	}
	add := func(name string, count int) {
		list = append(list, struct {
			Name  string
			Count int
		}{name, count})
	}
	add("open", doc.Open)
	add("overdue", doc.Overdue)
	add("undated", doc.Undated)
	add("done", doc.OnTime.Sample)
	add("done-on-time", doc.OnTime.Count)
	add("done-undated", doc.OnTime.Missing)
	return list
}
