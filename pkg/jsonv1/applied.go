package jsonv1

// KindApplied is the kind of [Applied].
const KindApplied = "applied"

// Outcome is what became of a step.
type Outcome string

// The outcomes of a step.
const (
	OutcomeDone       Outcome = "done"
	OutcomeUnchanged  Outcome = "unchanged" // it was so already
	OutcomeFailed     Outcome = "failed"    // GitLab refused it, nothing was changed by it
	OutcomeNotStarted Outcome = "not_started"
	OutcomeUnknown    Outcome = "unknown" // asked for, and no answer said whether it was carried out
)

// Applied is what became of a plan.
type Applied struct {
	Head
	Command  string            `json:"command"` // without prodctl
	Complete bool              `json:"complete"`
	Rounds   int               `json:"rounds"`          // how often was looked, planned and applied
	Steps    List[AppliedStep] `json:"steps"`           // of all rounds, in the order of their plans
	Retry    string            `json:"retry,omitempty"` // the command that finishes what was begun
	Notes    List[string]      `json:"notes"`
}

// AppliedStep is a step and what became of it.
type AppliedStep struct {
	Step
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"` // why it failed, or why its outcome is not known
}

// NewApplied is the document without steps.
func NewApplied(command string) Applied { return Applied{Head: head(KindApplied), Command: command} }
