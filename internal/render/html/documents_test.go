package html

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// document is a document with its page.
type document struct {
	name string
	page func(*time.Location) string
}

// documents returns the documents that have a page. Every text that a person may have written goes through foreign.
func documents(foreign func(string) string) []document {
	handoff, quiet := handoffOf(foreign), quietHandoff()
	weekly, stats, flow := weeklyOf(foreign), statsOf(foreign), flowOf(foreign)
	measured, ready := labelReportOf(foreign), readinessOf(foreign)
	spent, unspent, over := budgetOf(foreign), unspentBudget(), overspentBudget(foreign)
	beside := verified(foreign, budgetOf(foreign))
	empty := jsonv1.NewIncidentStats("2018-08-01", "2018-08-05", "UTC")
	return []document{
		{"handoff", func(in *time.Location) string { return Handoff(handoff, in) }},
		{"handoff_quiet", func(in *time.Location) string { return Handoff(quiet, in) }},
		{"weekly", func(in *time.Location) string { return Weekly(weekly, in) }},
		{"weekly_empty", func(in *time.Location) string {
			return Weekly(jsonv1.NewWeekly("2018-08-20", "2018-08-26", "UTC"), in)
		}},
		{"incident_stats", func(in *time.Location) string { return IncidentStats(stats, in) }},
		{"incident_stats_year", func(in *time.Location) string { return IncidentStats(yearOf(stats), in) }},
		{"budget", func(in *time.Location) string { return Budget(spent, in) }},
		{"budget_overspent", func(in *time.Location) string { return Budget(over, in) }},
		{"budget_verified", func(in *time.Location) string { return Budget(beside, in) }},
		{"budget_empty", func(in *time.Location) string { return Budget(unspent, in) }},
		{"flow", func(in *time.Location) string { return Flow(flow, in) }},
		{"label_report", func(*time.Location) string { return LabelReport(measured) }},
		{"readiness", func(*time.Location) string { return Readiness(ready) }},
		{"site_index", sitePage(foreign, "index.html")},
		{"site_week", sitePage(foreign, "week-2018-w33.html")},
		{"site_oncall", sitePage(foreign, "oncall.html")},
		{"site_empty", func(in *time.Location) string {
			return pageNamed(Site{Name: "acme/production", Budget: unspent, Incidents: empty, In: in}, "index.html")
		}},
		{"flow_empty", func(in *time.Location) string {
			return Flow(jsonv1.NewFlow("2018-08-01", "2018-08-05", "UTC"), in)
		}},
		{"incident_stats_empty", func(in *time.Location) string { return IncidentStats(empty, in) }},
	}
}

func pageNamed(s Site, name string) string {
	for _, f := range s.files() {
		if f.name == name {
			return s.html(f)
		}
	}
	return ""
}

func sitePage(f func(string) string, name string) func(*time.Location) string {
	weeks := []jsonv1.Weekly{weeklyOf(f), weeklyOf(f), weeklyOf(f)}
	for n := range weeks {
		weeks[n].Week = []string{"2018-W34", "2018-W33", "2018-W32"}[n]
	}
	flow := flowOf(f)
	s := Site{Name: f("acme/production"), At: "2018-08-24T15:30:00Z", Weeks: weeks, Incidents: statsOf(f), Budget: budgetOf(f), Flow: &flow, Schedule: scheduleOf(f)}
	return func(in *time.Location) string { s.In = in; return pageNamed(s, name) }
}

// scheduleOf is a schedule of two weeks with three regions, one of which has no rotation.
func scheduleOf(f func(string) string) jsonv1.OncallSchedule {
	var duties []jsonv1.Duty
	regions := []string{f("EMEA"), f("AMER"), f("APAC")}
	people := []*jsonv1.Person{{User: "ana", Name: f("Ana Ott")}, {User: f("chris")}, nil}
	for n := range 14 * 3 {
		from := time.Date(2018, time.August, 20, 4+8*n, 0, 0, 0, time.UTC)
		d := jsonv1.Duty{Region: regions[n%3], From: from.Format(time.RFC3339), To: from.Add(8 * time.Hour).Format(time.RFC3339), Person: people[n%3]}
		if n == 4 {
			d.Override, d.Reason = true, f("holidays")
		}
		duties = append(duties, d)
	}
	return jsonv1.NewOncallSchedule("2018-08-20T00:00:00Z", "2018-09-03T00:00:00Z", "UTC", duties)
}

