package document

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	reportflow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// weeklyIncident returns the published form of an incident. Times that its record lacks come from other evidence, marked with their
// source.
func weeklyIncident(i report.Incident, cfg config.Config, now time.Time) jsonv1.WeeklyIncident {
	doc := jsonv1.WeeklyIncident{Incident: Incident(i.Incident, cfg.Incidents.ReviewAfter, now),
		OpenedAt: Instant(i.Issue.CreatedAt), Ongoing: i.Ongoing}
	e := i.Evidence
	for _, t := range []struct {
		m        evidence.Moment
		at, from *string
		took     **int
	}{
		{e.Started, &doc.StartedAt, &doc.StartedFrom, nil},
		{e.Detected, &doc.DetectedAt, &doc.DetectedFrom, &doc.ToDetect},
		{e.Mitigated, &doc.MitigatedAt, &doc.MitigatedFrom, &doc.ToMitigate},
		{e.Resolved, &doc.ResolvedAt, &doc.ResolvedFrom, &doc.ToResolve},
	} {
		if !t.m.Known() {
			continue
		}
		*t.at, *t.from = Instant(t.m.At), string(t.m.From)
		if start := e.Started; t.took != nil && *t.took == nil && start.Known() && !t.m.At.Before(start.At) {
			*t.took = new(int(t.m.At.Sub(start.At) / time.Minute))
		}
	}
	return doc
}

// weeklyHandoff returns the published form of a shift and its hand-off comment.
func weeklyHandoff(h report.Handoff, s oncall.Schedule) jsonv1.WeeklyHandoff {
	return jsonv1.WeeklyHandoff{Shift: Shift(h.Shift, s), Posted: Instant(h.Posted), By: h.By, WebURL: h.WebURL}
}

// Weekly returns the published form of a weekly report.
func Weekly(r *reportflow.Post, read reportflow.Result, cfg config.Config) jsonv1.Weekly {
	p := r.Period
	doc := jsonv1.NewWeekly(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Week, doc.View = handoff.WeekOf(p.To).String(), r.Inputs.View
	for _, i := range read.Incidents {
		doc.Incidents = append(doc.Incidents, weeklyIncident(i, cfg, r.Now))
	}
	for _, c := range read.Changes {
		doc.Changes = append(doc.Changes, jsonv1.WeeklyChange{Change: Change(c.Change), Day: c.Day.String()})
	}
	doc.Deltas, doc.Oncall = weeklyIssueDocs(read.Deltas, r.Now), weeklyIssueDocs(read.Oncall, r.Now)
	for _, h := range read.Handoffs {
		doc.Handoffs = append(doc.Handoffs, weeklyHandoff(h, cfg.Oncall))
	}
	for _, c := range read.Counts {
		doc.Counts = append(doc.Counts, jsonv1.WeeklyCount{Metric: c.Metric, Current: c.Current, Previous: c.Previous, Mean: c.Mean()})
	}
	for _, l := range read.Loads {
		doc.Load = append(doc.Load, loadDoc(l))
	}
	doc.Times, doc.FollowUps = Times(read.Times), followUps(read.FollowUps)
	doc.Unknown, doc.Notes = read.Unknown, read.Notes
	if read.Budget != nil {
		doc.Budget = budgetDoc(*read.Budget)
	}
	if log, ok := read.Logs[r.Issue.Kind+"/"+r.Issue.Name]; ok {
		doc.Log = &jsonv1.Related{Ref: log.Ref.String(), Title: log.Title, Confidential: log.Confidential, WebURL: log.WebURL}
	}
	if p.Day(r.Now).Before(p.To) {
		doc.Notes = append(doc.Notes, "The period is not over yet: it ends on "+p.To.String())
	}
	return doc
}

// loadDoc returns the published form of what being on call meant for a person.
func loadDoc(l report.Load) jsonv1.OncallLoad {
	doc := jsonv1.OncallLoad{Person: l.Person, Region: l.Region, Zone: l.Working.Zone.String(), Hours: l.Working.Hours.String(),
		Current: burdenDoc(l.Current)}
	for _, b := range l.Previous {
		doc.Before = append(doc.Before, burdenDoc(b))
	}
	doc.Mean = jsonv1.OncallMean{
		IncidentsInside:  l.Mean(func(b report.Burden) int { return b.Incidents.Inside }),
		IncidentsOutside: l.Mean(func(b report.Burden) int { return b.Incidents.Outside }),
		MinutesInside:    l.Mean(func(b report.Burden) int { return b.Affected.Minutes().Inside }),
		MinutesOutside:   l.Mean(func(b report.Burden) int { return b.Affected.Minutes().Outside }),
	}
	return doc
}

func burdenDoc(b report.Burden) jsonv1.OncallBurden {
	affected, oncall := b.Affected.Minutes(), b.Oncall.Minutes()
	return jsonv1.OncallBurden{Shifts: b.Shifts, IncidentsInside: b.Incidents.Inside, IncidentsOutside: b.Incidents.Outside,
		MinutesInside: affected.Inside, MinutesOutside: affected.Outside, OncallInside: oncall.Inside, OncallOutside: oncall.Outside,
		Unknown: b.Unknown}
}

func weeklyIssueDocs(list []report.Issue, now time.Time) []jsonv1.WeeklyIssue {
	var docs []jsonv1.WeeklyIssue
	for _, i := range list {
		doc := jsonv1.WeeklyIssue{Ref: i.Ref.String(), Title: i.Title, Priority: i.Priority, Assignees: i.Assignees, Open: i.Open(),
			CreatedAt: Instant(i.CreatedAt), ClosedAt: Instant(i.ClosedAt), Confidential: i.Confidential, WebURL: i.WebURL}
		if !i.CreatedAt.IsZero() {
			doc.AgeMinutes = new(max(0, int(now.Sub(i.CreatedAt)/time.Minute)))
		}
		docs = append(docs, doc)
	}
	return docs
}
