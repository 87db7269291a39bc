package render_test

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// reports returns the weekly report in both views, incident statistics and flow.
func reports(f func(string) string) []document {
	whole, call, stats, empty := weekly(f), weekly(f), incidentStats(f), jsonv1.NewWeekly("2018-08-18", "2018-08-24", "UTC")
	measured, unmeasured := labelReport(f), jsonv1.NewLabelReport(jsonv1.TargetOf(tracker))
	ready, unready := readinessOf(f), jsonv1.NewReadiness("2018-07-28", "2018-08-24", "UTC")
	moving, still := flow(f), jsonv1.NewFlow("2018-07-28", "2018-08-24", "UTC")
	spent, explained, unspent := budgets(f), budgets(f), unspentBudget()
	explained.Explain = true
	beside := verified(f, budgets(f))
	call.View = "call"
	empty.View, empty.Week, empty.Counts = "oncall", "2018-W34", jsonv1.List[jsonv1.WeeklyCount]{{Metric: "incidents", Previous: jsonv1.List[int]{0, 0, 0, 0}, Mean: "0.0"}}
	return []document{
		{"weekly", whole, func(v *render.View) error { return v.Weekly(whole) }},
		{"weekly_call", call, func(v *render.View) error { return v.Weekly(call) }},
		{"weekly_empty", empty, func(v *render.View) error { return v.Weekly(empty) }},
		{"incident_stats", stats, func(v *render.View) error { return v.IncidentStats(stats) }},
		{"budget", spent, func(v *render.View) error { return v.Budget(spent) }},
		{"budget_explain", explained, func(v *render.View) error { return v.Budget(explained) }},
		{"budget_verified", beside, func(v *render.View) error { return v.Budget(beside) }},
		{"budget_empty", unspent, func(v *render.View) error { return v.Budget(unspent) }},
		{"flow", moving, func(v *render.View) error { return v.Flow(moving) }},
		{"label_report", measured, func(v *render.View) error { return v.LabelReport(measured) }},
		{"label_report_empty", unmeasured, func(v *render.View) error { return v.LabelReport(unmeasured) }},
		{"readiness", ready, func(v *render.View) error { return v.Readiness(ready) }},
		{"readiness_unknown", unready, func(v *render.View) error { return v.Readiness(unready) }},
		{"flow_empty", still, func(v *render.View) error { return v.Flow(still) }},
	}
}

func labelReport(f func(string) string) jsonv1.LabelReport {
	doc := jsonv1.NewLabelReport(jsonv1.TargetOf(tracker))
	doc.Timeboxes = jsonv1.List[jsonv1.LabelTimebox]{{Title: f("2018-08-10 Milestone"), Start: "2018-07-30", Due: "2018-08-10", Issues: 12, Weight: 30}, {Title: f("Current Milestone"), Start: "2018-08-13", Due: "2018-08-24", Running: true, Issues: 8, Weight: 21}}
	doc.Labels = jsonv1.List[jsonv1.MeasuredLabel]{
		{Name: f("toil"), Issues: 7, Weight: 9, Percent: "35.0", WeightPercent: "17.6", Timeboxes: jsonv1.List[int]{5, 2}, Trend: "up", Open: 3, Oldest: new(30000), Closed: jsonv1.Spread{Sample: 5, Median: "2880.0", Mean: "3000.0", P90: "5000.0"},
			Teams: jsonv1.List[jsonv1.LabelledTeam]{{Team: f("support"), Count: 4}, {Team: f("security"), Count: 1}}},
		{Name: f("access request"), Percent: "0.0", WeightPercent: "0.0", Timeboxes: jsonv1.List[int]{0, 0}},
	}
	doc.Toil = &jsonv1.ToilAim{Percent: "35.0", Aim: "30", Above: true}
	doc.Kinds = jsonv1.List[jsonv1.ToilKind]{{Words: texts{f("certificate"), f("rotate")}, Count: 3, Issues: texts{f("acme/infrastructure#3"), f("acme/infrastructure#9"), f("acme/infrastructure#14")}, Title: f("Rotate the certificates of the mail relay")}}
	doc.Notes = texts{f("1 kind of toil with fewer issues left out")}
	return doc
}