// berlin is a team's clock that is not UTC, and does not depend on the machine's time zones.
var berlin = time.FixedZone("CEST", 2*60*60)

func emea(f func(string) string) jsonv1.Shift {
	return jsonv1.Shift{ID: "2018-08-24T04:00Z/EMEA", Region: f("EMEA"), From: "2018-08-24T04:00:00Z", To: "2018-08-24T16:00:00Z",
		People: jsonv1.List[jsonv1.Person]{{User: "ana", Name: f("Ana Ott")}}}
}

func amer(f func(string) string) jsonv1.Shift {
	return jsonv1.Shift{ID: "2018-08-24T16:00Z/AMER", Region: f("AMER"), From: "2018-08-24T16:00:00Z", To: "2018-08-25T04:00:00Z",
		People: jsonv1.List[jsonv1.Person]{{User: "chris", Name: f("Chris Vega")}, {User: "dee"}}}
}

const (
	production     = "https://gitlab.example.com/acme/production/-/issues/"
	infrastructure = "https://gitlab.example.com/acme/infrastructure/-/issues/"
)

func handoffOf(f func(string) string) jsonv1.Handoff {
	section := func(id, title string, u jsonv1.Urgency, list ...jsonv1.HandoffEntry) jsonv1.HandoffSection {
		return jsonv1.HandoffSection{ID: id, Title: title, Urgency: u, Entries: list}
	}
	doc := jsonv1.NewHandoff("2018-08-24T15:30:00Z", emea(f), amer(f), []jsonv1.HandoffSection{
		section(jsonv1.SectionIncidents, "Active incidents and outages", jsonv1.Burning, jsonv1.HandoffEntry{
			Ref: "acme/production#41", Title: f("Registry returns 500s on pushes of large layers"), Kind: "incident", Severity: "S2", State: "active",
			Services: jsonv1.List[string]{f("registry")}, Assignees: jsonv1.List[string]{f("ana")}, Since: "2018-08-24T11:52:00Z", AgeMinutes: new(218),
			LastUpdate: &jsonv1.Update{At: "2018-08-24T15:12:00Z", By: f("ana"), Text: f("Storage latency is back under 200 ms in two of three zones.\nErrors fell from 9 % to 1.4 %; pushes over 1 GiB still fail.")},
			LeftOff:    f("Zone c is drained; its storage nodes are being restarted one by one, 2 of 6 are done."), NextStep: f("Restart nodes 3 to 6, then put zone c back at 10 %."),
			MarkedBy: f("ana"), MarkedAt: "2018-08-24T15:20:00Z", WebURL: production + "41"},
			jsonv1.HandoffEntry{Ref: "acme/production#44", Kind: "incident", Severity: "S3", State: "active", Confidential: true, Withheld: true, WebURL: production + "44"}),
		section(jsonv1.SectionDataLoss, "(Perceived) data loss", jsonv1.Burning),
		section(jsonv1.SectionMitigated, "Mitigated, not resolved", jsonv1.AtRisk, jsonv1.HandoffEntry{
			Ref: "acme/production#39", Title: f("Sidekiq queues grow: mailers wait for 20 minutes"), Kind: "incident", State: "mitigated",
			Services: jsonv1.List[string]{f("sidekiq"), f("mailers")}, Since: "2018-08-23T21:05:00Z", AgeMinutes: new(1105),
			LastUpdate: &jsonv1.Update{At: "2018-08-24T06:40:00Z", By: f("bo"), Text: f("Two more workers; the queue is empty.")},
			Missing:    jsonv1.List[string]{f("nobody is assigned"), f("its severity is not known")}, WebURL: production + "39"}),
		section(jsonv1.SectionInProgress, "Changes in progress", jsonv1.AtRisk, jsonv1.HandoffEntry{
			Ref: "acme/production#42", Title: f("Move the registry's storage to another region, step 2"), Kind: "change", Criticality: "C2", State: "in-progress",
			Assignees: jsonv1.List[string]{f("bo")}, Start: "2018-08-24T13:00:00Z", End: "2018-08-24T17:00:00Z", WebURL: production + "42"}),
		section(jsonv1.SectionUpcoming, "Changes of the next shift", jsonv1.AtRisk, jsonv1.HandoffEntry{
			Ref: "acme/production#43", Title: f("Raise max_connections on the primary"), Kind: "change", Criticality: "C3", State: "approved",
			Start: "2018-08-24T18:00:00Z", End: "2018-08-24T18:40:00Z", WebURL: production + "43"}),
		section(jsonv1.SectionReady, "Ready to hand off", jsonv1.CanWait),
		section(jsonv1.SectionOncall, "Open on-call issues", jsonv1.CanWait, jsonv1.HandoffEntry{
			Ref: "acme/infrastructure#118", Title: f("Renew the certificate of the staging registry"), Kind: "issue", Priority: f("critical"), DataLoss: true,
			Assignees: jsonv1.List[string]{f("ana")}, Since: "2018-08-20T09:00:00Z", AgeMinutes: new(6150), WebURL: infrastructure + "118"},
			jsonv1.HandoffEntry{Ref: "acme/infrastructure#121", Title: f("Alerts of the disk on the runners flap"), Kind: "issue",
				LastUpdate: &jsonv1.Update{At: "2018-08-24T09:14:00Z", By: f("bo"), Internal: true},
				Since:      "2018-08-22T10:30:00Z", AgeMinutes: new(3180), WebURL: infrastructure + "121"}),
		section(jsonv1.SectionResolved, "Resolved in this shift", jsonv1.CanWait, jsonv1.HandoffEntry{
			Ref: "acme/production#40", Title: f("Pages answers 502 after a deployment"), Kind: "incident", Severity: "S3", State: "resolved",
			Services: jsonv1.List[string]{f("pages")}, Assignees: jsonv1.List[string]{f("ana")}, Since: "2018-08-24T07:10:00Z", AgeMinutes: new(500), ResolvedAt: "2018-08-24T07:48:00Z", WebURL: production + "40"}),
	})
	doc.Locks = jsonv1.List[jsonv1.Lock]{{Name: f("weekend"), Kind: "soft", Weekly: "Sat 01:00 to Sun 21:00", Reason: f("few people are there"),
		Next: jsonv1.List[jsonv1.Period]{{From: "2018-08-25T01:00:00Z", To: "2018-08-26T21:00:00Z"}}, Exempt: jsonv1.List[string]{f("chatops")}}}
	doc.Budget = &jsonv1.BudgetLeft{SLO: "99.95", From: "2018-07-27T15:30:00Z", To: "2018-08-24T15:30:00Z", Allowed: "20.16", Spent: "13.5", Remaining: "6.66", Percent: "66.9",
		Charged: jsonv1.List[string]{"acme/production#40", "acme/production#31"}, Unknown: jsonv1.List[string]{"acme/production#39"}}
	doc.Unknown = jsonv1.List[string]{f("acme/production#44: its comments could not be read")}
	doc.Log = &jsonv1.Related{Ref: "acme/production#12", Title: f("On-call 2018-W34"), WebURL: production + "12"}
	doc.Notes = jsonv1.List[string]{f("2 issues have more than one severity; the worst counts")}
	return doc
}

