package document

import (
	"cmp"
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	reportflow "gitlab.com/prodctl/prodctl/internal/workflow/report"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// Action converts a corrective action.
func Action(i issue.Issue, today calendar.Date) jsonv1.CorrectiveAction {
	doc := jsonv1.CorrectiveAction{Related: Related(i), Done: !i.Open()}
	if len(i.Assignees) > 0 {
		doc.Owner = i.Assignees[0]
	}
	if !i.Due.IsZero() {
		doc.Due, doc.Overdue = i.Due.String(), i.Open() && i.Due.Before(today)
	}
	return doc
}

// Line converts a line of a timeline.
func Line(l incident.Line) jsonv1.TimelineLine {
	return jsonv1.TimelineLine{At: Instant(l.At), Text: cmp.Or(l.Words, l.Text), Author: l.Author, Source: string(l.Source),
		NoteID: l.NoteID, Internal: l.Words != ""}
}

// Incident converts an incident.
func Incident(i incident.Incident, reviewAfter time.Duration, now time.Time) jsonv1.Incident {
	r := i.Record
	doc := jsonv1.Incident{
		Ref: i.Issue.Ref.String(), Title: i.Issue.Title, State: jsonv1.IncidentState(i.State), Services: i.Services,
		StartedAt: Instant(r.StartedAt), DetectedAt: Instant(r.DetectedAt), MitigatedAt: Instant(r.MitigatedAt),
		ResolvedAt: Instant(r.ResolvedAt),
		Cause:      r.Cause, DataLoss: r.DataLoss, Assignees: i.Issue.Assignees, Confidential: i.Issue.Confidential, Open: i.Issue.Open(),
		Gaps: i.Gaps, WebURL: i.Issue.WebURL,
	}
	if i.Severity != incident.UnknownSeverity {
		doc.Severity = string(i.Severity)
	}
	if r.Impact != nil {
		doc.Impact = *r.Impact
	}
	started := r.StartedAt
	if started.IsZero() {
		started = i.Issue.CreatedAt
	}
	doc.AgeMinutes = new(max(0, int(now.Sub(started)/time.Minute)))
	for _, d := range []struct {
		to *(*int)
		of func() (time.Duration, bool)
	}{{&doc.ToDetect, i.ToDetect}, {&doc.ToMitigate, i.ToMitigate}, {&doc.ToResolve, i.ToResolve}} {
		if took, known := d.of(); known {
			*d.to = new(int(took / time.Minute))
		}
	}
	due := i.ReviewDue(now, reviewAfter)
	doc.ReviewDueReason = due.Reason
	if due.Answer != incident.Maybe {
		doc.ReviewDue = new(due.Answer == incident.Yes)
	}
	return doc
}

// Remark converts a comment of a person.
func Remark(r incident.Remark) *jsonv1.Update {
	return &jsonv1.Update{At: Instant(r.At), By: r.By, Text: r.Text, Internal: r.Internal}
}

// lastLines is how many lines of the timeline are shown with an incident.
const lastLines = 5

// ShownIncident converts an incident with the end of its timeline, its corrective actions and related issues.
func ShownIncident(f flow.Shown, cfg config.Config, now time.Time) jsonv1.IncidentShow {
	row := Incident(f.Incident, cfg.Incidents.ReviewAfter, now)
	events := eventlog.Events(f.Notes, incident.Kind)
	lines := incident.Timeline(f.Incident, cfg.IncidentLabels(), events, nil, nil, nil)
	if n := len(lines); n > 0 {
		last := lines[n-1]
		row.LastUpdate = &jsonv1.Update{At: Instant(last.At), By: last.Author, Text: cmp.Or(last.Words, last.Text), Internal: last.Words != ""}
	}
	if r, ok := incident.LastComment(f.Notes); ok {
		row.LastComment = Remark(r)
	}
	doc := jsonv1.NewIncident(row)
	ahead := handoff.AheadOf(f.Notes)
	doc.Next, doc.If = step(ahead.Next), step(ahead.If)
	for _, l := range lines[max(0, len(lines)-lastLines):] {
		doc.Timeline = append(doc.Timeline, Line(l))
	}
	today := calendar.DateOf(now.In(cfg.Timezone))
	action := cfg.Labels.Names.Of(label.Corrective)
	for _, link := range f.Links {
		if link.Issue.Has(action) {
			doc.Actions = append(doc.Actions, Action(link.Issue, today))
		} else {
			doc.Related = append(doc.Related, Related(link.Issue))
		}
	}
	doc.Related = append(doc.Related, Unlinked(f.Record.Related, f.Links)...)
	doc.Problems, doc.Notes = Problems(f.Record.Problems), f.Gaps
	return doc
}

// step converts next steps or a contingency; nil if there are none.
func step(s incident.Step) *jsonv1.Update {
	text, internal := s.Shown()
	if text == "" {
		return nil
	}
	return &jsonv1.Update{At: Instant(s.At), By: s.By, Text: text, Internal: internal}
}

// Statistics converts the counts and times of the incidents of a period.
func Statistics(p report.Period, stats reportflow.Statistics, cfg config.Config, now time.Time) jsonv1.IncidentStats {
	doc := jsonv1.NewIncidentStats(p.From.String(), p.To.String(), cfg.Timezone.String())
	doc.Count = len(stats.Incidents)
	doc.Severities, doc.Services = groupDocs(stats.Severities), groupDocs(stats.Services)
	doc.Times, doc.FollowUps = Times(stats.Times), followUps(stats.FollowUps)
	for _, w := range stats.Weeks {
		doc.Weeks = append(doc.Weeks, jsonv1.IncidentWeek{Week: w.Week.String(), Monday: w.Week.Monday().String(), Count: w.Count})
	}
	unrecorded := 0
	for _, i := range stats.Incidents {
		if _, recorded := report.StartOf(i); !recorded {
			unrecorded++
		}
		e := evidence.Of(i, cfg.IncidentLabels(), nil)
		doc.Incidents = append(doc.Incidents, weeklyIncident(report.Incident{Incident: i, Evidence: e, Ongoing: !i.State.Over()}, cfg, now))
	}
	if unrecorded > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("No start time recorded for %s: counted by the issue's date, without times",
			counted(unrecorded, "incident")))
	}
	if p.Day(now).Before(p.To) {
		doc.Notes = append(doc.Notes, "The period is not over yet: it ends on "+p.To.String())
	}
	return doc
}

// counted is a number with its noun, singular or plural.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func groupDocs(list []report.Group) []jsonv1.IncidentGroup {
	var docs []jsonv1.IncidentGroup
	for _, g := range list {
		docs = append(docs, jsonv1.IncidentGroup{Name: g.Name, Count: g.Count, Times: Times(g.Times)})
	}
	return docs
}

// Times converts how long incidents took, over those with data.
func Times(t report.Times) jsonv1.IncidentTimes {
	w := t.Within()
	return jsonv1.IncidentTimes{Detect: spread(t.Detect), Mitigate: spread(t.Mitigate), Resolve: spread(t.Resolve),
		Within: jsonv1.Share{Sample: w.Sample, Missing: w.Missing, Count: w.Count, Percent: w.Percent}}
}