func flow(f func(string) string) jsonv1.Flow {
	doc := jsonv1.NewFlow("2018-07-28", "2018-08-24", "Europe/Berlin")
	doc.Start, doc.InProgress, doc.Mean, doc.Finished, doc.PerWeek, doc.Older, doc.Unknown, doc.Handoffs = f("In Progress"), 3, "3.42", 8, "2.00", 1, 1, 2
	doc.Cycle = jsonv1.CycleTimes{Sample: 7, Missing: 1, P50: new(3060), P85: new(10500), P95: new(12000)}
	doc.Columns = jsonv1.List[jsonv1.FlowColumn]{{Name: f("Waiting"), FlowShare: jsonv1.FlowShare{Minutes: 9000, Percent: 23}}, {Name: f("In Progress"), FlowShare: jsonv1.FlowShare{Minutes: 27000, Percent: 70}},
		{FlowShare: jsonv1.FlowShare{Minutes: 2700, Percent: 7}}}
	doc.Waiting, doc.Blocked = &jsonv1.FlowShare{Minutes: 9000, Percent: 23}, &jsonv1.FlowShare{Minutes: 60}
	const issues = "https://gitlab.example.com/acme/infrastructure/-/issues/"
	doc.Items = jsonv1.List[jsonv1.FlowItem]{
		{Ref: f("acme/infrastructure#84"), Title: f("Upgrade the load balancers of every region"), Column: f("In Progress"), StartedAt: "2018-08-16T09:00:00Z", Minutes: new(11940), Weight: new(5), Older: true, WebURL: issues + "84"},
		{Ref: f("acme/infrastructure#112"), Title: f("Rotate a key"), Column: f("Waiting"), StartedAt: "2018-08-21T09:00:00Z", Minutes: new(4740), WebURL: issues + "112"},
	}
	doc.Done = jsonv1.List[jsonv1.FlowItem]{{Ref: f("acme/infrastructure#62"), Title: f("Automate restarts"), StartedAt: "2018-08-13T09:00:00Z", FinishedAt: "2018-08-20T16:00:00Z", Minutes: new(10500), WebURL: issues + "62"}}
	doc.Days = jsonv1.List[jsonv1.FlowLevel]{{At: "2018-08-23T22:00:00Z", Columns: jsonv1.List[jsonv1.FlowCount]{{Name: f("Waiting"), Count: 1}, {Name: f("In Progress"), Count: 2}}, Finished: 7},
		{At: "2018-08-24T16:00:00Z", Columns: jsonv1.List[jsonv1.FlowCount]{{Name: f("Waiting"), Count: 1}, {Name: f("In Progress"), Count: 2}}, Finished: 8}}
	doc.Notes = texts{f("Cycle time unknown for 1 finished issue that went past In Progress")}
	return doc
}