// quietHandoff is the hand-off of a shift without entries, at a point in the past.
func quietHandoff() jsonv1.Handoff {
	same := func(s string) string { return s }
	going, coming := emea(same), amer(same)
	coming.People = nil
	var sections []jsonv1.HandoffSection
	for _, s := range handoffOf(same).Sections {
		s.Entries = nil
		sections = append(sections, s)
	}
	doc := jsonv1.NewHandoff("2018-08-24T16:00:00Z", going, coming, sections)
	doc.Historical = true
	return doc
}

func weekIncidents(f func(string) string) []jsonv1.WeeklyIncident {
	return []jsonv1.WeeklyIncident{
		{Incident: jsonv1.Incident{Ref: "acme/production#41", Title: f("Registry returns 500s on pushes of large layers"), State: jsonv1.IncidentActive, Severity: "S2",
			Services: jsonv1.List[string]{f("registry")}, StartedAt: "2018-08-24T11:52:00Z", ToDetect: new(7), Open: true, WebURL: production + "41"},
			StartedFrom: "record", DetectedFrom: "timeline", Ongoing: true},
		{Incident: jsonv1.Incident{Ref: "acme/production#44", State: jsonv1.IncidentActive, Severity: "S3", Confidential: true, Withheld: true, Open: true, WebURL: production + "44"}, Ongoing: true},
		{Incident: jsonv1.Incident{Ref: "acme/production#39", Title: f("Sidekiq queues grow: mailers wait for 20 minutes"), State: jsonv1.IncidentMitigated,
			Services: jsonv1.List[string]{f("sidekiq"), f("mailers")}, StartedAt: "2018-08-23T21:05:00Z", ToDetect: new(20), ToMitigate: new(575), WebURL: production + "39"},
			StartedFrom: "record", DetectedFrom: "label", MitigatedFrom: "timeline", Ongoing: true},
		{Incident: jsonv1.Incident{Ref: "acme/production#40", Title: f("Pages answers 502 after a deployment"), State: jsonv1.IncidentResolved, Severity: "S3",
			Services: jsonv1.List[string]{f("pages")}, StartedAt: "2018-08-24T07:10:00Z", ToDetect: new(3), ToMitigate: new(22), ToResolve: new(38), WebURL: production + "40"},
			StartedFrom: "record", DetectedFrom: "record", MitigatedFrom: "record", ResolvedFrom: "record"},
	}
}

