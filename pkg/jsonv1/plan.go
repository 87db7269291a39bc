package jsonv1

import "encoding/json"

// KindPlan is the kind of [Plan].
const KindPlan = "plan"

// Plan is what one run of a command will do, and the form of a plan file. The steps are in the order in which
// they may be carried out one by one.
type Plan struct {
	Head
	Command     string            `json:"command"` // without prodctl: "milestone roll"
	Args        List[string]      `json:"args"`    // the arguments that make this plan again
	Inputs      json.RawMessage   `json:"inputs,omitempty"`
	Host        string            `json:"host"`
	Today       string            `json:"today"` // the team's civil date
	Observed    List[Fingerprint] `json:"observed"`
	Notes       List[string]      `json:"notes"`
	Destructive bool              `json:"destructive"`
	Steps       List[Step]        `json:"steps"`
}

// NewPlan is a plan without steps.
func NewPlan() Plan { return Plan{Head: head(KindPlan)} }

// Seen is the fingerprint of one object that the plan was made from.
type Fingerprint struct {
	Object string `json:"object"`
	Digest string `json:"digest"`
}

// Action is what a step does. The word before the last dot is the kind of object.
type Action string

// The actions.
const (
	MilestoneCreate Action = "milestone.create"
	MilestoneUpdate Action = "milestone.update"
	MilestoneDelete Action = "milestone.delete"
	IssueCreate     Action = "issue.create"
	IssueUpdate     Action = "issue.update"
	IssueAssign     Action = "issue.assign"
	IssueReconcile  Action = "issue.reconcile" // bring record, timeline and labels in line with the comments
	NoteCreate      Action = "note.create"
	NoteUpsert      Action = "note.upsert" // one comment with the key that says this: made, or edited where it says something else
	LinkCreate      Action = "link.create"
	LabelCreate     Action = "label.create"
	LabelUpdate     Action = "label.update"
	LabelDelete     Action = "label.delete"
	BoardCreate     Action = "board.create"
	BoardDelete     Action = "board.delete"
	BoardListCreate Action = "board.list.create"
	BoardListMove   Action = "board.list.move"
)

// Step is one write.
//
// After holds what is to be: all fields of what is made, or the fields that are changed; the others are absent.
// Before holds what the object looked like, as far as a reader may want to know.
type Step struct {
	Key            string          `json:"key"` // unique in the plan
	Action         Action          `json:"action"`
	Needs          List[string]    `json:"needs"`  // keys of steps that come first
	Target         Target          `json:"target"` // where the object lives; for an issue its project
	Object         Object          `json:"object"`
	Board          *Object         `json:"board,omitempty"`           // of a board's column: the board
	Label          *Object         `json:"label,omitempty"`           // of a new column: its label
	From           string          `json:"from,omitempty"`            // of an issue: title of the milestone or column it leaves
	To             string          `json:"to,omitempty"`              // of a link: the other issue, group/project#12
	Rules          string          `json:"rules,omitempty"`           // of an issue that is settled: incident or change
	IdempotencyKey *IdempotencyKey `json:"idempotency_key,omitempty"` // of an issue or a comment that is made: how it is found again
	Before         *Fields         `json:"before,omitempty"`
	After          *Fields         `json:"after,omitempty"`
}

// Object names what a step acts on. It has an id when it exists; when an earlier step makes it, that step's key
// stands in created_by.
type Object struct {
	ID        int64  `json:"id,omitempty"`
	IID       int64  `json:"iid,omitempty"` // of an issue: its number in the project
	CreatedBy string `json:"created_by,omitempty"`
	Title     string `json:"title,omitempty"` // what it is called when the step is carried out; of a column its label's name
}

// Once is the hidden key by which what a step makes is found again.
type IdempotencyKey struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Unique   bool   `json:"unique"`             // made for this run: nobody else can have it
	Searched bool   `json:"searched,omitempty"` // it was looked for when the plan was made
	Since    string `json:"since,omitempty"`    // nothing with the key is older
	Label    string `json:"label,omitempty"`    // what carries the key carries this label
}

// Fields are values of a milestone, an issue, a label or a column; those that say nothing are absent.
// An empty string is a value: an empty "due" in After takes the date away.
type Fields struct {
	ID          int64   `json:"id,omitempty"`
	IID         int64   `json:"iid,omitempty"`
	Title       *string `json:"title,omitempty"` // of a label its name
	Description *string `json:"description,omitempty"`

	Start  *string `json:"start,omitempty"`
	Due    *string `json:"due,omitempty"`
	State  *string `json:"state,omitempty"` // "active" or "closed" of a milestone, "opened" or "closed" of an issue
	Group  bool    `json:"group,omitempty"` // belongs to a group
	WebURL string  `json:"web_url,omitempty"`

	Milestone    *Object  `json:"milestone,omitempty"`    // where an issue goes
	MilestoneID  *int64   `json:"milestone_id,omitempty"` // the same by its id alone; 0 takes the milestone away
	Body         *string  `json:"body,omitempty"`         // of a comment
	Internal     bool     `json:"internal,omitempty"`     // of a comment: seen by Planner, Reporter and above only
	Assignees    []string `json:"assignees,omitempty"`    // user names without @
	AssigneeIDs  []int64  `json:"assignee_ids,omitempty"`
	Confidential bool     `json:"confidential,omitempty"`
	AddLabels    []string `json:"add_labels,omitempty"`
	RemoveLabels []string `json:"remove_labels,omitempty"`

	Color        *string `json:"color,omitempty"`       // #rrggbb
	Priority     *int    `json:"priority,omitempty"`    // 0 is the highest
	NoPriority   bool    `json:"no_priority,omitempty"` // in After: the priority is taken away
	OpenIssues   int     `json:"open_issues,omitempty"`
	ClosedIssues int     `json:"closed_issues,omitempty"`

	Position *int `json:"position,omitempty"` // of a column, from 0
}