func weekly(f func(string) string) jsonv1.Weekly {
	doc := jsonv1.NewWeekly("2018-08-18", "2018-08-24", "Europe/Berlin")
	doc.Week, doc.View = "2018-W34", "oncall"
	doc.Budget = &jsonv1.BudgetLeft{SLO: "99.95", From: "2018-07-28T00:00:00Z", To: "2018-08-25T00:00:00Z", Allowed: "20.16", Spent: "13.5", Remaining: "6.66", Percent: "66.9",
		Charged: texts{f("acme/production#17")}, Unknown: texts{f("acme/production#18")}}
	active := jsonv1.WeeklyIncident{Incident: registryDown(f), OpenedAt: "2018-08-20T09:26:00Z", StartedFrom: "record", DetectedFrom: "record", Ongoing: true}
	over := jsonv1.WeeklyIncident{Incident: registryDown(f), OpenedAt: "2018-08-19T03:02:00Z", StartedFrom: "timeline", MitigatedFrom: "record", ResolvedFrom: "label"}
	over.Ref, over.Title, over.State, over.Severity = f("acme/production#9"), f("2018-08-19: Mail is late"), jsonv1.IncidentResolved, "S3"
	over.StartedAt, over.DetectedAt, over.MitigatedAt, over.ResolvedAt = "2018-08-19T02:50:00Z", "", "2018-08-19T03:10:00Z", "2018-08-19T04:40:00Z"
	over.ToDetect, over.ToMitigate, over.ToResolve, over.LastUpdate = nil, new(20), new(110), nil
	unclear := jsonv1.WeeklyIncident{Incident: jsonv1.Incident{Ref: f("acme/production#7"), Title: f("Something was slow"), State: jsonv1.IncidentUnknown}, OpenedAt: "2018-08-22T10:00:00Z", Ongoing: true}
	doc.Incidents = jsonv1.List[jsonv1.WeeklyIncident]{active, unclear, over}
	later := failover(f)
	undone := jsonv1.WeeklyChange{Change: later, Day: "2018-08-24"}
	failed := jsonv1.WeeklyChange{Change: deployment(f), Day: "2018-08-21"}
	doc.Changes = jsonv1.List[jsonv1.WeeklyChange]{failed, undone}
	doc.Oncall = jsonv1.List[jsonv1.WeeklyIssue]{
		{Ref: f("acme/infrastructure#31"), Title: f("Restore drill | finds no backup"), Priority: f("critical"), Assignees: texts{f("ana")}, Open: true, CreatedAt: "2018-08-14T09:00:00Z", AgeMinutes: new(14821)},
		{Ref: f("acme/infrastructure#40"), Title: f("Rotate the keys of the runners"), Open: true, CreatedAt: "2018-08-22T09:00:00Z", AgeMinutes: new(3300)},
	}
	doc.Deltas = jsonv1.List[jsonv1.WeeklyIssue]{
		{Ref: f("acme/production#3"), Title: f("Alerts of the mail relay are muted"), Open: true, CreatedAt: "2018-08-14T09:00:00Z", AgeMinutes: new(14821)},
		{Ref: f("acme/production#2"), Title: f("Old nodes in the pool"), CreatedAt: "2018-08-01T09:00:00Z", ClosedAt: "2018-08-20T09:00:00Z", AgeMinutes: new(33500)},
	}
	doc.Handoffs = jsonv1.List[jsonv1.WeeklyHandoff]{
		{Shift: jsonv1.Shift{ID: f("2018-08-23T04:00Z/EMEA"), Region: f("EMEA"), From: "2018-08-23T04:00:00Z", To: "2018-08-23T16:00:00Z", People: jsonv1.List[jsonv1.Person]{{User: f("ana"), Name: f("Ana Ott")}}},
			Posted: "2018-08-23T15:40:00Z", By: f("ana"), WebURL: f("https://gitlab.example.com/acme/production/-/issues/12#note_5")},
		{Shift: jsonv1.Shift{ID: f("2018-08-23T16:00Z/AMER"), Region: f("AMER"), From: "2018-08-23T16:00:00Z", To: "2018-08-24T04:00:00Z"}},
	}
	doc.Load = jsonv1.List[jsonv1.OncallLoad]{
		{Person: f("ana"), Region: f("EMEA"), Zone: f("Europe/Berlin"), Hours: "09:00-17:00", Current: jsonv1.OncallBurden{Shifts: 7, IncidentsInside: 2, IncidentsOutside: 1, MinutesInside: 95, MinutesOutside: 30, OncallInside: 2400, OncallOutside: 2640, Unknown: 1},
			Mean: jsonv1.OncallMean{IncidentsInside: "1.5", IncidentsOutside: "0.3", MinutesInside: "61.3", MinutesOutside: "12.0"}, Before: jsonv1.List[jsonv1.OncallBurden]{{Shifts: 7}, {}, {}, {}}},
		{Region: f("AMER"), Zone: "UTC", Hours: "09:00-17:00", Current: jsonv1.OncallBurden{Shifts: 7, OncallOutside: 5040}, Mean: jsonv1.OncallMean{IncidentsInside: "0.0", IncidentsOutside: "0.0", MinutesInside: "0.0", MinutesOutside: "0.0"}},
	}
	doc.Counts = jsonv1.List[jsonv1.WeeklyCount]{
		{Metric: "incidents", Current: 2, Previous: jsonv1.List[int]{3, 0, 1, 1}, Mean: "1.3"}, {Metric: "S2", Current: 1, Previous: jsonv1.List[int]{1, 0, 0, 0}, Mean: "0.3"},
		{Metric: "changes", Current: 41, Previous: jsonv1.List[int]{38, 120, 7, 0}, Mean: "41.3"},
	}
	doc.Times, doc.FollowUps = incidentTimes(), followUps()
	doc.Log = &jsonv1.Related{Ref: f("acme/production#50"), Title: f("On-call 2018-W34"), WebURL: f("https://gitlab.example.com/acme/production/-/issues/50")}
	doc.Unknown, doc.Notes = texts{f("The label events of acme/production#4 could not be read")}, texts{f("The period is not over yet: it ends on 2018-08-24")}
	return doc
}

