package render_test

import (
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// workDocuments are the documents about the team's issues and goals.
func workDocuments(f func(string) string) []document {
	ready := jsonv1.NewIssueReady([]jsonv1.WorkIssue{certificates(f), runners(f)})
	ready.Notes = texts{f("acme/production#3 was moved to acme/infrastructure#118")}
	found, clean := findings(f), jsonv1.NewLint([]jsonv1.LintRule{{ID: "stale", Severity: "info", Title: "Work in progress has no recent update"}}, nil)
	return []document{
		{"issue_ready", ready, func(v *render.View) error { return v.IssueReady(ready) }},
		{"lint", found, func(v *render.View) error { return v.Lint(found) }},
		{"lint_empty", clean, func(v *render.View) error { return v.Lint(clean) }},
	}
}

// findings are findings about an issue, a confidential issue, a milestone, a label, a board, a project, and a line of a file.
func findings(f func(string) string) jsonv1.Lint {
	const page = "https://gitlab.example.com/acme/infrastructure/-/issues/"
	rules := []jsonv1.LintRule{
		{ID: "two-columns", Severity: "error", Title: "An issue is in two columns of the board"},
		{ID: "milestone-dates", Severity: "warning", Title: "The Current or the Next Milestone is missing or off the cadence"},
		{ID: "board-drift", Severity: "warning", Title: "The board differs from the configured one"},
		{ID: "label-drift", Severity: "warning", Title: "A label differs from the declared one"},
		{ID: "ignore-entry", Severity: "warning", Title: "An entry of lint.ignore has expired or is not used"},
		{ID: "stale", Severity: "info", Title: "Work in progress has no recent update"},
	}
	doc := jsonv1.NewLint(rules, []jsonv1.LintFinding{
		{Rule: "two-columns", Severity: "error", Place: "acme/infrastructure#12", Text: f(`In two columns: "Ready" and "Waiting"`), Fixable: true,
			Issue: "acme/infrastructure#12", WebURL: page + "12"},
		{Rule: "two-columns", Severity: "error", Place: "acme/infrastructure#13", Text: "An issue is in two columns of the board", Fixable: true,
			Issue: "acme/infrastructure#13", WebURL: page + "13", Confidential: true},
		{Rule: "milestone-dates", Severity: "warning", Place: f(`milestone "Next Milestone"`), Text: "Has no dates", Fixable: true,
			In: "acme/infrastructure", Milestone: f("Next Milestone")},
		{Rule: "board-drift", Severity: "warning", Place: f(`board "Team board"`), Text: "Missing", Fixable: true, In: "acme/infrastructure",
			Board: f("Team board")},
		{Rule: "board-drift", Severity: "warning", Place: f(`label "Waiting" of acme/infrastructure`), Text: "Not a column of the board",
			Fixable: true, In: "acme/infrastructure", Label: f("Waiting")},
		{Rule: "label-drift", Severity: "warning", Place: "acme/production", Text: f("2 labels are missing or differ: AP1, AP2"), Fixable: true,
			In: "acme/production"},
		{Rule: "ignore-entry", Severity: "warning", Place: ".prodctl.yaml:12:7", File: ".prodctl.yaml", Line: 12, Column: 7,
			Text: "The entry for stale of acme/infrastructure#14 ended on 2018-08-17"},
		{Rule: "stale", Severity: "info", Place: "acme/infrastructure#15", Text: f("In Waiting without an update for 34 days"),
			Issue: "acme/infrastructure#15", WebURL: page + "15"},
	})
	doc.Ignored, doc.Notes = 1, texts{"This GitLab has no links between issues, so meta-pieces was not checked"}
	return doc
}

// certificates is an issue that is ready.
func certificates(f func(string) string) jsonv1.WorkIssue {
	return jsonv1.WorkIssue{Ref: "acme/infrastructure#97", Open: true, Ready: true, Weight: new(5), AgeDays: new(40), IdleDays: new(2), Carried: new(2),
		Title:   f("Rotate the certificates of the load balancers before they expire in October, all of them"),
		Columns: texts{f("Ready")}, Priority: texts{f("goal"), f("AP2")}, Goal: "goal", Milestone: f("Current Milestone"), Due: "2018-08-24",
		Assignees: texts{"ana"}, Labels: texts{f("AP2"), f("goal"), f("Ready")}, WebURL: "https://gitlab.example.com/acme/infrastructure/-/issues/97"}
}

// runners is an issue that is not ready.
func runners(f func(string) string) jsonv1.WorkIssue {
	return jsonv1.WorkIssue{Ref: "acme/infrastructure#118", Open: true, Title: f("Move the runners to the new subnet"), Columns: texts{f("Planning")}, Handoff: true,
		Weight: new(8), AgeDays: new(3), IdleDays: new(3), Labels: texts{f("Planning")}, Missing: jsonv1.List[jsonv1.Unmet]{
			{ID: "weight-split", Text: "weight 8 is too large (split it into issues below 8)"},
			{ID: "criteria-missing", Text: "no done criteria or guiding notes in the description"},
		}}
}

// secretWork are the same documents with confidential issues in full.
func secretWork(f func(string) string) []document {
	one := certificates(f)
	one.Confidential = true
	ready := jsonv1.NewIssueReady([]jsonv1.WorkIssue{one})
	return []document{
		{"issue ready", ready, func(v *render.View) error { return v.IssueReady(ready) }},
	}
}
