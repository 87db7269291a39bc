package jsonv1

import (
	"encoding/json"
)

// KindPlan is the kind of [Plan].
const KindPlan = "plan"

// Plan holds the changes of one run of a command, and is the format of a plan file. The steps are in an order in which they can be
// applied one by one.
type Plan struct {
	Head
	Command     string            `json:"command"` // without prodctl: "milestone roll"
	Args        List[string]      `json:"args"`    // the arguments that make the same plan
	Inputs      json.RawMessage   `json:"inputs,omitempty"`
	Host        string            `json:"host"`
	Today       string            `json:"today"` // the team's civil date
	Observed    List[Fingerprint] `json:"observed"`
	Notes       List[string]      `json:"notes"`
	Notifies    List[Notice]      `json:"notifies"` // whom GitLab notifies when the plan is applied
	Destructive bool              `json:"destructive"`
	Steps       List[Step]        `json:"steps"`
}

// NewPlan returns a plan without steps.
func NewPlan() Plan { return Plan{Head: head(KindPlan)} }

// Notice says whom GitLab notifies about one issue. Labels and milestones notify nobody.
type Notice struct {
	Object       string       `json:"object"`           // the issue, or the project of a new one
	New          bool         `json:"new"`              // a new issue
	Issues       int          `json:"issues,omitempty"` // number of new issues, if there are several
	Participants bool         `json:"participants"`     // whoever takes part in the issue or subscribed to it; of a new one, to the project
	Mentions     List[string] `json:"mentions"`         // users and groups without @
	Assignees    List[string] `json:"assignees"`        // newly assigned users without @
}

// Fingerprint identifies the state of one object that the plan was made from.
type Fingerprint struct {
	Object string `json:"object"`
	Digest string `json:"digest"`
}

// Action is the kind of change that a step makes. The part before the last dot is the kind of object.
type Action string

// The actions.
const (
	MilestoneCreate Action = "milestone.create"
	MilestoneUpdate Action = "milestone.update"
	MilestoneDelete Action = "milestone.delete"
	IssueCreate     Action = "issue.create"
	IssueUpdate     Action = "issue.update"
	IssueUpsert     Action = "issue.upsert" // create the issue with the key, or bring its generated part up to date
	IssueMove       Action = "issue.move"   // to another project
	IssueAssign     Action = "issue.assign"
	IssueReconcile  Action = "issue.reconcile" // update record, timeline and labels from the comments
	NoteCreate      Action = "note.create"
	NoteUpsert      Action = "note.upsert" // add the comment with the key, or edit it if its text differs
	LinkCreate      Action = "link.create"
	LabelCreate     Action = "label.create"
	LabelUpdate     Action = "label.update"
	LabelDelete     Action = "label.delete"
	BoardCreate     Action = "board.create"
	BoardDelete     Action = "board.delete"
	BoardListCreate Action = "board.list.create"
	BoardListMove   Action = "board.list.move"
	FreezeCreate    Action = "freeze.create" // a freeze period of deployments
	FreezeDelete    Action = "freeze.delete"
)

// Step is one write.
//
// After holds the new values: all fields of a created object, or the fields that change; other fields are absent.
// Before holds the old values that a reader may want to know.
type Step struct {
	Key            string          `json:"key"` // unique in the plan
	Action         Action          `json:"action"`
	Needs          List[string]    `json:"needs"`  // keys of steps that come first
	Target         Target          `json:"target"` // where the object lives; for an issue its project
	Object         Object          `json:"object"`
	Board          *Object         `json:"board,omitempty"`           // of a board's column: the board
	Label          *Object         `json:"label,omitempty"`           // of a new column: its label
	From           string          `json:"from,omitempty"`            // of an issue: title of the previous milestone or column
	To             string          `json:"to,omitempty"`              // of a link: the other issue, group/project#12; of a move: the project
	Rules          string          `json:"rules,omitempty"`           // of issue.reconcile: the rules, incident or change
	IdempotencyKey *IdempotencyKey `json:"idempotency_key,omitempty"` // of a created issue or comment
	Before         *Fields         `json:"before,omitempty"`
	After          *Fields         `json:"after,omitempty"`
}

// Object is the object of a step. An existing object has an id. If an earlier step creates it, created_by is that step's key.
type Object struct {
	ID        int64  `json:"id,omitempty"`
	IID       int64  `json:"iid,omitempty"` // of an issue: its number in the project
	CreatedBy string `json:"created_by,omitempty"`
	Title     string `json:"title,omitempty"` // title when the step is applied; of a column the name of its label, of a freeze its lock
}

