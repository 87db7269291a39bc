package render

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/followup"
	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/load"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// callOutline returns the summary for the infrastructure call: one sentence for each incident, the deltas, the changes that went wrong, and
// counts.
func callOutline(doc jsonv1.Weekly) outline {
	head := []line{unindented(as(strong, "Infrastructure call, "+form.Days(doc.From, doc.To, doc.Zone)))}
	if doc.Budget != nil {
		head = append(head, unindented(t("Error budget: "+budgetLeft(*doc.Budget))))
	}
	return outline{
		Head: head,
		Sections: []layout.Section{
			section("Incidents", callIncidents(doc)),
			section("Exceptions", callDeltas(doc)),
			section("Changes", callChanges(doc)),
			section("Counts, with the mean of the previous four periods", callCounts(doc)),
		},
		Notes: weeklyNotes(doc),
	}
}

// orNoneLine returns the lines, or "none" instead of an empty list, because that is news too.
func orNoneLine(lines []line) []line {
	if len(lines) == 0 {
		return []line{unindented(t("none"))}
	}
	return lines
}

func callIncidents(doc jsonv1.Weekly) []line {
	var lines []line
	for _, i := range doc.Incidents {
		lines = append(lines, callIncident(i))
	}
	return orNoneLine(lines)
}

func callIncident(i jsonv1.WeeklyIncident) line {
	spans := []span{words.Severity(i.Severity), t(", "), words.Ongoing(i), t(": ")}
	if i.Severity == "" && !i.Withheld {
		spans[0].Text = "severity unknown"
	}
	if i.State == jsonv1.IncidentUnknown {
		spans[2].Text = "state unknown"
	}
	spans = append(spans, form.Titled(i.Ref, i.Title, i.Confidential, i.Withheld).Spans...)
	if i.Withheld {
		return unindented(spans...)
	}
	if len(i.Services) > 0 {
		spans = append(spans, t(" ("+strings.Join(i.Services, ", ")+")"))
	}
	facts := []string{"start unknown"}
	switch {
	case i.StartedAt != "":
		facts[0] = "started " + words.Moment(i.StartedAt) + words.Evidence(i.StartedFrom)
	case i.OpenedAt != "":
		facts = []string{"opened " + words.Moment(i.OpenedAt), "start unknown"}
	}
	for _, s := range []struct {
		what string
		text string
	}{
		{"detected", took(i.ToDetect, i.DetectedAt, i.DetectedFrom, false)},
		{"mitigated", took(i.ToMitigate, i.MitigatedAt, i.MitigatedFrom, false)},
		{"resolved", took(i.ToResolve, i.ResolvedAt, i.ResolvedFrom, false)},
	} {
		switch {
		case strings.HasPrefix(s.text, "at "):
			facts = append(facts, s.what+" "+s.text)
		case s.text != "":
			facts = append(facts, s.what+" after "+s.text)
		}
	}
	return unindented(append(spans, t("; "+strings.Join(facts, ", ")))...)
}

func callDeltas(doc jsonv1.Weekly) []line {
	var lines []line
	for _, d := range doc.Deltas {
		spans := form.Titled(d.Ref, d.Title, d.Confidential, d.Withheld).Spans
		switch {
		case !d.Open:
			spans = append(spans, t(", "), as(good, "closed"))
		case d.CreatedAt != "":
			day, _, _ := strings.Cut(d.CreatedAt, "T")
			spans = append(spans, t(", since "+day))
		}
		lines = append(lines, unindented(spans...))
	}
	return orNoneLine(lines)
}

// callChanges lists the changes that went wrong or are not over. Successful ones are only counted.
func callChanges(doc jsonv1.Weekly) []line {
	var lines []line
	well := 0
	for _, c := range doc.Changes {
		if c.State == jsonv1.ChangeComplete && c.Outcome == "success" {
			well++
			continue
		}
		spans := []span{{Text: cmp.Or(c.Criticality, "class "+words.Unknown), Style: words.Criticality(c.Criticality).Style}, t(" "),
			words.ChangeResult(c), t(": ")}
		spans = append(spans, form.Titled(c.Ref, c.Title, c.Confidential, c.Withheld).Spans...)
		lines = append(lines, unindented(spans...))
	}
	if len(doc.Changes) == 0 {
		return orNoneLine(nil)
	}
	if well > 0 {
		lines = append(lines, unindented(t(words.Count(well, "successful change"))))
	}
	return lines
}

