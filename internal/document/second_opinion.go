package document

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// Metric is what the queue is compared with.
type Metric struct {
	Address string
	Query   string
	Bad     metric.Condition
	Step    time.Duration
}

func (m Metric) document() *jsonv1.SecondOpinion {
	return &jsonv1.SecondOpinion{Source: "prometheus", Address: m.Address, Query: m.Query, Bad: m.Bad.String(),
		Step: int(m.Step / time.Second)}
}

// NoOpinion is the second opinion of a metric that could not be read.
func NoOpinion(m Metric, failed error) *jsonv1.SecondOpinion {
	doc := m.document()
	doc.Error = failed.Error()
	return doc
}

// SecondOpinion compares the minutes of an account with those of a metric. Approved downtime is in the queue too.
func SecondOpinion(m Metric, a budget.Account, spans []metric.Span, notes []string) *jsonv1.SecondOpinion {
	doc := m.document()
	var outages []metric.Outage
	secret := map[string]bool{}
	for _, c := range a.Charges {
		outages = append(outages, metric.Outage{Ref: c.Ref(), From: c.Begin, To: c.End})
		secret[c.Ref()] = c.Issue.Confidential
	}
	c := metric.Compare(outages, spans, m.Step)
	doc.Both, doc.OnlyQueue = comparedMinutes(c, metric.Both), comparedMinutes(c, metric.OnlyQueue)
	doc.OnlyMetric = comparedMinutes(c, metric.OnlyMetric)
	doc.UnknownDown, doc.Unknown = comparedMinutes(c, metric.UnknownDown), comparedMinutes(c, metric.UnknownUp)
	doc.Differs, doc.Missing, doc.Notes = c.Differs(), a.Missing(), notes
	for _, i := range c.Intervals {
		doc.Intervals = append(doc.Intervals, jsonv1.ComparedInterval{Kind: string(i.Kind), From: Instant(i.From), To: Instant(i.To),
			Minutes: budget.Decimal(i.Minutes()), Refs: i.Refs, Reason: strings.TrimSpace(i.Reason), Edge: i.Edge,
			Secret: slices.ContainsFunc(i.Refs, func(ref string) bool { return secret[ref] })})
	}
	return doc
}

func comparedMinutes(c metric.Comparison, k metric.Kind) string { return budget.Decimal(c.Total[k]) }
