package html

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Flow returns the measures of flow as a page. The document is shown as it is, so withhold confidential issues before.
func Flow(doc jsonv1.Flow, in *time.Location) string { return flowPage(doc, in).html() }

func flowPage(doc jsonv1.Flow, in *time.Location) page {
	w := when{in}
	p := page{Kicker: "Flow", Period: dates(doc.From, doc.To), Verdict: flowVerdict(doc),
		Lead: [][]bit{bits(plain("Days in " + doc.Zone + " · times in " + w.zone())),
			bits(plain("Cycle time and age count from entering"), quote(doc.Start))}}
	p.Parts = []part{flowItemsPart(doc.Items), flowMeasuresPart(doc), flowLevelsPart(doc), flowScatterPart(doc), flowColumnsPart(doc.Columns)}
	return p.with(doc.Notes)
}

func flowVerdict(doc jsonv1.Flow) verdict {
	v := verdict{Level: levelPlain, Text: "Nothing was finished, and nothing is in progress."}
	if doc.Finished+doc.InProgress > 0 {
		text := words.Older(doc)
		v.Text = strings.ToUpper(text[:1]) + text[1:] + "."
	}
	if doc.Older > 0 {
		v.Level = levelWarn
	}
	v.Counts = []tally{{Level: levelPlain, Number: doc.InProgress, What: "in progress", Part: "items"},
		{Level: levelPlain, Number: doc.Finished, What: "finished", Part: "measures"}}
	return v
}

func flowItemsPart(list []jsonv1.FlowItem) part {
	t := table{Columns: []column{{"Issue", false}, {"Column", false}, {"Age", true}, {"Weight", true}}}
	for _, i := range list {
		var age, weight []bit
		if i.Minutes != nil {
			age = bits(duration(*i.Minutes))
		}
		if i.Older {
			age = append(age, badge(levelWarn, "older than 85 %"))
		}
		if i.Weight != nil {
			weight = bits(plain(fmt.Sprint(*i.Weight)))
		}
		t.row(issueBits(i.Ref, i.WebURL, i.Title, i.Confidential, i.Withheld), bits(quote(i.Column)), age, weight)
	}
	return part{ID: "items", Title: "In progress, the oldest first", Table: &t}
}

func flowMeasuresPart(doc jsonv1.Flow) part {
	p := part{ID: "measures", Title: "Measures", Lines: [][]bit{
		bits(stress(words.Count(doc.InProgress, "issue")), plain("in progress, "+doc.Mean+" on average")),
		bits(stress(doc.PerWeek+" issues a week"), plain(fmt.Sprintf("finished (%d in the period)", doc.Finished))),
	}}
	for _, c := range cyclePercentiles(doc.Cycle) {
		p.Lines = append(p.Lines, bits(stress(words.Lasting(c.length)),
			plain(fmt.Sprintf("or less took %s of the finished issues (n = %d)", c.name, doc.Cycle.Sample))))
	}
	for _, s := range []struct {
		name string
		*jsonv1.FlowShare
	}{{"waiting", doc.Waiting}, {"blocked", doc.Blocked}} {
		if s.FlowShare != nil {
			p.Lines = append(p.Lines, bits(stress(fmt.Sprintf("%d %%", s.Percent)), plain("of the cycle time was spent "+s.name),
				soft("("+words.Lasting(s.Minutes)+")")))
		}
	}
	return p
}

// cyclePercentiles returns the percentiles that are known, the lowest first.
func cyclePercentiles(c jsonv1.CycleTimes) (list []limit) {
	for _, p := range []struct {
		name    string
		minutes *int
	}{{"50 %", c.P50}, {"85 %", c.P85}, {"95 %", c.P95}} {
		if p.minutes != nil {
			list = append(list, limit{p.name, *p.minutes})
		}
	}
	return list
}

// flowLevelsPart is the cumulative flow diagram.
func flowLevelsPart(doc jsonv1.Flow) part {
	p := part{ID: "levels", Title: "Cumulative flow"}
	if len(doc.Days) == 0 {
		return p
	}
	done := layer{name: "finished"}
	columns := make([]layer, len(doc.Days[0].Columns))
	for _, day := range doc.Days {
		done.numbers = append(done.numbers, day.Finished)
		for n, c := range day.Columns {
			columns[n].name, columns[n].numbers = c.Name, append(columns[n].numbers, c.Count)
		}
	}
	layers := []layer{done}
	for n := range columns {
		layers = append(layers, columns[len(columns)-1-n])
	}
	last := doc.Days[len(doc.Days)-1]
	desc := fmt.Sprintf("%d finished", last.Finished)
	for _, c := range last.Columns {
		desc += fmt.Sprintf(", %d in %s", c.Count, c.Name)
	}
	p.Charts = []chart{responsiveChart("Issues at the end of each day", "Only issues that have started. Bottom: finished since the first day.",
		func(id string, units int) chart {
			return chart{Chart: chartAreas("levels-"+id, "Cumulative flow", "At the end: "+desc+".", units, doc.From, doc.To, layers)}
		})}
	return p
}

// flowScatterPart shows the cycle time of each finished issue.
func flowScatterPart(doc jsonv1.Flow) part {
	p := part{ID: "cycle-times", Title: "Cycle times"}
	if len(doc.Days) == 0 || len(doc.Done) == 0 {
		return p
	}
	limits := cyclePercentiles(doc.Cycle)
	for n, l := range limits {
		limits[n].name = l.name + ": " + words.Lasting(l.length)
	}
	var spots []spot
	begin := doc.From + "T00:00:00Z"
	end, _ := minutesBetween(begin, doc.Days[len(doc.Days)-1].At)
	for _, i := range doc.Done {
		if at, known := minutesBetween(begin, i.FinishedAt); known && i.Minutes != nil {
			spots = append(spots, spot{at, *i.Minutes})
		}
	}
	desc := fmt.Sprintf("%s, %s.", words.Count(len(spots), "finished issue"), words.List(namesOf(limits)))
	p.Charts = []chart{responsiveChart("Time from start to end of each finished issue", "Dashed lines: so many of the issues took no longer.",
		func(id string, units int) chart {
			return chart{Chart: chartScatter("scatter-"+id, "Cycle times", desc, units, end, doc.From, doc.To, spots, limits)}
		})}
	return p
}

func namesOf(list []limit) (names []string) {
	for _, l := range list {
		names = append(names, l.name)
	}
	return names
}

func flowColumnsPart(list []jsonv1.FlowColumn) part {
	t := table{Columns: []column{{"Column", false}, {"Share", true}, {"Time", true}}}
	var amounts []amount
	for _, c := range list {
		name := c.Name
		if name == "" {
			name = "in no column"
		}
		amounts = append(amounts, amount{name: name, number: c.Percent, value: fmt.Sprintf("%d %%", c.Percent)})
		t.row(bits(quote(name)), bits(plain(fmt.Sprintf("%d %%", c.Percent))), bits(duration(c.Minutes)))
	}
	p := part{ID: "columns", Title: "Where the cycle time of finished issues went", Table: &t}
	if len(list) > 0 {
		p.Charts = []chart{{Title: "Share of the cycle time", Chart: chartBars("columns-chart", "Time by column", describe(amounts), amounts)}}
	}
	return p
}