func weekTimes() jsonv1.IncidentTimes {
	return jsonv1.IncidentTimes{
		Detect:   jsonv1.Spread{Sample: 3, Missing: 1, Median: "7.0", Mean: "10.0", P90: "20.0"},
		Mitigate: jsonv1.Spread{Sample: 2, Missing: 2, Median: "298.5", Mean: "298.5", P90: "575.0"},
		Resolve:  jsonv1.Spread{Sample: 1, Missing: 3, Median: "38.0", Mean: "38.0", P90: "38.0"},
		Within:   jsonv1.Share{Sample: 2, Missing: 2, Count: 1, Percent: "50.0"},
	}
}

func weeklyOf(f func(string) string) jsonv1.Weekly {
	doc := jsonv1.NewWeekly("2018-08-20", "2018-08-26", "UTC")
	doc.Budget = &jsonv1.BudgetLeft{SLO: "99.95", From: "2018-07-29T22:00:00Z", To: "2018-08-26T22:00:00Z", Allowed: "20.16", Spent: "13.5", Remaining: "6.66", Percent: "66.9"}
	doc.Week, doc.View, doc.Incidents, doc.Times = "2018-W34", "oncall", weekIncidents(f), weekTimes()
	doc.Changes = jsonv1.List[jsonv1.WeeklyChange]{
		{Change: jsonv1.Change{Ref: "acme/production#42", Title: f("Move the registry's storage to another region, step 2"), State: jsonv1.ChangeInProgress, Criticality: "C2",
			Start: "2018-08-24T13:00:00Z", WindowEnd: "2018-08-24T17:00:00Z", Services: jsonv1.List[string]{f("registry")}, Executor: f("bo"), Open: true, WebURL: production + "42"}, Day: "2018-08-24"},
		{Change: jsonv1.Change{Ref: "acme/production#37", Title: f("Upgrade PostgreSQL on the replicas"), State: jsonv1.ChangeComplete, Criticality: "C2", Outcome: "success",
			Start: "2018-08-21T09:00:00Z", WindowEnd: "2018-08-21T11:00:00Z", Executor: f("ana"), WebURL: production + "37"}, Day: "2018-08-21"},
		{Change: jsonv1.Change{Ref: "acme/production#38", Title: f("Deploy 11.2.0-rc4"), State: jsonv1.ChangeComplete, Criticality: "C3", Outcome: "failure",
			Automation: &jsonv1.Automation{Type: "deployment", User: f("deployer")}, WebURL: production + "38"}, Day: "2018-08-22"},
		{Change: jsonv1.Change{Ref: "acme/production#36", State: jsonv1.ChangeAborted, Confidential: true, Withheld: true, WebURL: production + "36"}},
	}
	doc.Deltas = jsonv1.List[jsonv1.WeeklyIssue]{{Ref: "acme/infrastructure#119", Title: f("Runners were resized by hand"), Assignees: jsonv1.List[string]{f("bo")},
		CreatedAt: "2018-08-21T14:00:00Z", ClosedAt: "2018-08-23T08:00:00Z", WebURL: infrastructure + "119"}}
	doc.Oncall = jsonv1.List[jsonv1.WeeklyIssue]{
		{Ref: "acme/infrastructure#118", Title: f("Renew the certificate of the staging registry"), Priority: f("critical"), Assignees: jsonv1.List[string]{f("ana")}, Open: true,
			CreatedAt: "2018-08-20T09:00:00Z", AgeMinutes: new(6150), WebURL: infrastructure + "118"},
		{Ref: "acme/infrastructure#121", Title: f("Alerts of the disk on the runners flap"), Open: true, CreatedAt: "2018-08-22T10:30:00Z", AgeMinutes: new(3180), WebURL: infrastructure + "121"}}
	doc.Handoffs = jsonv1.List[jsonv1.WeeklyHandoff]{{Shift: emea(f), Posted: "2018-08-24T15:31:00Z", By: f("ana"), WebURL: production + "12#note_77"}, {Shift: amer(f)}}
	doc.Counts = jsonv1.List[jsonv1.WeeklyCount]{
		{Metric: "incidents", Current: 4, Previous: jsonv1.List[int]{3, 6, 2, 4}, Mean: "3.8"}, {Metric: "S1", Current: 0, Previous: jsonv1.List[int]{0, 1, 0, 0}, Mean: "0.3"},
		{Metric: "S2", Current: 1, Previous: jsonv1.List[int]{1, 2, 0, 2}, Mean: "1.3"}, {Metric: "S3", Current: 2, Previous: jsonv1.List[int]{2, 1, 1, 1}, Mean: "1.3"},
		{Metric: "S4", Current: 0, Previous: jsonv1.List[int]{0, 2, 1, 1}, Mean: "1.0"}, {Metric: "changes", Current: 4, Previous: jsonv1.List[int]{9, 7, 8, 6}, Mean: "7.5"}}
	doc.Log = &jsonv1.Related{Ref: "acme/production#12", Title: f("On-call 2018-W34"), WebURL: production + "12"}
	doc.Unknown = jsonv1.List[string]{f("acme/production#44: its comments could not be read")}
	doc.Notes = jsonv1.List[string]{f("an incident counts in the week in which it began")}
	return doc
}

