package render_test

import (
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// queue returns the documents of the production queue. Confidential issues are withheld, as in every format but a page;
// confidential_test.go has the documents in full.
func queue(f func(string) string) []document {
	incidents, incident, timeline, before := incidents(f), incident(f), timeline(f), changesBefore(f)
	opened, adopted, event := opened(f, jsonv1.FoundCreated), opened(f, jsonv1.FoundExisting), event(f)
	changes, change, recorded := changes(f), change(f), jsonv1.NewChange(deployment(f))
	gate, passed, locks, locked := gate(f), jsonv1.NewGate("2018-08-20T10:00:00Z", nil), locks(f), lockCheck(f)
	approval, audit := approval(f), audit(f)
	actions, check := correctiveActions(f), incidentCheck(f)
	adopted.Notes = nil
	passed.Change = f("acme/production#40")
	return append(schedules(f), []document{
		{"incidents", incidents, func(v *render.View) error { return v.Incidents(incidents) }},
		{"incident_check", check, func(v *render.View) error { return v.IncidentCheck(check) }},
		{"corrective_actions", actions, func(v *render.View) error { return v.CorrectiveActions(actions) }},
		{"incident", incident, func(v *render.View) error { return v.Incident(incident) }},
		{"incident_changes", before, func(v *render.View) error { return v.IncidentChanges(before) }},
		{"timeline", timeline, func(v *render.View) error { return v.Timeline(timeline) }},
		{"opened", opened, func(v *render.View) error { return v.Opened(opened) }},
		{"opened_adopted", adopted, func(v *render.View) error { return v.Opened(adopted) }},
		{"event", event, func(v *render.View) error { return v.Event(event) }},
		{"changes", changes, func(v *render.View) error { return v.Changes(changes) }},
		{"change", change, func(v *render.View) error { return v.Change(change) }},
		{"change_record", recorded, func(v *render.View) error { return v.Change(recorded) }},
		{"gate", gate, func(v *render.View) error { return v.Gate(gate) }},
		{"gate_open", passed, func(v *render.View) error { return v.Gate(passed) }},
		{"locks", locks, func(v *render.View) error { return v.Locks(locks) }},
		{"lock_check", locked, func(v *render.View) error { return v.LockCheck(locked) }},
		{"approval", approval, func(v *render.View) error { return v.Approval(approval) }},
		{"approval_audit", audit, func(v *render.View) error { return v.ApprovalAudit(audit) }},
	}...)
}

type texts = jsonv1.List[string]

func incidentCheck(f func(string) string) jsonv1.IncidentCheck {
	return jsonv1.NewIncidentCheck(4, []jsonv1.IncidentFinding{
		{Rule: "update-overdue", Ref: f("acme/production#12"), Title: f("2018-08-20: Registry returns 500s"), State: jsonv1.IncidentActive, Severity: "S1",
			Text: f("S1 needs an update every 30m, and the last comment is by @ana, 40m ago"), Fix: f("prodctl incident update acme/production#12 -m TEXT"),
			WebURL: f("https://gitlab.example.com/acme/production/-/issues/12")},
		{Rule: "cause-missing", Ref: f("acme/production#7"), State: jsonv1.IncidentResolved, Severity: "S2", Confidential: true, Withheld: true},
		{Rule: "state-mismatch", Ref: f("acme/production#9"), Title: f("Mail is late"), State: jsonv1.IncidentMitigated, Text: f("mitigated, but the record has no mitigation time"),
			Fix: f("prodctl incident mitigate acme/production#9 --at TIME")},
	})
}

func correctiveActions(f func(string) string) jsonv1.CorrectiveActions {
	doc := jsonv1.NewCorrectiveActions("2018-08-24", []string{f("team storage")}, []jsonv1.FollowUp{
		{Ref: f("acme/infrastructure#41"), Title: f("Alert before the disk is full"), State: "overdue", Severity: "S1", Owners: texts{f("ana")}, Teams: texts{f("storage")},
			Incident: &jsonv1.Related{Ref: f("acme/production#12"), Title: f("2018-08-20: Registry returns 500s"), WebURL: f("https://gitlab.example.com/acme/production/-/issues/12")},
			Due:      "2018-08-14", DaysOverdue: new(10), OpenedAt: "2018-08-02T10:00:00Z", WebURL: f("https://gitlab.example.com/acme/infrastructure/-/issues/41")},
		{Ref: f("acme/infrastructure#42"), State: "overdue", Severity: "S2", Confidential: true, Withheld: true},
		{Ref: f("acme/infrastructure#44"), Title: f("Restore drill for the registry"), State: "open", Owners: texts{f("bo"), f("cy")}},
		{Ref: f("acme/infrastructure#39"), Title: f("Two nodes"), State: "done-late", Severity: "S3", Due: "2018-08-20", DaysLate: new(1), ClosedAt: "2018-08-21T10:00:00Z"},
		{Ref: f("acme/infrastructure#38"), Title: f("Page on lag"), State: "done-on-time", Severity: "S3", Due: "2018-08-20", ClosedAt: "2018-08-19T10:00:00Z"},
		{Ref: f("acme/infrastructure#37"), Title: f("By hand"), State: "done", ClosedAt: "2018-08-18T10:00:00Z"},
	})
	doc.Open, doc.Overdue, doc.OnTime = 3, 2, jsonv1.Share{Sample: 2, Missing: 1, Count: 1, Percent: "50.0"}
	doc.Notes = texts{f("Moved to another project, and not listed here: acme/infrastructure#36")}
	return doc
}

func registryDown(f func(string) string) jsonv1.Incident {
	return jsonv1.Incident{
		Ref: f("acme/production#12"), Title: f("2018-08-20: Registry returns 500s for pushes of large images"), State: jsonv1.IncidentActive, Severity: "S2",
		Services: texts{f("registry"), f("storage")}, StartedAt: "2018-08-20T09:20:00Z", DetectedAt: "2018-08-20T09:25:00Z",
		Impact: "0.4", Cause: f("disk full on the storage nodes"), DataLoss: true, Assignees: texts{f("ana"), f("bo")}, Open: true, AgeMinutes: new(40),
		LastUpdate:  &jsonv1.Update{At: "2018-08-20T09:50:00Z", By: f("bo"), Text: f("Two of three nodes have space again")},
		LastComment: &jsonv1.Update{At: "2018-08-20T09:58:00Z", By: f("ana"), Text: f("Customers write that pulls work again")},
		ToDetect:    new(5), ReviewDueReason: f("severity S2, but duration unknown"), Gaps: texts{f("the label says S2, the record S3")},
		WebURL: f("https://gitlab.example.com/acme/production/-/issues/12"),
	}
}

func incidents(f func(string) string) jsonv1.Incidents {
	doc := jsonv1.NewIncidents([]string{f("open")}, []jsonv1.Incident{
		registryDown(f),
		{Ref: f("acme/production#11"), Title: f("2018-08-19: Mail is late"), State: jsonv1.IncidentMitigated, Services: texts{f("mail")}, Open: true,
			StartedAt: "2018-08-19T22:00:00Z", MitigatedAt: "2018-08-19T23:05:00Z", AgeMinutes: new(720), ToMitigate: new(65), Gaps: texts{f("severity unknown"), f("no cause")}},
		{Ref: f("acme/production#9"), Title: f("2018-08-17: Web nodes restart"), State: jsonv1.IncidentResolved, Severity: "S3", Assignees: texts{f("cy")},
			StartedAt: "2018-08-17T10:00:00Z", ResolvedAt: "2018-08-17T12:00:00Z", ToResolve: new(120), ReviewDue: new(false), AgeMinutes: new(4320)},
		{Ref: f("acme/production#7"), State: jsonv1.IncidentActive, Severity: "S1", Confidential: true, Withheld: true, Open: true,
			WebURL: f("https://gitlab.example.com/acme/production/-/issues/7")},
	})
	doc.Notes = texts{f("1 confidential incident is shown by its reference")}
	return doc
}

func incident(f func(string) string) jsonv1.IncidentShow {
	doc := jsonv1.NewIncident(registryDown(f))
	doc.Actions = jsonv1.List[jsonv1.CorrectiveAction]{
		{Related: jsonv1.Related{Ref: f("acme/infrastructure#140"), Title: f("Alert on disks that fill up")}, Owner: f("ana"), Due: "2018-09-19"},
		{Related: jsonv1.Related{Ref: f("acme/infrastructure#141"), Title: f("Rotate logs of the registry")}, Due: "2018-08-19", Overdue: true},
		{Related: jsonv1.Related{Ref: f("acme/infrastructure#142"), Title: f("Larger disks")}, Done: true},
	}
	doc.Related = jsonv1.List[jsonv1.Related]{{Ref: f("acme/infrastructure#97"), Title: f("Rotate the certificates")}, {Ref: f("acme/security#3"), Confidential: true}}
	before := changesBefore(f)
	doc.ChangesBefore = &jsonv1.ChangesBefore{From: before.From, Changes: before.Changes, More: 2, Unread: before.Unread}
	doc.Timeline = timelineLines(f)
	doc.Problems = jsonv1.List[jsonv1.Problem]{{Line: 31, Column: 15, Text: f(`invalid time "about ten"`)}}
	doc.Notes = texts{f("This GitLab has no links between issues")}
	return doc
}

func changesBefore(f func(string) string) jsonv1.IncidentChanges {
	doc := jsonv1.NewIncidentChanges(f("acme/production#12"), f("2018-08-20: Registry returns 500s for pushes of large images"))
	doc.Services, doc.BeganAt, doc.BeganFrom, doc.From = texts{f("registry")}, "2018-08-20T09:20:00Z", "detected", "2018-08-20T07:20:00Z"
	doc.WebURL = f("https://gitlab.example.com/acme/production/-/issues/12")
	doc.Changes = jsonv1.List[jsonv1.RankedChange]{
		{Rank: 1, Kind: "deployment", Ref: f("acme/registry deployment 41"), Title: f("to production: main (6b1c9f0e)"), State: "success", Outcome: "success",
			Reason: f("same service registry, ended 4m before"), Match: "shared", Timing: "ended", MinutesBefore: new(4), Services: texts{f("registry")},
			Environment: f("production"), By: f("ana"), Commit: f("6b1c9f0e2d"), StartedAt: "2018-08-20T09:04:00Z", EndedAt: "2018-08-20T09:16:00Z",
			WebURL: f("https://gitlab.example.com/acme/registry/-/jobs/7102"), JobURL: f("https://gitlab.example.com/acme/registry/-/jobs/7102")},
		{Rank: 2, Kind: "change", Ref: f("acme/production#10"), State: "in-progress", Criticality: "C2", Confidential: true, Withheld: true,
			WebURL: f("https://gitlab.example.com/acme/production/-/issues/10")},
		{Rank: 3, Kind: "change", Ref: f("acme/production#8"), Title: f("Raise the limit of open files"), State: "complete", Criticality: "C3", Outcome: "failure",
			Reason: f("other service web, ended 1h 2m before"), Match: "other", Timing: "ended", MinutesBefore: new(62), Services: texts{f("web")}, By: f("bo"),
			WebURL: f("https://gitlab.example.com/acme/production/-/issues/8")},
	}
	doc.Unread = jsonv1.List[jsonv1.Unread]{{Project: f("acme/app"), What: "deployments", Reason: f("not found, or not visible to the token")}}
	doc.Notes = texts{f("Deployments of acme/app not listed: not found, or not visible to the token")}
	return doc
}

func timelineLines(f func(string) string) []jsonv1.TimelineLine {
	return []jsonv1.TimelineLine{
		{At: "2018-08-19T23:58:00Z", Text: f("disk usage passes 95 %"), Source: "declared", NoteID: 900, Author: f("bo")},
		{At: "2018-08-20T09:20:00Z", Text: f("pushes of large images begin to fail with 500 and the queue of the garbage collector grows"), Source: "record"},
		{At: "2018-08-20T09:26:00Z", Text: f("S2 set"), Author: f("ana"), Source: "label"},
		{At: "2018-08-20T09:50:00Z", Text: f("Two of three nodes have space again"), Author: f("bo"), Source: "note", NoteID: 918},
	}
}

func timeline(f func(string) string) jsonv1.Timeline {
	doc := jsonv1.NewTimeline(f("acme/production#12"), f("2018-08-20: Registry returns 500s for pushes of large images"), timelineLines(f))
	doc.Notes = texts{f("Label events cannot be read with this token")}
	return doc
}

func opened(f func(string) string, outcome jsonv1.Found) jsonv1.Opened {
	doc := jsonv1.NewOpened("incident", f("acme/production#12"), f("2018-08-20: Registry returns 500s for pushes of large images"), outcome)
	doc.Key, doc.WebURL = f("auto-20180820-1f2e3d"), f("https://gitlab.example.com/acme/production/-/issues/12")
	doc.Notes = texts{f("Severity unknown. To set it: prodctl incident update 12 -s S2")}
	return doc
}

func event(f func(string) string) jsonv1.Event {
	doc := jsonv1.NewEvent("incident", f("acme/production#12"), f("2018-08-20: Registry returns 500s"), "mitigate", jsonv1.OutcomeDone)
	doc.At, doc.State, doc.Before, doc.Minutes, doc.Text = "2018-08-20T09:58:00Z", "mitigated", "active", new(38), f("moved to new disks")
	doc.WebURL = f("https://gitlab.example.com/acme/production/-/issues/12")
	doc.Notes = texts{f("Changed by @bo in the meantime: severity")}
	return doc
}

func failover(f func(string) string) jsonv1.Change {
	return jsonv1.Change{
		Ref: f("acme/production#40"), Title: f("Fail over the main database to the new hosts"), State: jsonv1.ChangeScheduled, Criticality: "C1",
		Start: "2018-08-30T10:00:00Z", WindowEnd: "2018-08-30T11:30:00Z", DurationMinutes: new(45), Services: texts{f("database"), f("web")},
		Environment: f("production"), Executor: f("ana"), Open: true, Gaps: texts{f("no monitoring is named")},
		WebURL: f("https://gitlab.example.com/acme/production/-/issues/40"),
	}
}

func deployment(f func(string) string) jsonv1.Change {
	return jsonv1.Change{
		Ref: f("acme/production#38"), Title: f("deployment of acme/web to production"), State: jsonv1.ChangeComplete, Criticality: "C4", Environment: f("production"),
		StartedAt: "2018-08-20T08:01:00Z", FinishedAt: "2018-08-20T08:09:00Z", Outcome: "failure",
		Automation: &jsonv1.Automation{Type: f("deployment"), Stage: f("deploy"), User: f("cy"), Source: f("acme/web main"), Commit: f("036670c"), RecordedBy: f("release-bot"), Pipeline: new(9412),
			Diff: f("https://gitlab.example.com/acme/web/-/compare/1f2e3d...036670c"), Job: f("https://gitlab.example.com/acme/web/-/jobs/77"),
			Attempts: new(2), Message: f("health check failed")},
	}
}

func changes(f func(string) string) jsonv1.Changes {
	doc := jsonv1.NewChanges([]string{f("since 2018-08-13")}, []jsonv1.Change{
		failover(f), deployment(f),
		{Ref: f("acme/production#37"), Title: f("Rename the runners"), State: jsonv1.ChangeInProgress, Criticality: "C3", Start: "2018-08-20T09:30:00Z",
			WindowEnd: "2018-08-21T00:30:00Z", StartedAt: "2018-08-20T09:31:00Z", Executor: f("bo"), Open: true},
		{Ref: f("acme/production#36"), State: jsonv1.ChangeApproved, Criticality: "C2", Confidential: true, Withheld: true, Open: true},
		{Ref: f("acme/production#35"), Title: f("Old change"), State: jsonv1.ChangeAborted, AbortedAt: "2018-08-14T10:00:00Z"},
	})
	doc.Notes = texts{f("1 confidential change is shown by its reference")}
	return doc
}

func change(f func(string) string) jsonv1.ChangeShow {
	doc := jsonv1.NewChange(failover(f))
	doc.Digest, doc.Plan = "95ca51be1f1ee16693f6a6f54811b000", f("Why: the old hosts are full.")+"\n1. Promote the replica"
	doc.Approvals = jsonv1.Approvals{
		Counted: jsonv1.List[jsonv1.Approver]{{By: f("bo"), Roles: texts{f("lead")}, At: "2018-08-20T08:00:00Z"}},
		Ignored: jsonv1.List[jsonv1.IgnoredApproval]{{By: f("ana"), Reason: f("is the executor")}, {By: f("mara"), Reason: f("the plan was edited since")}},
		Missing: texts{f("1 more approval needed (manager)")},
	}
	doc.Overrides, doc.RetryOf = texts{"2018-08-24T15:30:00Z " + f("olga: agreed with @mara")}, f("acme/production#33")
	doc.Conflicts, doc.Locks = texts{f("acme/production#41")}, texts{f("month end")}
	doc.Related = jsonv1.List[jsonv1.Related]{{Ref: f("acme/infrastructure#88"), Title: f("New database hosts")}}
	doc.Problems = jsonv1.List[jsonv1.Problem]{{Line: 40, Column: 11, Text: f(`"an hour" is no downtime`)}}
	doc.Notes = texts{f("members of acme/managers cannot be read with this token")}
	return doc
}

func gate(f func(string) string) jsonv1.Gate {
	doc := jsonv1.NewGate("2018-08-20T10:00:00Z", []jsonv1.Reason{
		{Kind: "incident", Ref: f("acme/production#12"), Title: f("2018-08-20: Registry returns 500s"), Text: f("active S2 incident"),
			Fix: "Wait until " + f("acme/production#12") + " is mitigated", WebURL: f("https://gitlab.example.com/acme/production/-/issues/12")},
		{Kind: "incident", Ref: f("acme/production#7"), Confidential: true, Text: f("active S1 incident")},
		{Kind: "lock", Text: f(`lock "weekend" (hard: all changes) until 2018-08-20 21:00 UTC: Nobody is there`), Until: "2018-08-20T21:00:00Z", Hard: true,
			Fix: "Wait until the lock ends"},
		{Kind: "approval", Text: f("1 more approval needed (manager)")},
	})
	doc.Change, doc.Key, doc.WaitedSeconds = f("acme/production#40"), f("deploy-77"), 1800
	doc.Notes = texts{f("--wait ended after 30m")}
	return doc
}

func locks(f func(string) string) jsonv1.Locks {
	doc := jsonv1.NewLocks("2018-08-20T10:00:00Z", []jsonv1.Lock{
		{Name: f("weekend"), Kind: "soft", Weekly: f("Sat 01:00 to Sun 21:00"), Reason: f("few people are there"), Exempt: texts{f("status-page")},
			Next: jsonv1.List[jsonv1.Period]{{From: "2018-08-25T01:00:00Z", To: "2018-08-26T21:00:00Z"}, {From: "2018-09-01T01:00:00Z", To: "2018-09-02T21:00:00Z"}}},
		{Name: f("month end"), Kind: "hard", From: "2018-08-20T08:00:00Z", To: "2018-08-31T18:00:00Z", Zone: "Europe/Berlin", Reason: f("billing runs, and nothing may disturb it until all invoices are out"),
			Active: true, Next: jsonv1.List[jsonv1.Period]{{From: "2018-08-20T08:00:00Z", To: "2018-08-31T18:00:00Z"}}},
	})
	doc.Notes = texts{f("last winter is over: take it out of the file")}
	return doc
}

func lockCheck(f func(string) string) jsonv1.LockCheck {
	doc := jsonv1.NewLockCheck("2018-08-20T10:00:00Z", locks(f).Locks[1:])
	doc.Locks[0].Exempt = texts{f("status-page")}
	doc.Until, doc.Criticality, doc.Notes = "2018-08-20T11:30:00Z", "C2", texts{f("the lock weekend does not hold")}
	return doc
}

func approval(f func(string) string) jsonv1.Approval {
	doc := jsonv1.NewApproval(f("acme/oauth2-proxy-cookbook!4"), true, false, f("nobody of production or security has approved"))
	doc.Author, doc.ApprovedBy, doc.Eligible = f("ana"), texts{f("bo")}, texts{f("a member of production"), f("a member of security")}
	doc.WebURL, doc.Notes = f("https://gitlab.example.com/acme/oauth2-proxy-cookbook/-/merge_requests/4"), texts{f("acme/security could not be read")}
	return doc
}

func audit(f func(string) string) jsonv1.ApprovalAudit {
	doc := jsonv1.NewApprovalAudit([]jsonv1.ApprovalRepository{
		{Project: f("acme/oauth2-proxy-cookbook")},
		{Project: f("acme/users-cookbook"), Findings: jsonv1.List[jsonv1.Finding]{
			{ID: "author-approves", Text: f("authors may approve their own merge requests"), Fix: f("forbid it under Settings, Merge requests")},
			{ID: "no-rule", Text: f("no approval rule names production or security")},
		}},
	})
	doc.Notes = texts{f("approval rules are a paid feature; acme/old has none")}
	return doc
}
