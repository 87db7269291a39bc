package jsonv1

// The kinds of documents about changes.
const (
	KindChanges = "changes"
	KindChange  = "change"
)

// Changes is a list of changes.
type Changes struct {
	Head
	Filter  List[string] `json:"filter"` // the filters as text: "in progress", "criticality C1 or C2"
	Changes List[Change] `json:"changes"`
	Notes   List[string] `json:"notes"`
}

// NewChanges returns the document of a list of changes; filter holds the filters as text.
func NewChanges(filter []string, list []Change) Changes {
	return Changes{Head: head(KindChanges), Filter: filter, Changes: list}
}

// ChangeState is the state of a change. It does not depend on whether the issue is open.
type ChangeState string

// The states of a change.
const (
	ChangeScheduled  ChangeState = "scheduled"
	ChangeApproved   ChangeState = "approved"
	ChangeInProgress ChangeState = "in-progress"
	ChangeComplete   ChangeState = "complete"
	ChangeAborted    ChangeState = "aborted"
	ChangeUnknown    ChangeState = "unknown" // neither in a label nor in the record
)

// Change is one change, planned by people or recorded by automation.
// Instants are RFC 3339 in UTC. Data that nobody recorded is absent and never guessed.
type Change struct {
	Ref             string       `json:"ref" withheld:"keep"`
	Title           string       `json:"title,omitempty"` // absent if withheld
	State           ChangeState  `json:"state" withheld:"keep"`
	Criticality     string       `json:"criticality,omitempty" withheld:"keep"` // C1 to C4; absent: unknown
	Start           string       `json:"start,omitempty"`                       // planned
	WindowEnd       string       `json:"window_end,omitempty"`                  // the window is twice the estimate
	DurationMinutes *int         `json:"duration_minutes,omitempty"`
	Services        List[string] `json:"services"` // empty: all
	Environment     string       `json:"environment,omitempty"`
	Executor        string       `json:"executor,omitempty"` // user name without @
	StartedAt       string       `json:"started_at,omitempty"`
	FinishedAt      string       `json:"finished_at,omitempty"`
	AbortedAt       string       `json:"aborted_at,omitempty"`
	Outcome         string       `json:"outcome,omitempty"` // "success" or "failure"
	Automation      *Automation  `json:"automation,omitempty"`
	Confidential    bool         `json:"confidential" withheld:"keep"`
	Withheld        bool         `json:"withheld" withheld:"keep"` // confidential: the fields that reveal its content are left out
	Open            bool         `json:"open" withheld:"keep"`     // the issue, not the change
	Gaps            List[string] `json:"gaps"`                     // sentences: missing and contradictory data
	WebURL          string       `json:"web_url,omitempty" withheld:"keep"`
}

// Automation is what a pipeline recorded about a change that it made.
type Automation struct {
	Type       string `json:"type,omitempty"` // "deployment", "configuration", "flag", "rollback"
	Stage      string `json:"stage,omitempty"`
	User       string `json:"user,omitempty"`        // user name without @, as the job claims
	RecordedBy string `json:"recorded_by,omitempty"` // user name of the token without @, from GitLab; absent: unknown
	Source     string `json:"source,omitempty"`
	Commit     string `json:"commit,omitempty"`
	Diff       string `json:"diff,omitempty"`     // URL
	Job        string `json:"job,omitempty"`      // URL
	Pipeline   *int   `json:"pipeline,omitempty"` // id
	Attempts   *int   `json:"attempts,omitempty"`
	Message    string `json:"message,omitempty"`
}

// ChangeShow is one change with its approvals, conflicts, locks and related issues.
type ChangeShow struct {
	Head
	Change
	Approvals Approvals     `json:"approvals"`
	Overrides List[string]  `json:"overrides"` // sentences: what was overridden, and why
	RetryOf   string        `json:"retry_of,omitempty"`
	Conflicts List[string]  `json:"conflicts"` // references of changes in the same window
	Locks     List[string]  `json:"locks"`     // names of the locks that overlap its window
	Related   List[Related] `json:"related"`
	Problems  List[Problem] `json:"problems"`         // parts of the record that could not be parsed
	Digest    string        `json:"digest,omitempty"` // of the plan, for "change approve --digest"; absent if withheld
	Plan      string        `json:"plan,omitempty"`   // what an approval is for, besides title and criticality
	Notes     List[string]  `json:"notes" withheld:"keep"`
}

// NewChange returns the document of one change.
func NewChange(c Change) ChangeShow { return ChangeShow{Head: head(KindChange), Change: c} }

// Approvals holds the approvals of a change, and whether they are sufficient.
type Approvals struct {
	Satisfied bool                  `json:"satisfied"`
	Counted   List[Approver]        `json:"counted"`
	Ignored   List[IgnoredApproval] `json:"ignored"`
	Missing   List[string]          `json:"missing"` // sentences: who still has to approve
}

// Approver is a user whose approval counts.
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
