package jsonv1

// KindWeekly is the kind of the weekly report.
const KindWeekly = "weekly"

// Weekly is the report of seven days, or of another period: once for the on-call hand-off, once for the infrastructure call,
// from the same facts.
type Weekly struct {
	Head
	From      string               `json:"from"`           // civil date, the first day
	To        string               `json:"to"`             // civil date, the last day
	Zone      string               `json:"zone"`           // of the days
	Week      string               `json:"week,omitempty"` // ISO week of the last day, "2018-W34"
	View      string               `json:"view"`           // "oncall" or "call": how it is told in Markdown
	Incidents List[WeeklyIncident] `json:"incidents"`      // opened, going on or resolved in the period, the worst first
	Changes   List[WeeklyChange]   `json:"changes"`
	Deltas    List[WeeklyIssue]    `json:"deltas"`
	Oncall    List[WeeklyIssue]    `json:"oncall"`        // open ones, to hand on, by priority
	Handoffs  List[WeeklyHandoff]  `json:"handoffs"`      // one for each shift of the period
	Counts    List[WeeklyCount]    `json:"counts"`        // this period against those before
	Times     IncidentTimes        `json:"times"`         // of the incidents that began in it
	Log       *Related             `json:"log,omitempty"` // the issue where it stands
	Unknown   List[string]         `json:"unknown"`       // sentences: what could not be read
	Notes     List[string]         `json:"notes"`
}

// NewWeekly is the report of a period of days, from the first up to and with the last.
func NewWeekly(from, to, zone string) Weekly {
	return Weekly{Head: head(KindWeekly), From: from, To: to, Zone: zone}
}

// WeeklyIncident is one incident of the period, with the evidence of each time: where it is written.
type WeeklyIncident struct {
	Incident
	OpenedAt      string `json:"opened_at,omitempty"`        // its issue
	StartedFrom   string `json:"started_evidence,omitempty"` // "record", "timeline", "label"; absent: the time is not known
	DetectedFrom  string `json:"detected_evidence,omitempty"`
	MitigatedFrom string `json:"mitigated_evidence,omitempty"`
	ResolvedFrom  string `json:"resolved_evidence,omitempty"`
	Ongoing       bool   `json:"ongoing"` // it was not over when the period ended
}

// WeeklyChange is one change of the period.
type WeeklyChange struct {
	Change
	Day string `json:"day,omitempty"` // civil date on which it was made, or was to be
}

// WeeklyIssue is another issue of the report.
type WeeklyIssue struct {
	Ref          string       `json:"ref"`
	Title        string       `json:"title,omitempty"` // absent where it is withheld
	Priority     string       `json:"priority,omitempty"`
	Assignees    List[string] `json:"assignees"`
	Open         bool         `json:"open"`
	CreatedAt    string       `json:"created_at,omitempty"`
	ClosedAt     string       `json:"closed_at,omitempty"`
	AgeMinutes   *int         `json:"age_minutes,omitempty"`
	Confidential bool         `json:"confidential"`
	Withheld     bool         `json:"withheld"`
	WebURL       string       `json:"web_url,omitempty"`
}

// WeeklyHandoff is one shift of the period and whether it was handed off.
type WeeklyHandoff struct {
	Shift  Shift  `json:"shift"`
	Posted string `json:"posted_at,omitempty"` // absent: there is no note
	By     string `json:"by,omitempty"`        // user name without @
	WebURL string `json:"web_url,omitempty"`
}

// WeeklyCount is how often something happened in the period, and in the periods of the same length before it, the latest first.
type WeeklyCount struct {
	Metric   string    `json:"metric"` // "incidents", "S1", "changes", ...
	Current  int       `json:"current"`
	Previous List[int] `json:"previous"` // four of them
	Mean     string    `json:"mean"`     // of those before, an exact decimal with one digit
}

// Withhold is the report without what confidential issues are about.
func (d Weekly) Withhold() Weekly {
	d.Incidents = each(d.Incidents, WeeklyIncident.Withhold)
	d.Changes = each(d.Changes, func(c WeeklyChange) WeeklyChange {
		if c.Confidential {
			return WeeklyChange{Change: c.Change.Withhold()}
		}
		return c
	})
	d.Deltas, d.Oncall = each(d.Deltas, WeeklyIssue.Withhold), each(d.Oncall, WeeklyIssue.Withhold)
	if d.Log != nil {
		d.Log = new(d.Log.Withhold())
	}
	return d
}

// Withhold is the incident, without what it is about when it is confidential.
func (i WeeklyIncident) Withhold() WeeklyIncident {
	if !i.Confidential {
		return i
	}
	return WeeklyIncident{Incident: i.Incident.Withhold(), Ongoing: i.Ongoing}
}

// Withhold is the issue, without what it is about when it is confidential.
func (i WeeklyIssue) Withhold() WeeklyIssue {
	if !i.Confidential {
		return i
	}
	return WeeklyIssue{Ref: i.Ref, Open: i.Open, Confidential: true, Withheld: true, WebURL: i.WebURL}
}
