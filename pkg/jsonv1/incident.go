package jsonv1

// The kinds of documents about incidents.
const (
	KindIncidents = "incidents"
	KindIncident  = "incident"
	KindTimeline  = "timeline"

	KindCorrectiveActions = "corrective_actions"
	KindIncidentCheck     = "incident_check"
	KindIncidentChanges   = "incident_changes" // what changed before one
)

// Incidents is a list of incidents.
type Incidents struct {
	Head
	Filter    List[string]   `json:"filter"` // the filters as text: "active", "severity S1 or S2"
	Incidents List[Incident] `json:"incidents"`
	Notes     List[string]   `json:"notes"`
}

// NewIncidents returns the document of a list of incidents; filter holds the filters as text.
func NewIncidents(filter []string, list []Incident) Incidents {
	return Incidents{Head: head(KindIncidents), Filter: filter, Incidents: list}
}

// IncidentState is the state of an incident. It does not depend on whether the issue is open.
type IncidentState string

// The states of an incident.
const (
	IncidentActive    IncidentState = "active"
	IncidentMitigated IncidentState = "mitigated"
	IncidentResolved  IncidentState = "resolved"
	IncidentReviewed  IncidentState = "reviewed"
	IncidentUnknown   IncidentState = "unknown" // neither in a label nor in the record
)

// Incident is one incident. Instants are RFC 3339 in UTC. Data that nobody recorded is absent and never guessed.
type Incident struct {
	Ref             string        `json:"ref" withheld:"keep"`
	Title           string        `json:"title,omitempty"` // absent if withheld
	State           IncidentState `json:"state" withheld:"keep"`
	Severity        string        `json:"severity,omitempty" withheld:"keep"` // S1 to S4; absent: unknown
	Services        List[string]  `json:"services"`
	StartedAt       string        `json:"started_at,omitempty"`
	DetectedAt      string        `json:"detected_at,omitempty"`
	MitigatedAt     string        `json:"mitigated_at,omitempty"`
	ResolvedAt      string        `json:"resolved_at,omitempty"`
	Impact          string        `json:"impact,omitempty"` // exact decimal from 0 to 1
	Cause           string        `json:"cause,omitempty"`
	DataLoss        bool          `json:"data_loss"`
	Assignees       List[string]  `json:"assignees"` // user names without @
	Confidential    bool          `json:"confidential" withheld:"keep"`
	Withheld        bool          `json:"withheld" withheld:"keep"` // confidential: the fields that reveal its content are left out
	Open            bool          `json:"open" withheld:"keep"`     // the issue, not the incident
	AgeMinutes      *int          `json:"age_minutes,omitempty"`
	LastUpdate      *Update       `json:"last_update,omitempty"`
	LastComment     *Update       `json:"last_comment,omitempty"`        // what a person wrote last, in a list also with prodctl
	ToDetect        *int          `json:"to_detect_minutes,omitempty"`   // from the start
	ToMitigate      *int          `json:"to_mitigate_minutes,omitempty"` // from the start
	ToResolve       *int          `json:"to_resolve_minutes,omitempty"`  // from the start
	ReviewDue       *bool         `json:"review_due,omitempty"`          // absent: unknown, because the duration is
	ReviewDueReason string        `json:"review_due_reason,omitempty"`
	Gaps            List[string]  `json:"gaps"` // sentences: missing and contradictory data
	WebURL          string        `json:"web_url,omitempty" withheld:"keep"`
}

// Update is the last update of an incident.
type Update struct {
	At   string `json:"at"`
	By   string `json:"by,omitempty"` // user name without @
	Text string `json:"text,omitempty"`

	Internal bool `json:"internal,omitempty"` // an internal comment, for the roles Planner, Reporter and higher
}

// IncidentShow is one incident with its actions, related issues and timeline.
type IncidentShow struct {
	Head
	Incident
	Actions  List[CorrectiveAction] `json:"actions"`
	Related  List[Related]          `json:"related"`
	Next     *Update                `json:"next,omitempty"`        // the next steps, from an update or a hand-off note
	If       *Update                `json:"contingency,omitempty"` // what to do if it gets worse, from the same
	Timeline List[TimelineLine]     `json:"timeline"`              // its last lines
	Problems List[Problem]          `json:"problems"`              // parts of the record that could not be parsed
	Notes    List[string]           `json:"notes" withheld:"keep"`

	ChangesBefore *ChangesBefore `json:"changes_before,omitempty"` // absent: not asked for
}

// NewIncident returns the document of one incident.
func NewIncident(i Incident) IncidentShow { return IncidentShow{Head: head(KindIncident), Incident: i} }

