package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Flow shows the measures of flow. Outside of a terminal page a confidential issue is its reference only, unless the options reveal it.
func (v *View) Flow(doc jsonv1.Flow) error { return show(v, doc, v.flowForm) }

func (v *View) flowForm(doc jsonv1.Flow) (body, func(*page)) {
	b := body{Sheet: flowRows(doc), Notes: doc.Notes, Post: flowReport(doc, false).Markdown()}
	b.Also = v.asPage(func(in *time.Location) string { return html.Flow(doc, in) })
	return b, func(p *page) { flowReport(doc, p.Width == 0 || p.Width >= layout.Narrow).Write(p) }
}

// flowReport returns the page. Bars are for terminals that are wide enough.
func flowReport(doc jsonv1.Flow, bars bool) report {
	title := "Flow " + form.Days(doc.From, doc.To, doc.Zone)
	if doc.Finished+doc.InProgress == 0 {
		return report{Title: title + ": nothing was finished, and nothing is in progress", Notes: doc.Notes}
	}
	r := report{Title: title + ": " + words.Older(doc), Notes: doc.Notes, Facts: flowMeasures(doc)}
	if len(doc.Items) > 0 {
		r.Parts = append(r.Parts, part("In progress, the oldest first", flowItems(doc.Items), nil))
	}
	if doc.Cycle.Sample > 0 {
		r.Parts = append(r.Parts, part("Where the cycle time of finished issues went", flowColumns(doc.Columns, bars), nil))
	}
	return r
}

func flowMeasures(doc jsonv1.Flow) []layout.Fact {
	list := []layout.Fact{
		fact("In progress", t(words.Count(doc.InProgress, "issue")+", "+doc.Mean+" on average")),
		fact("Throughput", t(doc.PerWeek+" issues a week, "+strconv.Itoa(doc.Finished)+" in all")),
	}
	c := doc.Cycle
	if c.Sample == 0 {
		return list
	}
	var percentiles []string
	for _, p := range []struct {
		percent string
		minutes *int
	}{{"50 %", c.P50}, {"85 %", c.P85}, {"95 %", c.P95}} {
		if p.minutes != nil {
			percentiles = append(percentiles, p.percent+" "+words.Lasting(*p.minutes))
		}
	}
	list = append(list, fact("Cycle time", t(fmt.Sprintf("%s (from %s, n = %d)", strings.Join(percentiles, ", "), doc.Start, c.Sample))))
	for _, w := range []struct {
		name string
		*jsonv1.FlowShare
	}{{"Waiting", doc.Waiting}, {"Blocked", doc.Blocked}} {
		if w.FlowShare != nil {
			list = append(list, fact(w.name, t(fmt.Sprintf("%d %% of the cycle time, %s", w.Percent, words.Lasting(w.Minutes)))))
		}
	}
	return append(list, fact("Hand-offs", t(strconv.Itoa(doc.Handoffs))))
}

func flowItems(list []jsonv1.FlowItem) sheet {
	s := sheet{Columns: []column{{Name: "Issue", Field: "ref"}, {Name: "Age", Right: true}, {Name: "Column", Field: "column", Drop: 2},
		{Name: "Weight", Field: "weight", Right: true, Drop: 3}, {Name: "Older"}, {Name: "Title", Field: "title", Min: 16}}}
	s.Rows = form.Rows(list, func(i jsonv1.FlowItem) []cell {
		older := text("")
		if i.Older {
			older = styled(warn, "yes")
		}
		return []cell{text(i.Ref), form.Age(i.Minutes), text(i.Column), optional(i.Weight), older,
			form.Secret(i.Title, i.Confidential, i.Withheld)}
	})

	return s
}

// flowBar is the length of a bar of 100 percent.
const flowBar = 20

func flowColumns(list []jsonv1.FlowColumn, bars bool) sheet {
	s := sheet{Columns: []column{{Name: "Column"}, {Name: "Share", Right: true}, {Name: "Time", Right: true}}, Compact: true}
	if bars {
		s.Columns = append(s.Columns, column{Name: "0 to 100 %"})
	}
	for _, c := range list {
		name := c.Name
		if name == "" {
			name = "(in no column)"
		}
		row := []cell{text(name), text(fmt.Sprintf("%d %%", c.Percent)), text(words.Lasting(c.Minutes))}
		if bars {
			full := (c.Percent*flowBar + 50) / 100
			row = append(row, text(strings.Repeat("█", full)+strings.Repeat("·", flowBar-full)))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// flowRows returns the issues as one table for programs: those in progress, and those that were finished.
func flowRows(doc jsonv1.Flow) sheet {
	s := sheet{Columns: []column{{Field: "group"}, {Field: "ref"}, {Field: "column"}, {Field: "started_at"}, {Field: "finished_at"},
		{Field: "minutes"}, {Field: "weight"}, {Field: "older"}, {Field: "title"}, {Field: "confidential"}, {Field: "web_url"}},
		None: "Nothing was finished, and nothing is in progress"}
	add := func(group string, list []jsonv1.FlowItem) {
		s.Rows = append(s.Rows, form.Rows(list, func(i jsonv1.FlowItem) []cell {
			return []cell{text(group), text(i.Ref), text(i.Column), text(i.StartedAt), text(i.FinishedAt), optional(i.Minutes),
				optional(i.Weight), truth(i.Older, ""), text(i.Title), truth(i.Confidential, ""), text(i.WebURL)}
		})...)
	}
	add("in_progress", doc.Items)
	add("finished", doc.Done)
	return s
}