func followUps() *jsonv1.FollowUps {
	return &jsonv1.FollowUps{Open: 3, Overdue: 1, Undated: 1, Age: jsonv1.Spread{Sample: 3, Median: "17280.0", Mean: "14400.0", P90: "28800.0"},
		OnTime: jsonv1.Share{Sample: 4, Missing: 1, Count: 3, Percent: "75.0"}}
}

func incidentTimes() jsonv1.IncidentTimes {
	return jsonv1.IncidentTimes{
		Detect:   jsonv1.Spread{Sample: 1, Missing: 1, Median: "5.0", Mean: "5.0", P90: "5.0"},
		Mitigate: jsonv1.Spread{Sample: 2, Median: "27.5", Mean: "27.5", P90: "35.0"},
		Resolve:  jsonv1.Spread{Missing: 2},
		Within:   jsonv1.Share{Sample: 2, Count: 1, Percent: "50.0"},
	}
}

func incidentStats(f func(string) string) jsonv1.IncidentStats {
	doc := jsonv1.NewIncidentStats("2018-07-28", "2018-08-24", "UTC")
	doc.Count, doc.Times, doc.FollowUps = 2, incidentTimes(), followUps()
	none := jsonv1.IncidentTimes{}
	doc.Severities = jsonv1.List[jsonv1.IncidentGroup]{{Name: "S1", Times: none}, {Name: "S2", Count: 1, Times: incidentTimes()}, {Name: "S3", Count: 1, Times: incidentTimes()}, {Name: "S4", Times: none}}
	doc.Services = jsonv1.List[jsonv1.IncidentGroup]{{Name: f("registry"), Count: 2, Times: incidentTimes()}, {Name: f("storage"), Count: 1, Times: none}}
	doc.Weeks = jsonv1.List[jsonv1.IncidentWeek]{{Week: "2018-W30", Monday: "2018-07-23"}, {Week: "2018-W31", Monday: "2018-07-30", Count: 2}}
	doc.Incidents = jsonv1.List[jsonv1.WeeklyIncident]{{Incident: registryDown(f), StartedFrom: "record", DetectedFrom: "record", Ongoing: true}}
	doc.Notes = texts{f("No start time recorded for 1 incident: counted by the issue's date, without times")}
	return doc
}

