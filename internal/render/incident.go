package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Incidents shows a list of incidents. Outside of a page a confidential one is its reference, unless the options say otherwise.
func (v *View) Incidents(doc jsonv1.Incidents) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: incidentColumns(), none: "no incidents" + filtered(doc.Filter)}
	for _, i := range doc.Incidents {
		s.rows = append(s.rows, incidentRow(i))
	}
	return v.show(doc, body{sheet: s, tail: incidentSum(doc.Incidents), notes: doc.Notes}, nil)
}

// filtered says what was asked for where nothing was found.
func filtered(filter []string) string {
	if len(filter) == 0 {
		return ""
	}
	return " (" + strings.Join(filter, ", ") + ")"
}

func incidentColumns() []column {
	return []column{
		{name: "Incident", field: "ref"},
		{name: "Severity", field: "severity"},
		{name: "State", field: "state"},
		{name: "Age", field: "age_minutes", right: true},
		{name: "Title", field: "title", min: 20},
		{name: "Services", field: "services", min: 8, drop: 2},
		{name: "Assignees", field: "assignees", min: 8, drop: 3},
		{name: "Gaps", field: "gaps", right: true, drop: 1},
		{field: "started_at"}, {field: "detected_at"}, {field: "mitigated_at"}, {field: "resolved_at"},
		{field: "to_detect_minutes"}, {field: "to_mitigate_minutes"}, {field: "to_resolve_minutes"},
		{field: "impact"}, {field: "cause"}, {field: "data_loss"}, {field: "review_due"},
		{field: "last_update_at"}, {field: "last_update_by"}, {field: "last_update_text"},
		{field: "confidential"}, {field: "withheld"}, {field: "open"}, {field: "web_url"},
	}
}

func incidentRow(i jsonv1.Incident) []cell {
	said := jsonv1.Update{}
	if i.LastUpdate != nil {
		said = *i.LastUpdate
	}
	row := []cell{
		text(i.Ref), {severity(i.Severity), i.Severity}, {incidentState(i.State), string(i.State)}, age(i.AgeMinutes),
		secret(i.Title, i.Confidential, i.Withheld), listed(i.Services), people(i.Assignees), counting(i.Gaps),
		text(i.StartedAt), text(i.DetectedAt), text(i.MitigatedAt), text(i.ResolvedAt),
		optional(i.ToDetect), optional(i.ToMitigate), optional(i.ToResolve),
		text(i.Impact), text(i.Cause), truth(i.DataLoss, "data loss"), maybe(i.ReviewDue),
		text(said.At), text(said.By), text(said.Text),
		truth(i.Confidential, "confidential"), truth(i.Withheld, "withheld"), truth(i.Open, "open"), text(i.WebURL),
	}
	if i.Withheld {
		onlyRef(row, 4)
	}
	return row
}

// onlyRef leaves the reference and the title's place of a row for people. Programs still get what the document has.
func onlyRef(row []cell, title int) {
	for i := range row {
		if i != 0 && i != title {
			row[i].span = t("")
		}
	}
}

// incidentSum counts what needs somebody.
func incidentSum(list []jsonv1.Incident) []string {
	var active, unknown, withheld int
	for _, i := range list {
		switch {
		case i.Withheld:
			withheld++
			continue
		case i.State == jsonv1.IncidentActive:
			active++
		}
		if i.Severity == "" {
			unknown++
		}
	}
	if len(list) == 0 {
		return nil
	}
	sum := fmt.Sprintf("%s, %d active", count(len(list), "incident"), active)
	if unknown > 0 {
		sum += fmt.Sprintf(", %d of unknown severity", unknown)
	}
	if withheld > 0 {
		sum += fmt.Sprintf(", %d confidential", withheld)
	}
	return []string{sum + "."}
}

// Incident shows one incident.
func (v *View) Incident(doc jsonv1.IncidentShow) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: append(incidentColumns(), column{field: "actions"}, column{field: "related"}, column{field: "problems"})}
	s.rows = [][]cell{append(incidentRow(doc.Incident), listed(actionRefs(doc.Actions)), listed(relatedRefs(doc.Related)), listed(problems(doc.Problems)))}
	told := v.incident(doc)
	return v.show(doc, body{sheet: s, notes: doc.Notes, post: told.markdown()}, func(p *page) { p.story(told) })
}

