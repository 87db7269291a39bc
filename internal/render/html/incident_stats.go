package html

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IncidentStats returns incident statistics as a page. The document is shown as it is, so withhold confidential issues before.
func IncidentStats(doc jsonv1.IncidentStats, in *time.Location) string {
	return statsPage(doc, in).html()
}

func statsPage(doc jsonv1.IncidentStats, in *time.Location) page {
	w := when{in}
	p := page{Kicker: "Incidents", Period: dates(doc.From, doc.To), Verdict: statsVerdict(doc),
		Lead: [][]bit{bits(plain("Days in " + doc.Zone + " · times in " + w.zone()))}}
	if len(doc.Filter) > 0 {
		p.Lead = append(p.Lead, bits(plain("Only:"), quote(strings.Join(doc.Filter, ", "))))
	}
	p.Parts = []part{timesPart(doc.Times), weeksPart(doc.Weeks, w), groupsPart("severities", "By severity", "Severity", doc.Severities)}
	if len(doc.Services) > 0 || doc.Count == 0 { // every incident has one, unless they are left out
		p.Parts = append(p.Parts, groupsPart("services", "By service", "Service", doc.Services))
	}
	p.Parts = append(p.Parts, incidentPart(doc.Incidents, w))
	p.Parts = append(p.Parts, followUpsParts(doc.FollowUps)...)
	return p.with(doc.Notes)
}

// statsVerdict says how many incidents there were, and how many were mitigated in time.
func statsVerdict(doc jsonv1.IncidentStats) verdict {
	v := verdict{Level: levelPlain, Text: "No incidents in this period."}
	if doc.Count > 0 {
		v.Text, v.More = words.Count(doc.Count, "incident")+" started in this period.", words.Within(doc.Times.Within)+"."
	}
	return v
}

// fewWeeks is how many weeks fit into a narrow chart, with their numbers.
const fewWeeks = 12

func weeksPart(list []jsonv1.IncidentWeek, w when) part {
	p := part{ID: "weeks", Title: "Week by week"}
	if len(list) == 0 {
		return p
	}
	var series []point
	texts := make([]string, len(list))
	for i, week := range list {
		series = append(series, point{week.Week, week.Count})
		texts[i] = fmt.Sprintf("%s: %d", week.Week, week.Count)
	}
	legend := "Incidents that started in each week."
	draw := func(id string, units int) chart {
		return chart{Title: "Incidents per week", Legend: legend,
			Chart: chartColumns("weeks-"+id, "Incidents per week", strings.Join(texts, "; ")+".", units, series)}
	}
	p.Charts = []chart{draw("chart", svgNarrow)}
	if len(list) > fewWeeks {
		p.Charts = []chart{responsiveChart("Incidents per week", legend, draw)}
	}
	t := table{Columns: []column{{"Week", false}, {"Monday", true}, {"Incidents", true}}}
	for _, week := range list {
		t.row(bits(quote(week.Week)), w.date(week.Monday), bits(plain(strconv.Itoa(week.Count))))
	}
	p.Table = &t
	return p
}

// groupsPart shows incidents by severity or service.
func groupsPart(id, title, what string, list []jsonv1.IncidentGroup) part {
	t := table{Caption: "Medians in minutes from the start (n = incidents with data)", Columns: []column{
		{what, false}, {"Incidents", true}, {"Detect", true}, {"Mitigate", true}, {"Resolve", true}, {"Mitigated within 30m", true}}}
	var amounts []amount
	for _, g := range list {
		amounts = append(amounts, amount{name: g.Name, number: g.Count})
		within := bits(soft(words.Unknown))
		if s := g.Times.Within; s.Sample > 0 {
			within = bits(plain(fmt.Sprintf("%d of %d", s.Count, s.Sample)), soft("("+words.Percent(s.Percent)+")"))
		}
		t.row(bits(quote(g.Name)), bits(plain(strconv.Itoa(g.Count))), medianBits(g.Times.Detect), medianBits(g.Times.Mitigate),
			medianBits(g.Times.Resolve), within)
	}
	p := part{ID: id, Title: title, Table: &t}
	if len(list) > 0 {
		p.Charts = []chart{{Title: "Incidents", Chart: chartBars(id+"-chart", "Incidents "+strings.ToLower(title), describe(amounts), amounts)}}
	}
	if more := len(list) - maxBars; more > 0 {
		p.Lines = append(p.Lines, bits(soft(fmt.Sprintf("Only in the table: %d more", more))))
	}
	return p
}

func medianBits(s jsonv1.Spread) []bit {
	if s.Sample == 0 {
		return bits(soft("-"))
	}
	return bits(plain(s.Median), soft(fmt.Sprintf("(n=%d)", s.Sample)))
}
