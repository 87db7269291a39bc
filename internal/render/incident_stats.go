package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IncidentStats shows how incidents went. Outside of a page a confidential one is its reference, unless the options say otherwise.
func (v *View) IncidentStats(doc jsonv1.IncidentStats) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	b := body{sheet: statsRows(doc), notes: doc.Notes, post: statsPost(doc)}
	b.also = v.asPage(func(in *time.Location) string { return htmlIncidentStats(doc, in) })
	return v.show(doc, b, func(p *page) {
		p.line(0, as(strong, statsTitle(doc)))
		for _, part := range statsParts(doc) {
			p.gap()
			p.line(0, as(strong, part.name))
			p.sheet(part.sheet)
			p.lines(sentenced(part.tail))
		}
		p.tail(notes(doc.Notes))
	})
}

func statsPost(doc jsonv1.IncidentStats) string {
	var out strings.Builder
	out.WriteString("## " + mdCell(statsTitle(doc)) + "\n")
	for _, part := range statsParts(doc) {
		out.WriteString("\n### " + mdCell(part.name) + "\n\n" + part.sheet.markdown(part.tail))
	}
	if len(doc.Notes) > 0 {
		out.WriteString("\n" + bullets(sentenced(notes(doc.Notes))))
	}
	return out.String()
}

func statsTitle(doc jsonv1.IncidentStats) string {
	days := doc.From + " to " + doc.To
	if doc.Zone != "UTC" && doc.Zone != "" {
		days += " (" + doc.Zone + ")"
	}
	return fmt.Sprintf("Incidents that began from %s: %d", days, doc.Number)
}

func statsParts(doc jsonv1.IncidentStats) []weeklyPart {
	if doc.Number == 0 {
		return []weeklyPart{{"By ISO week", statsWeeks(doc), nil}}
	}
	return []weeklyPart{
		{"How long it took, in minutes from the start", statsTimes(doc.Times), []string{within(doc.Times.Within)}},
		{"By severity (median minutes, and of how many it is known)", statsGroups(doc.Severities), nil},
		{"By service (likewise; an incident counts for each of its services)", statsGroups(doc.Services), nil},
		{"By ISO week", statsWeeks(doc), nil},
	}
}

func within(w jsonv1.Share) string {
	if w.Sample == 0 {
		return fmt.Sprintf("Mitigated within 30 min: not known of any, %d missing.", w.Missing)
	}
	return fmt.Sprintf("Mitigated within 30 min: %d of %d (%s %%), %d missing.", w.Number, w.Sample, w.Percent, w.Missing)
}

func statsTimes(times jsonv1.IncidentTimes) sheet {
	s := sheet{columns: []column{
		{name: "To", field: "what"}, {name: "Median", field: "median", right: true}, {name: "Mean", field: "mean", right: true}, {name: "p90", field: "p90", right: true},
		{name: "Sample", field: "sample", right: true}, {name: "Missing", field: "missing", right: true},
	}, compact: true}
	for _, of := range []struct {
		what string
		jsonv1.Spread
	}{{"detect", times.Detect}, {"mitigate", times.Mitigate}, {"resolve", times.Resolve}} {
		s.rows = append(s.rows, []cell{text(of.what), orUnknown(of.Median), orUnknown(of.Mean), orUnknown(of.P90), number(of.Sample), number(of.Missing)})
	}
	return s
}

// orUnknown is a number that is not known where there is no sample.
func orUnknown(s string) cell {
	if s == "" {
		return cell{as(faint, unknown), ""}
	}
	return text(s)
}

func statsGroups(groups []jsonv1.IncidentGroup) sheet {
	s := sheet{columns: []column{
		{name: "Name", field: "name", min: 8}, {name: "Number", field: "number", right: true},
		{name: "Detect", field: "detect", right: true, drop: 2}, {name: "Mitigate", field: "mitigate", right: true}, {name: "Resolve", field: "resolve", right: true, drop: 1},
		{name: "In 30 min", field: "within", right: true, drop: 3},
	}, none: "none"}
	for _, g := range groups {
		s.rows = append(s.rows, []cell{text(g.Name), number(g.Number), medianOf(g.Times.Detect), medianOf(g.Times.Mitigate), medianOf(g.Times.Resolve),
			text(shareOf(g.Times.Within))})
	}
	return s
}

// medianOf is the median with the size of its sample.
func medianOf(s jsonv1.Spread) cell {
	if s.Sample == 0 {
		return text("")
	}
	return text(fmt.Sprintf("%s (%d)", s.Median, s.Sample))
}

func shareOf(w jsonv1.Share) string {
	if w.Sample == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", w.Number, w.Sample)
}

func statsWeeks(doc jsonv1.IncidentStats) sheet {
	s := sheet{columns: []column{{name: "Week", field: "week"}, {name: "Monday", field: "monday"}, {name: "Number", field: "number", right: true}}, none: "no weeks", compact: true}
	for _, w := range doc.Weeks {
		s.rows = append(s.rows, []cell{text(w.Week), text(w.Monday), number(w.Number)})
	}
	return s
}

// statsRows is the report as one table for programs: a row for all, for each severity, service and week.
func statsRows(doc jsonv1.IncidentStats) sheet {
	s := sheet{columns: []column{{field: "group"}, {field: "name"}, {field: "number"}}}
	for _, what := range []string{"detect", "mitigate", "resolve"} {
		for _, of := range []string{"sample", "missing", "median_minutes", "mean_minutes", "p90_minutes"} {
			s.columns = append(s.columns, column{field: what + "_" + of})
		}
	}
	for _, of := range []string{"number", "sample", "missing", "percent"} {
		s.columns = append(s.columns, column{field: "mitigated_within_30_minutes_" + of})
	}
	add := func(group, name string, n int, times jsonv1.IncidentTimes) {
		row := []cell{text(group), text(name), number(n)}
		for _, of := range []jsonv1.Spread{times.Detect, times.Mitigate, times.Resolve} {
			row = append(row, number(of.Sample), number(of.Missing), text(of.Median), text(of.Mean), text(of.P90))
		}
		w := times.Within
		s.rows = append(s.rows, append(row, number(w.Number), number(w.Sample), number(w.Missing), text(w.Percent)))
	}
	add("all", "", doc.Number, doc.Times)
	for _, g := range doc.Severities {
		add("severity", g.Name, g.Number, g.Times)
	}
	for _, g := range doc.Services {
		add("service", g.Name, g.Number, g.Times)
	}
	for _, w := range doc.Weeks {
		row := []cell{text("week"), text(w.Week), text(strconv.Itoa(w.Number))}
		s.rows = append(s.rows, append(row, make([]cell, len(s.columns)-len(row))...))
	}
	return s
}
