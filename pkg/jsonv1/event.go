package jsonv1

// The kinds of the documents about one thing that was made or told.
const (
	KindOpened = "opened"
	KindEvent  = "event"
)

// Found is how an issue came to be what a command asked for.
type Found string

// How it came to be.
const (
	FoundCreated  Found = "created"
	FoundExisting Found = "already_exists" // it was there before this run
)

// Opened is an issue that was opened, or found to be open already: an incident, a change, a corrective action, a record.
type Opened struct {
	Head
	Type         string       `json:"type"` // "incident", "change", "action", "record"
	Ref          string       `json:"ref"`
	Title        string       `json:"title,omitempty"` // absent where it is withheld
	Key          string       `json:"key,omitempty"`   // repeats the command safely
	Outcome      Found        `json:"outcome"`
	Confidential bool         `json:"confidential"`
	Withheld     bool         `json:"withheld"`
	WebURL       string       `json:"web_url,omitempty"`
	Notes        List[string] `json:"notes"`
}

// NewOpened is the document of an issue that was opened.
func NewOpened(what, ref, title string, outcome Found) Opened {
	return Opened{Head: head(KindOpened), Type: what, Ref: ref, Title: title, Outcome: outcome}
}

// Event is one thing told of an incident or a change: a mitigation, an approval.
type Event struct {
	Head
	Type         string       `json:"type"` // "incident", "change" or "handoff"
	Ref          string       `json:"ref"`
	Title        string       `json:"title,omitempty"`               // absent where it is withheld
	Verb         string       `json:"verb"`                          // as typed: "mitigate", "approve"
	At           string       `json:"at,omitempty"`                  // when it happened
	State        string       `json:"state,omitempty"`               // afterwards
	Before       string       `json:"before,omitempty"`              // the state before, where it is another one
	Minutes      *int         `json:"since_start_minutes,omitempty"` // from the start of the incident to what happened
	Text         string       `json:"text,omitempty"`                // what was said
	LeftOff      string       `json:"left_off,omitempty"`            // of a hand-off: what its note says
	NextStep     string       `json:"next_step,omitempty"`           // likewise
	By           string       `json:"by,omitempty"`                  // who wrote that note
	Outcome      Outcome      `json:"outcome"`                       // "done", or "unchanged" when it had been told before
	Confidential bool         `json:"confidential"`
	Withheld     bool         `json:"withheld"`
	WebURL       string       `json:"web_url,omitempty"`
	Notes        List[string] `json:"notes"`
}

// NewEvent is the document of one thing told of an incident or a change.
func NewEvent(what, ref, title, verb string, outcome Outcome) Event {
	return Event{Head: head(KindEvent), Type: what, Ref: ref, Title: title, Verb: verb, Outcome: outcome}
}
