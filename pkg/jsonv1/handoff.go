package jsonv1

// The kinds of documents about hand-offs.
const (
	KindHandoff      = "handoff"
	KindHandoffList  = "handoff_list"
	KindHandoffCheck = "handoff_check"
)

// Handoff is the report of an ending shift for the next one: burning, then at risk, then what can wait.
type Handoff struct {
	Head
	At         string               `json:"at"`         // the time of the report
	Historical bool                 `json:"historical"` // the time was given (--as-of), and the report is rebuilt from GitLab's history
	Shift      Shift                `json:"shift"`      // the shift that ends
	Next       Shift                `json:"next"`       // the next shift
	First      HandoffFirst         `json:"first"`      // the one thing to look at
	Sections   List[HandoffSection] `json:"sections"`
	Locks      List[Lock]           `json:"locks"`            // locks from now until the next shift ends
	Budget     *BudgetLeft          `json:"budget,omitempty"` // absent: unknown
	Unknown    List[string]         `json:"unknown"`          // sentences: data that could not be rebuilt or read
	Log        *Related             `json:"log,omitempty"`    // the issue of the on-call log, if it is posted
	Notes      List[string]         `json:"notes"`
}

// NewHandoff returns the report of a shift.
func NewHandoff(at string, shift, next Shift, sections []HandoffSection) Handoff {
	return Handoff{Head: head(KindHandoff), At: at, Shift: shift, Next: next, Sections: sections}
}

// FirstRule is why something is the first thing to look at.
type FirstRule string

// The rules, the most urgent first.
const (
	FirstBurning FirstRule = "burning" // the worst thing that is burning
	FirstOverdue FirstRule = "overdue" // overdue for longest
	FirstAtRisk  FirstRule = "at_risk" // the first thing at risk
	FirstQuiet   FirstRule = "quiet"   // nothing of these
)

// HandoffFirst is the one thing to look at when a shift begins. The entry has the rest.
type HandoffFirst struct {
	Rule        FirstRule `json:"rule"`
	Ref         string    `json:"ref,omitempty"`             // absent: the shift is quiet
	LateMinutes *int      `json:"overdue_minutes,omitempty"` // if it is overdue
}

// Receipt is the acceptance of the hand-off of a shift.
type Receipt struct {
	By           string `json:"by,omitempty"`                 // who accepted it, user name without @
	Author       string `json:"author,omitempty"`             // who recorded it
	At           string `json:"at" withheld:"keep"`           // when it was recorded
	Text         string `json:"text,omitempty"`               // what they read back
	Internal     bool   `json:"internal" withheld:"keep"`     // its comment is internal
	Confidential bool   `json:"confidential" withheld:"keep"` // the on-call log is
	Withheld     bool   `json:"withheld" withheld:"keep"`
}

// Urgency is how soon somebody has to act.
type Urgency string

// The urgencies, the most urgent first.
const (
	Burning Urgency = "burning"
	AtRisk  Urgency = "at_risk"
	CanWait Urgency = "can_wait"
)

// The sections of the report, in their order.
const (
	SectionIncidents  = "incidents" // active incidents and ongoing outages
	SectionDataLoss   = "data_loss" // (perceived) data loss
	SectionMitigated  = "mitigated" // users are no longer affected, but the cause is not fixed
	SectionInProgress = "changes_in_progress"
	SectionUpcoming   = "changes_next_shift"
	SectionReady      = "ready_to_handoff"
	SectionOncall     = "oncall"   // open issues with the label oncall, by priority
	SectionResolved   = "resolved" // in this shift
)

// HandoffSection is one part of the report. Empty sections are included.
type HandoffSection struct {
	ID      string             `json:"id"`
	Title   string             `json:"title"`
	Urgency Urgency            `json:"urgency"`
	Entries List[HandoffEntry] `json:"entries"`
}

