package render_test

import (
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// workDocuments are the documents about the team's issues and goals.
func workDocuments(f func(string) string) []document {
	ready := jsonv1.NewIssueReady([]jsonv1.WorkIssue{certificates(f), runners(f)})
	ready.Notes = texts{f("acme/production#3 was moved to acme/infrastructure#118")}
	return []document{
		{"issue_ready", ready, func(v *render.View) error { return v.IssueReady(ready) }},
	}
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