func statsOf(f func(string) string) jsonv1.IncidentStats {
	doc := jsonv1.NewIncidentStats("2018-06-25", "2018-08-26", "Europe/Berlin")
	doc.Filter, doc.Count, doc.Times, doc.Incidents = jsonv1.List[string]{f("severity S1 to S3")}, 27, weekTimes(), weekIncidents(f)
	doc.Severities = jsonv1.List[jsonv1.IncidentGroup]{{Name: "S1", Count: 2, Times: weekTimes()}, {Name: "S2", Count: 9, Times: weekTimes()}, {Name: "S3", Count: 13}, {Name: "unknown", Count: 3}}
	doc.Services = jsonv1.List[jsonv1.IncidentGroup]{{Name: f("registry"), Count: 11, Times: weekTimes()}, {Name: f("sidekiq"), Count: 8}, {Name: f("pages"), Count: 5, Times: weekTimes()},
		{Name: "unknown", Count: 3}}
	for i, n := range []int{4, 2, 0, 5, 3, 1, 5, 3, 4} {
		monday := time.Date(2018, time.June, 25+7*i, 0, 0, 0, 0, time.UTC)
		doc.Weeks = append(doc.Weeks, jsonv1.IncidentWeek{Week: "2018-W" + []string{"26", "27", "28", "29", "30", "31", "32", "33", "34"}[i], Monday: monday.Format(time.DateOnly), Count: n})
	}
	doc.Notes = jsonv1.List[string]{f("2 incidents have no record; their times are from labels")}
	return doc
}

