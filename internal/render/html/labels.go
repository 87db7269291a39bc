package html

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// LabelReport returns how much work carries the labels that gather data, as a page.
func LabelReport(doc jsonv1.LabelReport) string {
	p := page{Kicker: "Labels", Period: []string{words.Count(len(doc.Timeboxes), "timebox")}, Verdict: labelVerdict(doc),
		Lead: [][]bit{bits(quote(words.Where(doc.Target)))}}
	p.Parts = []part{labelsPart(doc.Labels), trendsPart(doc), kindsPart(doc.Kinds)}
	return p.with(doc.Notes).html()
}

func labelVerdict(doc jsonv1.LabelReport) verdict {
	v := verdict{Level: levelPlain, Text: "No timeboxes."}
	if n := len(doc.Timeboxes); n > 0 {
		v.Text = fmt.Sprintf("%s measured in %s.", words.Count(len(doc.Labels), "label"), words.Count(n, "timebox"))
	}
	if text := words.Toil(doc); len(text) > 0 {
		v.Level, v.Text = levelGood, text[0]
		if doc.Toil.Above {
			v.Level = levelWarn
		}
	}
	return v
}

func labelsPart(list []jsonv1.MeasuredLabel) part {
	t := table{Columns: []column{{"Label", false}, {"Issues", true}, {"Share", true}, {"Weight", true}, {"Trend", false}, {"Open", true},
		{"Oldest", true}, {"Asked by", false}}}
	var amounts []amount
	for _, l := range list {
		var oldest, asked []bit
		if l.Oldest != nil {
			oldest = bits(duration(*l.Oldest))
		}
		for _, team := range l.Teams {
			asked = append(asked, quote(team.Team), soft(strconv.Itoa(team.Count)))
		}
		share := "-"
		if l.Percent != "" {
			share = words.Percent(l.Percent)
		}
		amounts = append(amounts, amount{name: l.Name, number: l.Issues, value: fmt.Sprintf("%d (%s)", l.Issues, share)})
		t.row(bits(quote(l.Name)), bits(plain(strconv.Itoa(l.Issues))), bits(plain(share)), bits(plain(strconv.Itoa(l.Weight))),
			optionalBits(l.Trend), bits(plain(strconv.Itoa(l.Open))), oldest, asked)
	}
	p := part{ID: "labels", Title: "Measured labels", Table: &t}
	if len(list) > 0 {
		p.Charts = []chart{{Title: "Issues with each label", Chart: chartBars("labels-chart", "Issues by label", describe(amounts), amounts)}}
	}
	return p
}

// trendsPart has a chart for each label that was used.
func trendsPart(doc jsonv1.LabelReport) part {
	p := part{ID: "trends", Title: "Timebox by timebox"}
	for n, l := range doc.Labels {
		if l.Issues == 0 || len(l.Timeboxes) != len(doc.Timeboxes) {
			continue
		}
		var series []point
		var texts []string
		for k, box := range doc.Timeboxes {
			series = append(series, point{box.Due, l.Timeboxes[k]})
			texts = append(texts, fmt.Sprintf("%s: %d", box.Due, l.Timeboxes[k]))
		}
		p.Charts = append(p.Charts, chart{Title: layout.OneLine(l.Name), Legend: "Issues in each timebox, by its last day.",
			Chart: chartColumns(fmt.Sprintf("trend-%d", n), l.Name, strings.Join(texts, "; ")+".", svgNarrow, series)})
	}
	return p
}

func kindsPart(list []jsonv1.ToilKind) part {
	t := table{Caption: "Titles that share at least half of their words", Columns: []column{{"Words in common", false}, {"Issues", true},
		{"Oldest", false}}}
	for _, k := range list {
		t.row(bits(quote(strings.Join(k.Words, " "))), bits(plain(strconv.Itoa(k.Count))), bits(quote(k.Issues[0]), quote(k.Title)))
	}
	return part{ID: "kinds", Title: "Toil that comes back: candidates for automation", Table: &t}
}
