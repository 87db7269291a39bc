package mcp

// The words of several tools.
func services() input    { return word("services", "").of(list).as("service") }
func since() input       { return word("since", "opened since: 2018-08-01 or 30d") }
func criticality() input { return word("criticality", "", "C1", "C2", "C3", "C4") }

// readers returns the tools that read.
func readers() []tool {
	return append(readersOfIssues(),
		tool{name: "status", title: "Read the status", commands: only("status"), narrow: "incident_list or board",
			about: "Production and the timebox on one screen: who is on call, active incidents, changes, locks, the gate, budget."},
		tool{name: "handoff", title: "Read the hand-off", commands: only("handoff"), narrow: "incident_list, change_list or board",
			about:  "The hand-off of a shift: what is burning, at risk, or can wait, and who comes next.",
			inputs: []input{word("shift", "current, last or EMEA@2018-08-24"), word("as_of", "earlier time: 2h, 04:00 or RFC 3339")}},
		tool{name: "budget", title: "Read the error budgets", commands: only("budget"), narrow: "service or team",
			about: "Error budgets: allowed, spent and left minutes, burn rate, and the incidents that spent them.",
			inputs: []input{word("window", "28d, month or quarter"), word("service", ""), word("team", ""),
				word("explain", "evidence of every minute").of(flag)}},
		tool{name: "flow", title: "Read the flow of work", commands: only("report flow"), narrow: "a shorter last",
			about: "Work in progress, throughput, cycle time and age of work on the board.",
			inputs: []input{word("last", "duration up to today: 28d"), word("timebox", "", "previous", "current"),
				word("week", "current, last or 2018-W34")}},
		tool{name: "board", title: "Read the board", commands: only("board show"), narrow: "milestone",
			about:  "The board: columns, issues, assignees, weights, days in the column.",
			inputs: []input{word("milestone", "current, next or a title")}},
		tool{name: "timebox", title: "Read the plan of a timebox", choice: "view", narrow: "the view plan",
			about: "A two-week timebox: the plan (forecast, room, what is planned, what is not ready) of the next one, " +
				"or the issues of a milestone.",
			commands: []cmd{command("plan", "milestone plan", "", "current days"),
				command("issues", "milestone show", "", "milestone")},
			inputs: []input{word("current", "plan of the current one").of(flag), word("days", "available person-days"),
				word("milestone", "with issues: current, next or a title").as("")}},
	)
}

// readersOfIssues returns the tools that read incidents and changes.
func readersOfIssues() []tool {
	return []tool{
		{name: "incident_list", title: "List incidents", commands: only("incident list"), narrow: "severity, state, services or since",
			about: "Incidents with state, severity, services and last update; ongoing ones unless all is set.",
			inputs: []input{word("all", "also resolved and reviewed ones").of(flag), word("severity", "S1 to S4, unknown").of(list),
				word("state", "active, mitigated, resolved, reviewed, unknown").of(list), services(), since()}},
		{name: "incident_show", title: "Show an incident", choice: "view", narrow: "another view, or a shorter before",
			about: "One incident: its facts, its timeline (what happened, in order), or what changed before it (changes and deployments).",
			commands: []cmd{command("facts", "incident show", "incident", ""), command("timeline", "incident timeline", "incident", ""),
				command("changes", "incident changes", "incident", "before")},
			inputs: []input{word("incident", "reference, such as 17 or production#17").as(""), word("before", "with changes: 30m, 24h")}},
		{name: "change_list", title: "List changes", commands: only("change list"), narrow: "state, criticality, services or since",
			about: "Changes with state, criticality and window; planned and running ones unless all is set.",
			inputs: []input{word("all", "also finished and recorded ones").of(flag), word("criticality", "C1 to C4").of(list),
				word("state", "scheduled, approved, in-progress, complete, aborted, unknown").of(list), services(), since()}},
		{name: "change_show", title: "Show a change", commands: only("change show", "change"), narrow: "change_list",
			about:  "One change: its plan, window, approvals and what blocks it.",
			inputs: []input{word("change", "reference, such as 7").as("")}},
		{name: "change_gate", title: "Check whether a change may start", commands: only("change gate"), narrow: "services",
			about: "Whether a change, or a deployment, may start now, and each reason against it.",
			inputs: []input{word("change", "reference of a planned change"), criticality(), services(), word("environment", ""),
				word("budget", "also check the error budgets").of(flag)}},
	}
}
