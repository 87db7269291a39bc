package jsonv1

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
