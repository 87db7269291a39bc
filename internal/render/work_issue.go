package render

import (
	"fmt"
	"io"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IssueReady shows what issues lack before somebody can pull them.
func (v *View) IssueReady(doc jsonv1.IssueReady) error {
	doc = revealed(v, doc)
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"},
		{Name: "Ready", Field: "ready"},
		{Name: "Missing", Field: "missing", Min: 20},
		{Name: "Title", Field: "title", Min: 16, Drop: 1},
		{Field: "weight"}, {Field: "columns"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No issues"}
	for _, i := range doc.Issues {
		s.Rows = append(s.Rows, []cell{text(i.Ref), cellOf(readyWord(i.Ready), fmt.Sprint(i.Ready)), text(unmet(i.Missing)),
			secret(i.Title, i.Confidential, i.Withheld), optional(i.Weight), listed(i.Columns), truth(i.Confidential, "confidential"),
			truth(i.Withheld, "withheld"), text(i.WebURL)})
	}
	b := body{sheet: s, tail: readyCount(doc), notes: doc.Notes}
	return v.show(doc, b, func(p *page) {
		p.Lines(readyLines(doc.Issues))
		p.Tail(b.sentences())
	})
}

func readyWord(ready bool) span {
	if ready {
		return as(good, "ready")
	}
	return as(warn, "not ready")
}

// unmet joins criteria, whose texts contain commas.
func unmet(list []jsonv1.Unmet) string {
	var texts []string
	for _, u := range list {
		texts = append(texts, u.Text)
	}
	return strings.Join(texts, "; ")
}

// readyCount is the line below several issues.
func readyCount(doc jsonv1.IssueReady) []string {
	if len(doc.Issues) < 2 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %s ready", doc.Ready, words.Count(len(doc.Issues), "issue"))}
}

// readyLines are the issues, each with its gaps below it.
func readyLines(list []jsonv1.WorkIssue) []line {
	var lines []line
	for _, i := range list {
		head := titled(i.Ref, i.Title, i.Confidential, i.Withheld)
		head.Spans = append(head.Spans, t(": "), readyWord(i.Ready))
		lines = append(lines, head)
		for _, u := range i.Missing {
			lines = append(lines, below(2, t("- "+u.Text)))
		}
	}
	return lines
}

// Lint shows what the rules of lint find. A finding has no words of a confidential issue, so nothing is withheld.
func (v *View) Lint(doc jsonv1.Lint) error {
	s := sheet{Columns: []column{
		{Name: "Severity", Field: "severity"},
		{Name: "Rule", Field: "rule"},
		{Name: "Place", Field: "place", Min: 16},
		{Name: "Finding", Field: "text", Min: 24},
		{Name: "Fix", Field: "fixable"},
		{Field: "issue"}, {Field: "file"}, {Field: "line"}, {Field: "column"}, {Field: "confidential"}, {Field: "web_url"},
	}, None: "No findings"}
	for _, f := range doc.Findings {
		s.Rows = append(s.Rows, []cell{severity(f.Severity), text(f.Rule), text(f.Place), text(f.Text), truth(f.Fixable, "--fix"),
			text(f.Issue), text(f.File), position(f.Line), position(f.Column), truth(f.Confidential, "confidential"), text(f.WebURL)})
	}
	b := body{sheet: s, tail: lintCount(doc), notes: doc.Notes, also: lintFiles(doc)}
	if len(doc.Findings) == 0 {
		return v.show(doc, b, nil)
	}
	return v.show(doc, b, func(p *page) {
		p.Lines(lintLines(doc.Findings))
		p.Tail(b.sentences())
	})
}

// lintLines are the findings below their rules.
func lintLines(list []jsonv1.LintFinding) []line {
	var lines []line
	rule := ""
	for _, f := range list {
		if f.Rule != rule {
			rule = f.Rule
			lines = append(lines, unindented(severity(f.Severity).Span, t(" "), as(strong, f.Rule)))
		}
		spans := []span{t(f.Place + ": " + f.Text)}
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
