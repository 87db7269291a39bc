package jsonv1

// The kinds of documents about gates and locks.
const (
	KindGate      = "gate"
	KindLocks     = "locks"
	KindLockCheck = "lock_check"
)

// Gate reports whether a pipeline may continue.
type Gate struct {
	Head
	Open          bool         `json:"open"`
	CheckedAt     string       `json:"checked_at"`
	Change        string       `json:"change,omitempty"` // reference of the change, if one was given
	Key           string       `json:"key,omitempty"`
	Reasons       List[Reason] `json:"reasons"` // all reasons why the gate is closed
	WaitedSeconds int          `json:"waited_seconds"`
	FailedOpen    bool         `json:"failed_open"` // open because GitLab did not answer and the command allows this
	Rules         Rules        `json:"rules"`
	Notes         List[string] `json:"notes"`
}

// Rules is where the rules of a check came from, if it ran in a pipeline. In a pipeline of anything but the protected default branch they
// come from that branch.
type Rules struct {
	File    string `json:"file,omitempty"`    // a path; in the repository if there is a commit
	Project string `json:"project,omitempty"` // full path
	Branch  string `json:"branch,omitempty"`
	Commit  string `json:"commit,omitempty"`
}

// Reason is one reason why a change must wait.
type Reason struct {
	Kind         string `json:"kind" withheld:"keep"`          // one of pkg/change: "lock", "incident", "approval", "budget", ...
	Ref          string `json:"ref,omitempty" withheld:"keep"` // of the issue it is about
	Title        string `json:"title,omitempty"`
	Text         string `json:"text" withheld:"keep"`            // a sentence
	Until        string `json:"until,omitempty" withheld:"keep"` // when it ends by itself
	Hard         bool   `json:"hard" withheld:"keep"`            // applies to every change
	Fix          string `json:"fix,omitempty" withheld:"keep"`   // how to fix it
	Confidential bool   `json:"confidential" withheld:"keep"`    // the issue
	Withheld     bool   `json:"withheld" withheld:"keep"`        // confidential: the title is left out
	WebURL       string `json:"web_url,omitempty" withheld:"keep"`
}

// NewGate returns the document of a check. Without reasons the gate is open.
func NewGate(checkedAt string, reasons []Reason) Gate {
	return Gate{Head: head(KindGate), Open: len(reasons) == 0, CheckedAt: checkedAt, Reasons: reasons}
}

// Locks holds all locks of the configuration.
type Locks struct {
	Head
	At    string       `json:"at"` // time of the check
	Locks List[Lock]   `json:"locks"`
	Notes List[string] `json:"notes"`
}

// NewLocks returns the document of all locks.
func NewLocks(at string, list []Lock) Locks { return Locks{Head: head(KindLocks), At: at, Locks: list} }

// Lock is a period in which changes are not allowed.
type Lock struct {
	Name   string       `json:"name"`
	Kind   string       `json:"kind"`             // "soft": no C1 and C2; "hard": no change at all
	Weekly string       `json:"weekly,omitempty"` // "Sat 01:00 to Sun 21:00", in its zone
	From   string       `json:"from,omitempty"`   // of a dated lock
	To     string       `json:"to,omitempty"`     // of a dated lock: first instant after it
	Zone   string       `json:"zone,omitempty"`   // absent: UTC
	Reason string       `json:"reason,omitempty"`
	Active bool         `json:"active"`
	Next   List[Period] `json:"next"`   // the current and the next periods
	Exempt List[string] `json:"exempt"` // services and environments that it does not apply to
}

// Period is the time from one instant up to, but not including, another.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// LockCheck reports whether changes are allowed at an instant, or in a window.
type LockCheck struct {
	Head
	Locked      bool         `json:"locked"`
	At          string       `json:"at"`
	Until       string       `json:"until,omitempty"` // end of the window that was checked
	Criticality string       `json:"criticality,omitempty"`
	Locks       List[Lock]   `json:"locks"` // the locks that block it
	Rules       Rules        `json:"rules"`
	Notes       List[string] `json:"notes"`
}

// NewLockCheck returns the document of a check; locks are the locks that block changes.
func NewLockCheck(at string, locks []Lock) LockCheck {
	return LockCheck{Head: head(KindLockCheck), Locked: len(locks) > 0, At: at, Locks: locks}
}