// HandoffEntry is one issue in the report. Instants are RFC 3339 in UTC. Data that nobody recorded is absent.
type HandoffEntry struct {
	Ref          string       `json:"ref" withheld:"keep"`
	Title        string       `json:"title,omitempty"`                       // absent if withheld
	Kind         string       `json:"kind" withheld:"keep"`                  // "incident", "outage", "change", "issue"
	Severity     string       `json:"severity,omitempty" withheld:"keep"`    // S1 to S4
	Criticality  string       `json:"criticality,omitempty" withheld:"keep"` // C1 to C4
	Priority     string       `json:"priority,omitempty"`                    // its highest prioritized label
	State        string       `json:"state,omitempty" withheld:"keep"`       // of the incident or change
	Services     List[string] `json:"services"`
	Assignees    List[string] `json:"assignees"`             // user names without @
	Since        string       `json:"since,omitempty"`       // when it started, or else when it was opened
	AgeMinutes   *int         `json:"age_minutes,omitempty"` // since then
	Start        string       `json:"start,omitempty"`       // of a change: the planned window
	End          string       `json:"end,omitempty"`
	ResolvedAt   string       `json:"resolved_at,omitempty"`
	LastUpdate   *Update      `json:"last_update,omitempty"` // the last comment by a person
	LeftOff      string       `json:"left_off,omitempty"`    // from the note of the hand-off
	NextStep     string       `json:"next_step,omitempty"`   // from the note of the hand-off, or an update of the incident
	Contingency  string       `json:"contingency,omitempty"` // what to do if it gets worse, from the same
	MarkedBy     string       `json:"marked_by,omitempty"`
	MarkedAt     string       `json:"marked_at,omitempty"`
	MarkInternal bool         `json:"mark_internal"` // the note of the hand-off, or where the next steps are from, is an internal comment
	TakenBy      string       `json:"taken_by,omitempty"`
	DataLoss     bool         `json:"data_loss"`                     // actual or perceived
	Missing      List[string] `json:"missing" withheld:"keep"`       // sentences: required information that is missing
	Fix          string       `json:"fix,omitempty" withheld:"keep"` // the command to add it
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
	WebURL       string       `json:"web_url,omitempty" withheld:"keep"`
}

// BudgetLeft is the remaining error budget. Minutes are exact decimals.
type BudgetLeft struct {
	SLO       string       `json:"slo"` // percent
	From      string       `json:"from"`
	To        string       `json:"to"`
	Allowed   string       `json:"allowed_minutes"`
	Spent     string       `json:"spent_minutes"`     // overlaps counted once
	Remaining string       `json:"remaining_minutes"` // negative: overspent
	Percent   string       `json:"spent_percent"`
	Charged   List[string] `json:"charged"` // references of the counted incidents
	Unknown   List[string] `json:"unknown"` // references of incidents of unknown duration, which are not counted
}

// HandoffList holds the issues that are marked as ready for a hand-off.
type HandoffList struct {
	Head
	Entries List[HandoffEntry] `json:"entries"`
	Notes   List[string]       `json:"notes"`
}

// NewHandoffList returns the document of marked issues.
func NewHandoffList(list []HandoffEntry) HandoffList {
	return HandoffList{Head: head(KindHandoffList), Entries: list}
}

// HandoffCheck reports which issues have no note of the shift.
type HandoffCheck struct {
	Head
	At         string             `json:"at"`
	Shift      Shift              `json:"shift"`
	Complete   bool               `json:"complete"`          // every issue has a note
	Incomplete List[HandoffEntry] `json:"incomplete"`        // issues without a note
	Ready      List[HandoffEntry] `json:"ready"`             // issues with a note
	Receipt    *Receipt           `json:"receipt,omitempty"` // of the last hand-off; absent: nobody accepted it, or it was not needed
	Notes      List[string]       `json:"notes"`
}

// NewHandoffCheck returns the document of a check.
func NewHandoffCheck(at string, shift Shift, incomplete, ready []HandoffEntry) HandoffCheck {
	return HandoffCheck{
		Head: head(KindHandoffCheck), At: at, Shift: shift, Complete: len(incomplete) == 0, Incomplete: incomplete, Ready: ready,
	}
}
