package jsonv1

// KindWeekly is the kind of [Weekly].
const KindWeekly = "weekly"

// Weekly is the report of seven days, or of another period, in a view for the on-call hand-off or for the infrastructure call.
type Weekly struct {
	Head
	From      string               `json:"from"`           // civil date, the first day
	To        string               `json:"to"`             // civil date, the last day
	Zone      string               `json:"zone"`           // of the days
	Week      string               `json:"week,omitempty"` // ISO week of the last day, "2018-W34"
	View      string               `json:"view"`           // "oncall" or "call": the view in Markdown
	Incidents List[WeeklyIncident] `json:"incidents"`      // opened, ongoing or resolved in the period, the worst first
	Changes   List[WeeklyChange]   `json:"changes"`
	Deltas    List[WeeklyIssue]    `json:"deltas"`
	Oncall    List[WeeklyIssue]    `json:"oncall"`               // open issues with the label oncall, by priority
	Handoffs  List[WeeklyHandoff]  `json:"handoffs"`             // one for each shift of the period
	Counts    List[WeeklyCount]    `json:"counts"`               // this period compared with previous ones
	Times     IncidentTimes        `json:"times"`                // of the incidents that started in it
	FollowUps *FollowUps           `json:"follow_ups,omitempty"` // absent: the team has no tracker for them
	Budget    *BudgetLeft          `json:"budget,omitempty"`     // at the end of the period, or as of the last full hour
	Log       *Related             `json:"log,omitempty"`        // the issue in which it is posted
	Unknown   List[string]         `json:"unknown"`              // sentences: data that could not be read
	Notes     List[string]         `json:"notes"`
}

// NewWeekly returns the report of a period of days, first and last included.
func NewWeekly(from, to, zone string) Weekly {
	return Weekly{Head: head(KindWeekly), From: from, To: to, Zone: zone}
}

// WeeklyIncident is one incident of the period, with the evidence of each time: where it is recorded.
type WeeklyIncident struct {
	Incident
	OpenedAt      string `json:"opened_at,omitempty"`        // when its issue was created
	StartedFrom   string `json:"started_evidence,omitempty"` // "record", "timeline", "label"; absent: the time is unknown
	DetectedFrom  string `json:"detected_evidence,omitempty"`
	MitigatedFrom string `json:"mitigated_evidence,omitempty"`
	ResolvedFrom  string `json:"resolved_evidence,omitempty"`
	Ongoing       bool   `json:"ongoing" withheld:"keep"` // not resolved when the period ended
}

// WeeklyChange is one change of the period.
type WeeklyChange struct {
	Change
	Day string `json:"day,omitempty"` // civil date on which it was done or planned
}

// WeeklyIssue is another issue of the report.
type WeeklyIssue struct {
	Ref          string       `json:"ref" withheld:"keep"`
	Title        string       `json:"title,omitempty"` // absent if withheld
	Priority     string       `json:"priority,omitempty"`
	Assignees    List[string] `json:"assignees"`
	Open         bool         `json:"open" withheld:"keep"`
	CreatedAt    string       `json:"created_at,omitempty"`
	ClosedAt     string       `json:"closed_at,omitempty"`
	AgeMinutes   *int         `json:"age_minutes,omitempty"`
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// WeeklyHandoff is one shift of the period and whether it was handed off.
type WeeklyHandoff struct {
	Shift  Shift  `json:"shift"`
	Posted string `json:"posted_at,omitempty"` // absent: it was not posted
	By     string `json:"by,omitempty"`        // user name without @
	WebURL string `json:"web_url,omitempty"`
}

// WeeklyCount is a number for the period, and for the previous periods of the same length, the latest first.
type WeeklyCount struct {
	Metric   string    `json:"metric"` // "incidents", "S1", "changes", ...
	Current  int       `json:"current"`
	Previous List[int] `json:"previous"` // four periods
	Mean     string    `json:"mean"`     // of the previous ones, an exact decimal with one digit
}
