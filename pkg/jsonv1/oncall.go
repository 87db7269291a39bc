package jsonv1

// The kinds of the documents about who is on call.
const (
	KindOncall         = "oncall"
	KindOncallSchedule = "oncall_schedule"
	KindOncallCheck    = "oncall_check"
)

// Person is somebody of the team.
type Person struct {
	User string `json:"user"`           // user name without @
	Name string `json:"name,omitempty"` // what they are called, where the configuration says it
}

// Shift is the time of one region. It ends before To.
type Shift struct {
	ID     string       `json:"id"` // names it for good: "2018-08-24T04:00Z/EMEA"
	Region string       `json:"region"`
	From   string       `json:"from"`
	To     string       `json:"to"`
	People List[Person] `json:"people"` // who is on call in it, one after the other; none: not known
}

// Duty is one person's time on call in a shift.
type Duty struct {
	Shift    string  `json:"shift"` // its id
	Region   string  `json:"region"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Person   *Person `json:"person,omitempty"` // absent: not known
	Override bool    `json:"override"`         // it is not by the rotation
	Reason   string  `json:"reason,omitempty"`
}

// Oncall is who is on call at an instant, and who comes after.
type Oncall struct {
	Head
	At    string       `json:"at"`
	When  string       `json:"when"`  // "now" or "next"
	Duty  Duty         `json:"duty"`  // of what was asked
	After Duty         `json:"after"` // the one behind it
	Notes List[string] `json:"notes"`
}

// NewOncall is the document of who is on call.
func NewOncall(at, asked string, duty, after Duty) Oncall {
	return Oncall{Head: head(KindOncall), At: at, When: asked, Duty: duty, After: after}
}

// OncallSchedule is who is on call in some weeks.
type OncallSchedule struct {
	Head
	From   string       `json:"from"`
	To     string       `json:"to"`
	Zone   string       `json:"zone"`             // of the days on a page
	Person string       `json:"person,omitempty"` // whose duties alone are listed
	Duties List[Duty]   `json:"duties"`
	Notes  List[string] `json:"notes"`
}

// NewOncallSchedule is the document of a schedule.
func NewOncallSchedule(from, to, zone string, duties []Duty) OncallSchedule {
	return OncallSchedule{Head: head(KindOncallSchedule), From: from, To: to, Zone: zone, Duties: duties}
}

// OncallCheck is what is wrong with the schedule.
type OncallCheck struct {
	Head
	OK       bool                  `json:"ok"`
	From     string                `json:"from"` // the time that was looked at
	To       string                `json:"to"`
	Regions  List[string]          `json:"regions"`
	Problems List[ScheduleProblem] `json:"problems"`
	Notes    List[string]          `json:"notes"`
}

// ScheduleFault is one thing that is wrong with the schedule.
type ScheduleProblem struct {
	Kind      string `json:"kind"` // "gap", "overlap", "override", "rotation", "region", "swap"
	Text      string `json:"text"` // a sentence
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	ConfigKey string `json:"config_key,omitempty"` // in the configuration: the key that it is about
}

// NewOncallCheck is the document of a check.
func NewOncallCheck(from, to string, regions []string, faults []ScheduleProblem) OncallCheck {
	return OncallCheck{Head: head(KindOncallCheck), OK: len(faults) == 0, From: from, To: to, Regions: regions, Problems: faults}
}
