package document

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/flow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// Flow converts the measures of a period, up to now.
func Flow(p report.Period, paths []flow.Path, b flow.Board, cfg config.Config, now time.Time) jsonv1.Flow {
	in := FlowPeriod(p, now)
	m := flow.Measure(paths, b, in)
	doc := jsonv1.NewFlow(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Start = b.Layout.Start
	doc.InProgress, doc.Mean = len(m.InProgress), hundredths(flow.InProgress(paths, in))
	doc.Finished, doc.PerWeek = len(m.Finished)+m.Unstarted, hundredths(m.Throughput())
	doc.Unknown, doc.Handoffs = m.Unknown, m.Handoffs
	doc.Cycle = jsonv1.CycleTimes{Sample: len(m.Finished), Missing: m.Unstarted, P50: percentile(m, 50), P85: percentile(m, 85),
		P95: percentile(m, 95)}
	shares := m.Shares()
	for n, c := range m.Columns {
		doc.Columns = append(doc.Columns, jsonv1.FlowColumn{Name: c.Column, FlowShare: jsonv1.FlowShare{
			Minutes: c.Time.Minutes(), Percent: shares[n]}})
	}
	doc.Waiting, doc.Blocked = flowShare(m.Waiting, m), flowShare(m.Blocked, m)
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
	doc.Days = flowDays(p, paths, b, in)
	doc.Notes = flowNotes(m, b)
	return doc
}

// FlowPeriod is the part of the period up to the end of the current second, so that what was just done counts.
func FlowPeriod(p report.Period, now time.Time) flow.Period {
	end := p.End()
	if now = now.Add(time.Second); now.Before(end) {
		end = now
	}
	return flow.Period{From: p.Begin(), To: end}
}

func flowDays(p report.Period, paths []flow.Path, b flow.Board, in flow.Period) []jsonv1.FlowLevel {
	var ends []time.Time
	for day := p.From.AddDays(1); ; day = day.AddDays(1) {
		end := report.Last(1, day, p.Zone).Begin()
		if !end.Before(in.To) {
			break
		}
		ends = append(ends, end)
	}
	var docs []jsonv1.FlowLevel
	for _, l := range flow.Cumulative(paths, in, append(ends, in.To)) {
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