// CorrectiveAction is an issue whose fix prevents an incident from happening again.
type CorrectiveAction struct {
	Related
	Owner   string `json:"owner,omitempty"` // user name without @
	Due     string `json:"due,omitempty"`   // civil date
	Done    bool   `json:"done" withheld:"keep"`
	Overdue bool   `json:"overdue"`
}

// CorrectiveActions is a list of follow-ups of incidents, the longest overdue first.
type CorrectiveActions struct {
	Head
	Today   string         `json:"today"`  // civil date, in the team's time zone
	Filter  List[string]   `json:"filter"` // the filters as text
	Actions List[FollowUp] `json:"actions"`
	Open    int            `json:"open"`    // of the actions that the filter selects
	Overdue int            `json:"overdue"` // of the open ones
	OnTime  Share          `json:"on_time"` // of those that are done; one without a due date counts as missing
	Notes   List[string]   `json:"notes"`
}

// NewCorrectiveActions returns the document of a list of follow-ups as of a day; filter holds the filters as text.
func NewCorrectiveActions(today string, filter []string, list []FollowUp) CorrectiveActions {
	return CorrectiveActions{Head: head(KindCorrectiveActions), Today: today, Filter: filter, Actions: list}
}

// FollowUp is a corrective action with its incident, and whether it is on time. The state "done" is that of one without a due date.
type FollowUp struct {
	Ref          string       `json:"ref" withheld:"keep"`
	Title        string       `json:"title,omitempty"`                    // absent if withheld
	State        string       `json:"state" withheld:"keep"`              // "open", "overdue", "done-on-time", "done-late", "done"
	Severity     string       `json:"severity,omitempty" withheld:"keep"` // of the incident, else of the action; absent: unknown
	Incident     *Related     `json:"incident,omitempty"`                 // absent: unknown
	Owners       List[string] `json:"owners"`                             // user names without @
	Teams        List[string] `json:"teams"`
	Due          string       `json:"due,omitempty"`          // civil date
	DaysOverdue  *int         `json:"days_overdue,omitempty"` // of an overdue action
	DaysLate     *int         `json:"days_late,omitempty"`    // of one that was done late
	OpenedAt     string       `json:"opened_at,omitempty"`
	ClosedAt     string       `json:"closed_at,omitempty"`
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// FollowUps says how corrective actions are followed up in a period.
type FollowUps struct {
	Open    int    `json:"open"`    // on its last day, or now if it is not over
	Overdue int    `json:"overdue"` // of the open ones
	Undated int    `json:"undated"` // of the open ones, without a due date
	Age     Spread `json:"age"`     // of the open ones, in whole days
	OnTime  Share  `json:"on_time"` // of those that were done in the period; one without a due date counts as missing
}

// Related is another issue. Its title is absent if it is withheld or the issue could not be read.
type Related struct {
	Ref          string `json:"ref" withheld:"keep"`
	Title        string `json:"title,omitempty"`
	Confidential bool   `json:"confidential" withheld:"keep"`
	Withheld     bool   `json:"withheld" withheld:"keep"`
	WebURL       string `json:"web_url,omitempty" withheld:"keep"`
}

// Problem is a part of a description that could not be parsed. Line and Column count from 1.
type Problem struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
}

// Timeline holds the events of an incident in order.
type Timeline struct {
	Head
	Ref          string             `json:"ref" withheld:"keep"`
	Title        string             `json:"title,omitempty"`
	Confidential bool               `json:"confidential" withheld:"keep"`
	Withheld     bool               `json:"withheld" withheld:"keep"` // confidential: title and lines are left out
	Lines        List[TimelineLine] `json:"lines"`
	Notes        List[string]       `json:"notes" withheld:"keep"`
	WebURL       string             `json:"web_url,omitempty" withheld:"keep"`
}

// TimelineLine is one event.
type TimelineLine struct {
	At     string `json:"at"`
	Text   string `json:"text"`
	Author string `json:"author,omitempty"`  // user name without @
	Source string `json:"source"`            // "note", "label", "state", "record", "declared"
	NoteID int64  `json:"note_id,omitempty"` // id of its comment

	Internal bool `json:"internal,omitempty"` // an internal comment, for the roles Planner, Reporter and higher
}

// NewTimeline returns the document of a timeline, the earliest line first.
func NewTimeline(ref, title string, lines []TimelineLine) Timeline {
	return Timeline{Head: head(KindTimeline), Ref: ref, Title: title, Lines: lines}
}

