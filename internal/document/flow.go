package document

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	measured "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/flow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// Flow converts the measures of a period.
func Flow(p report.Period, m measured.FlowMeasures, b flow.Board, cfg config.Config) jsonv1.Flow {
	doc := jsonv1.NewFlow(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Start = b.Layout.Start
	doc.InProgress, doc.Mean = len(m.InProgress), hundredths(m.Mean)
	doc.Finished, doc.PerWeek = len(m.Finished)+m.Unstarted, hundredths(m.Throughput())
	doc.Unknown, doc.Handoffs = m.Unknown, m.Handoffs
	doc.Cycle = jsonv1.CycleTimes{Sample: len(m.Finished), Missing: m.Unstarted, P50: percentile(m.Measures, 50),
		P85: percentile(m.Measures, 85), P95: percentile(m.Measures, 95)}
	shares := m.Shares()
	for n, c := range m.Columns {
		doc.Columns = append(doc.Columns, jsonv1.FlowColumn{Name: c.Column, FlowShare: jsonv1.FlowShare{
			Minutes: c.Time.Minutes(), Percent: shares[n]}})
	}
	doc.Waiting, doc.Blocked = flowShare(m.Waiting, m.Measures), flowShare(m.Blocked, m.Measures)
	for _, a := range m.InProgress {
		item := flowItem(a.Path)
		item.Column, item.Older, item.Minutes = a.Column, a.Old, new(minutesOf(a.Age))
		doc.Items = append(doc.Items, item)
		if a.Old {
			doc.Older++
		}
	}
	for _, p := range m.Finished {
		item := flowItem(p)
		item.FinishedAt, item.Minutes = Instant(p.Finished), new(minutesOf(p.CycleTime()))
		doc.Done = append(doc.Done, item)
	}
	doc.Days = flowDays(m.Days, b)
	doc.Notes = flowNotes(m.Measures, b)
	return doc
}

func flowDays(levels []flow.Level, b flow.Board) (docs []jsonv1.FlowLevel) {
	for _, l := range levels {
		doc := jsonv1.FlowLevel{At: Instant(l.At), Finished: l.Finished}
		for _, c := range b.Layout.Started() {
			doc.Columns = append(doc.Columns, jsonv1.FlowCount{Name: c.Name, Count: l.Columns[c.Name]})
		}
		docs = append(docs, doc)
	}
	return docs
}

func flowItem(p flow.Path) jsonv1.FlowItem {
	item := jsonv1.FlowItem{Ref: p.Ref.String(), Title: p.Title, StartedAt: Instant(p.Started), Confidential: p.Confidential, WebURL: p.WebURL}
	if p.Weight > 0 {
		item.Weight = &p.Weight
	}
	return item
}

func flowShare(part flow.Sum, m flow.Measures) *jsonv1.FlowShare {
	if m.Total == 0 {
		return nil
	}
	return &jsonv1.FlowShare{Minutes: part.Minutes(), Percent: part.Percent(m.Total)}
}

func flowNotes(m flow.Measures, b flow.Board) (notes []string) {
	if m.Unstarted > 0 {
		past := counted(m.Unstarted, "finished issue") + " that went past " + b.Layout.Start
		notes = append(notes, "Cycle time unknown for "+past)
	}
	if m.Unknown > 0 {
		notes = append(notes, "Events are missing for "+counted(m.Unknown, "issue")+": a label was deleted, or the server is too old")
	}
	return notes
}

func percentile(m flow.Measures, percent int) *int {
	d, known := m.Cycle[percent]
	if !known {
		return nil
	}
	return new(minutesOf(d))
}

func minutesOf(d time.Duration) int { return int(d / time.Minute) }

// hundredths formats a number of hundredths as a decimal with two digits.
func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }
