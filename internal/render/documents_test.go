package render_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// document is a document with the method that shows it.
type document struct {
	name string
	doc  any
	show func(*render.View) error
}

// documents returns one of each kind. Every text that a person may have written goes through foreign.
func documents(foreign func(string) string) []document {
	f := foreign
	list, one := milestones(f), oneMilestone(f)
	velocity, labels, board := velocity(f), labels(f), board(f)
	p, nothing, applied, stopped := roll(f), jsonv1.NewPlan(), applied(f, true), applied(f, false)
	nothing.Command, nothing.Notes = "milestone roll", jsonv1.List[string]{f("Current Milestone is due on 2018-08-24: nothing to roll before")}
	session, few, tested := planningSession(f), fewTimeboxes(f), backtest(f)
	config, auth, doctor, permitted := config(f), auth(f), doctor(f), permissions(f)
	build := jsonv1.NewBuild(f("0.1.0"), "036670c", "2018-08-20T07:05:00Z", "go1.26.8", "linux/amd64")
	shift, quiet := handoff(f), quietHandoff()
	return append(slices.Concat(queue(f), handoffDocuments(f), reports(f), workDocuments(f), statusDocuments(f)), []document{
		{"handoff_report", shift, func(v *render.View) error { return v.Handoff(shift, false) }},
		{"handoff_report_quiet", quiet, func(v *render.View) error { return v.Handoff(quiet, false) }},
		{"milestones", list, func(v *render.View) error { return v.Milestones(list) }},
		{"milestone", one, func(v *render.View) error { return v.Milestone(one) }},
		{"milestone_plan", session, func(v *render.View) error { return v.MilestonePlan(session) }},
		{"milestone_plan_mean", few, func(v *render.View) error { return v.MilestonePlan(few) }},
		{"milestone_backtest", tested, func(v *render.View) error { return v.Backtest(tested) }},
		{"velocity", velocity, func(v *render.View) error { return v.Velocity(velocity) }},
		{"labels", labels, func(v *render.View) error { return v.Labels(labels) }},
		{"board", board, func(v *render.View) error { return v.Board(board) }},
		{"plan", p, func(v *render.View) error { return v.Plan(p) }},
		{"plan_empty", nothing, func(v *render.View) error { return v.Plan(nothing) }},
		{"applied", applied, func(v *render.View) error { return v.Applied(applied) }},
		{"applied_stopped", stopped, func(v *render.View) error { return v.Applied(stopped) }},
		{"config", config, func(v *render.View) error { return v.Config(config) }},
		{"auth", auth, func(v *render.View) error { return v.Auth(auth) }},
		{"doctor", doctor, func(v *render.View) error { return v.Doctor(doctor) }},
		{"permissions", permitted, func(v *render.View) error { return v.Permissions(permitted) }},
		{"version", build, func(v *render.View) error { return v.Version(build) }},
	}...)
}

func same(s string) string { return s }

var (
	tracker = target.ProjectAt("acme/infrastructure")
	today   = calendar.NewDate(2018, time.August, 20)
	current = milestone.Milestone{ID: 412, IID: 7, Title: "Current Milestone", State: milestone.Active,
		Start: calendar.NewDate(2018, time.August, 13), Due: calendar.NewDate(2018, time.August, 24),
		WebURL:      "https://gitlab.example.com/acme/infrastructure/-/milestones/7",
		Description: "August Milestone 2 - ending 2018-08-24\n\nKeep the restore drill in it."}
	next = milestone.Milestone{ID: 413, IID: 8, Title: "Next Milestone", State: milestone.Active,
		Start: calendar.NewDate(2018, time.August, 27), Due: calendar.NewDate(2018, time.September, 7)}
	late = milestone.Milestone{ID: 401, IID: 5, Title: "Migration of the registry's storage to another region", Group: true,
		State: milestone.Active, Due: calendar.NewDate(2018, time.August, 17)}
	finished = milestone.Milestone{ID: 398, IID: 6, Title: "2018-08-10 Milestone", State: milestone.Closed,
		Start: calendar.NewDate(2018, time.July, 30), Due: calendar.NewDate(2018, time.August, 10)}
)

func milestones(f func(string) string) jsonv1.Milestones {
	var list []milestone.Milestone
	for _, m := range []milestone.Milestone{current, next, late, finished} {
		m.Title = f(m.Title)
		list = append(list, m)
	}
	doc := jsonv1.NewMilestones(tracker, list, today)
	doc.Milestones[0].Role, doc.Milestones[1].Role = "current", "next"
	return doc
}

func oneMilestone(f func(string) string) jsonv1.Milestone {
	m := current
	m.Title, m.Description = f(m.Title), f(m.Description)
	doc := jsonv1.NewMilestone(tracker, m, today)
	doc.Role, doc.Issues, doc.Weight = "current", &jsonv1.Count{Open: 12, Closed: 30}, &jsonv1.Count{Open: 21, Closed: 55}
	doc.Columns = contents(f)
	return doc
}

