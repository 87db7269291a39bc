package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/incident"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Incidents shows a list of incidents. Outside a terminal, a confidential one shows its reference only, unless --include-confidential is
// given.
func (v *View) Incidents(doc jsonv1.Incidents) error { return show(v, doc, v.incidentsForm) }

func (v *View) incidentsForm(doc jsonv1.Incidents) (body, func(*page)) {
	s := sheet{Columns: incidentColumns(), None: "No incidents found" + filtered(doc.Filter), Rows: form.Rows(doc.Incidents, incidentRow)}
	return body{Sheet: s, Tail: incidentCounts(doc.Incidents, doc.Omitted), Notes: doc.Notes}, nil
}

// filtered describes the filter of an empty list.
func filtered(filter []string) string {
	if len(filter) == 0 {
		return ""
	}
	return " (" + strings.Join(filter, ", ") + ")"
}

func incidentColumns() []column {
	return []column{
		{Name: "Incident", Field: "ref"},
		{Name: "Severity", Field: "severity"},
		{Name: "State", Field: "state"},
		{Name: "Age", Field: "age_minutes", Right: true},
		{Name: "Title", Field: "title", Min: 20},
		{Name: "Services", Field: "services", Min: 8, Drop: 2},
		{Name: "Assignees", Field: "assignees", Min: 8, Drop: 3},
		{Name: "Gaps", Field: "gaps", Right: true, Drop: 1},
		{Field: "started_at"}, {Field: "detected_at"}, {Field: "mitigated_at"}, {Field: "resolved_at"},
		{Field: "to_detect_minutes"}, {Field: "to_mitigate_minutes"}, {Field: "to_resolve_minutes"},
		{Field: "impact"}, {Field: "cause"}, {Field: "data_loss"}, {Field: "review_due"},
		{Field: "last_update_at"}, {Field: "last_update_by"}, {Field: "last_update_text"},
		{Field: "last_comment_at"}, {Field: "last_comment_by"}, {Field: "last_comment_text"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "open"}, {Field: "web_url"},
	}
}

func incidentRow(i jsonv1.Incident) []cell {
	last, comment := lastUpdate(i.LastUpdate), lastUpdate(i.LastComment)
	return []cell{
		text(i.Ref), cellOf(words.Severity(i.Severity), i.Severity), cellOf(words.IncidentState(i.State), string(i.State)),
		form.Age(i.AgeMinutes),
		form.Secret(i.Title, i.Confidential, i.Withheld), form.Listed(i.Services), form.People(i.Assignees), form.Counting(i.Gaps),
		text(i.StartedAt), text(i.DetectedAt), text(i.MitigatedAt), text(i.ResolvedAt),
		optional(i.ToDetect), optional(i.ToMitigate), optional(i.ToResolve),
		text(i.Impact), text(i.Cause), truth(i.DataLoss, "data loss"), form.Maybe(i.ReviewDue),
		text(last.At), text(last.By), text(last.Text), text(comment.At), text(comment.By), text(comment.Text),
		truth(i.Confidential, "confidential"), truth(i.Withheld, "withheld"), truth(i.Open, "open"), text(i.WebURL),
	}
}

// incidentCounts is the line below the list.
func incidentCounts(list []jsonv1.Incident, omitted int) []string {
	var active, unknown, withheld int
	for _, i := range list {
		if i.Withheld {
			withheld++
		}
		if i.State == jsonv1.IncidentActive {
			active++
		}
		if i.Severity == "" {
			unknown++
		}
	}
	if len(list) == 0 {
		return nil
	}
	counts := fmt.Sprintf("%s: %d active", words.CountOf(len(list), omitted, "incident"), active)
	if unknown > 0 {
		counts += fmt.Sprintf(", %d with unknown severity", unknown)
	}
	if withheld > 0 {
		counts += fmt.Sprintf(", %d confidential", withheld)
	}
	lines := []string{counts}
	for _, i := range list {
		if c := i.LastComment; c != nil {
			lines = append(lines, "Last comment on "+i.Ref+", "+words.Moment(c.At)+" by "+by(c.By)+ofUpdate(*c))
		}
	}
	return lines
}

// ofUpdate is the text of an update behind who wrote it.
func ofUpdate(u jsonv1.Update) string {
	if text := updateText(u); text != "" {
		return ": " + text
	}
	return ""
}

// Incident shows one incident.
func (v *View) Incident(doc jsonv1.IncidentShow) error { return show(v, doc, v.incidentForm) }

func (v *View) incidentForm(doc jsonv1.IncidentShow) (body, func(*page)) {
	s := sheet{Columns: append(incidentColumns(), column{Field: "actions"}, column{Field: "related"}, column{Field: "problems"},
		column{Field: "next"}, column{Field: "contingency"})}
	s.Rows = [][]cell{append(incidentRow(doc.Incident), form.Listed(actionRefs(doc.Actions)), form.Listed(relatedRefs(doc.Related)),
		form.Listed(problems(doc.Problems)), text(lastUpdate(doc.Next).Text), text(lastUpdate(doc.If).Text))}
	shown := v.incident(doc)
	return body{Sheet: s, Notes: doc.Notes, Post: shown.Markdown()}, func(p *page) { p.Outline(shown) }
}

