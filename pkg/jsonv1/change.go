package jsonv1

// The kinds of the documents about changes.
const (
	KindChanges = "changes"
	KindChange  = "change"
)

// Changes is a list of changes.
type Changes struct {
	Head
	Filter  List[string] `json:"filter"` // what was asked for, in words: "in progress", "criticality C1 or C2"
	Changes List[Change] `json:"changes"`
	Notes   List[string] `json:"notes"`
}

// NewChanges is the document of a list of changes; filter says in words what was asked for.
func NewChanges(filter []string, list []Change) Changes {
	return Changes{Head: head(KindChanges), Filter: filter, Changes: list}
}

// ChangeState is where a change stands. It does not come from the issue being open or closed.
type ChangeState string

// The states of a change.
const (
	ChangeScheduled  ChangeState = "scheduled"
	ChangeApproved   ChangeState = "approved"
	ChangeInProgress ChangeState = "in-progress"
	ChangeComplete   ChangeState = "complete"
	ChangeAborted    ChangeState = "aborted"
	ChangeUnknown    ChangeState = "unknown" // neither a label nor the record says
)

// Change is one change, planned by people or recorded by automation.
// Instants are RFC 3339 in UTC; what nobody has recorded is absent and never guessed.
type Change struct {
	Ref             string       `json:"ref"`
	Title           string       `json:"title,omitempty"` // absent where it is withheld
	State           ChangeState  `json:"state"`
	Criticality     string       `json:"criticality,omitempty"` // C1 to C4; absent: unknown
	Start           string       `json:"start,omitempty"`       // planned
	WindowEnd       string       `json:"window_end,omitempty"`  // the slot is twice the estimate
	DurationMinutes *int         `json:"duration_minutes,omitempty"`
	Services        List[string] `json:"services"` // none: all
	Environment     string       `json:"environment,omitempty"`
	Executor        string       `json:"executor,omitempty"` // user name without @
	StartedAt       string       `json:"started_at,omitempty"`
	FinishedAt      string       `json:"finished_at,omitempty"`
	AbortedAt       string       `json:"aborted_at,omitempty"`
	Outcome         string       `json:"outcome,omitempty"` // "success" or "failure"
	Automation      *Automation  `json:"automation,omitempty"`
	Confidential    bool         `json:"confidential"`
	Withheld        bool         `json:"withheld"` // confidential, and only what has no content of its own is told
	Open            bool         `json:"open"`     // the issue; says nothing of the change
	Gaps            List[string] `json:"gaps"`     // sentences: what should be there and is not, what contradicts what
	WebURL          string       `json:"web_url,omitempty"`
}

// Automation is what a pipeline has recorded of a change that it made.
type Automation struct {
	Type     string `json:"type,omitempty"` // "deployment", "configuration", "flag"
	Stage    string `json:"stage,omitempty"`
	User     string `json:"user,omitempty"` // user name without @
	Source   string `json:"source,omitempty"`
	Commit   string `json:"commit,omitempty"`
	Diff     string `json:"diff,omitempty"` // address
	Job      string `json:"job,omitempty"`  // address
	Attempts *int   `json:"attempts,omitempty"`
	Message  string `json:"message,omitempty"`
}

// ChangeShow is one change with all that belongs to it.
type ChangeShow struct {
	Head
	Change
	Approvals Approvals     `json:"approvals"`
	Overrides List[string]  `json:"overrides"` // what was overridden, and why
	RetryOf   string        `json:"retry_of,omitempty"`
	Conflicts List[string]  `json:"conflicts"` // references of changes in the same window
	Locks     List[string]  `json:"locks"`     // names of the locks that its window falls into
	Related   List[Related] `json:"related"`
	Problems  List[Problem] `json:"problems"` // what in the record could not be read
	Notes     List[string]  `json:"notes"`
}

// NewChange is the document of one change.
func NewChange(c Change) ChangeShow { return ChangeShow{Head: head(KindChange), Change: c} }

// Approvals is who has approved a change, and whether that is enough.
type Approvals struct {
	Satisfied bool                  `json:"satisfied"`
	Counted   List[Approver]        `json:"counted"`
	Ignored   List[IgnoredApproval] `json:"ignored"`
	Missing   List[string]          `json:"missing"` // sentences: who has yet to approve
}

// Approver is one whose approval counts.
type Approver struct {
	By    string       `json:"by"` // user name without @
	Roles List[string] `json:"roles"`
	At    string       `json:"at,omitempty"`
}

// IgnoredApproval is an approval that does not count.
type IgnoredApproval struct {
	By     string `json:"by"` // user name without @
	Reason string `json:"reason"`
}