// Many changes recorded by automation are summed up for people, and complete for programs.
func TestAutomationRecordsAreSummedUp(t *testing.T) {
	t.Parallel()
	doc := weekly(same)
	doc.Changes = nil
	for n := range 21 {
		c := deployment(same)
		c.Ref, c.Environment = fmt.Sprintf("acme/production#%d", 100+n), []string{"production", "staging"}[n%2]
		if n%7 == 0 {
			c.Outcome = "failure"
		}
		doc.Changes = append(doc.Changes, jsonv1.WeeklyChange{Change: c, Day: "2018-08-21"})
	}
	show := document{name: "weekly", show: func(v *render.View) error { return v.Weekly(doc) }}
	for _, o := range []render.Options{{TTY: true, Width: 120}, {Format: render.Markdown}} {
		got := written(t, show, o)
		if strings.Contains(got, "production#101") || !strings.Contains(got, "No planned changes") || !strings.Contains(got, "Changes recorded by automation") || !strings.Contains(got, "staging") {
			t.Errorf("they are not summed up:\n%s", got)
		}
	}
	for _, o := range []render.Options{{}, {Format: render.JSON}, {Format: render.CSV}} {
		if got := written(t, show, o); strings.Count(got, "acme/production#1") < 21 {
			t.Errorf("programs do not get all of them:\n%s", got)
		}
	}
	doc.Changes = doc.Changes[1:]
	if got := written(t, show, render.Options{Format: render.Markdown}); !strings.Contains(got, "production#101") || strings.Contains(got, "recorded by automation") {
		t.Errorf("20 are summed up:\n%s", got)
	}
}

// The posted report is the same an hour later.
func TestPostHasNoAges(t *testing.T) {
	t.Parallel()
	doc := weekly(same)
	before := render.WeeklyPost(doc)
	for n := range doc.Oncall {
		doc.Oncall[n].AgeMinutes = new(*doc.Oncall[n].AgeMinutes + 60)
		doc.Deltas[n].AgeMinutes = nil
	}
	for n := range doc.Incidents {
		doc.Incidents[n].AgeMinutes = new(9999)
	}
	if after := render.WeeklyPost(doc); after != before {
		t.Errorf("an hour later it is\n%s\nand before\n%s", after, before)
	}
}

