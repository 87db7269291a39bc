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
	Load      List[OncallLoad]     `json:"oncall_load"`          // by name and region; not a ranking
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

// OncallLoad is what being on call in a region meant for one person, inside and outside of their working hours on Monday to Friday.
type OncallLoad struct {
	Person  string             `json:"person,omitempty"` // user name without @; absent: unknown
	Region  string             `json:"region"`
	Zone    string             `json:"zone"`  // of the working hours
	Hours   string             `json:"hours"` // "09:00-17:00"
	Current OncallBurden       `json:"current"`
	Mean    OncallMean         `json:"mean"`     // of the previous four periods
	Before  List[OncallBurden] `json:"previous"` // four periods of the same length, the latest first
}

// OncallBurden is the load in one period. Minutes of incidents are those in which one affected users, overlaps counted once.
type OncallBurden struct {
	Shifts           int `json:"shifts"`             // turns that began in the period
	IncidentsInside  int `json:"incidents_in_hours"` // that started in one of the turns
	IncidentsOutside int `json:"incidents_out_of_hours"`
	MinutesInside    int `json:"incident_minutes_in_hours"`
	MinutesOutside   int `json:"incident_minutes_out_of_hours"`
	OncallInside     int `json:"oncall_minutes_in_hours"`
	OncallOutside    int `json:"oncall_minutes_out_of_hours"`
	Unknown          int `json:"unknown_duration"` // incidents that are over after an unknown time: not in the minutes
}

// OncallMean are means of the previous periods, exact decimals with one digit.
type OncallMean struct {
	IncidentsInside  string `json:"incidents_in_hours"`
	IncidentsOutside string `json:"incidents_out_of_hours"`
	MinutesInside    string `json:"incident_minutes_in_hours"`
	MinutesOutside   string `json:"incident_minutes_out_of_hours"`
}

// KindSite is the kind of [Site].
const KindSite = "site"

// Site is a site of reports that was written to a folder.
type Site struct {
	Head
	Folder   string         `json:"folder"`           // as entered
	Audience string         `json:"audience"`         // "public" or "tracker": how much of issues and people it shows
	Reason   string         `json:"reason,omitempty"` // why it is "public"; absent: that was asked for
	From     string         `json:"from"`             // civil date, the first day of its reports
	To       string         `json:"to"`               // civil date, today
	Files    List[SiteFile] `json:"files"`
	Notes    List[string]   `json:"notes"`
}

// NewSite returns the document of a site.
func NewSite(folder, audience string) Site {
	return Site{Head: head(KindSite), Folder: folder, Audience: audience}
}

// SiteFile is a file of a site.
type SiteFile struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
	State string `json:"state"` // "created", "updated", "unchanged" or "removed"
}
