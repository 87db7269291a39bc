package jsonv1

// The kinds of the documents about hand-offs.
const (
	KindHandoff      = "handoff"
	KindHandoffList  = "handoff_list"
	KindHandoffCheck = "handoff_check"
)

// Handoff is the report of a shift that ends, for whoever comes: what burns first, then what may burn, then what can wait.
type Handoff struct {
	Head
	At         string               `json:"at"`         // the moment that it tells of
	Historical bool                 `json:"historical"` // that moment was asked for, and the report is rebuilt from what GitLab still knows
	Shift      Shift                `json:"shift"`      // the one that ends
	Next       Shift                `json:"next"`       // the one that comes
	Sections   List[HandoffSection] `json:"sections"`
	Locks      List[Lock]           `json:"locks"`            // those that hold from now until the next shift ends
	Budget     *BudgetLeft          `json:"budget,omitempty"` // absent: it could not be found out
	Unknown    List[string]         `json:"unknown"`          // sentences: what could not be rebuilt, and what could not be read
	Log        *Related             `json:"log,omitempty"`    // the issue of the on-call log, where it is posted
	Notes      List[string]         `json:"notes"`
}

// NewHandoff is the report of a shift.
func NewHandoff(at string, shift, next Shift, sections []HandoffSection) Handoff {
	return Handoff{Head: head(KindHandoff), At: at, Shift: shift, Next: next, Sections: sections}
}

// Urgency is how soon somebody has to look.
type Urgency string

// The urgencies, the most urgent first.
const (
	Burning Urgency = "burning"
	MayBurn Urgency = "may_burn"
	CanWait Urgency = "can_wait"
)

// The sections of the report, in their order.
const (
	SectionIncidents  = "incidents" // active incidents and ongoing outages
	SectionDataLoss   = "data_loss" // (perceived) data loss
	SectionMitigated  = "mitigated" // users are not affected, the cause is still there
	SectionInProgress = "changes_in_progress"
	SectionUpcoming   = "changes_next_shift"
	SectionReady      = "ready_to_handoff"
	SectionOncall     = "oncall"   // open oncall issues, by priority
	SectionResolved   = "resolved" // in this shift
)

// HandoffSection is one part of the report. It is there also when it is empty.
type HandoffSection struct {
	ID      string             `json:"id"`
	Title   string             `json:"title"`
	Urgency Urgency            `json:"urgency"`
	Entries List[HandoffEntry] `json:"entries"`
}

// HandoffEntry is one issue in the report. Instants are RFC 3339 in UTC; what nobody has said is absent.
type HandoffEntry struct {
	Ref          string       `json:"ref"`
	Title        string       `json:"title,omitempty"`       // absent where it is withheld
	Kind         string       `json:"kind"`                  // "incident", "outage", "change", "issue"
	Severity     string       `json:"severity,omitempty"`    // S1 to S4
	Criticality  string       `json:"criticality,omitempty"` // C1 to C4
	Priority     string       `json:"priority,omitempty"`    // the highest of the team's prioritized labels that it carries
	State        string       `json:"state,omitempty"`       // of the incident or change
	Services     List[string] `json:"services"`
	Assignees    List[string] `json:"assignees"`             // user names without @
	Since        string       `json:"since,omitempty"`       // when it began, else when it was opened
	AgeMinutes   *int         `json:"age_minutes,omitempty"` // since then
	Start        string       `json:"start,omitempty"`       // of a change: the planned window
	End          string       `json:"end,omitempty"`
	ResolvedAt   string       `json:"resolved_at,omitempty"`
	LastUpdate   *Update      `json:"last_update,omitempty"` // what a person said last
	LeftOff      string       `json:"left_off,omitempty"`    // from the note of the hand-off
	NextStep     string       `json:"next_step,omitempty"`   // from the note of the hand-off
	MarkedBy     string       `json:"marked_by,omitempty"`
	MarkedAt     string       `json:"marked_at,omitempty"`
	MarkInternal bool         `json:"mark_internal"` // the note of the hand-off is an internal comment
	TakenBy      string       `json:"taken_by,omitempty"`
	DataLoss     bool         `json:"data_loss"`     // somebody believes that data was lost
	Missing      List[string] `json:"missing"`       // sentences: what should be said and is not
	Fix          string       `json:"fix,omitempty"` // what to type against that
	Confidential bool         `json:"confidential"`
	Withheld     bool         `json:"withheld"`
	WebURL       string       `json:"web_url,omitempty"`
}

