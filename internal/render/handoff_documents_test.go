package render_test

import "gitlab.com/prodctl/prodctl/pkg/jsonv1"

// handoff returns the report of a busy shift.
func handoff(f func(string) string) jsonv1.Handoff {
	section := func(id, title string, u jsonv1.Urgency, list ...jsonv1.HandoffEntry) jsonv1.HandoffSection {
		return jsonv1.HandoffSection{ID: id, Title: title, Urgency: u, Entries: list}
	}
	doc := jsonv1.NewHandoff("2018-08-20T15:30:00Z",
		jsonv1.Shift{ID: "2018-08-20T04:00Z/EMEA", Region: f("EMEA"), From: "2018-08-20T04:00:00Z", To: "2018-08-20T16:00:00Z", People: jsonv1.List[jsonv1.Person]{{User: f("ana"), Name: f("Ana Ott")}}},
		jsonv1.Shift{ID: "2018-08-20T16:00Z/AMER", Region: f("AMER"), From: "2018-08-20T16:00:00Z", To: "2018-08-21T04:00:00Z", People: jsonv1.List[jsonv1.Person]{{User: f("chris")}, {User: f("dee")}}},
		[]jsonv1.HandoffSection{
			section(jsonv1.SectionIncidents, "Active incidents and outages", jsonv1.Burning,
				jsonv1.HandoffEntry{Ref: f("acme/production#41"), Title: f("Registry returns 500s on pushes of large layers"), Kind: "incident", Severity: "S2", State: "active",
					Services: texts{f("registry")}, Assignees: texts{f("ana")}, Since: "2018-08-20T11:52:00Z", AgeMinutes: new(218), DataLoss: true,
					LastUpdate: &jsonv1.Update{At: "2018-08-20T15:12:00Z", By: f("ana"), Text: f("Storage latency is back under 200 ms in two of three zones.")},
					LeftOff:    f("Zone c is drained; 2 of its 6 storage nodes are restarted."), NextStep: f("Restart nodes 3 to 6, then put zone c back at 10 %."),
					Contingency: f("Error rate above 5 %: drain zone c again."),
					MarkedBy:    f("ana"), MarkedAt: "2018-08-20T15:20:00Z", WebURL: f("https://gitlab.example.com/acme/production/-/issues/41")},
				jsonv1.HandoffEntry{Ref: f("acme/infrastructure#97"), Title: f("Packages cannot be built"), Kind: "outage", Since: "2018-08-18T09:00:00Z", AgeMinutes: new(3270),
					Missing: texts{f("severity unknown"), f("no next steps")}},
				jsonv1.HandoffEntry{Ref: f("acme/production#44"), Kind: "incident", Severity: "S3", State: "active", Confidential: true, Withheld: true}),
			section(jsonv1.SectionDataLoss, "(Perceived) data loss", jsonv1.Burning),
			section(jsonv1.SectionMitigated, "Mitigated incidents", jsonv1.AtRisk,
				jsonv1.HandoffEntry{Ref: f("acme/production#39"), Title: f("Queues grow: mail waits for 20 minutes"), Kind: "incident", State: "mitigated", Since: "2018-08-19T21:05:00Z", AgeMinutes: new(1105),
					LastUpdate: &jsonv1.Update{At: "2018-08-19T23:40:00Z", By: f("bo"), Internal: true}, TakenBy: f("bo")}),
			section(jsonv1.SectionInProgress, "Changes in progress", jsonv1.AtRisk,
				jsonv1.HandoffEntry{Ref: f("acme/production#42"), Title: f("Move the registry's storage, step 2"), Kind: "change", Criticality: "C2", State: "in-progress",
					Assignees: texts{f("bo")}, Since: "2018-08-20T13:02:00Z", AgeMinutes: new(148), Start: "2018-08-20T13:00:00Z", End: "2018-08-20T17:00:00Z"}),
			section(jsonv1.SectionUpcoming, "Changes until the next shift ends", jsonv1.AtRisk),
			section(jsonv1.SectionReady, "Ready to hand off", jsonv1.CanWait),
			section(jsonv1.SectionOncall, "Open on-call issues", jsonv1.CanWait,
				jsonv1.HandoffEntry{Ref: f("acme/infrastructure#118"), Title: f("Renew the certificate of the staging registry"), Kind: "issue", Priority: f("critical"),
					Assignees: texts{f("ana")}, Since: "2018-08-16T09:00:00Z", AgeMinutes: new(6150)}),
			section(jsonv1.SectionResolved, "Resolved in this shift", jsonv1.CanWait,
				jsonv1.HandoffEntry{Ref: f("acme/production#40"), Title: f("Pages answers 502 after a deployment"), Kind: "incident", Severity: "S3", State: "resolved",
					Since: "2018-08-20T07:10:00Z", AgeMinutes: new(500), ResolvedAt: "2018-08-20T07:48:00Z"}),
		})
	doc.Locks = jsonv1.List[jsonv1.Lock]{{Name: f("weekend"), Kind: "soft", Weekly: "Sat 01:00 to Sun 21:00", Reason: f("few people are there"),
		Next: jsonv1.List[jsonv1.Period]{{From: "2018-08-21T01:00:00Z", To: "2018-08-22T21:00:00Z"}}}}
	doc.Budget = &jsonv1.BudgetLeft{SLO: "99.95", From: "2018-07-23T15:30:00Z", To: "2018-08-20T15:30:00Z", Allowed: "20.16", Spent: "13.5", Remaining: "6.66", Percent: "66.964",
		Charged: texts{f("acme/production#40"), f("acme/production#31")}, Unknown: texts{f("acme/production#39")}}
	doc.First = jsonv1.HandoffFirst{Rule: jsonv1.FirstBurning, Ref: f("acme/production#41")}
	doc.Unknown = texts{f("Locks, rotations and the SLO are those of today's configuration")}
	doc.Log = &jsonv1.Related{Ref: f("acme/production#12"), Title: f("On-call 2018-W34")}
	doc.Notes = texts{f("This is the state at 2018-08-20 15:30 UTC")}
	return doc
}

// quietHandoff returns the historical report of a shift in which nothing happened.
func quietHandoff() jsonv1.Handoff {
	full := handoff(same)
	for n := range full.Sections {
		full.Sections[n].Entries = nil
	}
	full.Next.People = nil
	doc := jsonv1.NewHandoff("2018-08-19T16:00:00Z", full.Shift, full.Next, full.Sections)
	doc.Historical, doc.First = true, jsonv1.HandoffFirst{Rule: jsonv1.FirstQuiet}
	return doc
}