func velocity(f func(string) string) jsonv1.Velocity {
	box := func(id int64, title string, due calendar.Date, done, weight, all, scheduled, toil, carried int) milestone.Velocity {
		return milestone.Velocity{
			Milestone: milestone.Milestone{ID: id, Title: f(title), Start: due.AddDays(-11), Due: due},
			Measured: milestone.Measured{
				All: milestone.Tally{Issues: all}, Done: milestone.Tally{Issues: done, Weight: weight},
				Scheduled: milestone.Tally{Issues: scheduled}, Unscheduled: milestone.Tally{Issues: all - scheduled},
				Toil: milestone.Tally{Issues: toil}, NoWeight: 2,
			},
			Carried: milestone.Tally{Issues: carried},
		}
	}
	doc := jsonv1.NewVelocity(tracker, []milestone.Velocity{
		box(380, "2018-07-13 Milestone", calendar.NewDate(2018, time.July, 13), 40, 88, 45, 18, 9, 5),
		box(390, "2018-07-27 Milestone", calendar.NewDate(2018, time.July, 27), 44, 97, 50, 28, 12, 6),
		box(398, "2018-08-10 Milestone", calendar.NewDate(2018, time.August, 10), 37, 75, 41, 34, 3, 4),
	})
	doc.Notes = jsonv1.List[string]{f("3 issues have no milestone events; they count as scheduled when they were created before")}
	return doc
}

func labels(f func(string) string) jsonv1.Labels {
	in := jsonv1.TargetOf(tracker)
	doc := jsonv1.NewLabels([]jsonv1.Label{
		{Target: in, Name: f("(perceived) data loss"), Color: "#8b0000", Description: f("Somebody lost data, or thinks so"),
			Priority: new(0), State: jsonv1.LabelOK, OpenIssues: new(1), ClosedIssues: new(4)},
		{Target: in, Name: f("critical"), Color: "#ff0000", Description: f("Before everything else"), Priority: new(4),
			State: jsonv1.LabelDiffers, Differences: jsonv1.List[jsonv1.LabelDifference]{
				{Field: "color", Actual: "#ff0000", Declared: "#d9534f"}, {Field: "description", Actual: f("urgent"), Declared: "Before everything else"},
				{Field: "priority", Actual: "4", Declared: "1"}}},
		{Target: in, Name: f("toil"), Color: "#a8d695", State: jsonv1.LabelMissing},
		{Target: in, Name: f("oncall"), Color: "#428bca", State: jsonv1.LabelRenamed, RenamedFrom: f("on-call"), OpenIssues: new(12)},
		{Target: in, Name: f("wontfix"), Color: "#eeeeee", State: jsonv1.LabelExtra, OpenIssues: new(0)},
		{Target: in, Name: f("incident"), Color: "#cc0000", State: jsonv1.LabelAbove, Description: f("An event in production")},
	})
	doc.Notes = jsonv1.List[string]{f("on-call and oncall are both there: move the issues by hand")}
	return doc
}

func board(f func(string) string) jsonv1.Board {
	doc := jsonv1.NewBoard(tracker, f("Team board"))
	doc.Milestone = f("Current Milestone")
	doc.Columns = jsonv1.List[jsonv1.Column]{
		{Title: f("Planning"), Label: f("Planning"), Count: 41, Issues: jsonv1.List[jsonv1.Card]{
			{Ref: "acme/infrastructure#118", Title: f("Move the runners to the new subnet"), Weight: new(3)},
		}},
		{Title: f("Ready"), Label: f("Ready"), Count: 1, Limit: new(10), Issues: jsonv1.List[jsonv1.Card]{
			{Ref: "acme/infrastructure#97", Title: f("Rotate the certificates of the load balancers before they expire in October, all of them"),
				Assignees: jsonv1.List[string]{"ana"}, Weight: new(5), AgeDays: new(2)},
		}},
		{Title: f("Waiting"), Label: f("Waiting")},
		{Title: f("In Progress"), Label: f("In Progress"), Count: 2, Limit: new(1), OverLimit: true, Issues: jsonv1.List[jsonv1.Card]{
			{Ref: "acme/infrastructure#101", Title: f("Restore drill for the registry"), Assignees: jsonv1.List[string]{"bo", "cy"},
				Weight: new(8), AgeDays: new(9), Handoff: true, OtherColumns: []string{f("Ready")}},
			{Ref: "acme/production#55", Title: f("Leaked token in a job log"), Confidential: true, AgeDays: new(0)},
		}},
	}
	doc.Notes = jsonv1.List[string]{f("ages are taken from label events")}
	return doc
}

