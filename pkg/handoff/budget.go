package handoff

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// budget returns the error budget for the window that ends at the time of the report. It counts incident records only.
func (f Facts) budget() *budget.Account {
	if f.SLO == nil {
		return nil
	}
	var spans []budget.Span
	from := f.At.Add(-f.Window)
	for _, item := range f.Items {
		if s := f.classify(item); s.isIncident {
			if span := s.downtime(); !span.Unknown || !s.endedBefore(from) {
				spans = append(spans, span)
			}
		}
	}
	return new(budget.Spend(f.SLO, from, f.At, spans))
}

// downtime returns when users were affected: from the start until the mitigation, else the resolution, else the time of the report if the
// incident is active.
func (s classified) downtime() budget.Span {
	r := s.inc.Record
	span := budget.Span{Ref: s.Issue.Ref.String(), From: r.StartedAt, To: r.MitigatedAt}
	if span.To.IsZero() {
		span.To = r.ResolvedAt
	}
	if s.inc.State == incident.Active || s.facts.later(span.To) {
		span.To = s.facts.At
	}
	span.Unknown = span.From.IsZero() || span.To.IsZero()
	return span
}

// endedBefore reports whether an incident with incomplete times was over when the window started.
func (s classified) endedBefore(from time.Time) bool {
	end := s.inc.Record.MitigatedAt
	if end.IsZero() {
		end = s.inc.Record.ResolvedAt
	}
	if end.IsZero() && !s.Issue.Open() && s.inc.State != incident.Active {
		end = s.Issue.ClosedAt
	}
	return !end.IsZero() && !end.After(from)
}
