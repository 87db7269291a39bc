package jsonv1

// KindIncidentChanges is the kind of the document about what changed before an incident.
const KindIncidentChanges = "incident_changes"

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
