package document

import (
	"math/big"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/readiness"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// Readiness returns the published form of the readiness targets over the days of a period.
func Readiness(p report.Period, zone string, targets []readiness.Target, notes []string) jsonv1.Readiness {
	doc := jsonv1.NewReadiness(p.From.String(), p.To.String(), zone)
	doc.Notes = notes
	for _, t := range targets {
		switch t.State() {
		case readiness.Met:
			doc.Met++
		case readiness.Missed:
			doc.Missed++
		case readiness.Unknown:
			doc.Unknown++
		}
		one := jsonv1.ReadinessTarget{Name: t.Name, State: string(t.State()), Source: t.Source, Measures: readinessMeasures(t.Measures)}
		for _, m := range t.Months {
			one.Months = append(one.Months, jsonv1.ReadinessMonth{Month: m.Name, State: string(m.State()), Measures: readinessMeasures(m.Measures)})
		}
		doc.Targets = append(doc.Targets, one)
	}
	return doc
}

func readinessMeasures(list []readiness.Measure) (docs []jsonv1.ReadinessMeasure) {
	for _, m := range list {
		doc := jsonv1.ReadinessMeasure{Name: m.Name, Unit: m.Unit, State: string(m.State), Sample: m.Sample, Why: m.Why}
		up := false
		if m.Aim != nil {
			doc.Op, doc.Aim = m.Aim.Op, rounded(m.Aim.Limit, false)
			up = strings.HasPrefix(m.Aim.Op, "<")
		}
		if m.Value != nil {
			doc.Value = rounded(m.Value, up)
		}
		if percent, known := m.Reached(); known {
			doc.Reached = new(percent)
		}
		docs = append(docs, doc)
	}
	return docs
}

// rounded is an exact decimal of at most three digits, or else one that is rounded up or down to three: a value must not look as if it
// reached an aim that it misses.
func rounded(r *big.Rat, up bool) string {
	const digits, unit = 3, 1000
	if n, exact := r.FloatPrec(); exact && n <= digits {
		return r.FloatString(n)
	}
	scaled := new(big.Rat).Mul(r, big.NewRat(unit, 1))
	whole := new(big.Int).Div(scaled.Num(), scaled.Denom()) // rounds down
	if up {
		whole.Add(whole, big.NewInt(1))
	}
	out := new(big.Rat).SetFrac(whole, big.NewInt(unit))
	n, _ := out.FloatPrec()
	return out.FloatString(n)
}
