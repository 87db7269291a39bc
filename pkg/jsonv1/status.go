package jsonv1

// KindStatus is the kind of [Status].
const KindStatus = "status"

// Status is the state of production and of the timebox, within a fixed number of requests.
type Status struct {
	Head
	At        string          `json:"at"`
	Oncall    StatusOncall    `json:"oncall"`
	Incidents StatusIncidents `json:"incidents"`
	Changes   StatusChanges   `json:"changes"`
	Locks     StatusLocks     `json:"locks"`
	Gate      StatusGate      `json:"gate"`
	Handoffs  StatusHandoffs  `json:"handoffs"`
	Timebox   StatusTimebox   `json:"timebox"`
	Budget    StatusBudget    `json:"budget"`
	Notes     List[string]    `json:"notes"`
}

// NewStatus returns the document of a time, without parts.
func NewStatus(at string) Status { return Status{Head: head(KindStatus), At: at} }

// StatusPart says how much of a part was read.
type StatusPart struct {
	Unknown string `json:"unknown,omitempty"` // why it could not be read; absent: it was
	AtLeast bool   `json:"at_least"`          // there is more than was read
	Command string `json:"command"`           // reads all of it
}

// StatusOncall is who is on call now and next.
type StatusOncall struct {
	StatusPart
	Now  *Duty `json:"now,omitempty"`
	Next *Duty `json:"next,omitempty"`
}

// StatusIncidents are the ongoing incidents.
type StatusIncidents struct {
	StatusPart
	Active    int            `json:"active"`
	Mitigated int            `json:"mitigated"`
	Unclear   int            `json:"unclear"` // open ones without a state
	Worst     List[Incident] `json:"worst"`   // the first ones of them
}

// StatusChanges are the changes that are not over.
type StatusChanges struct {
	StatusPart
	InProgress int          `json:"in_progress"`
	Planned    int          `json:"planned"`
	First      List[Change] `json:"first"` // those in progress, then the next ones
}

// StatusLocks are the locks that are active, and the next one.
type StatusLocks struct {
	StatusPart
	Active List[Lock] `json:"active"`
	Next   *Lock      `json:"next,omitempty"`
}

// StatusGate is the gate for a C3 change of all services.
type StatusGate struct {
	StatusPart
	State   string       `json:"state"` // "open", "closed" or "unknown"
	Reasons List[Reason] `json:"reasons"`
}

// StatusHandoffs are the issues that wait for somebody to take them.
type StatusHandoffs struct {
	StatusPart
	Waiting int      `json:"waiting"`
	Oldest  *Related `json:"oldest,omitempty"`
}

// StatusTimebox is how far the team is in the Current Milestone. Without a title there is none.
type StatusTimebox struct {
	StatusPart
	Title       string `json:"title,omitempty"`
	Start       string `json:"start,omitempty"` // civil date
	Due         string `json:"due,omitempty"`   // civil date
	Day         int    `json:"day"`             // working day, from 1; 0: not started
	Days        int    `json:"days"`            // working days
	Done        int    `json:"done"`            // issues
	Total       int    `json:"total"`           // issues
	AtPace      *int   `json:"at_pace,omitempty"`
	RollDue     bool   `json:"roll_due"`
	OverdueDays *int   `json:"overdue_days,omitempty"` // of the roll; absent: it is not due
	WebURL      string `json:"web_url,omitempty"`
}

// StatusBudget is what incidents have spent of the error budgets, by their records.
type StatusBudget struct {
	StatusPart
	FirstDay string              `json:"first_day,omitempty"` // civil date
	LastDay  string              `json:"last_day,omitempty"`  // civil date
	Accounts List[StatusAccount] `json:"accounts"`            // production, then the service that has spent most
	Missing  int                 `json:"missing"`             // incidents of unknown duration, which are not counted
}

// StatusAccount is one error budget. Minutes are exact decimals.
type StatusAccount struct {
	Name      string `json:"name"`
	Allowed   string `json:"allowed_minutes"`
	Spent     string `json:"spent_minutes"`
	Remaining string `json:"remaining_minutes"`
	Percent   string `json:"spent_percent,omitempty"` // absent: the budget is zero
	IsSpent   bool   `json:"is_spent"`
}
