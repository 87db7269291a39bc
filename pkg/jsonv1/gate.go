package jsonv1

// The kinds of the documents about what keeps a change from being made.
const (
	KindGate      = "gate"
	KindLocks     = "locks"
	KindLockCheck = "lock_check"
)

// Gate is whether a pipeline may go on.
type Gate struct {
	Head
	Open          bool         `json:"open"`
	CheckedAt     string       `json:"checked_at"`
	Change        string       `json:"change,omitempty"` // its reference, where one was named
	Key           string       `json:"key,omitempty"`
	Reasons       List[Reason] `json:"reasons"` // why it is shut, all of them
	WaitedSeconds int          `json:"waited_seconds"`
	FailedOpen    bool         `json:"failed_open"` // GitLab could not be asked, and it was said to go on then
	Notes         List[string] `json:"notes"`
}

// Reason is one thing that stands against a change.
type Reason struct {
	Kind         string `json:"kind"`          // "lock", "incident", "change", "approval", "window", "state", "unknown"
	Ref          string `json:"ref,omitempty"` // of the issue it is about
	Title        string `json:"title,omitempty"`
	Text         string `json:"text"`            // a sentence
	Until        string `json:"until,omitempty"` // when it ends by itself
	Hard         bool   `json:"hard"`            // holds for every change
	Fix          string `json:"fix,omitempty"`   // what to do about it
	Confidential bool   `json:"confidential"`    // the issue
	WebURL       string `json:"web_url,omitempty"`
}

// NewGate is the document of a check; it is open when nothing stands against it.
func NewGate(checkedAt string, reasons []Reason) Gate {
	return Gate{Head: head(KindGate), Open: len(reasons) == 0, CheckedAt: checkedAt, Reasons: reasons}
}

// Locks are all locks of the configuration.
type Locks struct {
	Head
	At    string       `json:"at"` // when was looked
	Locks List[Lock]   `json:"locks"`
	Notes List[string] `json:"notes"`
}

// NewLocks is the document of all locks.
func NewLocks(at string, list []Lock) Locks { return Locks{Head: head(KindLocks), At: at, Locks: list} }

// Lock is a time in which changes are not made.
type Lock struct {
	Name   string       `json:"name"`
	Kind   string       `json:"kind"`             // "soft": no C1 and C2; "hard": no change at all
	Weekly string       `json:"weekly,omitempty"` // "Sat 01:00 to Sun 21:00" on the clock of its zone
	From   string       `json:"from,omitempty"`   // of a dated one
	To     string       `json:"to,omitempty"`     // of a dated one, first instant after it
	Zone   string       `json:"zone,omitempty"`   // absent: UTC
	Reason string       `json:"reason,omitempty"`
	Active bool         `json:"active"`
	Next   List[Period] `json:"next"`   // the one that is going on, and those to come
	Exempt List[string] `json:"exempt"` // services and environments it does not hold for
}

// Period is the time from one instant up to another.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// LockCheck is whether changes may be made at an instant, or in a window.
type LockCheck struct {
	Head
	Locked      bool         `json:"locked"`
	At          string       `json:"at"`
	Until       string       `json:"until,omitempty"` // end of the window that was asked for
	Criticality string       `json:"criticality,omitempty"`
	Locks       List[Lock]   `json:"locks"` // those that stand against it
	Notes       List[string] `json:"notes"`
}

// NewLockCheck is the document of a check; locks are those that stand against changes.
func NewLockCheck(at string, locks []Lock) LockCheck {
	return LockCheck{Head: head(KindLockCheck), Locked: len(locks) > 0, At: at, Locks: locks}
}
