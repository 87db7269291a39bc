package mcp

import (
	"encoding/json"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// tool is one tool. Its input selects one of its commands.
type tool struct {
	name, title, about string

	choice   string // the input that selects the command; empty: the tool has one
	commands []cmd
	inputs   []input
	narrow   string // how to get less
	plans    bool   // the command writes, so its plan is saved and nothing else is done
}

// cmd is a command of prodctl that a tool may run.
type cmd struct {
	name   string   // of the choice
	words  []string // "incident", "show"; may include fixed flags
	inputs []string // the names of the inputs that it has; nil: all
	needs  []string // those that are required
}

// The kinds of inputs.
const (
	text = iota
	flag
	list // joined with commas
	many // a flag for each
)

// input is a value from the agent: a flag of the command, or an argument.
type input struct {
	name, flag string // without a flag it is an argument, in the order of the inputs
	kind       int
	about      string
	values     []string // the valid ones; nil: the command checks
}

var severities = []string{"S1", "S2", "S3", "S4"}

// tools returns all tools, those that read first.
func tools() []tool {
	return append(readers(), planners()...)
}

func readers() []tool {
	since := input{"since", "since", text, "opened since: 2018-08-01 or 30d", nil}
	services := input{"services", "service", list, "", nil}
	window := []input{{"last", "last", text, "duration up to today: 28d", nil}, {"timebox", "timebox", text, "", []string{"previous", "current"}},
		{"week", "week", text, "current, last or 2018-W34", nil}}
	return []tool{
		{name: "incident_list", title: "List incidents", about: "Incidents with state, severity, services and last update; ongoing ones unless all is set.",
			commands: []cmd{{words: []string{"incident", "list"}}}, narrow: "severity, state, services or since",
			inputs: []input{{"all", "all", flag, "also resolved and reviewed ones", nil}, {"severity", "severity", list, "S1 to S4, unknown", nil},
				{"state", "state", list, "active, mitigated, resolved, reviewed, unknown", nil}, services, since}},
		{name: "incident_show", title: "Show an incident", choice: "view",
			about: "One incident: its facts, its timeline (what happened, in order), or what changed before it (changes and deployments).",
			commands: []cmd{{name: "facts", words: []string{"incident", "show"}, inputs: []string{"incident"}, needs: []string{"incident"}},
				{name: "timeline", words: []string{"incident", "timeline"}, inputs: []string{"incident"}, needs: []string{"incident"}},
				{name: "changes", words: []string{"incident", "changes"}, needs: []string{"incident"}}}, narrow: "another view, or a shorter before",
			inputs: []input{{"incident", "", text, "reference, such as 17 or production#17", nil}, {"before", "before", text, "with changes: 30m, 24h", nil}}},
		{name: "change_list", title: "List changes", about: "Changes with state, criticality and window; planned and running ones unless all is set.",
			commands: []cmd{{words: []string{"change", "list"}}}, narrow: "state, criticality, services or since",
			inputs: []input{{"all", "all", flag, "also finished and recorded ones", nil}, {"criticality", "criticality", list, "C1 to C4", nil},
				{"state", "state", list, "scheduled, approved, in-progress, complete, aborted, unknown", nil}, services, since}},
		{name: "change_show", title: "Show a change", about: "One change: its plan, window, approvals and what blocks it.",
			commands: []cmd{{words: []string{"change", "show"}, needs: []string{"change"}}}, narrow: "change_list",
			inputs: []input{{"change", "", text, "reference, such as 7", nil}}},
		{name: "change_gate", title: "Check whether a change may start now", about: "Whether a change, or a deployment, may start now, and each reason against it.",
			commands: []cmd{{words: []string{"change", "gate"}}}, narrow: "services",
			inputs: []input{{"change", "change", text, "reference of a planned change", nil}, {"criticality", "criticality", text, "", []string{"C1", "C2", "C3", "C4"}},
				services, {"environment", "environment", text, "", nil}, {"budget", "budget", flag, "also check the error budgets", nil}}},
		{name: "handoff", title: "Read the hand-off", about: "The hand-off of a shift: what is burning, at risk, or can wait, and who comes next.",
			commands: []cmd{{words: []string{"handoff"}}}, narrow: "incident_list, change_list or board_show",
			inputs: []input{{"shift", "shift", text, "current, last or EMEA@2018-08-24", nil}, {"as_of", "as-of", text, "earlier time: 2h, 04:00 or RFC 3339", nil}}},
		{name: "budget", title: "Read the error budgets", about: "Error budgets: allowed, spent and left minutes, burn rate, and the incidents that spent them.",
			commands: []cmd{{words: []string{"budget"}}}, narrow: "service or team",
			inputs: []input{{"window", "window", text, "28d, month or quarter", nil}, {"service", "service", text, "", nil}, {"team", "team", text, "", nil},
				{"explain", "explain", flag, "evidence of every minute", nil}}},
		{name: "flow", title: "Read the flow of work", about: "Work in progress, throughput, cycle time and age of work on the board.",
			commands: []cmd{{words: []string{"report", "flow"}}}, narrow: "a shorter last", inputs: window},
		{name: "board", title: "Read the board", about: "The board: columns, issues, assignees, weights, days in the column.",
			commands: []cmd{{words: []string{"board", "show"}}}, narrow: "milestone",
			inputs: []input{{"milestone", "milestone", text, "current, next or a title", nil}}},
		{name: "timebox", title: "Read the plan of a timebox", choice: "view",
			about: "A two-week timebox: plan (forecast, room, what is planned, what is not ready) of the next one, or the issues of a milestone.",
			commands: []cmd{{name: "plan", words: []string{"milestone", "plan"}, inputs: []string{"current", "days"}},
				{name: "issues", words: []string{"milestone", "show"}, inputs: []string{"milestone"}}}, narrow: "the view plan",
			inputs: []input{{"current", "current", flag, "plan of the current one", nil}, {"days", "days", text, "available person-days", nil},
				{"milestone", "", text, "with issues: current, next or a title", nil}}},
	}
}

func planners() []tool {
	message, next := input{"message", "message", text, "comment or summary", nil}, input{"next", "next", text, "next steps", nil}
	contingency := input{"contingency", "if", text, "if it gets worse: what to do", nil}
	at := input{"at", "at", text, "time of the event: 10m (ago) or RFC 3339", nil}
	services := input{"services", "service", list, "", nil}
	event := []string{"incident", "message", "severity", "services", "started", "detected", "impact", "cause", "data_loss", "at"}
	change := []string{"change", "message", "at"}
	return []tool{
		{name: "plan_incident", title: "Plan an incident's next step", choice: "action", plans: true, narrow: "shorter texts",
			about: "Plan to open an incident, to record an update, mitigation, resolution or reopening, or to open a corrective action of one.",
			commands: []cmd{{"open", []string{"incident", "open"}, []string{"title", "message", "severity", "services", "started", "detected", "impact", "data_loss", "links"},
				[]string{"title"}},
				{"update", []string{"incident", "update"}, append([]string{"next", "contingency"}, event...), event[:1]},
				{"mitigate", []string{"incident", "mitigate"}, event, event[:1]},
				{"resolve", []string{"incident", "resolve"}, append([]string{"close"}, event...), event[:1]},
				{"reopen", []string{"incident", "reopen"}, event, event[:1]},
				{"action", []string{"incident", "action"}, []string{"incident", "title", "message", "owner", "due"}, []string{"incident", "title"}}},
			inputs: []input{{"incident", "", text, "reference; all but open", nil}, {"title", "", text, "open, action", nil}, message,
				{"severity", "severity", text, "", severities}, services, {"started", "started", text, "10m (ago) or RFC 3339", nil},
				{"detected", "detected", text, "", nil}, {"impact", "impact", text, "share of users affected, 0 to 1", nil},
				{"cause", "cause", text, "root cause; never name a person", nil}, {"data_loss", "data-loss", flag, "data may be lost", nil}, at, next, contingency,
				{"close", "close", flag, "resolve: close the issue", nil}, {"links", "link", list, "open: related issues", nil},
				{"owner", "owner", text, "action: user", nil}, {"due", "due", text, "action: date", nil}}},
		{name: "plan_change", title: "Plan a change's next step", choice: "action", plans: true, narrow: "shorter texts",
			about: "Plan to open a change, or to record that it starts, is finished or is aborted. A person approves changes.",
			commands: []cmd{{"open", []string{"change", "open"}, []string{"title", "criticality", "reason", "start", "duration", "steps", "rollback", "services",
				"impact", "environment", "monitoring", "communication", "executor", "links"}, []string{"title", "criticality"}},
				{"start", []string{"change", "start"}, change, change[:1]},
				{"finish", []string{"change", "finish"}, append([]string{"outcome"}, change...), change[:1]},
				{"abort", []string{"change", "abort"}, change, change[:1]}},
			inputs: []input{{"change", "", text, "reference; all but open", nil}, {"title", "", text, "", nil}, {"criticality", "criticality", text, "", []string{"C1", "C2", "C3", "C4"}},
				{"reason", "reason", text, "", nil}, {"start", "start", text, "RFC 3339", nil}, {"duration", "duration", text, "worst case: 45m", nil},
				{"steps", "step", many, "", nil}, {"rollback", "rollback", text, "", nil}, services,
				{"impact", "impact", text, "", []string{"client-facing", "internal", "none"}}, {"environment", "environment", text, "", nil},
				{"monitoring", "monitoring", text, "what to watch", nil}, {"communication", "communication", text, "whom to notify", nil},
				{"executor", "executor", text, "user", nil}, {"links", "link", list, "related issues", nil}, message, at,
				{"outcome", "outcome", text, "finish", []string{"success", "failure"}}}},
		{name: "plan_milestone", title: "Plan a milestone's next step", choice: "action", plans: true, narrow: "timebox",
			about: "Plan to roll the ended timebox, to repair the two milestones (ensure), to label what came in late (sweep), or to fill the next timebox with ready issues (fill).",
			commands: []cmd{{"roll", []string{"milestone", "roll"}, []string{"carry_over", "catch_up"}, nil}, {"ensure", []string{"milestone", "ensure"}, []string{}, nil},
				{"sweep", []string{"milestone", "sweep"}, []string{}, nil}, {"fill", []string{"milestone", "plan", "--fill"}, []string{"current", "days"}, nil}},
			inputs: []input{{"carry_over", "carry-over", text, "roll: open issues go", []string{"current", "next", "keep", "block"}},
				{"catch_up", "catch-up", flag, "roll every ended timebox", nil}, {"current", "current", flag, "fill the current one", nil},
				{"days", "days", text, "fill: available person-days", nil}}},
		{name: "plan_issue", title: "Plan an issue's next step", choice: "action", plans: true, narrow: "shorter texts",
			about: "Plan to move an issue on the board, to request work, to set a priority by urgency and impact, to mark an issue for the hand-off, or to take one over.",
			commands: []cmd{{"move", []string{"board", "move"}, []string{"issue", "column"}, []string{"issue", "column"}},
				{"request", []string{"issue", "request"}, []string{"title", "why", "team", "due", "urgent"}, []string{"title"}},
				{"priority", []string{"issue", "priority"}, []string{"issue", "urgency", "impact"}, []string{"issue", "urgency", "impact"}},
				{"mark", []string{"handoff", "mark"}, []string{"issue", "left_off", "next", "contingency"}, []string{"issue", "left_off", "next"}},
				{"take", []string{"handoff", "take"}, []string{"issue", "message"}, []string{"issue"}}},
			inputs: []input{{"issue", "", text, "reference, such as 121 or production#8; all but request", nil}, {"column", "", text, "move: such as ready, in-progress, completed", nil},
				{"title", "", text, "request", nil}, {"why", "why", text, "request: why it is needed", nil}, {"team", "team", text, "request: who waits for it", nil},
				{"due", "due", text, "request: date", nil}, {"urgent", "urgent", flag, "request: in the current timebox", nil},
				{"urgency", "urgency", text, "", []string{"U1", "U2", "U3"}}, {"impact", "impact", text, "", []string{"I1", "I2", "I3"}},
				{"left_off", "left-off", text, "mark: where it was left off", nil}, next, contingency, {"message", "message", text, "take: comment", nil}}},
	}
}

// definition is what clients see of a tool.
func (t tool) definition() *sdk.Tool {
	about := t.about
	if t.plans {
		about += " Changes nothing in GitLab: returns a plan file, its digest, and the command with which a person applies it."
	}
	no, yes := false, true
	return &sdk.Tool{Name: t.name, Description: about, InputSchema: t.schema(), Annotations: &sdk.ToolAnnotations{
		Title: t.title, ReadOnlyHint: !t.plans, DestructiveHint: &no, IdempotentHint: !t.plans, OpenWorldHint: &yes}}
}

// property is an input in a JSON schema.
type property struct {
	Type        string    `json:"type"`
	Description string    `json:"description,omitempty"`
	Enum        []string  `json:"enum,omitempty"`
	Items       *property `json:"items,omitempty"`
}

// schema is the JSON schema of the input.
func (t tool) schema() json.RawMessage {
	s := struct {
		Type       string              `json:"type"`
		Properties map[string]property `json:"properties"`
		Required   []string            `json:"required,omitempty"`
		Additional bool                `json:"additionalProperties"`
	}{Type: "object", Properties: map[string]property{}}
	if t.choice != "" {
		s.Properties[t.choice] = property{Type: "string", Enum: t.choices()}
		s.Required = []string{t.choice}
	} else {
		s.Required = t.commands[0].needs
	}
	for _, in := range t.inputs {
		p := property{Type: "string", Description: in.about, Enum: in.values}
		switch in.kind {
		case flag:
			p.Type = "boolean"
		case list, many:
			p = property{Type: "array", Description: in.about, Items: &property{Type: "string"}}
		}
		s.Properties[in.name] = p
	}
	data, err := json.Marshal(s)
	if err != nil {
		panic("a schema of constants: " + err.Error())
	}
	return data
}

func (t tool) choices() (names []string) {
	for _, c := range t.commands {
		names = append(names, c.name)
	}
	return names
}
