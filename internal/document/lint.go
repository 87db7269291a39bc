package document

import (
	"slices"

	flow "gitlab.com/prodctl/prodctl/internal/workflow/lint"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lint"
)

// Lint returns the document of findings. ids are the rules that were checked.
func Lint(found flow.Found, ids []string) jsonv1.Lint {
	var rules []jsonv1.LintRule
	for _, r := range lint.Rules() {
		if slices.Contains(ids, r.ID) {
			rules = append(rules, jsonv1.LintRule{ID: r.ID, Severity: string(r.Severity), Title: r.Title})
		}
	}
	var findings []jsonv1.LintFinding
	for _, f := range found.Findings {
		findings = append(findings, finding(f))
	}
	doc := jsonv1.NewLint(rules, findings)
	doc.Ignored, doc.Notes = found.Ignored, found.Notes
	return doc
}

func finding(f lint.Finding) jsonv1.LintFinding {
	p := f.Place
	doc := jsonv1.LintFinding{
		Rule: f.ID, Severity: string(f.Severity), Place: p.String(), Text: f.Text, Fixable: f.Fix != nil,
		In: p.In, Milestone: p.Milestone, Label: p.Label, Board: p.Board, File: p.File, Line: p.Line, Column: p.Column,
		Confidential: p.Confidential, WebURL: p.WebURL,
	}
	if p.Issue.IID != 0 {
		doc.Issue = p.Issue.String()
	}
	return doc
}
