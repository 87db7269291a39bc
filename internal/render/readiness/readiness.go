// Package readiness holds the form of the production-readiness report: the five targets with their measures, and months as a trend. The
// rules and the page for browsers do not belong here.
package readiness

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Form is the table and the page of the report.
func Form(doc jsonv1.Readiness, _ words.Clock) (form.Body, func(*layout.Page)) {
	r := report(doc)
	return form.Body{Sheet: rows(doc), Notes: doc.Notes, Post: r.Markdown()}, r.Write
}

func report(doc jsonv1.Readiness) form.Report {
	r := form.Report{Title: "Readiness " + form.Days(doc.From, doc.To, doc.Zone) + ": " + words.Readiness(doc), Notes: doc.Notes,
		Parts: []form.Part{{Name: "Targets", Sheet: targets(doc.Targets), Tail: reasons(doc.Targets)}}}
	if trend, ok := months(doc.Targets); ok {
		r.Parts = append(r.Parts, form.Part{Name: "Month by month", Sheet: trend, Tail: []string{"! marks a missed aim, - an unknown number"}})
	}
	for _, t := range doc.Targets {
		if t.Source != "" {
			r.Facts = append(r.Facts, layout.Fact{Name: "Source of " + t.Name, Value: []layout.Span{layout.T(t.Source)}})
		}
	}
	return r
}

func targets(list []jsonv1.ReadinessTarget) layout.Sheet {
	s := layout.Sheet{Compact: true, None: "No targets", Columns: []layout.Column{{Name: "Target"}, {Name: "State"},
		{Name: "Value", Right: true}, {Name: "Aim", Right: true, Drop: 1}, {Name: "n", Right: true, Drop: 2}}}
	for _, t := range list {
		for _, m := range t.Measures {
			s.Rows = append(s.Rows, []layout.Cell{layout.Text(words.Measure(m.Name)), state(m.State), layout.Text(words.MeasureValue(m)),
				layout.Text(words.MeasureAim(m)), layout.Number(m.Sample)})
		}
	}
	return s
}

// reasons says why measures are unknown or missed.
func reasons(list []jsonv1.ReadinessTarget) (lines []string) {
	for _, t := range list {
		for _, m := range t.Measures {
			if m.Why != "" {
				lines = append(lines, words.Measure(m.Name)+": "+m.Why)
			}
		}
	}
	return lines
}

// months is a row for each measure and a column for each month. Narrow terminals leave out the oldest months.
func months(list []jsonv1.ReadinessTarget) (s layout.Sheet, ok bool) {
	if len(list) == 0 || len(list[0].Months) == 0 {
		return s, false
	}
	s = layout.Sheet{Compact: true, Columns: []layout.Column{{Name: "Target"}}}
	all := list[0].Months
	for n, m := range all {
		drop := 0
		if n < len(all)-1 {
			drop = len(all) - n
		}
		s.Columns = append(s.Columns, layout.Column{Name: m.Month, Right: true, Drop: drop})
	}
	for _, t := range list {
		for n, m := range t.Measures {
			row := []layout.Cell{layout.Text(words.Measure(m.Name))}
			for _, month := range t.Months {
				row = append(row, inMonth(month.Measures[n]))
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s, true
}

func inMonth(m jsonv1.ReadinessMeasure) layout.Cell {
	text := words.MeasureValue(m)
	if m.State == "missed" {
		return layout.Cell{Span: layout.As(layout.Bad, text+" !"), Data: text + " !"}
	}
	return layout.Text(text)
}

func state(word string) layout.Cell {
	switch word {
	case "met":
		return layout.Styled(layout.Good, word)
	case "missed":
		return layout.Styled(layout.Bad, word)
	}
	return layout.Styled(layout.Warn, word)
}

// rows are the measures for programs: those of the whole period, which have no month, and then those of each month.
func rows(doc jsonv1.Readiness) layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{{Field: "target"}, {Field: "month"}, {Field: "measure"}, {Field: "state"}, {Field: "value"},
		{Field: "unit"}, {Field: "aim_operator"}, {Field: "aim"}, {Field: "sample"}, {Field: "reached_percent"}, {Field: "reason"},
		{Field: "source"}}}
	add := func(t jsonv1.ReadinessTarget, month string, list []jsonv1.ReadinessMeasure) {
		for _, m := range list {
			reached := ""
			if m.Reached != nil {
				reached = fmt.Sprint(*m.Reached)
			}
			s.Rows = append(s.Rows, []layout.Cell{layout.Text(t.Name), layout.Text(month), layout.Text(m.Name), layout.Text(m.State),
				layout.Text(m.Value), layout.Text(m.Unit), layout.Text(m.Op), layout.Text(m.Aim), layout.Number(m.Sample),
				layout.Text(reached), layout.Text(m.Why), layout.Text(t.Source)})
		}
	}
	for _, t := range doc.Targets {
		add(t, "", t.Measures)
	}
	for _, t := range doc.Targets {
		for _, m := range t.Months {
			add(t, m.Month, m.Measures)
		}
	}
	return s
}
