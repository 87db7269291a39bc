package html

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Readiness returns the production-readiness targets as a page: the five as bars, and months as columns.
func Readiness(doc jsonv1.Readiness) string {
	v := verdict{Level: levelGood, Text: "All targets are met."}
	switch {
	case doc.Missed > 0:
		v.Level, v.Text = levelBad, words.Count(doc.Missed, "target")+" missed."
	case doc.Unknown > 0:
		v.Level, v.Text = levelWarn, words.Count(doc.Unknown, "target")+" unknown."
	}
	v.Counts = []tally{{Level: levelGood, Number: doc.Met, What: "met", Part: "targets"},
		{Level: levelBad, Number: doc.Missed, What: "missed", Part: "targets"},
		{Level: levelWarn, Number: doc.Unknown, What: "unknown", Part: "targets"}}
	p := page{Kicker: "Readiness", Period: dates(doc.From, doc.To), Verdict: v, Lead: [][]bit{bits(plain("Days in " + doc.Zone))}}
	p.Parts = []part{readinessBars(doc.Targets), readinessMeasures(doc.Targets), readinessMonths(doc.Targets), readinessSources(doc.Targets)}
	return p.with(doc.Notes).html()
}

func readinessLevel(state string) level {
	switch state {
	case "met":
		return levelGood
	case "missed":
		return levelBad
	}
	return levelWarn
}

// readinessBars has a bar for each target: how much of its aim is reached, of several measures by the worst.
func readinessBars(list []jsonv1.ReadinessTarget) part {
	p := part{ID: "targets", Title: "Targets"}
	var amounts []amount
	for _, t := range list {
		a := amount{name: t.Name, value: t.State}
		first := true
		for _, m := range t.Measures {
			if m.Reached != nil && (first || *m.Reached < a.number) {
				a.number, first = *m.Reached, false
				a.value = fmt.Sprintf("%s, %d %% of the aim", t.State, *m.Reached)
			}
		}
		amounts = append(amounts, a)
	}
	if len(amounts) > 0 {
		p.Charts = []chart{{Title: "How much of the aim is reached", Legend: "A full bar is a met target. An unknown target has no bar.",
			Chart: chartShares("targets-chart", "Readiness targets", describe(amounts), amounts)}}
	}
	return p
}

func readinessMeasures(list []jsonv1.ReadinessTarget) part {
	t := table{Columns: []column{{"Measure", false}, {"State", false}, {"Value", true}, {"Aim", true}, {"Sample", true}, {"Reason", false}}}
	for _, target := range list {
		for _, m := range target.Measures {
			t.row(bits(plain(words.Measure(m.Name))), bits(badge(readinessLevel(m.State), m.State)), bits(plain(words.MeasureValue(m))),
				bits(plain(words.MeasureAim(m))), bits(plain(strconv.Itoa(m.Sample))), optionalBits(m.Why))
		}
	}
	return part{ID: "measures", Title: "Measures", Table: &t}
}

// readinessMonths has a chart for each measure that is known in a month.
func readinessMonths(list []jsonv1.ReadinessTarget) part {
	p := part{ID: "months", Title: "Month by month"}
	for _, t := range list {
		for n, m := range t.Measures {
			var series []point
			var texts []string
			known := false
			for _, month := range t.Months {
				in := month.Measures[n]
				at := point{month.Month, unknownPoint}
				if in.Reached != nil {
					at.number, known = *in.Reached, true
					texts = append(texts, month.Month+": "+words.MeasureValue(in))
				}
				series = append(series, at)
			}
			if known {
				values := strings.Join(texts, "; ") + "."
				p.Charts = append(p.Charts, chart{Title: words.Measure(m.Name), Legend: "Bars: percent of the aim that is reached. Values: " + values,
					Chart: chartPercents("month-"+m.Name, words.Measure(m.Name), values, svgNarrow, series)})
			}
		}
	}
	return p
}

func readinessSources(list []jsonv1.ReadinessTarget) part {
	p := part{ID: "sources", Title: "Sources"}
	for _, t := range list {
		if t.Source != "" {
			p.Lines = append(p.Lines, bits(stress(t.Name), quote(t.Source)))
		}
	}
	return p
}