// roll is a plan that holds every kind of step.
func roll(f func(string) string) jsonv1.Plan {
	in, group := jsonv1.TargetOf(tracker), jsonv1.TargetOf(target.GroupAt("acme"))
	doc := jsonv1.NewPlan()
	doc.Command, doc.Args, doc.Host, doc.Today = "milestone roll", jsonv1.List[string]{"milestone", "roll"}, "https://gitlab.example.com", "2018-08-24"
	doc.Inputs = []byte(`{"carry_over":"current"}`)
	doc.Observed = jsonv1.List[jsonv1.Fingerprint]{{Object: "milestone 412", Digest: "5f1d"}}
	doc.Notes = jsonv1.List[string]{f("3 issues are carried over; nobody is notified by mail")}
	doc.Destructive = true
	carry := func(iid int64, title string) jsonv1.Step {
		return jsonv1.Step{Key: fmt.Sprint("carry ", iid), Action: jsonv1.IssueUpdate, Target: in, Object: jsonv1.Object{IID: iid, Title: f(title)},
			From: f("2018-08-24 Milestone"), After: &jsonv1.Fields{
				Milestone: &jsonv1.Object{ID: 413, Title: f("Current Milestone")}, AddLabels: []string{f("carried-over")}}}
	}
	doc.Steps = jsonv1.List[jsonv1.Step]{
		{Key: "archive", Action: jsonv1.MilestoneUpdate, Target: in, Object: jsonv1.Object{ID: 412, Title: f("Current Milestone")},
			Before: &jsonv1.Fields{Title: new(f("Current Milestone")), Description: new("August Milestone 2 - ending 2018-08-24\n\nKeep the drill in it.")},
			After: &jsonv1.Fields{Title: new(f("2018-08-24 Milestone")),
				Description: new("August Milestone 2 - ending 2018-08-24\n\n| done | carried |\n| --- | --- |\n| 37 | 3 |\n\nKeep the drill in it.")}},
		{Key: "close", Action: jsonv1.MilestoneUpdate, Needs: jsonv1.List[string]{"archive"}, Target: in, Object: jsonv1.Object{ID: 412, Title: f("2018-08-24 Milestone")},
			Before: &jsonv1.Fields{State: new("active")}, After: &jsonv1.Fields{State: new("closed")}},
		{Key: "new", Action: jsonv1.MilestoneCreate, Target: in, Object: jsonv1.Object{Title: f("Next Milestone")},
			After: &jsonv1.Fields{Title: new(f("Next Milestone")), Description: new(f("September Milestone 2 - ending 2018-09-21")), Start: new("2018-09-10"), Due: new("2018-09-21")}},
		carry(12, "Registry is slow under load on Monday mornings when the backups run late"),
		carry(14, "Alert on certificate expiry"),
		{Key: "sort", Action: jsonv1.IssueUpdate, Target: in, Object: jsonv1.Object{IID: 15, Title: f("Old wiki")}, From: f("2018-08-24 Milestone"),
			After: &jsonv1.Fields{State: new("closed"), MilestoneID: new(int64(0)), RemoveLabels: []string{f("Ready")}}},
		{Key: "l1", Action: jsonv1.LabelCreate, Target: in, Object: jsonv1.Object{Title: f("toil")},
			After: &jsonv1.Fields{Title: new(f("toil")), Color: new("#a8d695"), Priority: new(0), Description: new("")}},
		{Key: "l2", Action: jsonv1.LabelUpdate, Target: in, Object: jsonv1.Object{ID: 9, Title: f("on-call")},
			Before: &jsonv1.Fields{Title: new(f("on-call")), Priority: new(3)}, After: &jsonv1.Fields{Title: new(f("oncall")), NoPriority: true}},
		{Key: "m", Action: jsonv1.MilestoneDelete, Target: group, Object: jsonv1.Object{ID: 3, Title: f("Duplicate")}, Before: &jsonv1.Fields{Due: new("2018-09-07")}},
		{Key: "l3", Action: jsonv1.LabelDelete, Target: group, Object: jsonv1.Object{ID: 4, Title: f("wontfix")},
			Before: &jsonv1.Fields{OpenIssues: 2, ClosedIssues: 1}},
		{Key: "t", Action: jsonv1.BoardDelete, Target: group, Object: jsonv1.Object{ID: 6, Title: f("Team board")}},
		{Key: "b", Action: jsonv1.BoardCreate, Target: group, Object: jsonv1.Object{Title: f("Team board")}},
		{Key: "c", Action: jsonv1.BoardListCreate, Needs: jsonv1.List[string]{"b"}, Target: group, Object: jsonv1.Object{Title: f("Ready")},
			Board: &jsonv1.Object{CreatedBy: "b"}, Label: &jsonv1.Object{ID: 7, Title: f("Ready")}},
		{Key: "v", Action: jsonv1.BoardListMove, Needs: jsonv1.List[string]{"c"}, Target: group, Object: jsonv1.Object{CreatedBy: "c", Title: f("Ready")},
			Board: &jsonv1.Object{CreatedBy: "b"}, After: &jsonv1.Fields{Position: new(1)}},
	}
	return doc
}