// IncidentChanges is what changed in production before an incident began, the most likely cause first. A high rank is a reason to look
// first, and no claim about the cause.
type IncidentChanges struct {
	Head
	Ref          string             `json:"ref" withheld:"keep"`
	Title        string             `json:"title,omitempty"`
	Services     List[string]       `json:"services"`
	BeganAt      string             `json:"began_at,omitempty"`
	BeganFrom    string             `json:"began_from,omitempty"` // where that time comes from: "record", "timeline", "detected", "opened"
	From         string             `json:"from,omitempty"`       // the period is from here to BeganAt
	Changes      List[RankedChange] `json:"changes"`
	Unread       List[Unread]       `json:"unread"` // projects that could not be read: their changes are missing
	Confidential bool               `json:"confidential" withheld:"keep"`
	Withheld     bool               `json:"withheld" withheld:"keep"` // confidential: all but the reference is left out
	Notes        List[string]       `json:"notes"`
	WebURL       string             `json:"web_url,omitempty" withheld:"keep"`
}

// NewIncidentChanges returns the document about an incident, without changes.
func NewIncidentChanges(ref, title string) IncidentChanges {
	return IncidentChanges{Head: head(KindIncidentChanges), Ref: ref, Title: title}
}

// RankedChange is a change or a deployment with its rank and the reason for it.
type RankedChange struct {
	Rank          int          `json:"rank" withheld:"keep"`                   // from 1
	Kind          string       `json:"kind" withheld:"keep"`                   // "change" or "deployment"
	Ref           string       `json:"ref" withheld:"keep"`                    // of a deployment: its project and number
	Title         string       `json:"title,omitempty"`                        // absent if withheld
	State         string       `json:"state" withheld:"keep"`                  // of the change, or GitLab's status of the deployment
	Criticality   string       `json:"criticality,omitempty"  withheld:"keep"` // C1 to C4; absent: unknown, or a deployment
	Reason        string       `json:"reason,omitempty"`                       // such as "same service registry, ended 4m before"
	Match         string       `json:"match,omitempty"`                        // of the services: "shared", "unknown", "other"
	Timing        string       `json:"timing,omitempty"`                       // "in-progress", "ended", "since", "planned", "undated"
	MinutesBefore *int         `json:"minutes_before,omitempty"`               // from its end, or else its start, to the start of the incident
	Services      List[string] `json:"services"`                               // empty: unknown
	Environment   string       `json:"environment,omitempty"`
	By            string       `json:"by,omitempty"` // user name without @
	Commit        string       `json:"commit,omitempty"`
	StartedAt     string       `json:"started_at,omitempty"`
	EndedAt       string       `json:"ended_at,omitempty"`
	Outcome       string       `json:"outcome,omitempty"` // "success" or "failure"
	Confidential  bool         `json:"confidential" withheld:"keep"`
	Withheld      bool         `json:"withheld" withheld:"keep"` // confidential: the fields that reveal its content are left out
	WebURL        string       `json:"web_url,omitempty" withheld:"keep"`
	JobURL        string       `json:"job_url,omitempty"` // the job that deployed
}

// ChangesBefore are the first of the changes before an incident.
type ChangesBefore struct {
	From    string             `json:"from"`
	Changes List[RankedChange] `json:"changes"`
	More    int                `json:"more"`   // that were found besides
	Unread  List[Unread]       `json:"unread"` // projects that could not be read: their changes are missing
}

// Unread is a project of which something could not be read.
type Unread struct {
	Project string `json:"project"`
	What    string `json:"what"` // "changes" or "deployments"
	Reason  string `json:"reason"`
}

// IncidentCheck is what the rules of `incident check` find, the most urgent first.
type IncidentCheck struct {
	Head
	Checked  int                   `json:"checked"` // incidents
	Findings List[IncidentFinding] `json:"findings"`
	Notes    List[string]          `json:"notes"`
}

// NewIncidentCheck returns the document of findings in a number of incidents.
func NewIncidentCheck(checked int, list []IncidentFinding) IncidentCheck {
	return IncidentCheck{Head: head(KindIncidentCheck), Checked: checked, Findings: list}
}

// IncidentFinding is what a rule finds in one incident.
type IncidentFinding struct {
	Rule         string        `json:"rule" withheld:"keep"` // id: "update-overdue"
	Ref          string        `json:"ref" withheld:"keep"`
	Title        string        `json:"title,omitempty"` // absent if withheld
	State        IncidentState `json:"state" withheld:"keep"`
	Severity     string        `json:"severity,omitempty" withheld:"keep"`
	Text         string        `json:"text,omitempty"` // what is wrong; absent if withheld
	Fix          string        `json:"fix,omitempty"`  // the command that fixes it, with words in capitals to fill in
	Confidential bool          `json:"confidential" withheld:"keep"`
	Withheld     bool          `json:"withheld" withheld:"keep"`
	WebURL       string        `json:"web_url,omitempty" withheld:"keep"`
}
