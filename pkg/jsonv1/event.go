package jsonv1

// The kinds of documents about an issue that was opened, or an event that was recorded.
const (
	KindOpened = "opened"
	KindEvent  = "event"
	KindHook   = "hook"
)

// Found is the outcome of a command that opens an issue.
type Found string

// The values of [Found].
const (
	FoundCreated  Found = "created"
	FoundExisting Found = "already_exists" // it existed before this run
)

// Opened is an issue that was opened or already existed: an incident, a change, a corrective action, a record.
type Opened struct {
	Head
	Type         string       `json:"type" withheld:"keep"` // "incident", "change", "action", "record"
	Ref          string       `json:"ref" withheld:"keep"`
	Title        string       `json:"title,omitempty"`               // absent if withheld
	Key          string       `json:"key,omitempty" withheld:"keep"` // idempotency key: with it the command is safe to repeat
	Outcome      Found        `json:"outcome" withheld:"keep"`
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
	Notes        List[string] `json:"notes" withheld:"keep"`
}

// NewOpened returns the document of an issue that was opened.
func NewOpened(kind, ref, title string, outcome Found) Opened {
	return Opened{Head: head(KindOpened), Type: kind, Ref: ref, Title: title, Outcome: outcome}
}

// Event is an event that was recorded for an incident, a change or a hand-off, such as a mitigation or an approval.
type Event struct {
	Head
	Type         string       `json:"type" withheld:"keep"` // "incident", "change", "handoff" or "drill"
	Ref          string       `json:"ref" withheld:"keep"`
	Title        string       `json:"title,omitempty"`                               // absent if withheld
	Verb         string       `json:"verb" withheld:"keep"`                          // the subcommand: "mitigate", "approve"
	At           string       `json:"at,omitempty" withheld:"keep"`                  // when it happened
	State        string       `json:"state,omitempty" withheld:"keep"`               // state after the event
	Before       string       `json:"before,omitempty" withheld:"keep"`              // state before the event, if it changed
	Minutes      *int         `json:"since_start_minutes,omitempty" withheld:"keep"` // from the start of the incident to the event
	Target       string       `json:"target,omitempty"`                              // of a restore drill: what was restored
	Text         string       `json:"text,omitempty"`                                // the message
	LeftOff      string       `json:"left_off,omitempty"`                            // of a hand-off: from its note
	NextStep     string       `json:"next_step,omitempty"`                           // of a hand-off: from its note
	Contingency  string       `json:"contingency,omitempty"`                         // of a hand-off: from its note
	By           string       `json:"by,omitempty"`                                  // of a hand-off: author of its note
	MarkInternal bool         `json:"mark_internal,omitempty"`                       // of a hand-off: its note is an internal comment
	Outcome      Outcome      `json:"outcome" withheld:"keep"`                       // "done", or "unchanged" if it was already recorded
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
	Notes        List[string] `json:"notes" withheld:"keep"`
}

// NewEvent returns the document of a recorded event.
func NewEvent(kind, ref, title, verb string, outcome Outcome) Event {
	return Event{Head: head(KindEvent), Type: kind, Ref: ref, Title: title, Verb: verb, Outcome: outcome}
}

// LogEvent is the hidden part of a comment that records an event of an incident or a change. It is part of a comment, not a document, so
// it has no head.
type LogEvent struct {
	Kind   string            `json:"kind"`             // "incident", "change", "handoff", "drill"
	Verb   string            `json:"verb"`             // what was done: "mitigate", "approve"
	At     string            `json:"at"`               // when it happened, RFC 3339 in UTC
	Fields map[string]string `json:"fields,omitempty"` // values for the record, by the record's keys
}

// Hook is what a hook gets: what this run changed. Absent fields do not apply to the event.
type Hook struct {
	Head
	Event        string       `json:"event"`                              // "incident.open" and others
	At           string       `json:"at" withheld:"keep"`                 // when the command ran
	Host         string       `json:"host"`                               // of GitLab
	Ref          string       `json:"ref,omitempty" withheld:"keep"`      // of the incident or of the on-call log
	Title        string       `json:"title,omitempty"`                    // of the same issue
	State        string       `json:"state,omitempty" withheld:"keep"`    // of the incident after the event
	Severity     string       `json:"severity,omitempty" withheld:"keep"` // of the incident, if it is known
	Services     List[string] `json:"services"`                           // of the incident
	Text         string       `json:"text,omitempty"`                     // the message
	Key          string       `json:"key,omitempty" withheld:"keep"`      // idempotency key of the issue or comment
	Shift        string       `json:"shift,omitempty"`                    // that was handed over
	Finished     List[string] `json:"finished"`                           // titles of finished milestones
	Confidential bool         `json:"confidential" withheld:"keep"`       // then a hook gets this only if it is configured to
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// NewHook returns the document of an event.
func NewHook(event, at, host string) Hook {
	return Hook{Head: head(KindHook), Event: event, At: at, Host: host}
}
