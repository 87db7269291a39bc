package render_test

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/render"
	boards "gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// plannedIssues are issues of a timebox: one that is ready, and two with problems.
func plannedIssues(f func(string) string) []issue.Issue {
	at := func(iid int64, title string, weight int, labels ...string) issue.Issue {
		return issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: iid}, Title: f(title), State: issue.Opened, Weight: &weight,
			Labels: labels, CreatedAt: time.Date(2018, time.August, 1, 9, 0, 0, 0, time.UTC)}
	}
	first, second, third := at(12, "Test the restore of the database", 5, "Ready", "goal"), at(14, "Upgrade the load balancers", 13, "Ready"),
		at(17, "Replace the keys of the storage", 2)
	first.Description, first.Assignees = "Done when a restore was timed", []string{f("ana")}
	return []issue.Issue{first, second, third}
}

func past(f func(string) string, weight int) (all []planning.Past) {
	for n, issues := range []int{12, 9, 14, 11} {
		due := calendar.NewDate(2018, time.June, 29).AddDays(14 * n)
		days := make(forecast.Timebox, 10)
		for at := range issues {
			days[at%10] = forecast.Day{Issues: days[at%10].Issues + 1, Weight: days[at%10].Weight + weight}
		}
		all = append(all, planning.Past{Days: days, Milestone: milestone.Milestone{Title: f(due.String() + " Milestone"), Start: due.AddDays(-11), Due: due}})
	}
	return all
}

func session(f func(string) string, history []planning.Past) jsonv1.MilestonePlan {
	doc := jsonv1.NewMilestonePlan(tracker, "next")
	m, in := next, plannedIssues(f)
	m.Title = f(m.Title)
	item := jsonv1.MilestoneOf(m, today)
	doc.Milestone = &item
	names := planning.Labels{Goal: "goal", Meta: "meta", Blocked: "blocked", Unscheduled: "unscheduled"}
	c := planning.CapacityOf(next.Box(), history, 54, 60)
	doc.SetCapacity(c, planning.RoomOf(c, 60, in, "unscheduled"))
	for _, i := range planning.Goals(in, names) {
		doc.Goals = append(doc.Goals, jsonv1.PlannedIssueOf(i))
	}
	for _, found := range planning.Check(in, names, func(issue.Issue) int { return 2 }) {
		doc.Findings = append(doc.Findings, jsonv1.FindingOf(found))
	}
	return doc
}

func planningSession(f func(string) string) jsonv1.MilestonePlan {
	doc := session(f, past(f, 3))
	doc.Theme = f("backups")
	return doc
}

// fewTimeboxes is a session of a team that counts no weight and has too much planned.
func fewTimeboxes(f func(string) string) jsonv1.MilestonePlan {
	doc := session(f, past(f, 0)[:1])
	doc.Room.All.Issues, doc.Room.Left.Issues, doc.Over = 2, -1, true
	doc.Planned.Unscheduled, doc.Planned.WithoutWeight = 2, 1
	doc.Notes = jsonv1.List[string]{f("A forecast needs 3 finished timeboxes (found 1), so the capacity is their mean")}
	return doc
}

func backtest(f func(string) string) jsonv1.Backtest {
	return jsonv1.NewBacktest(tracker, planning.Backtest(past(f, 3), 6))
}

func contents(f func(string) string) []jsonv1.MilestoneColumn {
	var m jsonv1.Milestone
	m.SetColumns(boards.Builtin(), plannedIssues(f), issue.ByPriority(issue.Priorities{Labels: []string{"goal"}}), time.Date(2018, time.August, 20, 10, 0, 0, 0, time.UTC))
	return m.Columns
}

// secretPlanning are documents of planning with confidential issues.
func secretPlanning() []document {
	session, show := planningSession(same), oneMilestone(same)
	secret := jsonv1.PlannedIssue{Ref: "acme/security#7", Title: leak, Assignees: []string{leak}, Confidential: true,
		Problems: []jsonv1.PlanningProblem{{ID: "theme", Text: leak}}}
	session.Goals, session.Findings = jsonv1.List[jsonv1.PlannedIssue]{secret}, jsonv1.List[jsonv1.PlannedIssue]{secret}
	show.Columns = []jsonv1.MilestoneColumn{{Title: "Ready", Issues: session.Goals}}
	return []document{
		{"milestone plan", session, func(v *render.View) error { return v.MilestonePlan(session) }},
		{"milestone", show, func(v *render.View) error { return v.Milestone(show) }},
	}
}