// budgets is a budget with a charged, a withheld and an unknown incident.
func budgets(f func(string) string) jsonv1.Budget {
	doc := jsonv1.NewBudget("month")
	doc.From, doc.To, doc.At, doc.FirstDay, doc.LastDay, doc.Zone = "2018-07-31T22:00:00Z", "2018-08-31T22:00:00Z", "2018-08-24T15:30:00Z", "2018-08-01", "2018-08-31", "Europe/Berlin"
	steps := jsonv1.List[jsonv1.BudgetStep]{{At: doc.From, Remaining: "22.32"}, {At: "2018-08-20T10:00:00Z", Remaining: "22.32"}, {At: "2018-08-20T10:13:30Z", Remaining: "8.82"}, {At: doc.At, Remaining: "8.82"}}
	doc.Accounts = jsonv1.List[jsonv1.BudgetAccount]{
		{Scope: "overall", Name: "production", SLO: "99.95", Allowed: "22.32", Spent: "13.5", Remaining: "8.82", Percent: "60.5", Weighted: "6.75", Excluded: "4", BurnRate: "0.79",
			SpentAt: "2018-08-30T02:00:00Z", Projected: true, Charged: texts{f("acme/production#1"), f("acme/production#2")}, Large: texts{f("acme/production#1")}, Unknown: texts{f("acme/production#3")}, Steps: steps},
		{Scope: "service", Name: f("registry"), Team: f("storage"), SLO: "99.99", Allowed: "4.464", Spent: "13.5", Remaining: "-9.036", Percent: "302.4", Weighted: "6.75", Excluded: "4", BurnRate: "3.93",
			IsSpent: true, SpentAt: "2018-08-20T10:04:27Z", Charged: texts{f("acme/production#1")}, Large: texts{f("acme/production#1")}, Steps: steps},
		{Scope: "team", Name: f("storage"), SLO: "99.99", Allowed: "4.464", Spent: "0", Remaining: "4.464", Percent: "0", Weighted: "0", Excluded: "0", BurnRate: "0"},
	}
	const issues = "https://gitlab.example.com/acme/production/-/issues/"
	doc.Outages = jsonv1.List[jsonv1.BudgetOutage]{
		{Ref: f("acme/production#1"), Title: f("2018-08-20: Registry returns 500s"), State: "resolved", Severity: "S2", Services: texts{f("registry"), f("git")}, From: "2018-08-20T10:00:00Z", FromEvidence: "record",
			To: "2018-08-20T10:17:30Z", ToEvidence: "text", Minutes: "13.5", Impact: "0.5", Excluded: "4", Changes: texts{f("acme/production#9")}, Note: f("the text has 14 minutes"), WebURL: issues + "1"},
		{Ref: f("acme/production#2"), State: "active", Severity: "S1", Confidential: true, Withheld: true, WebURL: issues + "2"},
		{Ref: f("acme/production#3"), Title: f("Mail is late"), State: "mitigated", Unknown: f("end unknown"), WebURL: issues + "3"},
	}
	doc.Excluded = jsonv1.List[jsonv1.BudgetExclusion]{{Ref: f("acme/production#9"), From: "2018-08-20T10:13:30Z", To: "2018-08-20T11:00:00Z", Services: texts{f("registry"), f("git")}, ApprovedBy: texts{"maria"}}}
	doc.Gaps, doc.Notes = texts{f("The label events of acme/production#3 could not be read")}, texts{f("Downtime of acme/production#8 is not excluded: 1 approval needed (manager)")}
	return doc
}

// unspentBudget is a budget of which nothing is spent.
func unspentBudget() jsonv1.Budget {
	doc := jsonv1.NewBudget("28d")
	doc.From, doc.To, doc.At, doc.FirstDay, doc.LastDay, doc.Zone = "2018-07-28T00:00:00Z", "2018-08-25T00:00:00Z", "2018-08-24T15:30:00Z", "2018-07-28", "2018-08-24", "UTC"
	doc.Accounts = jsonv1.List[jsonv1.BudgetAccount]{{Scope: "overall", Name: "production", SLO: "99.95", Allowed: "20.16", Spent: "0", Remaining: "20.16", Percent: "0", Weighted: "0", Excluded: "0", BurnRate: "0",
		Steps: jsonv1.List[jsonv1.BudgetStep]{{At: doc.From, Remaining: "20.16"}, {At: doc.At, Remaining: "20.16"}}}}
	return doc
}

