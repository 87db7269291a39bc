package jsonv1

// The kinds of documents about who is on call.
const (
	KindOncall         = "oncall"
	KindOncallSchedule = "oncall_schedule"
	KindOncallCheck    = "oncall_check"
)

// Person is a member of the team.
type Person struct {
	User string `json:"user"`           // user name without @
	Name string `json:"name,omitempty"` // display name, if configured
}

// Shift is the shift of one region. It ends before To.
type Shift struct {
	ID     string       `json:"id"` // permanent: "2018-08-24T04:00Z/EMEA"
	Region string       `json:"region"`
	From   string       `json:"from"`
	To     string       `json:"to"`
	People List[Person] `json:"people"` // on call in it, one after the other; empty: unknown
}

// Duty is one person's time on call in a shift.
type Duty struct {
	Shift    string  `json:"shift"` // its id
	Region   string  `json:"region"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Person   *Person `json:"person,omitempty"` // absent: unknown
	Override bool    `json:"override"`         // differs from the rotation
	Reason   string  `json:"reason,omitempty"`
}

// Oncall is who is on call at an instant, and who is next.
type Oncall struct {
	Head
	At    string       `json:"at"`
	When  string       `json:"when"`  // "now" or "next"
	Duty  Duty         `json:"duty"`  // at At, or the next one
	After Duty         `json:"after"` // the duty after that
	Notes List[string] `json:"notes"`
}

// NewOncall returns the document of who is on call.
func NewOncall(at, when string, duty, after Duty) Oncall {
	return Oncall{Head: head(KindOncall), At: at, When: when, Duty: duty, After: after}
}

// OncallSchedule is the on-call schedule of a period.
type OncallSchedule struct {
	Head
	From   string       `json:"from"`
	To     string       `json:"to"`
	Zone   string       `json:"zone"`             // of the days on the page
	Person string       `json:"person,omitempty"` // set if only this person's duties are listed
	Duties List[Duty]   `json:"duties"`
	Notes  List[string] `json:"notes"`
}

// NewOncallSchedule returns the document of a schedule.
func NewOncallSchedule(from, to, zone string, duties []Duty) OncallSchedule {
	return OncallSchedule{Head: head(KindOncallSchedule), From: from, To: to, Zone: zone, Duties: duties}
}

// OncallCheck lists the problems of the schedule.
type OncallCheck struct {
	Head
	OK       bool                  `json:"ok"`
	From     string                `json:"from"` // start of the checked period
	To       string                `json:"to"`
	Regions  List[string]          `json:"regions"`
	Problems List[ScheduleProblem] `json:"problems"`
	Calendar *OncallCalendar       `json:"calendar,omitempty"` // absent: the schedule has none, or it cannot be read
	Notes    List[string]          `json:"notes"`
}

// OncallCalendar is what the calendar of the schedule has, compared with the file.
type OncallCalendar struct {
	Events int               `json:"events"` // of people on call
	Others int               `json:"others"` // of nobody on call
	From   string            `json:"from"`   // start of the compared period
	To     string            `json:"to"`
	Drift  List[OncallDrift] `json:"drift"` // not a problem: the calendar counts
}

// OncallDrift is where the calendar and the file differ: the same way in some consecutive shifts of a region.
type OncallDrift struct {
	Region   string  `json:"region"`
	From     string  `json:"from"` // start of the first one
	To       string  `json:"to"`   // end of the last one
	Shifts   int     `json:"shifts"`
	Calendar *Person `json:"calendar_person,omitempty"` // absent: nobody, so the file counts
	File     *Person `json:"file_person,omitempty"`     // absent: unknown
}

// ScheduleProblem is one problem of the schedule.
type ScheduleProblem struct {
	Kind      string `json:"kind"` // "gap", "overlap", "override", "rotation", "region", "swap", "calendar"
	Text      string `json:"text"` // a sentence
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	ConfigKey string `json:"config_key,omitempty"` // the key in the configuration that causes it
}

// NewOncallCheck returns the document of a check.
func NewOncallCheck(from, to string, regions []string, problems []ScheduleProblem) OncallCheck {
	return OncallCheck{Head: head(KindOncallCheck), OK: len(problems) == 0, From: from, To: to, Regions: regions, Problems: problems}
}
