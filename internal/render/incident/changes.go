// Package incident holds the forms of documents about one incident: what changed before it. Ranking and reading do not belong here. The
// list of incidents, and the page of one, are in package render.
package incident

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Changes is the table and the page of what changed before an incident.
func Changes(doc jsonv1.IncidentChanges, clock words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "#", Field: "rank", Right: true},
		{Name: "Change", Field: "ref", Min: 12},
		{Name: "State", Field: "state"},
		{Name: "What", Field: "title", Min: 20},
		{Name: "Why", Field: "reason", Min: 20},
		{Name: "By", Field: "by", Drop: 1},
		{Field: "kind"}, {Field: "criticality"}, {Field: "match"}, {Field: "timing"}, {Field: "minutes_before"}, {Field: "services"},
		{Field: "environment"}, {Field: "commit"}, {Field: "started_at"}, {Field: "ended_at"}, {Field: "outcome"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"}, {Field: "job_url"},
	}, None: none(doc, clock), Rows: form.Rows(doc.Changes, changeRow)}
	b := form.Body{Sheet: s, Notes: doc.Notes}
	if len(doc.Changes) > 0 {
		b.Tail = []string{"A rank says where to look first, not what the cause is"}
	}
	b.Post = changesPost(doc, b)
	return b, func(p *layout.Page) { changesPage(p, doc, b, clock) }
}

func none(doc jsonv1.IncidentChanges, clock words.Clock) string {
	if doc.Withheld {
		return "Changes before " + doc.Ref + " not shown: confidential"
	}
	return "No changes found from " + words.Moment(doc.From) + " to " + words.Moment(doc.BeganAt)
}

func changeRow(c jsonv1.RankedChange) []layout.Cell {
	minutes := layout.Optional(c.MinutesBefore)
	return []layout.Cell{
		layout.Number(c.Rank), layout.Text(c.Ref), layout.Cell{Span: state(c), Data: c.State}, form.Secret(c.Title, c.Confidential, c.Withheld),
		layout.Text(c.Reason), layout.Both(account.Name(c.By), c.By),
		layout.Text(c.Kind), layout.Text(c.Criticality), layout.Text(c.Match), layout.Text(c.Timing), minutes, form.Listed(c.Services),
		layout.Text(c.Environment), layout.Text(c.Commit), layout.Text(c.StartedAt), layout.Text(c.EndedAt), layout.Text(c.Outcome),
		layout.Truth(c.Confidential, "confidential"), layout.Truth(c.Withheld, "withheld"), layout.Text(c.WebURL), layout.Text(c.JobURL),
	}
}

// state colors the state of a change, and the status of a deployment. A complete change that failed is red.
func state(c jsonv1.RankedChange) layout.Span {
	switch {
	case c.Kind == "change" && c.Outcome == "failure":
		return layout.As(layout.Bad, c.State+", failed")
	case c.Kind == "change":
		return words.ChangeState(jsonv1.ChangeState(c.State))
	case c.State == "failed":
		return layout.As(layout.Bad, c.State)
	case c.State == "running":
		return layout.As(layout.Warn, c.State)
	}
	return layout.T(c.State)
}

// Before are the first changes before an incident, for a section of its page; none if they were not read.
func Before(doc *jsonv1.ChangesBefore, ref string) []layout.Line {
	if doc == nil {
		return nil
	}
	var lines []layout.Line
	for _, c := range doc.Changes {
		spans := append(form.Titled(c.Ref, c.Title, c.Confidential, c.Withheld).Spans, layout.T("; "))
		lines = append(lines, layout.Unindented(append(spans, details(c)...)...))
	}
	if len(doc.Changes) == 0 {
		lines = append(lines, layout.Unindented(layout.T("No changes found since "+words.Moment(doc.From))))
	}
	for _, u := range doc.Unread {
		lines = append(lines, layout.Unindented(layout.As(layout.Warn, "Not listed: "+u.What+" of "+u.Project+" ("+u.Reason+")")))
	}
	if doc.More > 0 {
		lines = append(lines, layout.Unindented(layout.As(layout.Faint, "And "+strconv.Itoa(doc.More)+" more: prodctl incident changes "+ref)))
	}
	return lines
}

// heading says which incident and which period the changes are about.
func heading(doc jsonv1.IncidentChanges) string {
	return "Began " + words.Moment(doc.BeganAt) + basis(doc.BeganFrom) + "; changes since " + words.Moment(doc.From)
}

// basis says where the start is from, unless somebody recorded it.
func basis(from string) string {
	switch from {
	case "detected":
		return " (when it was detected)"
	case "opened":
		return " (when the issue was opened)"
	case "timeline":
		return " (by its timeline)"
	}
	return ""
}

func changesPage(p *layout.Page, doc jsonv1.IncidentChanges, b form.Body, clock words.Clock) {
	p.Lines([]layout.Line{form.Titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld)})
	if doc.Withheld {
		p.Line(0, layout.T(b.Sheet.None))
		return
	}
	p.Line(0, layout.As(layout.Faint, heading(doc)))
	p.Gap()
	for _, c := range doc.Changes {
		lead := []layout.Span{layout.As(layout.Strong, strconv.Itoa(c.Rank)+"."), layout.T(" ")}
		spans := form.Titled(c.Ref, c.Title, c.Confidential, c.Withheld).Spans
		p.Hang(0, lead, 3, spans...)
		p.Line(3, details(c)...)
		if layout.IsAddress(c.WebURL) { // never broken, so that it can be copied
			p.Put(3, []layout.Span{layout.As(layout.Faint, c.WebURL)})
		}
	}
	if len(doc.Changes) == 0 {
		p.Line(0, layout.T(b.Sheet.None))
	}
	p.Tail(b.Sentences())
}

// details are the state of a change, the reason for its rank, and who made it.
func details(c jsonv1.RankedChange) []layout.Span {
	spans := []layout.Span{state(c)}
	if c.Reason != "" {
		spans = append(spans, layout.T("; "+c.Reason))
	}
	if c.By != "" {
		spans = append(spans, layout.T("; by "+account.Name(c.By)))
	}
	return spans
}

// changesPost is the list as Markdown. It mentions nobody.
func changesPost(doc jsonv1.IncidentChanges, b form.Body) string {
	var out strings.Builder
	line := func(s string) { out.WriteString(s + "\n") }
	title := layout.PlainText(form.Titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld).Spans)
	if line(layout.MarkdownLine(title)); doc.Withheld || len(doc.Changes) == 0 {
		line("\n" + layout.MarkdownLine(b.Sheet.None))
	} else {
		line("\n" + layout.MarkdownLine(heading(doc)))
		line("")
		for _, c := range doc.Changes {
			text := layout.PlainText(form.Titled(c.Ref, c.Title, c.Confidential, c.Withheld).Spans) + ": " + layout.PlainText(details(c))
			line(strconv.Itoa(c.Rank) + ". " + layout.MarkdownCell(text))
			if c.WebURL != "" {
				line("   " + layout.MarkdownCell(c.WebURL))
			}
		}
	}
	if sentences := b.Sentences(); len(sentences) > 0 {
		line("")
		out.WriteString(layout.Bullets(layout.Sentenced(sentences)))
	}
	return out.String()
}