func (v *View) incident(doc jsonv1.IncidentShow) outline {
	i := doc.Incident
	if i.Withheld {
		return outline{Head: []line{form.Titled(i.Ref, i.Title, true, true), severityLine(i)}, Address: i.WebURL, Notes: doc.Notes}
	}
	return outline{
		Head: []line{form.Titled(i.Ref, i.Title, i.Confidential, false),
			severityLine(i)},
		Address: i.WebURL,
		Facts: append(incidentFacts(i), fact("Next", lastUpdateSpans(doc.Next)...),
			fact("Contingency", lastUpdateSpans(doc.If)...)),
		Sections: []layout.Section{
			section("Gaps", layout.Sentenced(i.Gaps)),
			section("Changed before it", incident.Before(doc.ChangesBefore, i.Ref)),
			section("Corrective actions", actionLines(doc.Actions)),
			section("Related", relatedLines(doc.Related)),
			section("Latest events (UTC)", v.timelineTail(doc.Timeline)),
			section("Problems in the record", layout.Sentenced(problems(doc.Problems))),
		},
		Notes: doc.Notes,
	}
}

func severityLine(i jsonv1.Incident) line {
	return unindented(words.IncidentState(i.State), t(", severity "), words.Severity(i.Severity))
}

func incidentFacts(i jsonv1.Incident) []layout.Fact {
	return []layout.Fact{
		fact("Services", t(strings.Join(i.Services, ", "))),
		fact("Started", began(i)...),
		fact("Detected", after(i.DetectedAt, i.ToDetect)...),
		fact("Mitigated", after(i.MitigatedAt, i.ToMitigate)...),
		fact("Resolved", after(i.ResolvedAt, i.ToResolve)...),
		fact("Impact", t(i.Impact)),
		fact("Cause", t(i.Cause)),
		fact("Data loss", dataLoss(i.DataLoss)...),
		fact("Assignees", t(words.Mentions(i.Assignees))),
		fact("Last update", lastUpdateSpans(i.LastUpdate)...),
		fact("Last comment", lastUpdateSpans(i.LastComment)...),
		fact("Review", review(i)...),
		fact("Issue", issueState(i.Open)...),
	}
}

func dataLoss(lost bool) []span {
	if lost {
		return []span{as(bad, "yes, or suspected")}
	}
	return nil
}

// began is shown even if unknown, since all durations count from it.
func began(i jsonv1.Incident) []span {
	if i.StartedAt == "" {
		return []span{as(warn, words.Unknown)}
	}
	began := []span{t(words.Moment(i.StartedAt))}
	if i.AgeMinutes != nil && i.State == jsonv1.IncidentActive {
		began = append(began, t(" ("+words.Lasting(*i.AgeMinutes)+" ago)"))
	}
	return began
}

// after is a time with its distance from the start.
func after(at string, minutes *int) []span {
	if at == "" || minutes == nil {
		return []span{t(words.Moment(at))}
	}
	return []span{t(words.Moment(at) + " (" + words.Lasting(*minutes) + " after the start)")}
}

func lastUpdateSpans(u *jsonv1.Update) []span {
	if u == nil {
		return nil
	}
	spans := []span{t(words.Moment(u.At))}
	if u.By != "" {
		spans = append(spans, t(" by "+by(u.By)))
	}
	if text := updateText(*u); text != "" {
		spans = append(spans, t(": "+text))
	}
	return spans
}

// updateText is the text of an update, or what it is if its words are withheld.
func updateText(u jsonv1.Update) string {
	if u.Internal && u.Text == "" {
		return "an internal comment"
	}
	return u.Text
}

func review(i jsonv1.Incident) []span {
	reason := ""
	if i.ReviewDueReason != "" {
		reason = ": " + i.ReviewDueReason
	}
	switch {
	case i.ReviewDue == nil && reason == "":
		return nil
	case i.ReviewDue == nil:
		return []span{as(warn, "unknown whether due"), t(reason)}
	case *i.ReviewDue:
		return []span{as(warn, "due"), t(reason)}
	}
	return []span{t("not due" + reason)}
}

func actionLines(list []jsonv1.CorrectiveAction) []line {
	var lines []line
	for _, a := range list {
		spans := form.Titled(a.Ref, a.Title, a.Confidential, false).Spans
		if a.Owner != "" {
			spans = append(spans, t(" "+by(a.Owner)))
		}
		if a.Due != "" {
			spans = append(spans, t(" due "+a.Due))
		}
		switch {
		case a.Done:
			spans = append(spans, t(" "), as(good, "done"))
		case a.Overdue:
			spans = append(spans, t(" "), as(bad, "overdue"))
		}
		lines = append(lines, unindented(spans...))
	}
	return lines
}

func actionRefs(list []jsonv1.CorrectiveAction) []string {
	var refs []string
	for _, a := range list {
		refs = append(refs, a.Ref)
	}
	return refs
}