func readinessOf(f func(string) string) jsonv1.Readiness {
	doc := jsonv1.NewReadiness("2018-07-28", "2018-08-24", "Europe/Berlin")
	doc.Met, doc.Missed, doc.Unknown = 1, 2, 1
	aim := func(name, unit, op, aim string) jsonv1.ReadinessMeasure {
		return jsonv1.ReadinessMeasure{Name: name, Unit: unit, Op: op, Aim: aim, State: "unknown"}
	}
	of := func(m jsonv1.ReadinessMeasure, value, state string, sample, reached int, why string) jsonv1.ReadinessMeasure {
		m.Value, m.State, m.Sample, m.Reached, m.Why = value, state, sample, new(reached), why
		return m
	}
	speed, uptime := aim("speed_index", "s", "<", "2"), aim("availability", "%", ">", "99.95")
	deploys, failures := aim("deploy_frequency", "per week", ">=", "1"), aim("deploy_failure_share", "%", "<=", "15")
	unknown := aim("security_request_age", "d", "<=", "10.313")
	unknown.Why = f("no request of the security team")
	month := func(name, state string, m ...jsonv1.ReadinessMeasure) jsonv1.ReadinessMonth {
		return jsonv1.ReadinessMonth{Month: name, State: state, Measures: m}
	}
	doc.Targets = jsonv1.List[jsonv1.ReadinessTarget]{
		{Name: "speed", State: "met", Source: f("Prometheus: avg(speed_index_seconds)"), Measures: jsonv1.List[jsonv1.ReadinessMeasure]{of(speed, "1.8", "met", 12, 100, "")},
			Months: jsonv1.List[jsonv1.ReadinessMonth]{month("2018-07", "missed", of(speed, "2.1", "missed", 2, 95, "")), month("2018-08", "met", of(speed, "1.8", "met", 12, 100, ""))}},
		{Name: "uptime", State: "missed", Source: f("error budget: 9 incidents"), Measures: jsonv1.List[jsonv1.ReadinessMeasure]{of(uptime, "99.9", "missed", 3, 50, f("1 incident of unknown duration: acme/production#2"))},
			Months: jsonv1.List[jsonv1.ReadinessMonth]{month("2018-07", "met", of(uptime, "100", "met", 0, 100, "")), month("2018-08", "missed", of(uptime, "99.9", "missed", 3, 50, ""))}},
		{Name: "security", State: "unknown", Source: f("labels SL1, SL2 against unblocks others"), Measures: jsonv1.List[jsonv1.ReadinessMeasure]{unknown},
			Months: jsonv1.List[jsonv1.ReadinessMonth]{month("2018-07", "unknown", unknown), month("2018-08", "unknown", unknown)}},
		{Name: "deploys", State: "missed", Source: f("change records of production"), Measures: jsonv1.List[jsonv1.ReadinessMeasure]{of(deploys, "2.25", "met", 9, 100, ""), of(failures, "22.223", "missed", 9, 67, "")},
			Months: jsonv1.List[jsonv1.ReadinessMonth]{month("2018-07", "unknown", deploys, failures), month("2018-08", "missed", of(deploys, "2.25", "met", 9, 100, ""), of(failures, "22.223", "missed", 9, 67, ""))}},
	}
	doc.Notes = jsonv1.List[string]{f("Lead times come from the newest merge requests; 3 older ones were not read")}
	return doc
}

// verified is a budget beside a metric.
func verified(f func(string) string, doc jsonv1.Budget) jsonv1.Budget {
	doc.SecondOpinion = &jsonv1.SecondOpinion{Source: "prometheus", Address: "https://prometheus.example.com", Query: f("max(down)"), Bad: "> 0", Step: 60,
		Both: "29", OnlyQueue: "11", OnlyMetric: "5", UnknownDown: "5", Unknown: "18", Differs: true, Missing: jsonv1.List[string]{f("acme/production#4")}, Notes: jsonv1.List[string]{f("PromQL info: a remark")},
		Intervals: jsonv1.List[jsonv1.ComparedInterval]{
			{Kind: "queue_only", From: "2018-08-20T10:00:00Z", To: "2018-08-20T10:01:00Z", Minutes: "1", Refs: jsonv1.List[string]{f("acme/production#1")}, Edge: true},
			{Kind: "both", From: "2018-08-20T10:01:00Z", To: "2018-08-20T10:30:00Z", Minutes: "29", Refs: jsonv1.List[string]{f("acme/production#1")}},
			{Kind: "metric_only", From: "2018-08-21T12:00:00Z", To: "2018-08-21T12:05:00Z", Minutes: "5"},
			{Kind: "unknown_down", From: "2018-08-22T15:05:00Z", To: "2018-08-22T15:10:00Z", Minutes: "5", Refs: jsonv1.List[string]{f("acme/production#3")}, Reason: f("no sample")},
			{Kind: "unknown", From: "2018-08-22T15:10:00Z", To: "2018-08-22T15:28:00Z", Minutes: "18", Reason: f("not a number")},
		}}
	return doc
}