func callCounts(doc jsonv1.Weekly) []line {
	var lines []line
	for _, c := range doc.Counts {
		lines = append(lines, unindented(t(fmt.Sprintf("%s: %d (mean %s)", c.Metric, c.Current, c.Mean))))
	}
	if w := doc.Times.Within; w.Sample > 0 {
		lines = append(lines, unindented(t(words.Within(w))))
	}
	if text := followup.Line(doc.FollowUps); text != "" {
		lines = append(lines, unindented(t(text)))
	}
	return lines
}

// weeklyRows returns the report as one table for programs. Each item has a row, whose first column says what it is; each change that
// automation recorded has one too.
func weeklyRows(doc jsonv1.Weekly) sheet {
	s := sheet{Columns: []column{
		{Field: "section"}, {Field: "ref"}, {Field: "title"}, {Field: "class"}, {Field: "state"}, {Field: "outcome"}, {Field: "day"},
		{Field: "services"},
		{Field: "people"}, {Field: "environment"}, {Field: "type"},
		{Field: "started_at"}, {Field: "started_evidence"}, {Field: "detected_at"}, {Field: "detected_evidence"},
		{Field: "mitigated_at"}, {Field: "mitigated_evidence"}, {Field: "resolved_at"}, {Field: "resolved_evidence"},
		{Field: "to_detect_minutes"}, {Field: "to_mitigate_minutes"}, {Field: "to_resolve_minutes"}, {Field: "ongoing"},
		{Field: "created_at"}, {Field: "closed_at"}, {Field: "count"}, {Field: "previous"}, {Field: "mean"},
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
		before := make([]string, len(c.Previous))
		for i, n := range c.Previous {
			before[i] = strconv.Itoa(n)
		}
		add("count", map[string]cell{"title": text(c.Metric), "count": number(c.Current), "previous": text(strings.Join(before, " ")),
			"mean": text(c.Mean)})
	}
	for _, f := range load.Figures(doc.Load) {
		before := make([]string, len(f.Previous))
		for i, n := range f.Previous {
			before[i] = strconv.Itoa(n)
		}
		add("load", map[string]cell{"title": text(f.Name), "class": text(f.Region), "people": text(f.Person), "count": number(f.Value),
			"previous": text(strings.Join(before, " ")), "mean": text(f.Mean)})
	}
	for _, c := range followup.Counts(doc.FollowUps) {
		add("follow-up", map[string]cell{"title": text(c.Name), "count": number(c.Count)})
	}
	if b := doc.Budget; b != nil {
		for _, n := range []struct{ name, minutes string }{{"allowed", b.Allowed}, {"spent", b.Spent}, {"remaining", b.Remaining}} {
			add("budget", map[string]cell{"title": text(n.name + " minutes"), "count": text(n.minutes), "started_at": text(b.From),
				"resolved_at": text(b.To)})
		}
	}
	return s
}

func incidentValues(i jsonv1.WeeklyIncident) map[string]cell {
	return map[string]cell{
		"ref": text(i.Ref), "title": text(i.Title), "class": text(i.Severity), "state": text(string(i.State)),
		"services": form.Listed(i.Services), "people": form.People(i.Assignees),
		"started_at": text(i.StartedAt), "started_evidence": text(i.StartedFrom), "detected_at": text(i.DetectedAt),
		"detected_evidence": text(i.DetectedFrom),
		"mitigated_at":      text(i.MitigatedAt), "mitigated_evidence": text(i.MitigatedFrom), "resolved_at": text(i.ResolvedAt),
		"resolved_evidence": text(i.ResolvedFrom),
		"to_detect_minutes": optional(i.ToDetect), "to_mitigate_minutes": optional(i.ToMitigate), "to_resolve_minutes": optional(i.ToResolve),
		"ongoing": truth(i.Ongoing, "ongoing"), "created_at": text(i.OpenedAt),
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
		"services": form.Listed(c.Services), "people": text(c.Executor), "environment": text(c.Environment), "type": text(kind),
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
		"ref": text(i.Ref), "title": text(i.Title), "class": text(i.Priority), "state": text(state), "people": form.People(i.Assignees),
		"created_at": text(i.CreatedAt), "closed_at": text(i.ClosedAt),
		"confidential": truth(i.Confidential, "confidential"), "withheld": truth(i.Withheld, "withheld"), "web_url": text(i.WebURL),
	}
}
