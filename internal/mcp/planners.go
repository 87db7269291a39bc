package mcp

// The words of several tools that plan.
func message(about string) input { return word("message", about) }
func next() input                { return word("next", "next steps") }
func contingency() input         { return word("contingency", "if it gets worse: what to do").as("if") }
func at() input                  { return word("at", "time of the event: 10m (ago) or RFC 3339") }
func title(about string) input   { return word("title", about).as("") }
func links() input               { return word("links", "open: related issues").of(list).as("link") }

// planners returns the tools that plan. What a person has to decide is not here: approvals, overrides, and what is confidential.
func planners() []tool {
	return []tool{planIncident(), planChange(), planMilestone(), planIssue()}
}

func planIncident() tool {
	const event = "message severity services started detected impact cause data_loss at"
	return tool{name: "plan_incident", title: "Plan a step of an incident", choice: "action", plans: true, narrow: "shorter texts",
		about: "Plan to open an incident, to record an update, mitigation, resolution or reopening, or to open a corrective action of one.",
		commands: []cmd{
			command("open", "incident open", "title", "message severity services started detected impact data_loss links"),
			command("update", "incident update", "incident", event+" next contingency"),
			command("mitigate", "incident mitigate", "incident", event),
			command("resolve", "incident resolve", "incident", event+" close"),
			command("reopen", "incident reopen", "incident", event),
			command("action", "incident action", "incident title", "message owner due"),
		},
		inputs: []input{word("incident", "reference; all but open").as(""), title("open, action"), message("comment or summary"),
			word("severity", "", "S1", "S2", "S3", "S4"), services(), word("started", "10m (ago) or RFC 3339"), word("detected", ""),
			word("impact", "share of users affected, 0 to 1"), word("cause", "root cause; never name a person"),
			word("data_loss", "data may be lost").of(flag), at(), next(), contingency(), word("close", "resolve: close the issue").of(flag),
			links(), word("owner", "action: user"), word("due", "action: date")},
	}
}

func planChange() tool {
	return tool{name: "plan_change", title: "Plan a step of a change", choice: "action", plans: true, narrow: "shorter texts",
		about: "Plan to open a change, or to record that it starts, is finished or is aborted. A person approves changes.",
		commands: []cmd{
			command("open", "change open", "title criticality",
				"reason start duration steps rollback services impact environment monitoring communication executor links"),
			command("start", "change start", "change", "message at"),
			command("finish", "change finish", "change", "message at outcome"),
			command("abort", "change abort", "change", "message at"),
		},
		inputs: []input{word("change", "reference; all but open").as(""), title("open"), criticality(), word("reason", ""),
			word("start", "RFC 3339"), word("duration", "worst case: 45m"), word("steps", "").of(many).as("step"), word("rollback", ""),
			services(), word("impact", "", "client-facing", "internal", "none"), word("environment", ""), word("monitoring", "what to watch"),
			word("communication", "whom to notify"), word("executor", "user"), links(), message("comment"), at(),
			word("outcome", "finish", "success", "failure")},
	}
}

func planMilestone() tool {
	return tool{name: "plan_milestone", title: "Plan a step of the milestones", choice: "action", plans: true, narrow: "timebox",
		about: "Plan to roll the ended timebox, to repair the two milestones (ensure), to label what came in late (sweep), " +
			"or to fill the next timebox with ready issues (fill).",
		commands: []cmd{
			command("roll", "milestone roll", "", "carry_over catch_up"),
			command("ensure", "milestone ensure", "", ""),
			command("sweep", "milestone sweep", "", ""),
			command("fill", "milestone plan --fill", "", "current days"),
		},
		inputs: []input{word("carry_over", "roll: open issues go", "current", "next", "keep", "block"),
			word("catch_up", "roll every ended timebox").of(flag), word("current", "fill the current one").of(flag),
			word("days", "fill: available person-days")},
	}
}

func planIssue() tool {
	return tool{name: "plan_issue", title: "Plan a step of an issue", choice: "action", plans: true, narrow: "shorter texts",
		about: "Plan to move an issue on the board, to request work, to set a priority by urgency and impact, " +
			"to mark an issue for the hand-off, or to take one over.",
		commands: []cmd{
			command("move", "board move", "issue column", ""),
			command("request", "issue request", "title", "why team due urgent"),
			command("priority", "issue priority", "issue urgency impact", ""),
			command("mark", "handoff mark", "issue left_off next", "contingency"),
			command("take", "handoff take", "issue", "message"),
		},
		inputs: []input{word("issue", "reference, such as 121 or production#8; all but request").as(""),
			word("column", "move: such as ready, in-progress, completed").as(""), title("request"), word("why", "request: why it is needed"),
			word("team", "request: who waits for it"), word("due", "request: date"), word("urgent", "request: in the current timebox").of(flag),
			word("urgency", "", "U1", "U2", "U3"), word("impact", "", "I1", "I2", "I3"), word("left_off", "mark: where it was left off"),
			next(), contingency(), message("take: comment")},
	}
}
