package render

import (
	"fmt"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/followup"
	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IncidentStats shows incident statistics. Outside of a terminal page a confidential incident is its reference only, unless the options
// reveal it.
func (v *View) IncidentStats(doc jsonv1.IncidentStats) error {
	return show(v, doc, v.incidentStatsForm)
}

func (v *View) incidentStatsForm(doc jsonv1.IncidentStats) (body, func(*page)) {
	r := report{Title: fmt.Sprintf("Incident statistics %s: %s", form.Days(doc.From, doc.To, doc.Zone), words.Count(doc.Count, "incident")),
		Parts: statsParts(doc), Notes: doc.Notes}
	b := body{Sheet: statsRows(doc), Notes: doc.Notes, Post: r.Markdown()}
	b.Also = v.asPage(func(in *time.Location) string { return html.IncidentStats(doc, in) })
	return b, r.Write
}

func statsParts(doc jsonv1.IncidentStats) []form.Part {
	followUps := followup.Parts(doc.FollowUps)
	if doc.Count == 0 {
		return append(followUps, part("By ISO week", statsWeeks(doc), nil))
	}
	return append([]form.Part{
		part("Minutes from the start (n = incidents with data)", statsTimes(doc.Times), []string{words.Within(doc.Times.Within)}),
		part("By severity (median minutes, n = incidents with data)", statsGroups(doc.Severities), nil),
		part("By service (an incident counts for each of its services)", statsGroups(doc.Services), nil),
		part("By ISO week", statsWeeks(doc), nil),
	}, followUps...)
}

func statsTimes(times jsonv1.IncidentTimes) sheet {
	s := sheet{Columns: []column{
		{Name: "Time to", Field: "metric"}, {Name: "Median", Field: "median", Right: true}, {Name: "Mean", Field: "mean", Right: true},
		{Name: "p90", Field: "p90", Right: true},
		{Name: "n", Field: "sample", Right: true}, {Name: "No data", Field: "missing", Right: true},
	}, Compact: true}
	for _, of := range []struct {
		metric string
		jsonv1.Spread
	}{{"detect", times.Detect}, {"mitigate", times.Mitigate}, {"resolve", times.Resolve}} {
		s.Rows = append(s.Rows, []cell{text(of.metric), orUnknown(of.Median), orUnknown(of.Mean), orUnknown(of.P90), number(of.Sample),
			number(of.Missing)})
	}
	return s
}

// orUnknown returns a number, or "unknown" without a sample.
func orUnknown(s string) cell {
	if s == "" {
		return cellOf(as(faint, words.Unknown), "")
	}
	return text(s)
}

func statsGroups(groups []jsonv1.IncidentGroup) sheet {
	s := sheet{Columns: []column{
		{Name: "Name", Field: "name", Min: 8}, {Name: "Count", Field: "count", Right: true},
		{Name: "Detect", Field: "detect", Right: true, Drop: 2}, {Name: "Mitigate", Field: "mitigate", Right: true},
		{Name: "Resolve", Field: "resolve", Right: true, Drop: 1},
		{Name: "Within 30m", Field: "within", Right: true, Drop: 3},
	}, None: "No incidents"}
	for _, g := range groups {
		s.Rows = append(s.Rows, []cell{text(g.Name), number(g.Count), medianOf(g.Times.Detect), medianOf(g.Times.Mitigate),
			medianOf(g.Times.Resolve),
			text(shareOf(g.Times.Within))})
	}
	return s
}

// medianOf formats a median with its sample size.
func medianOf(s jsonv1.Spread) cell {
	if s.Sample == 0 {
		return text("")
	}
	return text(fmt.Sprintf("%s (n=%d)", s.Median, s.Sample))
}

func shareOf(w jsonv1.Share) string {
	if w.Sample == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", w.Count, w.Sample)
}

func statsWeeks(doc jsonv1.IncidentStats) sheet {
	s := sheet{Columns: []column{{Name: "Week", Field: "week"}, {Name: "Monday", Field: "monday"},
		{Name: "Count", Field: "count", Right: true}}, None: "No weeks", Compact: true}
	for _, w := range doc.Weeks {
		s.Rows = append(s.Rows, []cell{text(w.Week), text(w.Monday), number(w.Count)})
	}
	return s
}

// statsRows returns the statistics as one table for programs: a row for all incidents, and one for each severity, service and week.
func statsRows(doc jsonv1.IncidentStats) sheet {
	s := sheet{Columns: []column{{Field: "group"}, {Field: "name"}, {Field: "count"}}}
	for _, metric := range []string{"detect", "mitigate", "resolve"} {
		for _, of := range []string{"sample", "missing", "median_minutes", "mean_minutes", "p90_minutes"} {
			s.Columns = append(s.Columns, column{Field: metric + "_" + of})
		}
	}
	for _, of := range []string{"count", "sample", "missing", "percent"} {
		s.Columns = append(s.Columns, column{Field: "mitigated_within_30_minutes_" + of})
	}
	add := func(group, name string, n int, times jsonv1.IncidentTimes) {
		row := []cell{text(group), text(name), number(n)}
		for _, of := range []jsonv1.Spread{times.Detect, times.Mitigate, times.Resolve} {
			row = append(row, number(of.Sample), number(of.Missing), text(of.Median), text(of.Mean), text(of.P90))
		}
		w := times.Within
		s.Rows = append(s.Rows, append(row, number(w.Count), number(w.Sample), number(w.Missing), text(w.Percent)))
	}
	add("all", "", doc.Count, doc.Times)
	for _, g := range doc.Severities {
		add("severity", g.Name, g.Count, g.Times)
	}
	for _, g := range doc.Services {
		add("service", g.Name, g.Count, g.Times)
	}
	count := func(group, name string, n int) {
		row := []cell{text(group), text(name), text(strconv.Itoa(n))}
		s.Rows = append(s.Rows, append(row, make([]cell, len(s.Columns)-len(row))...))
	}
	for _, w := range doc.Weeks {
		count("week", w.Week, w.Count)
	}
	for _, c := range followup.Counts(doc.FollowUps) {
		count("follow-up", c.Name, c.Count)
	}
	return s
}
