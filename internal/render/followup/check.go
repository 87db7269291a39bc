package followup

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Check is the table and the page of what `incident check` finds. The page has the command below each finding: it has to be pasted whole.
func Check(doc jsonv1.IncidentCheck, _ words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Incident", Field: "ref"},
		{Name: "Severity", Field: "severity"},
		{Name: "Rule", Field: "rule"},
		{Name: "Finding", Field: "text", Min: 24},
		{Name: "Fix", Field: "fix", Min: 24},
		{Field: "state"}, {Field: "title"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No findings in " + words.Count(doc.Checked, "incident"), Rows: form.Rows(doc.Findings, findingRow)}
	b := form.Body{Sheet: s, Notes: doc.Notes}
	if len(doc.Findings) == 0 {
		return b, nil
	}
	all := len(doc.Findings) + doc.Omitted
	b.Tail = []string{fmt.Sprintf("%s; %s checked", words.Count(all, "finding"), words.Count(doc.Checked, "incident"))}
	return b, func(p *layout.Page) {
		for _, f := range doc.Findings {
			p.Lines(findingLines(f))
			if f.Fix != "" {
				p.Hint(2, "", 2, "To fix: "+f.Fix)
			}
		}
		p.Tail(b.Sentences())
	}
}

func findingRow(f jsonv1.IncidentFinding) []layout.Cell {
	severity := words.Severity(f.Severity)
	return []layout.Cell{layout.Text(f.Ref), {Span: severity, Data: f.Severity}, layout.Text(f.Rule), layout.Text(f.Text), layout.Text(f.Fix),
		layout.Text(string(f.State)), form.Secret(f.Title, f.Confidential, f.Withheld), layout.Truth(f.Confidential, "confidential"),
		layout.Truth(f.Withheld, "withheld"), layout.Text(f.WebURL)}
}

// findingLines are a finding with its incident, and what is wrong.
func findingLines(f jsonv1.IncidentFinding) []layout.Line {
	head := append([]layout.Span{words.Severity(f.Severity), layout.T(" ")}, form.Titled(f.Ref, f.Title, f.Confidential, f.Withheld).Spans...)
	return []layout.Line{layout.Unindented(head...),
		{Indent: 2, Spans: []layout.Span{layout.As(layout.Warn, f.Rule), layout.T(after(f.Text))}}}
}

// after is a text behind a rule's name.
func after(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}