// IdempotencyKey is the hidden key that identifies an object that a step creates.
type IdempotencyKey struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Unique   bool   `json:"unique"`             // generated for this run: nobody else can have it
	Searched bool   `json:"searched,omitempty"` // it was searched for when the plan was made, and not found
	Since    string `json:"since,omitempty"`    // no object with the key is older
	Label    string `json:"label,omitempty"`    // every object with the key has this label
	Derived  bool   `json:"derived,omitempty"`  // from the arguments of the command: the object's own key has the id of its project too
}

// Fields holds values of a milestone, an issue, a label, a column or a freeze period. Fields that do not apply are absent.
// An empty string is a value: an empty "due" in After removes the date.
type Fields struct {
	ID          int64   `json:"id,omitempty"`
	IID         int64   `json:"iid,omitempty"`
	Title       *string `json:"title,omitempty"` // of a label: its name
	Description *string `json:"description,omitempty"`

	Start  *string `json:"start,omitempty"`
	Due    *string `json:"due,omitempty" withheld:"keep"`
	State  *string `json:"state,omitempty" withheld:"keep"` // "active" or "closed" of a milestone, "opened" or "closed" of an issue
	Group  bool    `json:"group,omitempty"`                 // belongs to a group
	WebURL string  `json:"web_url,omitempty"`

	Milestone    *Object  `json:"milestone,omitempty"`                // new milestone of an issue
	MilestoneID  *int64   `json:"milestone_id,omitempty"`             // its id only; 0 removes the milestone
	Body         *string  `json:"body,omitempty"`                     // of a comment
	Internal     bool     `json:"internal,omitempty" withheld:"keep"` // of a comment: visible to the roles Planner, Reporter and higher only
	Assignees    []string `json:"assignees,omitempty"`                // user names without @
	AssigneeIDs  []int64  `json:"assignee_ids,omitempty"`
	Confidential bool     `json:"confidential,omitempty" withheld:"keep"`
	Incident     bool     `json:"incident,omitempty"` // of GitLab's own type of incidents
	AddLabels    []string `json:"add_labels,omitempty"`
	RemoveLabels []string `json:"remove_labels,omitempty"`
	Labels       []string `json:"labels,omitempty"` // of an issue that is moved: all that it has there

	Color        *string `json:"color,omitempty"`       // #rrggbb
	Priority     *int    `json:"priority,omitempty"`    // 0 is the highest
	NoPriority   bool    `json:"no_priority,omitempty"` // in After: the priority is removed
	OpenIssues   int     `json:"open_issues,omitempty"`
	ClosedIssues int     `json:"closed_issues,omitempty"`

	Position *int `json:"position,omitempty"` // of a column, from 0

	FreezeStart  *string `json:"freeze_start,omitempty"` // of a freeze period: a cron expression
	FreezeEnd    *string `json:"freeze_end,omitempty"`
	CronTimezone *string `json:"cron_timezone,omitempty"`
}

// KindApplied is the kind of [Applied].
const KindApplied = "applied"

// Outcome is the result of a step.
type Outcome string

// The outcomes of a step.
const (
	OutcomeDone       Outcome = "done"
	OutcomeUnchanged  Outcome = "unchanged" // nothing had to change
	OutcomeFailed     Outcome = "failed"    // GitLab refused it, and it changed nothing
	OutcomeNotStarted Outcome = "not_started"
	OutcomeByOther    Outcome = "done_by_another_run" // a simultaneous run did it, so nothing was left to do
	OutcomeUnknown    Outcome = "unknown"             // sent, but GitLab did not answer whether it was done
)

// Applied is the result of applying a plan.
type Applied struct {
	Head
	Command  string            `json:"command"` // without prodctl
	Complete bool              `json:"complete"`
	Rounds   int               `json:"rounds"`          // number of plans that were applied
	Steps    List[AppliedStep] `json:"steps"`           // of all rounds, in the order of their plans
	Retry    string            `json:"retry,omitempty"` // the command that finishes the rest
	Notes    List[string]      `json:"notes"`
}

// AppliedStep is a step with its outcome.
type AppliedStep struct {
	Step
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"` // why it failed, or why its outcome is unknown
}

// NewApplied returns a document without steps.
func NewApplied(command string) Applied { return Applied{Head: head(KindApplied), Command: command} }