func (v *View) incident(doc jsonv1.IncidentShow) story {
	i := doc.Incident
	if i.Withheld {
		return story{head: []line{titled(i.Ref, i.Title, true, true)}, notes: doc.Notes}
	}
	return story{
		head:    []line{titled(i.Ref, i.Title, i.Confidential, false), says(incidentState(i.State), t(", severity "), severity(i.Severity))},
		address: i.WebURL,
		facts:   incidentFacts(i),
		sections: []section{
			{"Gaps", sentenced(i.Gaps)},
			{"Corrective actions", actionLines(doc.Actions)},
			{"Related", relatedLines(doc.Related)},
			{"Last in the timeline (UTC)", v.timelineTail(doc.Timeline)},
			{"Not understood in the record", sentenced(problems(doc.Problems))},
		},
		notes: doc.Notes,
	}
}

func incidentFacts(i jsonv1.Incident) []fact {
	return []fact{
		{"Services", []span{t(strings.Join(i.Services, ", "))}},
		{"Started", began(i)},
		{"Detected", after(i.DetectedAt, i.ToDetect)},
		{"Mitigated", after(i.MitigatedAt, i.ToMitigate)},
		{"Resolved", after(i.ResolvedAt, i.ToResolve)},
		{"Impact", []span{t(i.Impact)}},
		{"Cause", []span{t(i.Cause)}},
		{"Data loss", dataLoss(i.DataLoss)},
		{"Assignees", []span{t(mentions(i.Assignees))}},
		{"Last said", lastSaid(i.LastUpdate)},
		{"Review", review(i)},
		{"Issue", issueState(i.Open)},
	}
}

func dataLoss(lost bool) []span {
	if lost {
		return []span{as(bad, "yes, or perceived")}
	}
	return nil
}

// began is always told: without it there is nothing to count from.
func began(i jsonv1.Incident) []span {
	if i.StartedAt == "" {
		return []span{as(warn, unknown)}
	}
	began := []span{t(moment(i.StartedAt))}
	if i.AgeMinutes != nil && i.State == jsonv1.IncidentActive {
		began = append(began, t(" ("+lasting(*i.AgeMinutes)+" ago)"))
	}
	return began
}

// after is an instant with its distance from the start.
func after(at string, minutes *int) []span {
	if at == "" || minutes == nil {
		return []span{t(moment(at))}
	}
	return []span{t(moment(at) + " (" + lasting(*minutes) + " after the start)")}
}

func lastSaid(u *jsonv1.Update) []span {
	if u == nil {
		return nil
	}
	spans := []span{t(moment(u.At))}
	if u.By != "" {
		spans = append(spans, t(" by @"+u.By))
	}
	if u.Text != "" {
		spans = append(spans, t(": "+u.Text))
	}
	return spans
}

func review(i jsonv1.Incident) []span {
	why := ""
	if i.ReviewDueReason != "" {
		why = ": " + i.ReviewDueReason
	}
	switch {
	case i.ReviewDue == nil && why == "":
		return nil
	case i.ReviewDue == nil:
		return []span{as(warn, "not known whether it is due"), t(why)}
	case *i.ReviewDue:
		return []span{as(warn, "due"), t(why)}
	}
	return []span{t("not due" + why)}
}

const unknown = "unknown"

// severity says that nobody has said it, which is a gap.
func severity(s string) span {
	switch s {
	case "":
		return as(warn, unknown)
	case "S1", "S2":
		return as(bad, s)
	case "S3":
		return as(warn, s)
	}
	return t(s)
}

func incidentState(s jsonv1.IncidentState) span {
	switch s {
	case jsonv1.IncidentActive:
		return as(bad, string(s))
	case jsonv1.IncidentMitigated, jsonv1.IncidentUnknown:
		return as(warn, string(s))
	case jsonv1.IncidentResolved:
		return as(good, string(s))
	}
	return as(faint, string(s))
}

func actionLines(list []jsonv1.CorrectiveAction) []line {
	var lines []line
	for _, a := range list {
		spans := titled(a.Ref, a.Title, a.Confidential, false).spans
		if a.Owner != "" {
			spans = append(spans, t(" @"+a.Owner))
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
		lines = append(lines, says(spans...))
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
