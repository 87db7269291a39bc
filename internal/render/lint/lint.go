// Package lint holds the form of what the rules of lint find: a table, a page, and files for other programs. The rules and the fixes do not
// belong here.
package lint

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Form is the table and the page of findings.
func Form(doc jsonv1.Lint, _ words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Severity", Field: "severity"},
		{Name: "Rule", Field: "rule"},
		{Name: "Place", Field: "place", Min: 16},
		{Name: "Finding", Field: "text", Min: 24},
		{Name: "Fix", Field: "fixable"},
		{Field: "issue"}, {Field: "file"}, {Field: "line"}, {Field: "column"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No findings"}
	for _, f := range doc.Findings {
		s.Rows = append(s.Rows, []layout.Cell{severity(f.Severity), layout.Text(f.Rule), layout.Text(f.Place),
			layout.Text(doc.TextOf(f)), layout.Truth(f.Fixable, "--fix"), layout.Text(f.Issue), layout.Text(f.File), position(f.Line),
			position(f.Column), layout.Truth(f.Confidential, "confidential"), layout.Truth(f.Withheld, "withheld"),
			layout.Text(f.WebURL)})
	}
	b := form.Body{Sheet: s, Tail: lintCount(doc), Notes: doc.Notes, Also: lintFiles(doc)}
	if len(doc.Findings) == 0 {
		return b, nil
	}
	return b, func(p *layout.Page) {
		p.Lines(lintLines(doc))
		p.Tail(b.Sentences())
	}
}

// lintLines are the findings below their rules.
func lintLines(doc jsonv1.Lint) []layout.Line {
	var lines []layout.Line
	rule := ""
	for _, f := range doc.Findings {
		if f.Rule != rule {
			rule = f.Rule
			lines = append(lines, layout.Unindented(severity(f.Severity).Span, layout.T(" "), layout.As(layout.Strong, f.Rule)))
		}
		spans := []layout.Span{layout.T(f.Place)}
		if f.Confidential {
			spans = append(spans, layout.T(" "), layout.As(layout.Warn, words.HiddenTitle))
		}
		spans = append(spans, layout.T(": "+doc.TextOf(f)))
		if f.Fixable {
			spans = append(spans, layout.As(layout.Faint, " (--fix)"))
		}
		lines = append(lines, layout.Line{Indent: 2, Spans: spans})
	}
	return lines
}

// severity colors how bad a finding is.
func severity(word string) layout.Cell {
	switch word {
	case "error":
		return layout.Styled(layout.Bad, word)
	case "warning":
		return layout.Styled(layout.Warn, word)
	}
	return layout.Styled(layout.Faint, word)
}

// position is a line or a column of a file; 0 is none.
func position(n int) layout.Cell {
	if n == 0 {
		return layout.Text("")
	}
	return layout.Number(n)
}

// lintCount is the line below the findings.
func lintCount(doc jsonv1.Lint) []string {
	var lines []string
	if n := len(doc.Findings) + doc.Omitted; n > 0 {
		line := words.Count(n, "finding")
		if doc.Fixable > 0 {
			line += fmt.Sprintf(", %d of which can be fixed: prodctl lint --fix", doc.Fixable)
		}
		lines = append(lines, line)
	}
	if doc.Ignored > 0 {
		lines = append(lines, words.Count(doc.Ignored, "finding")+" ignored by lint.ignore")
	}
	return lines
}

// lintFiles are the formats of other programs.
func lintFiles(doc jsonv1.Lint) map[form.Format]func() string {
	return map[form.Format]func() string{
		form.SARIF:       func() string { return machine.SARIF(doc) },
		form.CodeQuality: func() string { return machine.CodeQuality(doc.Findings) },
	}
}
