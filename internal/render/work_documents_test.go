package render_test

import (
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// workDocuments are the documents about the team's issues and goals.
func workDocuments(f func(string) string) []document {
	ready := jsonv1.NewIssueReady([]jsonv1.WorkIssue{certificates(f), runners(f)})
	ready.Notes = texts{f("acme/production#3 was moved to acme/infrastructure#118")}
	matrix := jsonv1.NewPriorityMatrix([]jsonv1.Scale{{Value: "U1", Meaning: "outage likely within a month, many users"}},
		[]jsonv1.Scale{{Value: "I1", Meaning: "outage of 25 min or more, or 100 ms or more of latency"}, {Value: "I2", Meaning: "outage of 5 to 25 min"}},
		[]jsonv1.PriorityCell{{Urgency: "U1", Impact: "I1", Priority: f("AP1")}, {Urgency: "U1", Impact: "I2", Priority: f("AP1"), Chosen: true}})
	list := jsonv1.NewIssues(tracker, []string{f("column Ready"), "carried over 2 times or more"}, []jsonv1.WorkIssue{certificates(f), runners(f)})
	list.Issues = append(list.Issues, jsonv1.WorkIssue{Ref: "acme/infrastructure#99", Confidential: true, Withheld: true, Open: true})
	list.Notes = texts{f("acme/infrastructure#119 is a duplicate of acme/infrastructure#118")}
	none := jsonv1.NewIssues(tracker, []string{"without weight"}, nil)
	one := jsonv1.NewIssue(runners(f))
	one.Author, one.CreatedAt, one.ColumnSince, one.ColumnDays = "dev", "2018-08-17T09:00:00Z", "2018-08-18T10:30:00Z", new(2)
	one.Requester, one.Team = "rita", f("search")
	one.LeftOff, one.NextStep, one.MarkedBy, one.MarkedAt = f("Subnet is created"), f("Move the first runner"), "ana", "2018-08-20T15:00:00Z"
	one.Goals = jsonv1.List[jsonv1.Related]{{Ref: "acme/infrastructure#27", Title: f("All runners are in our own network")}}
	one.Gaps, one.Notes = texts{f("This GitLab has no links between issues")}, texts{f("acme/production#3 was moved to acme/infrastructure#118")}
	goals := jsonv1.NewGoals(tracker, []jsonv1.TeamGoal{
		{Ref: "acme/infrastructure#81", Kind: "goal", Title: f("Restores of the main database are tested every night"), Owners: texts{"ana"}, Weight: new(3), OK: true,
			Milestone: f("Current Milestone"), Due: "2018-08-24", Columns: texts{f("In Progress")}},
		{Ref: "acme/infrastructure#27", Kind: "meta goal", Title: f("All backups are automatic and tested"), Pieces: &jsonv1.Pieces{Done: 3, All: 8}, Forecast: "2018-11-02",
			Problems: jsonv1.List[jsonv1.Unmet]{{ID: "owner-missing", Text: "no owner (assign somebody)"}, {ID: "forecast", Text: "likely to end on 2018-11-02, after its quarter ends on 2018-09-30"}}},
		{Ref: "acme/infrastructure#99", Confidential: true, Withheld: true},
	})
	goals.Quarter, goals.Notes = jsonv1.Span{From: "2018-07-01", To: "2018-09-30"}, texts{f("a note")}
	noGoals := jsonv1.NewGoals(tracker, nil)
	noDrills := jsonv1.NewDrills(tracker, "day:2")
	noDrills.Next = jsonv1.DrillDay{Occurrence: "2018-09", Day: "2018-09-03", InDays: 1}
	noDrills.Last = jsonv1.DrillDay{Occurrence: "2018-08", Day: "2018-08-02", InDays: -1}
	found, clean := findings(f), jsonv1.NewLint([]jsonv1.LintRule{{ID: "stale", Severity: "info", Title: "Work in progress has no recent update"}}, nil)
	return []document{
		{"goals", goals, func(v *render.View) error { return v.Goals(goals) }},
		{"goals_none", noGoals, func(v *render.View) error { return v.Goals(noGoals) }},
		{"drills", drills(f), func(v *render.View) error { return v.Drills(drills(f)) }},
		{"drills_none", noDrills, func(v *render.View) error { return v.Drills(noDrills) }},
		{"issues", list, func(v *render.View) error { return v.Issues(list) }},
		{"issues_none", none, func(v *render.View) error { return v.Issues(none) }},
		{"issue", one, func(v *render.View) error { return v.Issue(one) }},
		{"priority_matrix", matrix, func(v *render.View) error { return v.PriorityMatrix(matrix) }},
		{"issue_ready", ready, func(v *render.View) error { return v.IssueReady(ready) }},
		{"lint", found, func(v *render.View) error { return v.Lint(found) }},
		{"lint_empty", clean, func(v *render.View) error { return v.Lint(clean) }},
	}
}

// drills are a drill that is half done, a confidential one and a missed one, with a target in each state.
func drills(f func(string) string) jsonv1.Drills {
	const page = "https://gitlab.example.com/acme/infrastructure/-/issues/"
	doc := jsonv1.NewDrills(tracker, "day:2")
	doc.WithinDays, doc.Findings, doc.Notes = 35, 4, texts{f("a note")}
	doc.Next = jsonv1.DrillDay{Occurrence: "2018-09", Day: "2018-09-03", Rule: "2018-09-02", InDays: 10, People: texts{"ana", "bo"}, Absent: texts{"cleo"}}
	doc.Last = jsonv1.DrillDay{Occurrence: "2018-08", Day: "2018-08-02", InDays: -22, People: texts{"dan", "ana"}, Missed: true}
	doc.Durable = jsonv1.Durable{Met: new(false), Fresh: 1, Targets: 4}
	test := func(minutes int, verdict string) *jsonv1.DrillTest {
		return &jsonv1.DrillTest{Ref: "acme/infrastructure#95", Attempt: 1, Start: "2018-08-08T09:05:00Z", End: "2018-08-08T10:53:00Z", Minutes: minutes,
			Size: new(int64(418 << 30)), Verdict: verdict, By: "ana", Text: f("All rows are there"), WebURL: page + "95"}
	}
	doc.Targets = jsonv1.List[jsonv1.DrillTarget]{
		{Name: "main-db", Kind: f("database"), Size: new(int64(412 << 30)), Tests: 2, Last: test(108, "verified"), Verified: test(108, "verified"), Fresh: true, Trend: "up",
			Change: new(16), Minutes: jsonv1.List[int]{92, 108}},
		{Name: "registry", Kind: f("database"), Tests: 2, Last: test(20, "failed"), Verified: test(90, "verified"), Trend: "down", Change: new(-12),
			Minutes: jsonv1.List[int]{102, 90}, Findings: texts{"not verified for 53 days (limit 35)", "last restore failed"}},
		{Name: "uploads", Kind: f("filesystem"), Findings: texts{"never tested"}},
		{Name: "vault", Tests: 2, Trend: "steady", Change: new(0), Last: &jsonv1.DrillTest{Ref: "acme/security#8",
			Confidential: true, Withheld: true}, Fresh: true},
	}
	doc.Drills = jsonv1.List[jsonv1.DrillIssue]{
		{Ref: "acme/infrastructure#95", Title: f("2018-08-02: Restore Appreciation Day"), Occurrence: "2018-08", Day: "2018-08-02", Open: true, People: texts{"ana", "bo"},
			Verified: 1, Targets: 4, Untested: texts{"registry", "uploads"}, WebURL: page + "95"},
		{Ref: "acme/infrastructure#60", Confidential: true, Withheld: true},
		{Ref: "acme/infrastructure#59", Title: f("2018-07-02: Restore Appreciation Day"), Day: "2018-07-02", People: texts{"cleo"}, Verified: 4, Targets: 4, WebURL: page + "59"},
	}
	return doc
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
		{Rule: "two-columns", Severity: "error", Place: "acme/infrastructure#13", Text: f(`In two columns: "Ready" and "Planning"`), Fixable: true,
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
	list, shown, linked := jsonv1.NewIssues(tracker, nil, []jsonv1.WorkIssue{one}), jsonv1.NewIssue(one), jsonv1.NewIssue(runners(same))
	shown.LeftOff, shown.NextStep, shown.MarkedAt, shown.Author, shown.Gaps = leak, leak, "2018-08-20T15:00:00Z", leak, texts{leak}
	linked.Goals = jsonv1.List[jsonv1.Related]{{Ref: "acme/security#3", Title: leak, Confidential: true}}
	goals := jsonv1.NewGoals(tracker, []jsonv1.TeamGoal{{Ref: "acme/security#8", Title: leak, Owners: texts{leak}, Milestone: leak, Columns: texts{leak}, Confidential: true}})
	held := jsonv1.NewDrills(tracker, "day:2")
	held.Drills = jsonv1.List[jsonv1.DrillIssue]{{Ref: "acme/security#8", Title: leak, People: texts{leak}, Untested: texts{leak}, Confidential: true}}
	held.Targets = jsonv1.List[jsonv1.DrillTarget]{{Name: "db", Trend: leak, Last: &jsonv1.DrillTest{Ref: "acme/security#8", End: leak, By: leak, Text: leak, Confidential: true}}}
	linted := jsonv1.NewLint(nil, []jsonv1.LintFinding{{Rule: "stale", Severity: "info", Place: "acme/security#3", Issue: "acme/security#3",
		Text: leak, Milestone: leak, Label: leak, Confidential: true}})
	return []document{
		{"goals", goals, func(v *render.View) error { return v.Goals(goals) }},
		{"drills", held, func(v *render.View) error { return v.Drills(held) }},
		{"lint", linted, func(v *render.View) error { return v.Lint(linted) }},
		{"issues", list, func(v *render.View) error { return v.Issues(list) }},
		{"issue", shown, func(v *render.View) error { return v.Issue(shown) }},
		{"issue of a goal", linked, func(v *render.View) error { return v.Issue(linked) }},
		{"issue ready", ready, func(v *render.View) error { return v.IssueReady(ready) }},
	}
}
