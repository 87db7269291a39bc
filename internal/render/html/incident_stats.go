package html

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IncidentStats is the report about incidents as a page of its own. The document is shown as it is,
// so that what is confidential has to be withheld before.
func IncidentStats(doc jsonv1.IncidentStats, in *time.Location) string {
	w := when{in}
	p := page{Kicker: "Incidents", Title: dates(doc.From, doc.To), Verdict: statsVerdict(doc),
		Lead: [][]bit{bits(say("Days of " + doc.Zone + " · times in " + w.zone()))}}
	if len(doc.Filter) > 0 {
		p.Lead = append(p.Lead, bits(say("Only:"), quote(strings.Join(doc.Filter, ", "))))
	}
	p.Parts = []part{timesPart(doc.Times), weeksPart(doc.Weeks, w), groupsPart("severities", "By severity", "Severity", doc.Severities),
		groupsPart("services", "By service", "Service", doc.Services), incidentPart(doc.Incidents, w)}
	return p.with(doc.Notes).html()
}

// statsVerdict says how many there were, and how many were mitigated in time.
func statsVerdict(doc jsonv1.IncidentStats) verdict {
	v := verdict{Level: levelPlain, Text: "No incident began in this time."}
	if doc.Count > 0 {
		v.Text = words.Count(doc.Count, "incident") + " began in this time. " + withinText(doc.Times.Within)
	}
	return v
}

// fewWeeks have room in a narrow chart, with their numbers.
const fewWeeks = 12

func weeksPart(list []jsonv1.IncidentWeek, w when) part {
	p := part{ID: "weeks", Title: "Week by week"}
	if len(list) == 0 {
		return p
	}
	var series []point
	told := make([]string, len(list))
	for i, week := range list {
		series = append(series, point{week.Week, week.Count})
		told[i] = fmt.Sprintf("%s: %d", week.Week, week.Count)
	}
	legend := "Incidents that began in each week."
	draw := func(id string, units int) chart {
		return chart{Title: "Incidents a week", Legend: legend,
			Chart: chartColumns("weeks-"+id, "Incidents a week", strings.Join(told, "; ")+".", units, series)}
	}
	p.Charts = []chart{draw("chart", svgNarrow)}
	if len(list) > fewWeeks {
		p.Charts = []chart{drawnTwice("Incidents a week", legend, draw)}
	}
	t := table{Columns: []column{{"Week", false}, {"Monday", true}, {"Incidents", true}}}
	for _, week := range list {
		t.row(bits(quote(week.Week)), w.date(week.Monday), bits(say(strconv.Itoa(week.Count))))
	}
	p.Table = &t
	return p
}

// groupsPart are incidents by what they have in common.
func groupsPart(id, title, what string, list []jsonv1.IncidentGroup) part {
	t := table{Caption: "Medians in minutes from the start. Behind each stands of how many it is known.", Columns: []column{
		{what, false}, {"Incidents", true}, {"Detect", true}, {"Mitigate", true}, {"Resolve", true}, {"Mitigated within 30 min", true}}}
	var amounts []amount
	for _, g := range list {
		amounts = append(amounts, amount{name: g.Name, number: g.Count})
		within := bits(soft(words.Unknown))
		if s := g.Times.Within; s.Sample > 0 {
			within = bits(say(fmt.Sprintf("%d of %d", s.Count, s.Sample)), soft("("+s.Percent+" %)"))
		}
		t.row(bits(quote(g.Name)), bits(say(strconv.Itoa(g.Count))), median(g.Times.Detect), median(g.Times.Mitigate),
			median(g.Times.Resolve), within)
	}
	p := part{ID: id, Title: title, Table: &t}
	if len(list) > 0 {
		p.Charts = []chart{{Title: "Incidents", Chart: chartBars(id+"-chart", "Incidents "+strings.ToLower(title), describe(amounts), amounts)}}
	}
	if more := len(list) - mostBars; more > 0 {
		p.Lines = append(p.Lines, bits(soft(fmt.Sprintf("%d more stand in the table only.", more))))
	}
	return p
}

func median(s jsonv1.Spread) []bit {
	if s.Sample == 0 {
		return bits(soft("-"))
	}
	return bits(say(s.Median), soft(fmt.Sprintf("(%d of %d)", s.Sample, s.Sample+s.Missing)))
}
