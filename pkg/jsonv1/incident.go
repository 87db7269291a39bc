package jsonv1

// The kinds of the documents about incidents.
const (
	KindIncidents = "incidents"
	KindIncident  = "incident"
	KindTimeline  = "timeline"
)

// Incidents is a list of incidents.
type Incidents struct {
	Head
	Filter    List[string]   `json:"filter"` // what was asked for, in words: "active", "severity S1 or S2"
	Incidents List[Incident] `json:"incidents"`
	Notes     List[string]   `json:"notes"`
}

// NewIncidents is the document of a list of incidents; filter says in words what was asked for.
func NewIncidents(filter []string, list []Incident) Incidents {
	return Incidents{Head: head(KindIncidents), Filter: filter, Incidents: list}
}

// IncidentState is where an incident stands. It does not come from the issue being open or closed.
type IncidentState string

// The states of an incident.
const (
	IncidentActive    IncidentState = "active"
	IncidentMitigated IncidentState = "mitigated"
	IncidentResolved  IncidentState = "resolved"
	IncidentReviewed  IncidentState = "reviewed"
	IncidentUnknown   IncidentState = "unknown" // neither a label nor the record says
)

// Incident is one incident. Instants are RFC 3339 in UTC; what nobody has recorded is absent and never guessed.
type Incident struct {
	Ref             string        `json:"ref"`
	Title           string        `json:"title,omitempty"` // absent where it is withheld
	State           IncidentState `json:"state"`
	Severity        string        `json:"severity,omitempty"` // S1 to S4; absent: unknown
	Services        List[string]  `json:"services"`
	StartedAt       string        `json:"started_at,omitempty"`
	DetectedAt      string        `json:"detected_at,omitempty"`
	MitigatedAt     string        `json:"mitigated_at,omitempty"`
	ResolvedAt      string        `json:"resolved_at,omitempty"`
	Impact          string        `json:"impact,omitempty"` // exact decimal from 0 to 1
	Cause           string        `json:"cause,omitempty"`
	DataLoss        bool          `json:"data_loss"`
	Assignees       List[string]  `json:"assignees"` // user names without @
	Confidential    bool          `json:"confidential"`
	Withheld        bool          `json:"withheld"` // confidential, and only what has no content of its own is told
	Open            bool          `json:"open"`     // the issue; says nothing of the incident
	AgeMinutes      *int          `json:"age_minutes,omitempty"`
	LastUpdate      *Update       `json:"last_update,omitempty"`
	ToDetect        *int          `json:"to_detect_minutes,omitempty"`   // from the start
	ToMitigate      *int          `json:"to_mitigate_minutes,omitempty"` // from the start
	ToResolve       *int          `json:"to_resolve_minutes,omitempty"`  // from the start
	ReviewDue       *bool         `json:"review_due,omitempty"`          // absent: unknown, since the duration is
	ReviewDueReason string        `json:"review_due_reason,omitempty"`
	Gaps            List[string]  `json:"gaps"` // sentences: what should be there and is not, what contradicts what
	WebURL          string        `json:"web_url,omitempty"`
}

// Update is the last thing that was said about an incident.
type Update struct {
	At   string `json:"at"`
	By   string `json:"by,omitempty"` // user name without @
	Text string `json:"text,omitempty"`

	Internal bool `json:"internal,omitempty"` // said in a comment that Planner, Reporter and above see only
}

// IncidentShow is one incident with all that belongs to it.
type IncidentShow struct {
	Head
	Incident
	Actions  List[CorrectiveAction] `json:"actions"`
	Related  List[Related]          `json:"related"`
	Timeline List[TimelineLine]     `json:"timeline"` // its last lines
	Problems List[Problem]          `json:"problems"` // what in the record could not be read
	Notes    List[string]           `json:"notes"`
}

// NewIncident is the document of one incident.
func NewIncident(i Incident) IncidentShow { return IncidentShow{Head: head(KindIncident), Incident: i} }

// CorrectiveAction is one issue that keeps an incident from coming again.
type CorrectiveAction struct {
	Related
	Owner   string `json:"owner,omitempty"` // user name without @
	Due     string `json:"due,omitempty"`   // civil date
	Done    bool   `json:"done"`
	Overdue bool   `json:"overdue"`
}

// Related is another issue. Its title is absent when it is withheld, or when nobody could read the issue.
type Related struct {
	Ref          string `json:"ref"`
	Title        string `json:"title,omitempty"`
	Confidential bool   `json:"confidential"`
	WebURL       string `json:"web_url,omitempty"`
}

// Problem is a place in a description that could not be read, counted from 1.
type Problem struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
}

// Timeline is what happened in an incident, in order.
type Timeline struct {
	Head
	Ref          string             `json:"ref"`
	Title        string             `json:"title,omitempty"`
	Confidential bool               `json:"confidential"`
	Withheld     bool               `json:"withheld"` // confidential: title and lines are left out
	Lines        List[TimelineLine] `json:"lines"`
	Notes        List[string]       `json:"notes"`
	WebURL       string             `json:"web_url,omitempty"`
}

// TimelineLine is one thing that happened.
type TimelineLine struct {
	At     string `json:"at"`
	Text   string `json:"text"`
	Author string `json:"author,omitempty"`  // user name without @
	Source string `json:"source"`            // "note", "label", "state", "record", "declared"
	NoteID int64  `json:"note_id,omitempty"` // of the comment that says so
}

// NewTimeline is the document of a timeline, the earliest line first.
func NewTimeline(ref, title string, lines []TimelineLine) Timeline {
	return Timeline{Head: head(KindTimeline), Ref: ref, Title: title, Lines: lines}
}
