package render

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// weeklyRows is the report as one table for programs: a row for each thing, of which the first column says what it is.
// Every record of automation has its own.
func weeklyRows(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Field: "section"}, {Field: "ref"}, {Field: "title"}, {Field: "class"}, {Field: "state"}, {Field: "outcome"}, {Field: "day"},
		{Field: "services"},
		{Field: "people"}, {Field: "environment"}, {Field: "type"},
		{Field: "started_at"}, {Field: "started_evidence"}, {Field: "detected_at"}, {Field: "detected_evidence"},
		{Field: "mitigated_at"}, {Field: "mitigated_evidence"}, {Field: "resolved_at"}, {Field: "resolved_evidence"},
		{Field: "to_detect_minutes"}, {Field: "to_mitigate_minutes"}, {Field: "to_resolve_minutes"}, {Field: "goes_on"},
		{Field: "created_at"}, {Field: "closed_at"}, {Field: "number"}, {Field: "before"}, {Field: "mean"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}}
	add := func(section string, values map[string]cell) {
		row := make([]cell, len(s.Columns))
		for i, c := range s.Columns {
			row[i] = values[c.Field]
		}
		row[0] = text(section)
		s.Rows = append(s.Rows, row)
	}
	for _, i := range doc.Incidents {
		add("incident", incidentValues(i))
	}
	for _, c := range doc.Changes {
		add("change", changeValues(c))
	}
	for _, i := range doc.Oncall {
		add("oncall", issueValues(i))
	}
	for _, i := range doc.Deltas {
		add("delta", issueValues(i))
	}
	for _, h := range doc.Handoffs {
		add("handoff", map[string]cell{"ref": text(h.Shift.ID), "class": text(h.Shift.Region), "started_at": text(h.Shift.From),
			"resolved_at": text(h.Shift.To),
			"created_at":  text(h.Posted), "people": text(h.By), "web_url": text(h.WebURL)})
	}
	for _, c := range doc.Counts {
		before := make([]string, len(c.Before))
		for i, n := range c.Before {
			before[i] = strconv.Itoa(n)
		}
		add("count", map[string]cell{"title": text(c.What), "number": number(c.Now), "before": text(strings.Join(before, " ")),
			"mean": text(c.Mean)})
	}
	return s
}

func incidentValues(i jsonv1.WeeklyIncident) map[string]cell {
	return map[string]cell{
		"ref": text(i.Ref), "title": text(i.Title), "class": text(i.Severity), "state": text(string(i.State)),
		"services": listed(i.Services), "people": people(i.Assignees),
		"started_at": text(i.StartedAt), "started_evidence": text(i.StartedFrom), "detected_at": text(i.DetectedAt),
		"detected_evidence": text(i.DetectedFrom),
		"mitigated_at":      text(i.MitigatedAt), "mitigated_evidence": text(i.MitigatedFrom), "resolved_at": text(i.ResolvedAt),
		"resolved_evidence": text(i.ResolvedFrom),
		"to_detect_minutes": optional(i.ToDetect), "to_mitigate_minutes": optional(i.ToMitigate), "to_resolve_minutes": optional(i.ToResolve),
		"goes_on": truth(i.GoesOn, "goes on"), "created_at": text(i.OpenedAt),
		"confidential": truth(i.Confidential, "confidential"), "withheld": truth(i.Withheld, "withheld"), "web_url": text(i.WebURL),
	}
}

func changeValues(c jsonv1.WeeklyChange) map[string]cell {
	kind := ""
	if c.Automation != nil {
		kind = c.Automation.Type
	}
	return map[string]cell{
		"ref": text(c.Ref), "title": text(c.Title), "class": text(c.Criticality), "state": text(string(c.State)),
		"outcome": text(c.Outcome), "day": text(c.Day),
		"services": listed(c.Services), "people": text(c.Executor), "environment": text(c.Environment), "type": text(kind),
		"started_at":   text(c.StartedAt),
		"confidential": truth(c.Confidential, "confidential"), "withheld": truth(c.Withheld, "withheld"), "web_url": text(c.WebURL),
	}
}

func issueValues(i jsonv1.WeeklyIssue) map[string]cell {
	state := "closed"
	if i.Open {
		state = "open"
	}
	return map[string]cell{
		"ref": text(i.Ref), "title": text(i.Title), "class": text(i.Priority), "state": text(state), "people": people(i.Assignees),
		"created_at": text(i.CreatedAt), "closed_at": text(i.ClosedAt),
		"confidential": truth(i.Confidential, "confidential"), "withheld": truth(i.Withheld, "withheld"), "web_url": text(i.WebURL),
	}
}
