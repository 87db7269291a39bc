// Package followup holds the forms of documents about what follows incidents: corrective actions. When one is overdue is decided in
// pkg/followup; nothing is decided here.
package followup

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Actions is the table of corrective actions, the longest overdue first.
func Actions(doc jsonv1.CorrectiveActions, _ words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Action", Field: "ref"},
		{Name: "Severity", Field: "severity"},
		{Name: "State", Field: "state"},
		{Name: "Due", Field: "due", Drop: 2},
		{Name: "Owner", Field: "owners", Min: 6, Drop: 1},
		{Name: "Team", Field: "teams", Drop: 4},
		{Name: "Incident", Field: "incident", Drop: 3},
		{Name: "Title", Field: "title", Min: 18},
		{Field: "days_overdue"}, {Field: "days_late"}, {Field: "opened_at"}, {Field: "closed_at"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No corrective actions found" + filtered(doc.Filter), Rows: form.Rows(doc.Actions, actionRow)}
	return form.Body{Sheet: s, Tail: actionCounts(doc), Notes: doc.Notes}, nil
}

// filtered describes the filter of an empty list.
func filtered(filter []string) string {
	if len(filter) == 0 {
		return ""
	}
	return " (" + strings.Join(filter, ", ") + ")"
}

func actionRow(a jsonv1.FollowUp) []layout.Cell {
	from, severity, state := layout.Text(""), words.Severity(a.Severity), words.FollowUp(a)
	if a.Incident != nil {
		from = layout.Text(a.Incident.Ref)
	}
	return []layout.Cell{layout.Text(a.Ref), {Span: severity, Data: a.Severity}, {Span: state, Data: a.State}, layout.Text(a.Due),
		form.People(a.Owners), form.Listed(a.Teams), from, form.Secret(a.Title, a.Confidential, a.Withheld), layout.Optional(a.DaysOverdue),
		layout.Optional(a.DaysLate), layout.Text(a.OpenedAt), layout.Text(a.ClosedAt), layout.Truth(a.Confidential, "confidential"),
		layout.Truth(a.Withheld, "withheld"), layout.Text(a.WebURL)}
}

// actionCounts is the line below the list.
func actionCounts(doc jsonv1.CorrectiveActions) []string {
	all := len(doc.Actions) + doc.Omitted
	if all == 0 {
		return nil
	}
	line := fmt.Sprintf("%s: %d open, %d overdue", words.Count(all, "action"), doc.Open, doc.Overdue)
	if all > doc.Open {
		line += "; " + words.OnTime(doc.OnTime)
	}
	return []string{line}
}