func labelReportOf(f func(string) string) jsonv1.LabelReport {
	doc := jsonv1.NewLabelReport(jsonv1.Target{Kind: "project", Path: f("acme/infrastructure")})
	toil := jsonv1.MeasuredLabel{Name: f("toil"), Issues: 7, Weight: 9, Percent: "35.0", Trend: "up", Open: 3, Oldest: new(30000), Teams: jsonv1.List[jsonv1.LabelledTeam]{{Team: f("support"), Count: 4}}}
	for n, due := range []string{"2018-06-29", "2018-07-13", "2018-07-27", "2018-08-10"} {
		doc.Timeboxes = append(doc.Timeboxes, jsonv1.LabelTimebox{Title: f("Milestone"), Due: due, Issues: 12, Running: n == 3})
		toil.Timeboxes = append(toil.Timeboxes, n)
	}
	doc.Labels = jsonv1.List[jsonv1.MeasuredLabel]{toil, {Name: f("access request")}}
	doc.Toil = &jsonv1.ToilAim{Percent: "35.0", Aim: "30", Above: true}
	doc.Kinds = jsonv1.List[jsonv1.ToilKind]{{Words: jsonv1.List[string]{f("certificate")}, Count: 3, Issues: jsonv1.List[string]{f("acme/infrastructure#3")}, Title: f("Rotate the certificates")}}
	return doc
}

func flowOf(f func(string) string) jsonv1.Flow {
	doc := jsonv1.NewFlow("2018-07-28", "2018-08-24", "Europe/Berlin")
	doc.Start, doc.InProgress, doc.Mean, doc.Finished, doc.PerWeek, doc.Older = f("In Progress"), 2, "3.42", 9, "2.25", 1
	doc.Cycle = jsonv1.CycleTimes{Sample: 8, Missing: 1, P50: new(3060), P85: new(10500), P95: new(12000)}
	doc.Columns = jsonv1.List[jsonv1.FlowColumn]{{Name: f("Waiting"), FlowShare: jsonv1.FlowShare{Minutes: 9000, Percent: 23}}, {FlowShare: jsonv1.FlowShare{Minutes: 27000, Percent: 77}}}
	doc.Waiting, doc.Blocked = &jsonv1.FlowShare{Minutes: 9000, Percent: 23}, &jsonv1.FlowShare{}
	doc.Items = jsonv1.List[jsonv1.FlowItem]{
		{Ref: f("acme/infrastructure#84"), Title: f("Upgrade the load balancers"), Column: f("In Progress"), Minutes: new(11940), Weight: new(5), Older: true, WebURL: infrastructure + "84"},
		{Ref: f("acme/infrastructure#112"), Column: f("Waiting"), Confidential: true, Withheld: true, WebURL: infrastructure + "112"},
	}
	for n := range 8 {
		done := time.Date(2018, time.July, 29+3*n, 14, 0, 0, 0, time.UTC)
		doc.Done = append(doc.Done, jsonv1.FlowItem{Ref: f("acme/infrastructure#9"), FinishedAt: done.Format(time.RFC3339), Minutes: new(1500 * (n + 1))})
	}
	for n := range 28 {
		at := time.Date(2018, time.July, 28+n, 22, 0, 0, 0, time.UTC)
		doc.Days = append(doc.Days, jsonv1.FlowLevel{At: at.Format(time.RFC3339), Finished: n / 3,
			Columns: jsonv1.List[jsonv1.FlowCount]{{Name: f("Waiting"), Count: n % 3}, {Name: f("In Progress"), Count: 2 + n%5}}})
	}
	return doc
}

// yearOf returns statistics with the weeks of a year.
func yearOf(doc jsonv1.IncidentStats) jsonv1.IncidentStats {
	doc.Weeks, doc.Incidents = nil, nil
	for i := range 53 {
		monday := time.Date(2018, time.January, 1+7*i, 0, 0, 0, 0, time.UTC)
		doc.Weeks = append(doc.Weeks, jsonv1.IncidentWeek{Week: fmt.Sprintf("2018-W%02d", i+1), Monday: monday.Format(time.DateOnly), Count: i * i % 17})
	}
	return doc
}