// BudgetLeft is what is left of the time in which production may be down. Minutes are exact decimals.
type BudgetLeft struct {
	SLO       string       `json:"slo"` // percent
	From      string       `json:"from"`
	To        string       `json:"to"`
	Allowed   string       `json:"allowed_minutes"`
	Spent     string       `json:"spent_minutes"`     // overlaps counted once
	Remaining string       `json:"remaining_minutes"` // negative: overspent
	Percent   string       `json:"spent_percent"`
	Charged   List[string] `json:"charged"` // references of the incidents that were counted
	Unknown   List[string] `json:"unknown"` // references of those whose time is not known; they are not counted
}

// HandoffList are the issues that are marked as ready for a hand-off.
type HandoffList struct {
	Head
	Entries List[HandoffEntry] `json:"entries"`
	Notes   List[string]       `json:"notes"`
}

// NewHandoffList is the document of marked issues.
func NewHandoffList(list []HandoffEntry) HandoffList {
	return HandoffList{Head: head(KindHandoffList), Entries: list}
}

// HandoffCheck is which issues lack a note of the shift.
type HandoffCheck struct {
	Head
	At         string             `json:"at"`
	Shift      Shift              `json:"shift"`
	Complete   bool               `json:"complete"` // none lacks one
	Incomplete List[HandoffEntry] `json:"incomplete"`
	Ready      List[HandoffEntry] `json:"ready"` // those that have one
	Notes      List[string]       `json:"notes"`
}

// NewHandoffCheck is the document of a check.
func NewHandoffCheck(at string, shift Shift, lacking, noted []HandoffEntry) HandoffCheck {
	return HandoffCheck{Head: head(KindHandoffCheck), At: at, Shift: shift, Complete: len(lacking) == 0, Incomplete: lacking, Ready: noted}
}

// Withhold is the report without what confidential issues are about.
func (d Handoff) Withhold() Handoff {
	d.Sections = each(d.Sections, func(s HandoffSection) HandoffSection {
		s.Entries = each(s.Entries, HandoffEntry.Withhold)
		return s
	})
	if d.Log != nil {
		d.Log = new(d.Log.Withhold())
	}
	return d
}

// Withhold is the entry, without what it is about when it is confidential: reference, kind, severity and state are left.
// What was said in an internal comment is for the team alone, and left out as well.
func (e HandoffEntry) Withhold() HandoffEntry {
	if !e.Confidential {
		if e.LastUpdate != nil && e.LastUpdate.Internal {
			e.LastUpdate = &Update{At: e.LastUpdate.At, By: e.LastUpdate.By, Internal: true}
		}
		if e.MarkInternal && e.LeftOff+e.NextStep != "" {
			e.LeftOff, e.NextStep, e.Missing = "", "", append(e.Missing[:len(e.Missing):len(e.Missing)], internalOnly)
		}
		return e
	}
	return HandoffEntry{Ref: e.Ref, Kind: e.Kind, Severity: e.Severity, Criticality: e.Criticality, State: e.State, Missing: e.Missing,
		Fix: e.Fix, Confidential: true, Withheld: true, WebURL: e.WebURL}
}

// insideOnly stands for the words of a hand-off that are told to the team alone.
const internalOnly = "where it was left off stands in an internal comment"

// Withhold is the list without what confidential issues are about.
func (d HandoffList) Withhold() HandoffList {
	d.Entries = each(d.Entries, HandoffEntry.Withhold)
	return d
}

// Withhold is the check without what confidential issues are about.
func (d HandoffCheck) Withhold() HandoffCheck {
	d.Incomplete, d.Ready = each(d.Incomplete, HandoffEntry.Withhold), each(d.Ready, HandoffEntry.Withhold)
	return d
}