func applied(f func(string) string, complete bool) jsonv1.Applied {
	doc := jsonv1.NewApplied("milestone roll")
	doc.Complete, doc.Rounds = complete, 1
	steps := roll(f).Steps[:6]
	for _, s := range steps {
		doc.Steps = append(doc.Steps, jsonv1.AppliedStep{Step: s, Outcome: jsonv1.OutcomeDone})
	}
	doc.Steps[1].Outcome = jsonv1.OutcomeUnchanged
	if !complete {
		doc.Steps[2].Outcome, doc.Steps[2].Reason = jsonv1.OutcomeFailed, f("POST /projects/3/milestones: 403 Forbidden")
		doc.Steps[3].Outcome, doc.Steps[3].Reason = jsonv1.OutcomeUnknown, f("the connection was cut")
		doc.Steps[4].Outcome, doc.Steps[5].Outcome = jsonv1.OutcomeNotStarted, jsonv1.OutcomeNotStarted
		doc.Retry = "prodctl milestone roll --yes"
	}
	doc.Notes = jsonv1.List[string]{f("issue #12 had been carried over before")}
	return doc
}

func config(f func(string) string) jsonv1.Config {
	return jsonv1.NewConfig(f("/home/ana/infra/.prodctl.yaml"), []jsonv1.Setting{
		{Name: "host", Value: f("https://gitlab.example.com"), Source: f("env GITLAB_HOST")},
		{Name: "milestones.length", Value: 12, Source: "default"},
		{Name: "board.columns", Value: []map[string]any{{"name": f("Planning"), "limit": 0}}, Source: f(".prodctl.yaml:31")},
		{Name: "allow_http", Value: false, Source: "default"},
	})
}

func auth(f func(string) string) jsonv1.Auth {
	return jsonv1.NewAuth([]jsonv1.AuthHost{
		{Host: f("https://gitlab.example.com"), Status: jsonv1.CheckOK, User: f("ana"), Source: "keyring",
			Scopes: jsonv1.List[string]{"api", "read_user"}, Expires: "2018-08-30"},
		{Host: f("https://old.example.com"), Status: jsonv1.CheckFail, Source: "env GITLAB_TOKEN", Expires: "2018-08-01",
			Message: f("401 Unauthorized"), Fix: "prodctl auth login --host https://old.example.com"},
	})
}

func permissions(f func(string) string) jsonv1.Permissions {
	work := []jsonv1.Permission{{Name: "read_work_item", Boundary: "project"}, {Name: "write_work_item", Boundary: "project"}}
	self := []jsonv1.Permission{{Name: "read_user", Boundary: "user"}}
	doc := jsonv1.NewPermissions([]jsonv1.CommandPermissions{
		{Command: "auth status", FineGrained: true, Optional: self}, {Command: "incident open", FineGrained: true, Required: work, Optional: self},
		{Command: "incident open", Flags: "--assign", FineGrained: true, Required: append(work, jsonv1.Permission{Name: "read_member", Boundary: "project"})},
		{Command: "label apply"},
	})
	doc.Required, doc.Pick = work, f("Pick for acme/infrastructure and acme/production: read_work_item, write_work_item")
	doc.Notes = jsonv1.List[string]{"A token with the scope api is needed for label apply: GitLab offers no permission for the labels of a project"}
	return doc
}

func doctor(f func(string) string) jsonv1.Doctor {
	return jsonv1.NewDoctor(f("https://gitlab.example.com"), []jsonv1.Check{
		{ID: "host", Status: jsonv1.CheckOK, Message: f("https://gitlab.example.com answers in 40 ms")},
		{ID: "labels", Status: jsonv1.CheckWarn, Message: f("3 of 41 declared labels are missing in acme/infrastructure"), Fix: "prodctl label apply"},
		{ID: "access", Status: jsonv1.CheckFail, Message: f("@ana is Guest in acme/production and may not write issues"),
			Fix: f("ask an owner of acme/production for the role Reporter or above")},
		{ID: "milestones", Status: jsonv1.CheckSkip, Message: f("needs access")},
	})
}

// written returns the document as a view with the options writes it.
func written(t testing.TB, d document, o render.Options) string {
	t.Helper()
	o.Now = testkit.At("2018-08-20T10:00:00Z").Now()
	var out bytes.Buffer
	v, err := render.New(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.show(v); err != nil {
		t.Fatalf("%s as %+v: %v", d.name, o, err)
	}
	return out.String()
}