// budgetOf is a budget with a charged, a withheld and an unknown incident.
func budgetOf(f func(string) string) jsonv1.Budget {
	doc := jsonv1.NewBudget("month")
	doc.From, doc.To, doc.At, doc.FirstDay, doc.LastDay, doc.Zone = "2018-07-31T22:00:00Z", "2018-08-31T22:00:00Z", "2018-08-24T15:30:00Z", "2018-08-01", "2018-08-31", "Europe/Berlin"
	steps := jsonv1.List[jsonv1.BudgetStep]{{At: doc.From, Remaining: "22.32"}, {At: "2018-08-20T10:00:00Z", Remaining: "22.32"}, {At: "2018-08-20T10:13:30Z", Remaining: "8.82"}, {At: doc.At, Remaining: "8.82"}}
	doc.Accounts = jsonv1.List[jsonv1.BudgetAccount]{
		{Scope: "overall", Name: "production", SLO: "99.95", Allowed: "22.32", Spent: "13.5", Remaining: "8.82", Percent: "60.5", Weighted: "6.75", Excluded: "4", BurnRate: "0.79",
			SpentAt: "2018-08-30T02:00:00Z", Projected: true, Charged: jsonv1.List[string]{f("acme/production#1"), f("acme/production#2")}, Large: jsonv1.List[string]{f("acme/production#1")}, Unknown: jsonv1.List[string]{f("acme/production#3")}, Steps: steps},
		{Scope: "service", Name: f("registry"), Team: f("storage"), SLO: "99.99", Allowed: "4.464", Spent: "13.5", Remaining: "-9.036", Percent: "302.4", Weighted: "6.75", Excluded: "4", BurnRate: "3.93",
			IsSpent: true, SpentAt: "2018-08-20T10:04:27Z", Charged: jsonv1.List[string]{f("acme/production#1")}, Large: jsonv1.List[string]{f("acme/production#1")}, Steps: steps},
		{Scope: "team", Name: f("storage"), SLO: "99.99", Allowed: "4.464", Spent: "0", Remaining: "4.464", Percent: "0", Weighted: "0", Excluded: "0", BurnRate: "0"},
	}
	const issues = "https://gitlab.example.com/acme/production/-/issues/"
	doc.Outages = jsonv1.List[jsonv1.BudgetOutage]{
		{Ref: f("acme/production#1"), Title: f("2018-08-20: Registry returns 500s"), State: "resolved", Severity: "S2", Services: jsonv1.List[string]{f("registry"), f("git")}, From: "2018-08-20T10:00:00Z", FromEvidence: "record",
			To: "2018-08-20T10:17:30Z", ToEvidence: "text", Minutes: "13.5", Impact: "0.5", Excluded: "4", Changes: jsonv1.List[string]{f("acme/production#9")}, Note: f("the text has 14 minutes"), WebURL: issues + "1"},
		{Ref: f("acme/production#2"), State: "active", Severity: "S1", Confidential: true, Withheld: true, WebURL: issues + "2"},
		{Ref: f("acme/production#3"), Title: f("Mail is late"), State: "mitigated", Unknown: f("end unknown"), WebURL: issues + "3"},
	}
	doc.Excluded = jsonv1.List[jsonv1.BudgetExclusion]{{Ref: f("acme/production#9"), From: "2018-08-20T10:13:30Z", To: "2018-08-20T11:00:00Z", Services: jsonv1.List[string]{f("registry"), f("git")}, ApprovedBy: jsonv1.List[string]{"maria"}}}
	doc.Gaps, doc.Notes = jsonv1.List[string]{f("The label events of acme/production#3 could not be read")}, jsonv1.List[string]{f("Downtime of acme/production#8 is not excluded: 1 approval needed (manager)")}
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

// overspentBudget is the budget of one service.
func overspentBudget(f func(string) string) jsonv1.Budget {
	doc := budgetOf(f)
	a := &doc.Accounts[1]
	a.Hides, a.Steps = true, jsonv1.List[jsonv1.BudgetStep]{{At: doc.From, Remaining: "4.464"}, {At: "2018-08-20T10:00:00Z", Remaining: "4.464"}, {At: "2018-08-20T10:13:30Z", Remaining: "-9.036"}, {At: doc.At, Remaining: "-9.036"}}
	doc.Service, doc.Accounts = a.Name, doc.Accounts[1:2]
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
