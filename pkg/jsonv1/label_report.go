package jsonv1

// KindLabelReport is the kind of [LabelReport].
const KindLabelReport = "label_report"

// LabelReport holds how much of the team's work carries each of the labels that gather data, over the last timeboxes.
type LabelReport struct {
	Head
	Target    Target              `json:"target"`
	Timeboxes List[LabelTimebox]  `json:"timeboxes"` // the oldest first, the running one last
	Labels    List[MeasuredLabel] `json:"labels"`
	Toil      *ToilAim            `json:"toil,omitempty"` // absent if no aim is set
	Kinds     List[ToilKind]      `json:"kinds"`          // the most frequent kinds of toil by similar titles, the largest first
	Notes     List[string]        `json:"notes"`
}

// NewLabelReport returns the report on a project or group.
func NewLabelReport(in Target) LabelReport {
	return LabelReport{Head: head(KindLabelReport), Target: in}
}

// LabelTimebox is one timebox of the report.
type LabelTimebox struct {
	Title   string `json:"title"`
	Start   string `json:"start,omitempty"`
	Due     string `json:"due,omitempty"`
	Running bool   `json:"running"` // not finished yet
	Issues  int    `json:"issues"`
	Weight  int    `json:"weight"`
}

// MeasuredLabel is how much of the work carries a label. Percentages are exact decimals with one digit, absent without a whole.
type MeasuredLabel struct {
	Name          string             `json:"name"`
	Issues        int                `json:"issues"`
	Weight        int                `json:"weight"`
	Percent       string             `json:"percent,omitempty"`        // of all issues of the timeboxes
	WeightPercent string             `json:"weight_percent,omitempty"` // of their weight
	Timeboxes     List[int]          `json:"timeboxes"`                // issues in each timebox
	Trend         string             `json:"trend,omitempty"`          // "up", "down" or "steady"; absent without two finished timeboxes
	Open          int                `json:"open"`                     // open issues with the label, in a timebox or not
	Oldest        *int               `json:"oldest_minutes,omitempty"`
	Closed        Spread             `json:"time_to_close"`
	Teams         List[LabelledTeam] `json:"teams"` // who asked, where that is recorded; the most frequent first
}

// LabelledTeam is how many of the issues a team asked for.
type LabelledTeam struct {
	Team  string `json:"team"`
	Count int    `json:"count"`
}

// ToilAim compares the share of toil with the team's aim.
type ToilAim struct {
	Percent string `json:"percent,omitempty"` // of all issues; absent without issues
	Aim     string `json:"aim_percent"`
	Above   bool   `json:"above"`
}

// ToilKind is a group of toil with similar titles. Confidential issues are in none.
type ToilKind struct {
	Words  List[string] `json:"words"` // those that at least half of the titles have
	Count  int          `json:"count"`
	Issues List[string] `json:"issues"` // references, the oldest first
	Title  string       `json:"title"`  // of the oldest issue
}

// KindReadiness is the kind of [Readiness].
const KindReadiness = "readiness"

// Readiness compares production with the five targets of production readiness. Numbers are exact decimals; one without a short form is
// rounded to three digits, away from the aim.
type Readiness struct {
	Head
	From    string                `json:"from"` // first day
	To      string                `json:"to"`   // last day
	Zone    string                `json:"timezone"`
	Met     int                   `json:"met"`
	Missed  int                   `json:"missed"`
	Unknown int                   `json:"unknown"`
	Targets List[ReadinessTarget] `json:"targets"`
	Notes   List[string]          `json:"notes"`
}

// NewReadiness returns the readiness over some days.
func NewReadiness(from, to, zone string) Readiness {
	return Readiness{Head: head(KindReadiness), From: from, To: to, Zone: zone}
}

// ReadinessTarget is one of the five targets.
type ReadinessTarget struct {
	Name     string                 `json:"name"`  // "speed", "uptime", "restores", "security", "deploys"
	State    string                 `json:"state"` // "met", "missed" or "unknown"
	Source   string                 `json:"source,omitempty"`
	Measures List[ReadinessMeasure] `json:"measures"`
	Months   List[ReadinessMonth]   `json:"months"` // the oldest first
}

// ReadinessMeasure is one number beside its aim.
type ReadinessMeasure struct {
	Name    string `json:"name"`
	Value   string `json:"value,omitempty"` // absent: unknown
	Unit    string `json:"unit"`            // "s", "%", "d", "h" or "per week"
	Op      string `json:"aim_operator,omitempty"`
	Aim     string `json:"aim,omitempty"` // absent: nothing to compare with
	State   string `json:"state"`
	Sample  int    `json:"sample"`
	Reached *int   `json:"reached_percent,omitempty"` // how much of the aim is reached
	Why     string `json:"reason,omitempty"`          // why it is unknown or missed
}

// ReadinessMonth is a target in a calendar month; the last one may not be over.
type ReadinessMonth struct {
	Month    string                 `json:"month"` // "2018-08"
	State    string                 `json:"state"`
	Measures List[ReadinessMeasure] `json:"measures"` // those of the target, in its order
}
