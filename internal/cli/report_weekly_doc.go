package cli

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// weeklyDoc is the published form of a weekly report.
func weeklyDoc(r *workflow.ReportPost, read workflow.ReadReport, cfg config.Config) jsonv1.Weekly {
	p := r.Period
	doc := jsonv1.NewWeekly(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Week, doc.View = handoff.WeekOf(p.To).String(), r.Inputs.View
	for _, i := range read.Incidents {
		doc.Incidents = append(doc.Incidents, weeklyIncidentDoc(i, cfg, r.Now))
	}
	for _, c := range read.Changes {
		doc.Changes = append(doc.Changes, jsonv1.WeeklyChange{Change: changeDoc(c.Change), Day: c.Day.String()})
	}
	doc.Deltas, doc.Oncall = weeklyIssueDocs(read.Deltas, r.Now), weeklyIssueDocs(read.Oncall, r.Now)
	for _, h := range read.Handoffs {
		doc.Handoffs = append(doc.Handoffs, weeklyHandoffDoc(h, cfg.Oncall))
	}
	for _, c := range read.Counts {
		doc.Counts = append(doc.Counts, jsonv1.WeeklyCount{What: c.What, Now: c.Now, Before: c.Before, Mean: c.Mean()})
	}
	doc.Times = timesDoc(read.Times)
	doc.Unknown = read.Unknown
	if log, ok := read.Logs[r.Issue.Kind+"/"+r.Issue.Name]; ok {
		doc.Log = &jsonv1.Related{Ref: log.Ref.String(), Title: log.Title, Confidential: log.Confidential, WebURL: log.WebURL}
	}
	if p.Day(r.Now).Before(p.To) {
		doc.Notes = append(doc.Notes, "the period is not over: it ends with "+p.To.String())
	}
	return doc
}

func weeklyIssueDocs(list []report.Issue, now time.Time) []jsonv1.WeeklyIssue {
	var docs []jsonv1.WeeklyIssue
	for _, i := range list {
		doc := jsonv1.WeeklyIssue{Ref: i.Ref.String(), Title: i.Title, Priority: i.Priority, Assignees: i.Assignees, Open: i.Open(),
			CreatedAt: instant(i.CreatedAt), ClosedAt: instant(i.ClosedAt), Confidential: i.Confidential, WebURL: i.WebURL}
		if !i.CreatedAt.IsZero() {
			doc.AgeMinutes = new(max(0, int(now.Sub(i.CreatedAt)/time.Minute)))
		}
		docs = append(docs, doc)
	}
	return docs
}
