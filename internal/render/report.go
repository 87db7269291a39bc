package render

import (
	"fmt"
	"io"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// report is a document of several tables, one below the other.
type report struct {
	title   string
	address string // of the issue with the report; not in Markdown
	facts   []layout.Fact
	parts   []reportPart
	notes   []string
}

// reportPart is one table with its title.
type reportPart struct {
	name  string
	sheet sheet
	tail  []string // sentences below the table
}

func (r report) write(p *page) {
	p.Line(0, as(strong, r.title))
	if r.address != "" {
		p.Address(r.address)
	}
	if len(r.facts) > 0 {
		p.Gap()
		p.Facts(0, r.facts)
	}
	for _, part := range r.parts {
		p.Gap()
		p.Line(0, as(strong, part.name))
		p.Sheet(part.sheet)
		p.Lines(layout.Sentenced(part.tail))
	}
	p.Tail(layout.Notes(r.notes))
}

// markdown returns the report as it is posted to an issue. The same data gives the same text, so it has no ages.
func (r report) markdown() string {
	var out strings.Builder
	out.WriteString("## " + layout.MarkdownCell(r.title) + "\n")
	if len(r.facts) > 0 {
		var lines []line
		for _, f := range r.facts {
			lines = append(lines, unindented(append([]span{as(strong, f.Name), t(": ")}, f.Value...)...))
		}
		out.WriteString("\n" + layout.Bullets(lines))
	}
	for _, part := range r.parts {
		out.WriteString("\n### " + layout.MarkdownCell(part.name) + "\n\n" + part.sheet.Without("age_minutes").Markdown(part.tail))
	}
	if len(r.notes) > 0 {
		out.WriteString("\n" + layout.Bullets(layout.Sentenced(layout.Notes(r.notes))))
	}
	return out.String()
}

// reportDays formats the days of a report, with their time zone unless it is UTC.
func reportDays(from, to, zone string) string {
	days := from + " to " + to
	if zone != "UTC" && zone != "" {
		days += " (" + zone + ")"
	}
	return days
}

// Lint shows what the rules of lint find.
func (v *View) Lint(doc jsonv1.Lint) error { return show(v, doc, v.lintForm) }

func (v *View) lintForm(doc jsonv1.Lint) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Severity", Field: "severity"},
		{Name: "Rule", Field: "rule"},
		{Name: "Place", Field: "place", Min: 16},
		{Name: "Finding", Field: "text", Min: 24},
		{Name: "Fix", Field: "fixable"},
		{Field: "issue"}, {Field: "file"}, {Field: "line"}, {Field: "column"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No findings"}
	for _, f := range doc.Findings {
		s.Rows = append(s.Rows, []cell{severity(f.Severity), text(f.Rule), text(f.Place), text(doc.TextOf(f)), truth(f.Fixable, "--fix"),
			text(f.Issue), text(f.File), position(f.Line), position(f.Column),
			truth(f.Confidential, "confidential"), truth(f.Withheld, "withheld"), text(f.WebURL)})
	}
	b := body{sheet: s, tail: lintCount(doc), notes: doc.Notes, also: lintFiles(doc)}
	if len(doc.Findings) == 0 {
		return b, nil
	}
	return b, func(p *page) {
		p.Lines(lintLines(doc))
		p.Tail(b.sentences())
	}
}

// lintLines are the findings below their rules.
func lintLines(doc jsonv1.Lint) []line {
	var lines []line
	rule := ""
	for _, f := range doc.Findings {
		if f.Rule != rule {
			rule = f.Rule
			lines = append(lines, unindented(severity(f.Severity).Span, t(" "), as(strong, f.Rule)))
		}
		spans := []span{t(f.Place)}
		if f.Confidential {
			spans = append(spans, t(" "), as(warn, words.HiddenTitle))
		}
		spans = append(spans, t(": "+doc.TextOf(f)))
		if f.Fixable {
			spans = append(spans, as(faint, " (--fix)"))
		}
		lines = append(lines, below(2, spans...))
	}
	return lines
}

// CodeQuality writes findings in files as GitLab's Code Quality report, whatever the format.
func (v *View) CodeQuality(list []jsonv1.LintFinding) error {
	_, err := io.WriteString(v.w, machine.CodeQuality(list))
	return err
}

// severity colors how bad a finding is.
func severity(word string) cell {
	switch word {
	case "error":
		return styled(bad, word)
	case "warning":
		return styled(warn, word)
	}
	return styled(faint, word)
}

// position is a line or a column of a file; 0 is none.
func position(n int) cell {
	if n == 0 {
		return text("")
	}
	return number(n)
}

// lintCount is the line below the findings.
func lintCount(doc jsonv1.Lint) []string {
	var lines []string
	if n := len(doc.Findings); n > 0 {
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
func lintFiles(doc jsonv1.Lint) map[Format]func() string {
	return map[Format]func() string{
		SARIF:       func() string { return machine.SARIF(doc) },
		CodeQuality: func() string { return machine.CodeQuality(doc.Findings) },
	}
}
